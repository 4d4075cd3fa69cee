import { nearest } from './diagnostic.js';
import type { Mention, ValueReader } from './yaml-reader.js';

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * What a value in a rule file must look like, said once: `read` checks a file and reports each error with its place,
 * `schema` says the same to editors. Readers report and return undefined; they never throw.
 */
export interface Shape<T> {
  readonly read: (value: ValueReader) => T | undefined;
  readonly schema: JsonSchema;
  /** What is expected, for messages ("a whole number from 1 to 9"). */
  readonly expected: string;
}

/** One key of a mapping. */
export interface Member<T, Required extends boolean = boolean> {
  readonly shape: Shape<T>;
  readonly required: Required;
  /** One line for authors. */
  readonly doc: string;
}

/** The keys of a mapping with their shapes. */
export type Members = Readonly<Record<string, Member<unknown>>>;

type RequiredKeys<M extends Members> = { [K in keyof M]: M[K]['required'] extends true ? K : never }[keyof M];
type ValueOf<M> = M extends Member<infer T> ? T : never;

/** The value that a mapping of such keys holds. */
export type Reading<M extends Members> = { readonly [K in RequiredKeys<M>]: ValueOf<M[K]> } & {
  readonly [K in Exclude<keyof M, RequiredKeys<M>>]?: ValueOf<M[K]>;
};

/** The value that a shape reads. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

/** A key that must be there. */
export const required = <T>(shape: Shape<T>, doc: string): Member<T, true> => ({ shape, required: true, doc });

/** A key that may be there. */
export const optional = <T>(shape: Shape<T>, doc: string): Member<T, false> => ({ shape, required: false, doc });

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A whole number. */
export const integer = (range: Range): Shape<number> => ({
  read: (value) => value.number(range, true),
  schema: { type: 'integer', minimum: range.min, maximum: range.max },
  expected: `a whole number from ${range.min} to ${range.max}`,
});

/** A number. */
export const number = (range: Range): Shape<number> => ({
  read: (value) => value.number(range),
  schema: { type: 'number', minimum: range.min, maximum: range.max },
  expected: `a number from ${range.min} to ${range.max}`,
});

/** A text that is not blank. */
export const text = (maxLength: number, expected = `a text of at most ${maxLength} characters`): Shape<string> => ({
  read: (value) => value.text(maxLength),
  // Numbers are taken as they are written: ids of class systems are often digits.
  schema: { type: ['string', 'number'], maxLength, pattern: '\\S' },
  expected,
});

/** A text that matches a pattern, which editors check as well. */
export const matching = (pattern: RegExp, maxLength: number, expected: string): Shape<string> => ({
  read: (value) => {
    const given = value.text(maxLength);
    if (given === undefined || pattern.test(given)) return given;
    return value.fail(`"${value.label}" is "${given}"`, expected);
  },
  schema: { ...text(maxLength).schema, pattern: pattern.source },
  expected,
});

/** One of some words. */
export const choice = <const T extends string>(choices: readonly T[]): Shape<T> => ({
  read: (value) => value.choice(choices),
  schema: { enum: choices },
  expected: `one of ${choices.join(', ')}`,
});

/** true or false. */
export const flag: Shape<boolean> = {
  read: (value) => {
    const found = value.scalar();
    return typeof found === 'boolean' ? found : value.fail(`"${value.label}" is not true or false`, 'true or false');
  },
  schema: { type: 'boolean' },
  expected: 'true or false',
};

/** One value or a list of some; never empty, since an empty list would select nothing, ever. */
export const oneOrMore = <T>(shape: Shape<T>): Shape<readonly T[]> => ({
  read: (value) => {
    const items = value.list(true);
    if (items?.length === 0) return value.fail(`"${value.label}" is empty`, 'at least one');
    return allOf(items?.map(shape.read));
  },
  schema: { oneOf: [shape.schema, { type: 'array', items: shape.schema, minItems: 1 }] },
  expected: `${shape.expected}, or a list of them`,
});

/** A list of so many values. */
export const list = <T>(shape: Shape<T>, { min, max }: Range): Shape<readonly T[]> => ({
  read: (value) => {
    const items = value.list();
    if (items && (items.length < min || items.length > max)) {
      return value.fail(`"${value.label}" has ${items.length} entries`, `${min} to ${max}`);
    }
    return allOf(items?.map(shape.read));
  },
  schema: { type: 'array', items: shape.schema, minItems: min, maxItems: max },
  expected: `a list of ${min} to ${max}: ${shape.expected}`,
});

const allOf = <T>(values: readonly (T | undefined)[] | undefined): readonly T[] | undefined =>
  values?.every((value): value is T => value !== undefined) ? values : undefined;

/** A value of a shape that must also pass a check; `check` returns what is wrong. */
export const checked = <T>(shape: Shape<T>, check: (value: T) => string | undefined, schema: JsonSchema = {}): Shape<T> => ({
  read: (value) => {
    const read = shape.read(value);
    if (read === undefined) return undefined;
    const wrong = check(read);
    return wrong === undefined ? read : value.fail(wrong, shape.expected);
  },
  schema: { ...shape.schema, ...schema },
  expected: shape.expected,
});

/** A value of a shape, turned into another. */
export const mapped = <T, U>(shape: Shape<T>, turn: (value: T) => U): Shape<U> => ({
  ...shape,
  read: (value) => {
    const read = shape.read(value);
    return read === undefined ? undefined : turn(read);
  },
});

/** What is wrong with a value whose parts are each right, and where: keys, and places in lists, that lead there. */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly expected: string;
}

