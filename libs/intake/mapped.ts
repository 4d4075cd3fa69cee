import type { LearningEvent } from '#domain/learning-event.js';
import { messageOf } from '#domain/errors.js';

/** What is wrong with one field, in words. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/**
 * What a delivery says: its learning events, the delivery's own one last and what was derived from it before; or why it
 * cannot be read ('malformed': not JSON of the right shape; 'invalid': a field is wrong).
 */
export type Mapped =
  | { readonly ok: true; readonly events: readonly LearningEvent[] }
  | {
      readonly ok: false;
      readonly reason: 'malformed' | 'invalid';
      readonly detail: string;
      readonly fields?: readonly FieldProblem[];
    };

/** Reads a delivery of one format: its JSON text, its bytes, or the value parsed from them. Never throws. */
export type FormatReader = (delivery: unknown) => Mapped;

/** A delivery that is not JSON of the right shape. */
export const malformed = (detail: string): Mapped => ({ ok: false, reason: 'malformed', detail });

/** A delivery with wrong fields; the detail lists their messages. */
export const invalid = (fields: readonly FieldProblem[]): Mapped => ({
  ok: false,
  reason: 'invalid',
  detail: fields.map(({ message }) => message).join('; '),
  fields,
});

/** A name that a sender gave to a field, for a message; what is no name is not repeated, since it may be about people. */
export const fieldName = (text: string): string => (/^[\w.-]{1,60}$/.test(text) ? `"${text}"` : 'one of its fields');

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Where JSON ends to be JSON. The parser's own words quote what stands there, which may be somebody's name. */
const jsonFault = (message: string): string => {
  if (/end of JSON input/.test(message)) return ': it ends too early';
  const position = /JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1];
  return position === undefined ? '' : `: wrong at position ${position}`;
};

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly detail: string };

/** The value of a delivery: text and bytes are parsed as JSON, anything else is taken as parsed already. */
export const parseJson = (delivery: unknown): Parsed => {
  if (typeof delivery !== 'string' && !(delivery instanceof Uint8Array)) return { ok: true, value: delivery };
  let text: string;
  try {
    text = typeof delivery === 'string' ? delivery : utf8.decode(delivery);
  } catch {
    return { ok: false, detail: 'the bytes are not UTF-8 text' };
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, detail: `not JSON${jsonFault(messageOf(error))}` };
  }
};

/** True for what JSON calls an object. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
