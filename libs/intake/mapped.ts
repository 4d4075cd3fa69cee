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

/** Foreign text for a message: at most 60 characters, none that would break a line. */
export const quoted = (text: string): string => {
  const clipped = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(clipped);
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

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
    return { ok: false, detail: `not JSON: ${messageOf(error)}` };
  }
};

/** True for what JSON calls an object. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
