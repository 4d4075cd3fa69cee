import { ProofmarkError } from '#domain/errors.js';
import type { RecordedEvent, SubscribeOptions } from './event-store.js';
import { placeOf, type Server, ServerLost, type ServerRead } from './eventstoredb-client.js';
import type { Reach } from './eventstoredb-reach.js';

const BATCH_SIZE = 1_000;
/** How many batches are held for a consumer that is slow; then the server is kept waiting. */
const BATCHES_HELD = 2;

/**
 * Follows the log from a position, by a subscription that is made anew after the last event received whenever it
 * ends; hands out whatever has come, up to a batch. Ends when it is aborted, or with an error once `closing` is.
 */
export async function* subscribeTo(
  server: Server,
  reach: Reach,
  { after, batchSize = BATCH_SIZE, categories, signal }: SubscribeOptions,
  closing: AbortSignal,
  seen: (position: number) => void,
): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  let events: RecordedEvent[] = [];
  /** The last event, and where to go on from: there, or at a checkpoint behind it. */
  let last = Math.max(0, after);
  let resume = placeOf(after);
  let attempt = 0;
  let failure: Error | undefined;
  let held = false;
  let read: ServerRead | undefined;
  let wake = (): void => undefined;
  const over = (): boolean => signal.aborted || closing.aborted || failure !== undefined;

  const connect = (): void => {
    read = server.read(
      { all: resume, limit: 'live', categories },
      {
        event: (event, position) => {
          attempt = 0;
          seen(position);
          if (position <= last && last > 0) return;
          last = position;
          resume = placeOf(position);
          if (!event) return;
          events.push(event);
          if (!held && events.length >= batchSize * BATCHES_HELD) {
            held = true;
            read?.pause();
          }
          wake();
        },
        reached: (checkpoint) => {
          attempt = 0;
          reach.found();
          if (checkpoint) resume = checkpoint;
        },
        ended: (error) => void reconnect(error),
      },
    );
    if (held) read.pause();
  };
  const reconnect = async (error = new ServerLost('EventStoreDB ended a subscription. It is made anew by itself.')): Promise<void> => {
    const fail = (thrown: unknown): void => {
      failure ??= thrown instanceof Error ? thrown : new Error(String(thrown));
      wake();
    };
    if (!(error instanceof ServerLost)) return fail(error);
    reach.lost(error);
    await reach.pause(attempt++).catch(fail);
    if (!over()) connect();
  };

  const stop = (): void => wake();
  signal.addEventListener('abort', stop);
  closing.addEventListener('abort', stop);
  try {
    if (!over() && categories?.length !== 0) connect();
    while (!signal.aborted) {
      if (closing.aborted) throw new ProofmarkError('STORE_CLOSED', 'The event store is closed.');
      if (events.length > 0) {
        const batch = events.slice(0, batchSize);
        events = events.slice(batchSize);
        if (held && events.length <= batchSize) {
          held = false;
          read?.resume();
        }
        yield batch;
      } else if (failure) throw failure;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal.removeEventListener('abort', stop);
    closing.removeEventListener('abort', stop);
    failure ??= new ProofmarkError('STORE_CLOSED', 'The subscription has ended.');
    read?.cancel();
  }
}
