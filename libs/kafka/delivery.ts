import { createHash } from 'node:crypto';
import { readCloudEvent, structured } from '#intake/cloud-event.js';
import { KEPT_BYTES, MAX_RAW_BYTES, type Delivery } from '#intake/delivery.js';
import { invalid, malformed, type Mapped } from '#intake/mapped.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { attributesOf, isBinary } from './cloud-event-headers.js';
import { headerText, type KafkaMessage, type PartitionId } from './message.js';
import { claimOf, type Judgement } from './signature.js';

/** Which part of a message's key is held to what the message says. */
export type KeyRule = 'learner' | 'tenant';

/** The name under which a dead letter keeps what no reader may read again: another tenant's message. */
const FOREIGN = 'kafka-foreign';

/** The name under which a dead letter keeps what is signed and cannot be recorded: nobody could tell any more who sent it. */
const SIGNED = 'kafka-signed';

/** What a message holds, whoever sent it. */
export type Content = Pick<Delivery, 'raw' | 'format' | 'mapped' | 'oversize'>;

const read = (message: KafkaMessage, value: Uint8Array): Content => {
  const { headers } = message;
  if (isBinary(message)) {
    const raw = structured(attributesOf(message), value);
    return { raw, format: 'cloudevent', mapped: readCloudEvent(raw) };
  }
  const type = headerText(headers, 'content-type')?.toLowerCase() ?? '';
  if (type.startsWith('application/cloudevents-batch')) {
    return { raw: value, format: 'cloudevent', mapped: malformed('a message must hold one CloudEvent; batches are not part of the CloudEvents Kafka binding') };
  }
  if (type.startsWith('application/cloudevents')) return { raw: value, format: 'cloudevent', mapped: readCloudEvent(value) };
  return { raw: value, format: 'proofmark', mapped: readProofmark(value) };
};

/** Reads what a message holds. */
export const contentOf = (message: KafkaMessage): Content => {
  const { value } = message;
  if (value === null) {
    return { raw: '', format: 'proofmark', mapped: malformed('the message has no value (a tombstone); to withdraw an event, send FactRetracted') };
  }
  if (value.length <= MAX_RAW_BYTES) return read(message, value);
  // Not parsed, and not kept: only what a dead letter needs of it.
  const oversize = { bytes: value.length, sha256: createHash('sha256').update(value).digest('hex') };
  return { raw: Uint8Array.from(value.subarray(0, KEPT_BYTES)), format: 'proofmark', mapped: malformed('too large'), oversize };
};

const key = (message: string): Mapped => invalid([{ field: 'key', message: `key: ${message}` }]);

/** What is wrong with a message's key; undefined where it fits. One without a key is taken: only its order is left to chance. */
const keyProblem = (text: string, mapped: Mapped, tenant: string, rule: KeyRule): Mapped | undefined => {
  const lead = `${tenant}:`;
  if (!text.startsWith(lead)) return key(`must begin with "${lead}", the tenant of this engine`);
  const event = mapped.ok ? mapped.events.at(-1) : undefined;
  if (rule === 'tenant' || !event) return undefined;
  const subject = ('learner' in event ? event.learner : undefined) ?? event.course ?? '';
  return text.slice(lead.length) === subject ? undefined : key('must be tenant and learner of the event, as "tenant:learner"');
};

/** What messages are held to. */
export interface Held {
  readonly tenant: string;
  readonly rule: KeyRule;
}

const withKeyHeld = (delivery: Delivery, key: string, { tenant, rule }: Held): Delivery => {
  const problem = keyProblem(key, delivery.mapped, tenant, rule);
  if (!problem) return delivery;
  // A letter of another tenant is never to be replayed into this one.
  return { ...delivery, mapped: problem, ...(!key.startsWith(`${tenant}:`) && { format: FOREIGN }) };
};

/**
 * What intake makes of a message: a CloudEvent (structured or binary content mode) or an event in Proofmark's own
 * format. A message whose key names another tenant, or another learner than its event, is one that cannot be recorded.
 */
export const deliveryOf = (message: KafkaMessage, { topic, partition }: PartitionId, held: Held, content = contentOf(message), judgement: Judgement = {}): Delivery => {
  const { key, offset, headers } = message;
  const read: Delivery = { ...content, ...judgement, origin: `kafka:${topic}/${partition}/${offset}` };
  const delivery = key === null ? read : withKeyHeld(read, Buffer.from(key.buffer, key.byteOffset, key.length).toString('utf8'), held);
  // Nor one past what its sender is entitled to.
  return delivery.mapped.ok || delivery.format === FOREIGN || claimOf(headers).by === 'nobody' ? delivery : { ...delivery, format: SIGNED };
};