/** A value of a shape whose parts must also agree; `check` returns what is wrong, `schema` says what it can of it. */
export const agreeing = <T>(shape: Shape<T>, check: (value: T) => readonly Finding[], schema: JsonSchema = {}): Shape<T> => ({
  read: (value) => {
    const read = shape.read(value);
    if (read === undefined) return undefined;
    const findings = check(read);
    for (const { path, message, expected } of findings) value.at(path).fail(message, expected);
    return findings.length === 0 ? read : undefined;
  },
  schema: { ...shape.schema, ...schema },
  expected: shape.expected,
});

/** A text that names a thing, which may be checked against what is known. */
export const mentioned = (what: Mention['what'], shape: Shape<string>): Shape<string> => ({
  ...shape,
  read: (value) => {
    const name = shape.read(value);
    if (name !== undefined) value.report.mentions.push({ what, name, offset: value.offset });
    return name;
  },
});

/** A shape that schemas refer to by name: one that is used often, or contains itself. */
export interface Named<T> extends Shape<T> {
  readonly name: string;
  readonly definition: JsonSchema;
}

/** Names a shape. */
export const named = <T>(name: string, shape: Shape<T>): Named<T> => ({
  ...shape,
  schema: { $ref: `#/$defs/${name}` },
  name,
  definition: shape.schema,
});

const UNITS = { hours: 3_600_000, days: 86_400_000, weeks: 604_800_000 } as const;
const DURATION = /^(\d{1,5}) (hour|day|week)s?$/;

/** A length of time as people write it ("48 hours", "7 days", "1 week"), in milliseconds. */
export const duration = ({ min, max }: { readonly min: string; readonly max: string }): Shape<number> => {
  const expected = `a length of time from ${min} to ${max}, such as "48 hours" or "7 days"`;
  const millis = (given: string): number | undefined => {
    const [, amount, unit] = DURATION.exec(given) ?? [];
    return amount === undefined ? undefined : Number(amount) * UNITS[`${unit ?? 'day'}s` as keyof typeof UNITS];
  };
  return {
    read: (value) => {
      const given = value.scalar();
      const length = typeof given === 'string' ? millis(given) : undefined;
      const fits = length !== undefined && length >= (millis(min) ?? 0) && length <= (millis(max) ?? Infinity);
      return fits ? length : value.fail(`"${value.label}" is not such a length of time`, expected);
    },
    schema: { type: 'string', pattern: '^[0-9]{1,5} (hour|day|week)s?$' },
    expected,
  };
};

/** A calendar day, "2026-03-02". */
export const day: Shape<string> = {
  read: (value) => {
    const given = value.scalar();
    const fits = typeof given === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(given) && isDay(given);
    return fits ? given : value.fail(`"${value.label}" is not a day`, day.expected);
  },
  schema: { type: 'string', format: 'date', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' },
  expected: 'a day, such as "2026-03-02"',
};

const isDay = (given: string): boolean => {
  const at = Date.parse(`${given}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(given);
};

/** A mapping with these keys and no others. */
export const mapping = <M extends Members>(members: M): Shape<Reading<M>> => ({
  read: (value) => {
    const given = value.mapping();
    if (!given) return undefined;
    const reading: Record<string, unknown> = {};
    let whole = true;
    for (const [key, { shape, required: must }] of Object.entries(members)) {
      const member = must ? given.required(key, shape.expected) : given.optional(key);
      const read = member && shape.read(member);
      if (read !== undefined) reading[key] = read;
      else if (member ?? must) whole = false;
    }
    given.finish();
    return whole ? (reading as Reading<M>) : undefined;
  },
  schema: {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(members).map(([key, { shape, doc }]) => [key, { ...shape.schema, description: doc }]),
    ),
    required: Object.entries(members).flatMap(([key, { required: must }]) => (must ? [key] : [])),
    additionalProperties: false,
  },
  expected: `${Object.keys(members).join(', ')}`,
});

/** A mapping that may be left out where none of its keys has to be there. */
export const orNothing = <T>(shape: Shape<T>): Shape<T> => ({
  ...shape,
  read: (value) => shape.read(value.isNothing() ? value.asEmptyMapping() : value),
  schema: { ...shape.schema, type: ['object', 'null'] },
});

/** A word, or else something that is no single word. */
export const wordOr = <T, U>(word: Shape<T>, other: Shape<U>, expected: string): Shape<T | U> => ({
  read: (value) => (value.scalar() === undefined ? other.read(value) : word.read(value)),
  schema: { anyOf: [word.schema, other.schema] },
  expected,
});

/** What a keyword introduces. */
export interface Keyword<T> {
  readonly shape: Shape<T>;
  /** One line for authors. */
  readonly doc: string;
}

/** One of some keywords with what belongs to it below it; `what` is what people call that. */
export const keyworded = <T>(what: string, keywords: ReadonlyMap<string, Keyword<T>>): Shape<T> => {
  const known = [...keywords.keys()];
  const expected = `one of ${known.join(', ')}`;
  return {
    read: (value) => {
      const given = value.mapping();
      if (!given) return undefined;
      const [entry, second] = given.entries();
      if (!entry || second) return value.fail(`a ${what} is one keyword with its settings below it`, expected);
      const [keyword, key, body] = entry;
      const found = keywords.get(keyword);
      if (found) return found.shape.read(body);
      const meant = nearest(keyword, known);
      return key.fail(`unknown ${what} "${keyword}"${meant ? `; did you mean "${meant}"?` : ''}`, expected);
    },
    schema: {
      type: 'object',
      properties: Object.fromEntries([...keywords].map(([keyword, { shape, doc }]) => [keyword, { ...shape.schema, description: doc }])),
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
    },
    expected,
  };
};
