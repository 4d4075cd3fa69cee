import { createHash } from 'node:crypto';
import { readCloudEvent, structured } from '#intake/cloud-event.js';
import { KEPT_BYTES, MAX_RAW_BYTES, type Delivery } from '#intake/delivery.js';
import { invalid, malformed, type Mapped } from '#intake/mapped.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { headerText, type KafkaMessage, type PartitionId } from './message.js';

/** Which part of a message's key is held to what the message says. */
export type KeyRule = 'learner' | 'tenant';

/** The name under which a dead letter keeps what no reader may read again: another tenant's message. */
const FOREIGN = 'kafka-foreign';

const BINARY = 'ce_specversion';
const attributeName = /^ce_([a-z0-9]{1,40})$/;

/** The attributes of a CloudEvent in binary content mode: headers with "ce_" before their names (CloudEvents Kafka binding 1.0, 3.2). */
const attributesOf = ({ headers = {} }: KafkaMessage): Readonly<Record<string, string>> => {
  const attributes: Record<string, string> = {};
  for (const header of Object.keys(headers)) {
    const name = attributeName.exec(header)?.[1];
    const value = headerText(headers, header);
    if (name !== undefined && value !== undefined) attributes[name] = value;
  }
  const type = headerText(headers, 'content-type');
  if (type !== undefined) attributes['datacontenttype'] = type;
  return attributes;
};

type Read = Pick<Delivery, 'raw' | 'format' | 'mapped'>;

const read = (message: KafkaMessage, value: Uint8Array): Read => {
  const { headers } = message;
  if (headers && headers[BINARY] !== undefined) {
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

const readAny = (message: KafkaMessage): Read & Pick<Delivery, 'oversize'> => {
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

/**
 * What intake makes of a message: a CloudEvent (structured or binary content mode) or an event in Proofmark's own
 * format. A message whose key names another tenant, or another learner than its event, is one that cannot be recorded.
 */
export const deliveryOf = (message: KafkaMessage, { topic, partition }: PartitionId, tenant: string, rule: KeyRule): Delivery => {
  const delivery = { ...readAny(message), origin: `kafka:${topic}/${partition}/${message.offset}` };
  if (message.key === null) return delivery;
  const text = Buffer.from(message.key.buffer, message.key.byteOffset, message.key.length).toString('utf8');
  const problem = keyProblem(text, delivery.mapped, tenant, rule);
  if (!problem) return delivery;
  // A letter of another tenant is never to be replayed into this one.
  return { ...delivery, mapped: problem, ...(!text.startsWith(`${tenant}:`) && { format: FOREIGN }) };
};
