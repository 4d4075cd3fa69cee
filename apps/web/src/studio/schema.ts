/* What the builder offers is what the JSON Schema of rule files says, which is made from the parser: neither can lag behind the other. */

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxProperties?: number;
  readonly format?: string;
  readonly pattern?: string;
  readonly description?: string;
}

/** What can be filled in at a place of a rule. */
export type Field =
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'number'; readonly whole: boolean; readonly min: number | undefined; readonly max: number | undefined }
  | { readonly kind: 'text' | 'date' | 'span' | 'flag' | 'words' | 'criterion' }
  /** One or several texts of a kind. */
  | { readonly kind: 'texts'; readonly options?: readonly string[] }
  | { readonly kind: 'list'; readonly of: Field }
  | { readonly kind: 'mapping'; readonly keys: readonly Key[] }
  /** Exactly one of some keys. */
  | { readonly kind: 'keyworded'; readonly keys: readonly Key[] }
  | { readonly kind: 'either'; readonly options: readonly Field[] };

/** One key of a mapping. */
export interface Key {
  readonly key: string;
  readonly required: boolean;
  readonly field: Field;
}

const keysOf = ({ properties = {}, required = [] }: Schema): readonly Key[] => Object.entries(properties).map(([key, schema]) => ({ key, required: required.includes(key), field: fieldOf(schema) }));

const isListOf = (schema: Schema): boolean => schema.type === 'array';

const fieldOf = (schema: Schema): Field => {
  if (schema.$ref !== undefined) {
    if (schema.$ref.endsWith('/localized')) return { kind: 'words' };
    return { kind: schema.$ref.endsWith('/criterion') ? 'criterion' : 'text' };
  }
  if (schema.enum) return { kind: 'choice', options: schema.enum };
  if (schema.oneOf?.some(isListOf)) {
    const [one] = schema.oneOf;
    return { kind: 'texts', ...(one?.enum && { options: one.enum }) };
  }
  if (schema.anyOf) return { kind: 'either', options: schema.anyOf.map(fieldOf) };
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  if (types.includes('object')) return schema.maxProperties === 1 ? { kind: 'keyworded', keys: keysOf(schema) } : { kind: 'mapping', keys: keysOf(schema) };
  if (types.includes('array')) {
    const of = fieldOf(schema.items ?? {});
    if (of.kind === 'choice') return { kind: 'texts', options: of.options };
    return of.kind === 'text' ? { kind: 'texts' } : { kind: 'list', of };
  }
  if (types.includes('boolean')) return { kind: 'flag' };
  if (types.includes('integer') || (types.includes('number') && !types.includes('string'))) {
    return { kind: 'number', whole: types.includes('integer'), min: schema.minimum, max: schema.maximum };
  }
  if (schema.format === 'date') return { kind: 'date' };
  return { kind: schema.pattern?.includes('hour|day|week') ? 'span' : 'text' };
};

/** Criteria that combine others. */
export const GROUPS = ['all', 'any', 'some', 'not'] as const;
export type Group = (typeof GROUPS)[number];

/** Whether a keyword combines others. */
export const isGroup = (keyword: string): keyword is Group => (GROUPS as readonly string[]).includes(keyword);

const EMPTY_NUMBER = 1;

const startOfKeys = (keys: readonly Key[]): Readonly<Record<string, unknown>> => Object.fromEntries(keys.filter(({ required }) => required).map(({ key, field }) => [key, startOf(field)]));

/** What a field holds to begin with, where it has to hold something. */
export const startOf = (field: Field): unknown => {
  switch (field.kind) {
    case 'choice':
      return field.options[0];
    case 'number':
      return Math.max(EMPTY_NUMBER, field.min ?? EMPTY_NUMBER);
    case 'flag':
      return true;
    case 'span':
      return '7 days';
    case 'texts':
      return field.options ? field.options.slice(0, 1) : [];
    case 'words':
      return { en: '' };
    case 'criterion':
      return newCriterion('count');
    case 'list':
      return [startOf(field.of)];
    case 'mapping':
      return startOfKeys(field.keys);
    case 'keyworded':
      return Object.fromEntries(field.keys.slice(0, 1).map(({ key, field: of }) => [key, startOf(of)]));
    case 'either':
      return startOf(field.options[0] ?? { kind: 'text' });
    case 'text':
    case 'date':
      return '';
  }
};

