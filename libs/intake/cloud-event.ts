import { COURSE_FACT_TYPES, CORRECTION_TYPES, LEARNER_FACT_TYPES } from '#domain/learning-event.js';
import { parseIsoTime } from '#domain/iso-time.js';
import { SOURCE } from './field-values.js';
import { invalid, isObject, malformed, parseJson, type FieldProblem, type Mapped } from './mapped.js';
import { readProofmark } from './proofmark-format.js';

type Members = Readonly<Record<string, unknown>>;

/** Before the name of an event's type in CloudEvents, ours and those that are sent to us. */
const PREFIX = 'proofmark.';

/** The CloudEvents type of one of our event types: `AttendanceMarked` is `proofmark.attendance-marked`. */
export const cloudEventType = (type: string): string =>
  PREFIX + type.replace(/[A-Z]/g, (letter, at: number) => (at > 0 ? '-' : '') + letter.toLowerCase());

const TYPES: ReadonlyMap<string, string> = new Map(
  [...LEARNER_FACT_TYPES, ...COURSE_FACT_TYPES, ...CORRECTION_TYPES].map((type) => [cloudEventType(type), type]),
);

const isJsonType = (type: unknown): boolean =>
  type === undefined || (typeof type === 'string' && /^[\w.+-]+\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type));

/** A source's name: itself, or the host of an address that has nothing else. */
const nameOfSource = (source: unknown): string | undefined => {
  if (typeof source !== 'string') return undefined;
  if (SOURCE.test(source)) return source;
  const host = /^https?:\/\/([A-Za-z0-9.-]{1,64})\/?$/.exec(source)?.[1];
  return host?.toLowerCase();
};

type Data = { readonly ok: true; readonly data: Members } | { readonly ok: false; readonly mapped: Mapped };

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const dataOf = (event: Members): Data => {
  const { data, data_base64: encoded, datacontenttype } = event;
  const not = (detail: string): Data => ({ ok: false, mapped: malformed(detail) });
  if (!isJsonType(datacontenttype)) return not("a CloudEvent's data must be JSON, and its datacontenttype say so");
  if (data !== undefined && encoded !== undefined) return not('a CloudEvent must have data or data_base64, not both');
  if (encoded === undefined) return isObject(data) ? { ok: true, data } : not("a CloudEvent's data must be one JSON object: the fields of a learning event");
  if (typeof encoded !== 'string' || !BASE64.test(encoded)) return not('data_base64: must be base64');
  const parsed = parseJson(Uint8Array.from(Buffer.from(encoded, 'base64')));
  if (!parsed.ok) return not(`data_base64: ${parsed.detail}`);
  return isObject(parsed.value) ? { ok: true, data: parsed.value } : not("a CloudEvent's data must be one JSON object: the fields of a learning event");
};

/** Attributes whose values the data may repeat but not contradict, and when two values say the same. */
const SAME: Readonly<Record<'id' | 'type' | 'time', (attribute: unknown, data: unknown) => boolean>> = {
  id: (attribute, data) => attribute === data,
  type: (attribute, data) => attribute === data,
  time: (attribute, data) => attribute === data || (parseIsoTime(attribute) !== undefined && parseIsoTime(attribute) === parseIsoTime(data)),
};

const mapped = (event: Members, data: Members): Mapped => {
  const problems: FieldProblem[] = [];
  const type = typeof event['type'] === 'string' ? TYPES.get(event['type']) : undefined;
  if (type === undefined) {
    problems.push({ field: 'type', message: `type: must be "${PREFIX}" and the name of a learning event's type, like "${cloudEventType('AttendanceMarked')}"` });
  }
  const source = data['source'] ?? nameOfSource(event['source']);
  if (source === undefined) {
    problems.push({ field: 'source', message: "source: must be a source's name (1 to 64 letters, digits, dots, hyphens or underscores), or an address without a path, or the data must name it" });
  }
  const { id, time } = event;
  if (typeof id !== 'string' || id === '') problems.push({ field: 'id', message: 'id: is required' });
  const attributes = { id, ...(type !== undefined && { type }), ...(time !== undefined && { time }) };
  for (const field of ['id', 'type', 'time'] as const) {
    const said = data[field];
    if (said === undefined || attributes[field] === undefined || SAME[field](attributes[field], said)) continue;
    problems.push({ field, message: `${field}: the data says otherwise than the CloudEvent's attribute` });
  }
  if (problems.length > 0) return invalid(problems);
  return readProofmark({ ...data, ...attributes, source });
};

/**
 * Reads a learning event from a CloudEvent 1.0 in the JSON event format: text, bytes, or the parsed value. Never throws.
 * `id` and `time` are ours, `type` is ours by name (`proofmark.attendance-marked`), `source` is a source's name or an
 * address without a path; the data holds all other fields in Proofmark's own format, and may name the source by itself.
 * Other attributes say nothing to us (CloudEvents 1.0, "Extension Context Attributes").
 */
export const readCloudEvent = (delivery: unknown): Mapped => {
  const parsed = parseJson(delivery);
  if (!parsed.ok) return malformed(parsed.detail);
  const event = parsed.value;
  if (!isObject(event)) return malformed('a CloudEvent must be one JSON object');
  if (event['specversion'] !== '1.0') return malformed('specversion: must be "1.0"');
  const data = dataOf(event);
  return data.ok ? mapped(event, data.data) : data.mapped;
};

/**
 * The JSON event format of a CloudEvent whose attributes came beside its data (binary content mode), so that one text
 * says everything; data that is not JSON is kept in base64.
 */
export const structured = (attributes: Readonly<Record<string, string>>, data: Uint8Array): string => {
  const { data: _data, data_base64: _encoded, ...rest } = attributes;
  const parsed = parseJson(data);
  return JSON.stringify(parsed.ok ? { ...rest, data: parsed.value } : { ...rest, data_base64: Buffer.from(data).toString('base64') });
};
