import { isObject, parseJson } from '#intake/mapped.js';
import { elementTexts, memberText } from './json-spans.js';

/** A request holds at most so many events. */
export const MAX_EVENTS = 500;

/** One event of a request: the text as it was sent, and what it parses to. */
export interface SentEvent {
  readonly text: string;
  readonly value: unknown;
}

/** What a body holds: events, or why it holds none that could be told apart. */
export type EventBatch =
  | { readonly ok: true; readonly events: readonly SentEvent[] }
  | { readonly ok: false; readonly kind: 'not-json' | 'bad-request' | 'too-many-events'; readonly detail: string };

const split = (text: string, values: readonly unknown[]): EventBatch => {
  if (values.length > MAX_EVENTS) {
    return { ok: false, kind: 'too-many-events', detail: `The body holds ${values.length} events; send at most ${MAX_EVENTS} in one request. Nothing of it was recorded.` };
  }
  const texts = elementTexts(text);
  return { ok: true, events: values.map((value, i) => ({ value, text: texts[i] ?? '' })) };
};

/** Tells the events of a body apart: one event, an array of events, or {"events": [...]}. */
export const readBatch = (body: Uint8Array): EventBatch => {
  const parsed = parseJson(body);
  if (!parsed.ok) return { ok: false, kind: 'not-json', detail: parsed.detail };
  const { value } = parsed;
  const text = new TextDecoder().decode(body); // without a byte order mark, as it was parsed
  if (Array.isArray(value)) return split(text, value);
  if (!isObject(value) || !Object.hasOwn(value, 'events') || Object.hasOwn(value, 'type')) return { ok: true, events: [{ text, value }] };
  const { events, ...others } = value;
  if (!Array.isArray(events)) return { ok: false, kind: 'bad-request', detail: 'events: must be a list of learning events. Nothing was recorded.' };
  if (Object.keys(others).length > 0) return { ok: false, kind: 'bad-request', detail: 'Beside "events" the body may hold nothing else. Nothing was recorded.' };
  return split(memberText(text, 'events') ?? '[]', events);
};
