import { type MessagePort, MessageChannel } from 'node:worker_threads';
import { ProofmarkError } from '#domain/errors.js';
import { fromColumns, toColumns } from './append-message.js';
import type { Append, AppendResult, EventStore, ReadAllOptions, ReadStreamOptions, RecordedEvent, StoreHealth, SubscribeOptions } from './event-store.js';
import { type LogReader, openLogReader } from './log-reader.js';
import { storeError } from './sqlite.js';
import { follow } from './subscription.js';
import type { FromWriter, Problem, ToWriter } from './writer-protocol.js';

/** What another worker thread needs to use the store; pass it on with `transferList: [handle.port]`. */
export interface EmbeddedHandle {
  readonly dir: string;
  readonly port: MessagePort;
}

/** A client of the embedded store's writer thread: reads by its own connection, appends through the writer. */
export interface EmbeddedClient extends EventStore {
  /** A handle for one more client, in this thread or another. @throws ProofmarkError STORE_CLOSED. */
  share(): EmbeddedHandle;
}

interface Pending {
  readonly resolve: (results: readonly AppendResult[]) => void;
  readonly reject: (error: ProofmarkError) => void;
}

/**
 * Connects to the writer at the other end of the port.
 * @param onClose runs once in `close()`, after the client's own connection is released.
 */
export const connect = (dir: string, port: MessagePort, onClose: () => Promise<void>): Promise<EmbeddedClient> =>
  new Promise((resolve, reject) => {
    const pending = new Map<number, Pending>();
    const sleepers = new Set<() => void>();
    let reader: LogReader | undefined;
    let calls = 0;
    let head = 0;
    let problem: Problem | undefined;
    let ended: Problem | undefined;
    let closing: Promise<void> | undefined;
    let idle: (() => void) | undefined;

    const errorOf = ({ code, message }: Problem): ProofmarkError => new ProofmarkError(code, message);
    const wake = (): void => {
      for (const sleeper of sleepers) sleeper();
      // The event loop lives on for whoever waits, and only for them.
      if (pending.size === 0) {
        idle?.();
        if (sleepers.size === 0) port.unref();
      }
    };
    const settle = (call: number, settled: (waiting: Pending) => void): void => {
      const waiting = pending.get(call);
      pending.delete(call);
      if (waiting) settled(waiting);
      wake();
    };
    const end = (why: Problem): void => {
      if (ended) return;
      ended = why;
      reject(errorOf(why));
      for (const waiting of pending.values()) waiting.reject(errorOf(why));
      pending.clear();
      wake();
    };
    const close = (): Promise<void> => {
      closing ??= (async () => {
        if (pending.size > 0) await new Promise<void>((done) => (idle = done));
        reader?.close();
        await onClose();
        end(CLOSED);
        port.close();
      })();
      return closing;
    };

    /** Damage that one client finds ends the writing of all: health says so, and appends are refused. */
    const telling = <Result>(read: () => Result): Result => {
      try {
        return read();
      } catch (thrown) {
        if (thrown instanceof ProofmarkError && thrown.code === 'STORE_CORRUPT' && !ended) {
          problem = { code: thrown.code, message: thrown.message };
          port.postMessage({ op: 'damaged', message: thrown.message } satisfies ToWriter);
        }
        throw thrown;
      }
    };

    const client = (log: LogReader): EmbeddedClient => {
      const log$ = {
        readAll: async (options: ReadAllOptions) => telling(() => log.readAll(options)),
        head: async () => telling(() => log.head()),
        beyond: (position: number, signal: AbortSignal) =>
          new Promise<void>((resolve, reject) => {
            const check = (): void => {
              if (!signal.aborted && !ended && head <= position) return;
              sleepers.delete(check);
              signal.removeEventListener('abort', check);
              if (ended && !signal.aborted) reject(errorOf(ended));
              else resolve();
              wake();
            };
            sleepers.add(check);
            signal.addEventListener('abort', check);
            port.ref();
            check();
          }),
      };
      return {
        append: async (appends: readonly Append[]) => {
          if (closing || ended) throw errorOf(ended ?? CLOSED);
          if (appends.length === 0) return [];
          const columns = toColumns(appends);
          const call = ++calls;
          return new Promise((resolve, reject) => {
            pending.set(call, { resolve, reject });
            port.ref();
            port.postMessage({ op: 'append', call, columns } satisfies ToWriter);
          });
        },
        readStream: async (stream: string, options?: ReadStreamOptions): Promise<readonly RecordedEvent[]> => telling(() => log.readStream(stream, options)),
        readAll: log$.readAll,
        subscribe: (options: SubscribeOptions) => follow(log$, options),
        head: log$.head,
        health: (): StoreHealth => {
          const reason = ended ?? problem;
          return reason ? { writable: false, reason: reason.message } : { writable: true };
        },
        share: () => {
          if (closing || ended) throw errorOf(ended ?? CLOSED);
          const { port1, port2 } = new MessageChannel();
          port.postMessage({ op: 'attach', port: port1 } satisfies ToWriter, [port1]);
          return { dir, port: port2 };
        },
        close,
      };
    };

    port.on('message', (message: FromWriter) => {
      switch (message.op) {
        case 'welcome':
          ({ head, problem } = message);
          try {
            reader = openLogReader(dir);
            resolve(client(reader));
          } catch (thrown) {
            reject(storeError(thrown, dir));
            void close();
          }
          return wake();
        case 'appended':
          head = message.head;
          return settle(message.call, (waiting) => waiting.resolve(fromColumns(message.results)));
        case 'rejected':
          return settle(message.call, (waiting) => waiting.reject(errorOf(message)));
        case 'head':
          head = message.head;
          return wake();
        case 'health':
          problem = message.problem;
          return;
        case 'ended':
          return end(message);
      }
    });
    port.on('close', () => end({ code: 'STORE_FAILED', message: 'The event store ended without being closed. Restart the engine.' }));
  });

const CLOSED: Problem = { code: 'STORE_CLOSED', message: 'The event store is closed.' };
