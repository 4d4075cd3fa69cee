import { KEPT_BYTES, MAX_RAW_BYTES, type Receipt } from '#intake/delivery.js';
import type { Headers, KafkaMessage, OutMessage, PartitionId } from './message.js';

type Rejected = Extract<Receipt, { readonly outcome: 'rejected' }>;

const PREFIX = 'proofmark-';
/** What a letter says of itself; headers of senders may begin like these. */
const OWN: ReadonlySet<string> = new Set(['reason', 'detail', 'letter', 'source-topic', 'source-partition', 'source-offset', 'source-timestamp'].map((name) => PREFIX + name));

/**
 * The dead letter of a message, as it goes to the dead-letter topic: key, value and headers as they came, and beside
 * them why and where from. The partition is the source's, so that the letters of a learner stay in their order. A value
 * that is longer than intake keeps is cut as in the log.
 */
export const deadLetterOf = (message: KafkaMessage, from: PartitionId, rejection: Rejected, partitions: number): OutMessage => {
  const { offset, timestamp } = message;
  // Of somebody who is erased nothing is passed on.
  const { key, value, headers } = rejection.reason === 'erased' ? { key: null, value: null, headers: {} } : message;
  const cut = value !== null && value.length > MAX_RAW_BYTES;
  return {
    key,
    value: cut ? value.subarray(0, KEPT_BYTES) : value,
    partition: from.partition % partitions,
    headers: { ...headers, ...ownHeaders(from, rejection, offset, timestamp), ...(cut && { [`${PREFIX}bytes`]: String(value.length) }) },
  };
};

const ownHeaders = ({ topic, partition }: PartitionId, { reason, detail, letter }: Rejected, offset: string, timestamp: string): Headers => ({
  [`${PREFIX}reason`]: reason,
  [`${PREFIX}detail`]: detail.slice(0, 2_000),
  [`${PREFIX}letter`]: letter,
  [`${PREFIX}source-topic`]: topic,
  [`${PREFIX}source-partition`]: String(partition),
  [`${PREFIX}source-offset`]: offset,
  [`${PREFIX}source-timestamp`]: timestamp,
});

/** The same letter, so short that any topic takes it: without the sender's headers and all but the start of its value. */
export const shortened = ({ key, value, headers = {}, partition }: OutMessage): OutMessage => ({
  key: key !== null && key.length > KEPT_BYTES ? null : key,
  value: value === null ? null : value.slice(0, KEPT_BYTES),
  ...(partition !== undefined && { partition }),
  headers: {
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => OWN.has(name))),
    ...(value !== null && { [`${PREFIX}bytes`]: String(value.length) }),
  },
});
