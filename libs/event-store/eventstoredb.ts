import { setTimeout as sleep } from 'node:timers/promises';
import { ProofmarkError } from '#domain/errors.js';
import type { Append, EventStore, ReadAllOptions, ReadStreamOptions } from './event-store.js';
import { openAppends } from './eventstoredb-appends.js';
import { connectServer, ServerLost } from './eventstoredb-client.js';
import { openReach } from './eventstoredb-reach.js';
import { openReads } from './eventstoredb-reads.js';
import { subscribeTo } from './eventstoredb-subscription.js';

export interface EventStoreDBOptions {
  /** `esdb://user:password@host:2113?tls=true`, or `esdb+discover://…` for a cluster; TLS and credentials are part of it. */
  readonly uri: string;
  /** Milliseconds that an append or a read waits for a server that cannot be reached; 30,000 where absent, Infinity for ever. */
  readonly patience?: number;
  /** Milliseconds without an answer after which a call is given up and repeated; 10,000 where absent. */
  readonly silence?: number;
}

const PATIENCE_MS = 30_000;
const SILENCE_MS = 10_000;
const PROBE_MS = 1_000;
/** How long closing waits for appends whose server is gone. */
const CLOSE_MS = 5_000;

/**
 * Opens an event store on EventStoreDB or KurrentDB, in a database of Proofmark's own.
 *
 * A lost connection is not final: appends and reads wait for the server and are repeated, subscriptions go on where
 * they were, and `health` says what is wrong until it answers again. An append that fails with STORE_FAILED may have
 * been written; sent again as it was it is written once. `already-appended` is told by the log's order: of what others
 * append with the same ids at the same moment it may be said that this call wrote it.
 * @throws ProofmarkError USAGE for an address that is none, STORE_FAILED where the server cannot be reached or refuses.
 */
export const openEventStoreDB = async ({ uri, patience = PATIENCE_MS, silence = SILENCE_MS }: EventStoreDBOptions): Promise<EventStore> => {
  const server = connectServer(uri);
  const ending = new AbortController();
  let highest = 0;
  let probing = false;
  let closing: Promise<void> | undefined;
  const seen = (position: number): void => {
    highest = Math.max(highest, position);
  };

  /** Somebody has to notice that the server is back, also where nobody asks anything of it meanwhile. */
  const probe = async (): Promise<void> => {
    if (probing) return;
    probing = true;
    while (!reach.health().writable && !ending.signal.aborted) {
      await sleep(PROBE_MS, undefined, { ref: false });
      if (ending.signal.aborted) break;
      try {
        await reads.probe();
        reach.found();
      } catch (thrown) {
        // Whoever asks is told of anything else.
        if (!(thrown instanceof ServerLost)) break;
      }
    }
    probing = false;
  };
  const reach = openReach(patience, () => void probe());
  const reads = openReads(server, reach, silence, seen);
  const appends = openAppends({ server, reads, reach, patience, silence, highest: () => highest, seen });
  const open = <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (closing) throw new ProofmarkError('STORE_CLOSED', 'The event store is closed.');
      return call(...args);
    };
  const close = async (): Promise<void> => {
    ending.abort();
    const late = new AbortController();
    const enough = async (): Promise<void> => {
      do await sleep(CLOSE_MS, undefined, { signal: late.signal });
      while (reach.health().writable);
    };
    await Promise.race([appends.idle(), enough().catch(() => undefined)]);
    late.abort();
    reach.giveUp();
    appends.close();
    await server.close();
  };

  try {
    await reads.head();
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return {
    append: open((calls: readonly Append[]) => appends.append(calls)),
    readStream: open((stream: string, options?: ReadStreamOptions) => reads.readStream(stream, options)),
    readAll: open((options: ReadAllOptions) => reads.readAll(options)),
    head: open(() => reads.head()),
    subscribe: (options) => subscribeTo(server, reach, options, ending.signal, seen),
    health: () => (closing ? { writable: false, reason: 'The event store is closed.' } : reach.health()),
    close: () => (closing ??= close()),
  };
};
