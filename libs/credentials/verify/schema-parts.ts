/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

const string = { type: 'string' } as const;
/** A URL with its scheme, as every id is one (VCDM 2.0, section 4.4). */
export const url = { type: 'string', format: 'absolute-url' } as const;
/** With its time zone (OB 3.0, `DateTimeZ`). */
export const dateTime = { type: 'string', format: 'date-time' } as const;

/** An array of these. */
export const listOf = (items: Schema, least = 0): Schema => ({ type: 'array', items, ...(least > 0 && { minItems: least }) });
/** One of these, or a list. */
export const oneOrList = (items: Schema, least = 0): Schema => ({ if: { type: 'array' }, then: listOf(items, least), else: items });
/** A type array that has this one in it. */
export const typed = (...names: readonly string[]): Schema => ({ ...listOf(string, 1), contains: { enum: names } });
/** One of a closed set, or an extension ("ext:…"). */
export const extensible = (...names: readonly string[]): Schema => ({ type: 'string', if: { pattern: '^ext:' }, then: { pattern: '^ext:[A-Za-z0-9._|-]+$' }, else: { enum: names } });
/** An object with these members at least. */
export const object = (required: readonly string[], properties: Readonly<Record<string, Schema>>): Schema => ({ type: 'object', required, properties });
/** An object with these members at most. */
export const closed = (required: readonly string[], properties: Readonly<Record<string, Schema>>): Schema => ({ ...object(required, properties), additionalProperties: false });
/** A part that is defined once and may contain itself. */
export const part = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
/** Members that are plain texts. */
export const texts = (...names: readonly string[]): Readonly<Record<string, Schema>> => Object.fromEntries(names.map((name) => [name, string]));
