import { MessageChannel, Worker } from 'node:worker_threads';
import { ProofmarkError } from '#domain/errors.js';
import { connect, type EmbeddedClient, type EmbeddedHandle } from './embedded-client.js';
import type { EventStore } from './event-store.js';
import { openLogReader } from './log-reader.js';
import type { LogWriterOptions } from './log-writer.js';
import { follow } from './subscription.js';
import { waitFor } from './wait-for.js';
import type { WriterData } from './writer-protocol.js';

export type { EmbeddedHandle } from './embedded-client.js';

/** The embedded event store: the port, and handles for other threads of this process. */
export type EmbeddedEventStore = EmbeddedClient;

/** `dir` is created where it is missing. */
export type EmbeddedOptions = Omit<LogWriterOptions, 'now'>;

/**
 * Opens the event log of a data directory for reading and writing.
 * @throws ProofmarkError STORE_LOCKED where another writer has it open, USAGE where the directory cannot be used,
 * STORE_CORRUPT, STORE_UNSUPPORTED.
 */
export const openEmbedded = async (options: EmbeddedOptions): Promise<EmbeddedEventStore> => {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL('./embedded-writer.js', import.meta.url), {
    workerData: { options, port: port2 } satisfies WriterData,
    transferList: [port2],
  });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  // Where the thread dies, its ports close and every client says so; without a listener the process would die too.
  worker.on('error', () => port1.close());
  try {
    const client = await connect(options.dir, port1, async () => {
      worker.ref();
      port1.postMessage({ op: 'shutdown' });
      await exited;
    });
    worker.unref();
    return client;
  } catch (thrown) {
    await exited;
    throw thrown;
  }
};

/** A client, in another thread, of the store that gave the handle. It ends with that store. */
export const attachEmbedded = ({ dir, port }: EmbeddedHandle): Promise<EmbeddedEventStore> => connect(dir, port, async () => {});

const POLL_MS = 100;

/**
 * Opens the event log of a data directory for reading, in any process, beside a running engine or without one.
 * @throws ProofmarkError NOT_FOUND where there is no log, STORE_CORRUPT.
 */
export const openEmbeddedReader = async (dir: string): Promise<EventStore> => {
  const reader = openLogReader(dir);
  const reason = `This is a read-only view of ${dir}. To write, stop the engine that runs on it, or send the events to that engine over HTTP.`;
  const log = {
    readAll: async (options: Parameters<EventStore['readAll']>[0]) => reader.readAll(options),
    head: async () => reader.head(),
    // Another process cannot wake us, so we look.
    beyond: async (position: number, signal: AbortSignal) => {
      while (!signal.aborted && reader.head() <= position) {
        await waitFor(POLL_MS, signal);
      }
    },
  };
  return {
    append: async () => {
      throw new ProofmarkError('STORE_LOCKED', reason);
    },
    readStream: async (stream, options) => reader.readStream(stream, options),
    readAll: log.readAll,
    head: log.head,
    subscribe: (options) => follow(log, options),
    health: () => ({ writable: false, reason }),
    close: async () => reader.close(),
  };
};
