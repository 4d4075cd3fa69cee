import type { RecordedEvent } from './event-store.js';
import type { AppendChannel, AppendHandler, ReadHandler, Server, ServerAppend, ServerQuery } from './eventstoredb-client.js';

/** A channel of appends that was opened, and what came over it. */
export interface ScriptedChannel {
  readonly handler: AppendHandler;
  readonly sent: { readonly ticket: number; readonly append: ServerAppend }[];
  cancelled: boolean;
}

/** A live read that was opened. */
export interface ScriptedRead {
  readonly query: ServerQuery;
  readonly handler: ReadHandler;
  paused: boolean;
  cancelled: boolean;
}

/** A server whose answers a test writes by hand: for what a real one does only at an unlucky moment. */
export class ScriptedServer implements Server {
  readonly channels: ScriptedChannel[] = [];
  readonly live: ScriptedRead[] = [];
  /** What reads of a stream find. */
  readonly streams = new Map<string, readonly RecordedEvent[]>();
  /** Whether a channel says after each append that it is full. */
  narrow = false;

  appends(handler: AppendHandler): AppendChannel {
    const channel: ScriptedChannel = { handler, sent: [], cancelled: false };
    this.channels.push(channel);
    return {
      send: (ticket, append) => {
        channel.sent.push({ ticket, append });
        return !this.narrow;
      },
      cancel: () => {
        channel.cancelled = true;
      },
    };
  }

  read(query: ServerQuery, handler: ReadHandler): { pause(): void; resume(): void; cancel(): void } {
    const read: ScriptedRead = { query, handler, paused: false, cancelled: false };
    if (query.limit === 'live') this.live.push(read);
    else {
      queueMicrotask(() => {
        const events = 'stream' in query ? (this.streams.get(query.stream) ?? []).filter(({ revision }) => revision >= query.from).slice(0, query.limit) : [];
        for (const event of events) if (!read.cancelled) handler.event(event, event.position);
        if (!read.cancelled) handler.ended();
      });
    }
    return {
      pause: () => {
        read.paused = true;
      },
      resume: () => {
        read.paused = false;
      },
      cancel: () => {
        read.cancelled = true;
      },
    };
  }

  async close(): Promise<void> {}
}
