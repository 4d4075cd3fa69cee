import { ProofmarkError } from '#domain/errors.js';
import type { ReadAllOptions, ReadStreamOptions, RecordedEvent } from './event-store.js';
import { placeOf, type Server, ServerLost, type ServerQuery, type ServerRead } from './eventstoredb-client.js';
import type { Reach } from './eventstoredb-reach.js';

/** Reading what is there; each waits with patience for a server that is lost, and goes on where it was. */
export interface Reads {
  readStream(stream: string, options?: ReadStreamOptions): Promise<readonly RecordedEvent[]>;
  readAll(options: ReadAllOptions): Promise<readonly RecordedEvent[]>;
  head(): Promise<number>;
  /** One attempt of `head`: whether the server answers. */
  probe(): Promise<number>;
}

// A filtered search through a long log is silent for as long as nothing matches; a connection that is dead meanwhile is
// noticed by the driver's own pings.
const SEARCH_SILENCES = 30;

/**
 * @param silence milliseconds without an answer after which the server counts as lost.
 * @param seen is told each position that is read.
 */
export const openReads = (server: Server, reach: Reach, silence: number, seen: (position: number) => void): Reads => {
  /** Reads until `each` says that it is enough. @throws ServerLost, ProofmarkError. */
  const attempt = (query: ServerQuery, each: (event: RecordedEvent | undefined, position: number) => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const settle = (error?: Error): void => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      };
      const longest = 'stream' in query ? silence : silence * SEARCH_SILENCES;
      const timer = setTimeout(() => {
        read.cancel();
        settle(new ServerLost(`EventStoreDB has not answered a read for ${longest / 1000} s. This goes on by itself once it answers.`));
      }, longest);
      const read: ServerRead = server.read(query, {
        event: (event, position) => {
          timer.refresh();
          seen(position);
          if (!each(event, position)) return;
          read.cancel();
          settle();
        },
        reached: () => timer.refresh(),
        ended: settle,
      });
    });

  const probe = async (): Promise<number> => {
    let head = 0;
    await attempt({ all: 'end', backwards: true, limit: Infinity }, (event, position) => {
      if (event) head = position;
      return event !== undefined;
    });
    return head;
  };

  return {
    probe,
    head: () => reach.patiently(probe),
    readStream: async (stream, { from = 0, limit = Infinity } = {}) => {
      const events: RecordedEvent[] = [];
      if (limit <= 0) return events;
      await reach.patiently(() => {
        const last = events.at(-1);
        return attempt({ stream, from: last ? last.revision + 1 : Math.max(0, from), limit: limit - events.length }, (event, position) => {
          if (!event) throw new ProofmarkError('STORE_CORRUPT', `The stream ${stream} has an event at position ${position} that Proofmark did not write. Give Proofmark a database of its own.`);
          events.push(event);
          return events.length >= limit;
        });
      });
      return events;
    },
    readAll: async ({ after, limit, categories }) => {
      const events: RecordedEvent[] = [];
      if (limit <= 0 || categories?.length === 0) return events;
      let reached = Math.max(0, after);
      for (let more = true; more; ) {
        await reach.patiently(async () => {
          // What stands at the position itself comes again; other applications' events count, but are left out.
          const wanted = limit - events.length + 1;
          let received = 0;
          await attempt({ all: placeOf(reached), limit: wanted, categories }, (event, position) => {
            received += 1;
            if (position <= reached && reached > 0) return false;
            reached = position;
            if (event) events.push(event);
            return events.length >= limit;
          });
          more = events.length < limit && received >= wanted;
        });
      }
      return events;
    },
  };
};
