/** Upper bounds of what a delivery may hold. */
export const LIMITS = {
  id: 200,
  title: 300,
  kind: 64,
  tag: 64,
  tags: 20,
  attributes: 20,
  attributeName: 64,
  attributeText: 500,
  /** Points and weights: more than any class gives, and exact in a double. */
  points: 1_000_000,
} as const;

/** The shape of a source's name; no slash, since `source/id` names a fact. */
export const SOURCE = /^[A-Za-z0-9._-]{1,64}$/;

const PLAIN = /^[\x21-\x7e]+$/;
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** True for text of 1 to `limit` characters without control characters, lone surrogates or spaces around it. */
export const isText = (value: unknown, limit: number): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= limit &&
  (PLAIN.test(value) || (!UNSAFE.test(value) && value.trim() === value));

/** True for an id that a source may give. */
export const isId = (value: unknown): value is string => isText(value, LIMITS.id);

/** True for a number of points or a weight: 0 or more. */
export const isPoints = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= LIMITS.points;

/** True for at most 20 tags. */
export const isTags = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= LIMITS.tags && value.every((tag) => isText(tag, LIMITS.tag));

const isScalar = (value: unknown): boolean =>
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value)) ||
  (typeof value === 'string' && value.length <= LIMITS.attributeText && !UNSAFE.test(value));

// Names that mean something to every JavaScript object: code that copies attributes must never meet them.
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** True for at most 20 attributes, each a text, a number or a boolean. */
export const isAttributes = (value: unknown): value is Readonly<Record<string, string | number | boolean>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= LIMITS.attributes &&
    entries.every(([name, member]) => isText(name, LIMITS.attributeName) && !RESERVED.has(name) && isScalar(member))
  );
};

const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;

/** True for an IANA time zone that this runtime knows. */
export const isTimezone = (value: unknown): value is string => {
  if (typeof value !== 'string' || !ZONE_NAME.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false; // the only way Intl tells that it knows no such zone
  }
};