/** Values with which a new criterion is likelier to be meant than with the first that could be. */
const LIKELY: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  count: { of: 'missions', 'at-least': 3 },
  none: { of: 'flags' },
  sum: { of: 'missions', 'at-least': 10, attribute: 'minutes' },
  points: { 'at-least': 100, from: [{ of: 'missions', each: 10 }] },
  score: { 'at-least': 80 },
  mean: { 'at-least': 70 },
  'attendance-rate': { 'at-least': 80 },
  'activity-rate': { of: 'missions', 'at-least': 80 },
  'none-missing': { of: 'submissions' },
  streak: { of: 'attendance', 'at-least': 5 },
  sequence: { steps: [{ of: 'submissions' }, { of: 'missions' }] },
  absence: { of: 'flags', 'until-course-day': 30 },
  badges: { badge: [] },
  approval: { by: 1 },
  cohort: { by: { mean: {} }, 'top-percent': 25 },
};

/** A new criterion with a keyword, as one would begin with it. */
export const newCriterion = (keyword: string): Readonly<Record<string, unknown>> => ({ [keyword]: LIKELY[keyword] ?? {} });

/** A schema's one line for authors at a place of a rule: for completion. */
export interface Suggested {
  readonly label: string;
  readonly about?: string;
  readonly isKey: boolean;
}

/** What the schema of rule files says. */
export interface RuleSchema {
  /** The keywords of criteria that look at facts. */
  readonly leaves: readonly string[];
  /** What can be filled in below the keyword of a criterion. */
  readonly settingsOf: (keyword: string) => readonly Key[];
  /** What can be filled in for a key at the top of a rule. */
  readonly fieldOf: (key: string) => Field;
  /** What may stand at a place of a rule: keys of a mapping, or words. */
  readonly suggestionsAt: (path: readonly (string | number)[]) => readonly Suggested[];
}

const LANGUAGES: Schema = { properties: { en: {}, ko: {} } };

/** Reads the JSON Schema of rule files. */
export const openSchema = (json: unknown): RuleSchema => {
  const whole = json as Schema & { readonly $defs: { readonly criterion: Schema } };
  const { criterion } = whole.$defs;
  const top = keysOf(whole);
  const resolved = (schema: Schema): Schema => (schema.$ref?.endsWith('/criterion') ? criterion : schema.$ref?.endsWith('/localized') ? LANGUAGES : schema);
  const variants = (schema: Schema): readonly Schema[] => [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map(resolved);
  const within = (schema: Schema, step: string | number): readonly Schema[] =>
    variants(schema).flatMap((one) => {
      const found = typeof step === 'number' ? one.items : one.properties?.[step];
      return found ? [resolved(found)] : [];
    });
  return {
    leaves: Object.keys(criterion.properties ?? {}).filter((keyword) => !isGroup(keyword)),
    settingsOf: (keyword) => keysOf(criterion.properties?.[keyword] ?? {}),
    fieldOf: (key) => top.find((one) => one.key === key)?.field ?? { kind: 'text' },
    suggestionsAt: (path) => {
      const schemas = path.reduce<readonly Schema[]>((found, step) => found.flatMap((schema) => within(schema, step)), [whole]);
      return schemas.flatMap(variants).flatMap(({ properties = {}, items, type, enum: words = [] }) => [
        ...Object.entries(properties).map(([label, { description }]): Suggested => ({ label, isKey: true, ...(description !== undefined && { about: description }) })),
        ...[...words, ...(items?.enum ?? []), ...(type === 'boolean' ? ['true', 'false'] : [])].map((label): Suggested => ({ label, isKey: false })),
      ]);
    },
  };
};
