import { ProofmarkError } from '#domain/errors.js';
import type { Delivery, Receipt } from '#intake/delivery.js';
import type { KafkaMessage, PartitionBatch } from './message.js';

/** What is done with the messages of a batch. */
export interface TakeIn {
  /** Nothing for a message that says nothing; a promise where something has to be looked up first. */
  readonly deliver: (message: KafkaMessage, batch: PartitionBatch) => Delivery | undefined | Promise<Delivery>;
  /** Intake's `submit`: resolves when all that the receipts rest on is durable. */
  readonly submit: (deliveries: readonly Delivery[]) => Promise<readonly Receipt[]>;
  /** Resolves when the letters of all rejected messages are where they belong. */
  readonly keepLetters: (batch: PartitionBatch, messages: readonly KafkaMessage[], receipts: readonly Receipt[]) => Promise<void>;
}

/** How a batch ended: to its end (or as far as the partition stayed ours), or at something that may pass. */
export type Taken = { readonly outcome: 'taken' } | { readonly outcome: 'failed'; readonly error: Error };

/** Messages that intake gets at once; what a rebalance waits for. */
const CHUNK = 500;
const CHUNK_BYTES = 4 * 1024 * 1024;
const HEARTBEAT_MS = 1_000;

function* chunksOf(messages: readonly KafkaMessage[]): Generator<readonly KafkaMessage[]> {
  let chunk: KafkaMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = message.value?.length ?? 0;
    if (chunk.length === CHUNK || (chunk.length > 0 && bytes + size > CHUNK_BYTES)) {
      yield chunk;
      [chunk, bytes] = [[], 0];
    }
    chunk.push(message);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

/** Keeps the group informed while something takes long. */
const alive = async <T>(batch: PartitionBatch, work: Promise<T>): Promise<T> => {
  const timer = setInterval(() => void batch.heartbeat(), HEARTBEAT_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
};

interface Delivered {
  readonly messages: readonly KafkaMessage[];
  readonly deliveries: readonly Delivery[];
}

const delivered = async (chunk: readonly KafkaMessage[], batch: PartitionBatch, deliver: TakeIn['deliver']): Promise<Delivered> => {
  const messages: KafkaMessage[] = [];
  const deliveries: Delivery[] = [];
  for (const message of chunk) {
    const made = deliver(message, batch);
    const delivery = made instanceof Promise ? await made : made; // most need no turn of their own
    if (!delivery) continue;
    messages.push(message);
    deliveries.push(delivery);
  }
  return { messages, deliveries };
};

/** Failures that leave nothing acknowledged and may pass. */
const MAY_PASS: ReadonlySet<string> = new Set(['STORE_FULL', 'STORE_FAILED', 'STORE_CORRUPT', 'STORE_LOCKED', 'STORE_UNAVAILABLE', 'KEYS_LOCKED', 'CONCURRENT_CHANGE']);

/** True for a failure of the store after which the same messages are to be sent again. */
export const storeMayRecover = (error: unknown): error is ProofmarkError => error instanceof ProofmarkError && MAY_PASS.has(error.code);

/**
 * Takes in the messages of a batch, part by part and in their order: an offset is done when all messages before it are
 * durably recorded, known already, or kept as dead letters, never before and never past one that failed.
 * @throws what is not to be tried again: a closed store, or an error of the program.
 */
export const takeIn = async (batch: PartitionBatch, { deliver, submit, keepLetters }: TakeIn, mayRecover: (error: unknown) => boolean): Promise<Taken> => {
  for (const chunk of chunksOf(batch.messages)) {
    if (!batch.current()) break;
    try {
      const { messages, deliveries } = await alive(batch, delivered(chunk, batch, deliver));
      if (deliveries.length > 0) {
        const receipts = await alive(batch, submit(deliveries));
        await alive(batch, keepLetters(batch, messages, receipts));
      }
    } catch (error) {
      if (!mayRecover(error) || !(error instanceof Error)) throw error;
      return { outcome: 'failed', error };
    }
    await batch.done(Number(chunk.at(-1)?.offset) + 1);
    await batch.heartbeat();
  }
  return { outcome: 'taken' };
};
