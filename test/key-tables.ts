import { parse } from 'yaml';
import { casesSchema } from '#rules/cases/cases-schema.js';
import { CRITERIA } from '#rules/criteria/all.js';
import { ruleSchema } from '#rules/json-schema.js';
import { LEARNING_TYPES } from '#rules/selector.js';
import { selectorMembers } from '#rules/selector-shape.js';
import type { JsonSchema } from '#rules/shape.js';
import { isMapping } from './documentation.js';

/* TEST SUPPORT: the tables of keys that the pages about rules have to hold, made from what the parser takes. */

/** The keys of one mapping, as the pages say them. */
export interface KeyTable {
  /** The mapping: "rule", a criterion, or a key below one ("rule.validity"). */
  readonly name: string;
  /** Beside these it has the keys that select facts, which have a table of their own. */
  readonly selects: boolean;
  readonly keys: readonly string[];
  readonly lines: readonly string[];
}

type Properties = Readonly<Record<string, JsonSchema>>;

const propertiesOf = (schema: JsonSchema | undefined): Properties => (schema?.['properties'] ?? {}) as Properties;
const definitionsOf = (schema: JsonSchema): Properties => schema['$defs'] as Properties;
const isKeyworded = (schema: JsonSchema): boolean => schema['maxProperties'] === 1;
const alternativesOf = (schema: JsonSchema): readonly JsonSchema[] => (schema['anyOf'] ?? schema['oneOf'] ?? []) as readonly JsonSchema[];

const NAMED: Readonly<Record<string, string>> = { localized: 'text by language', course: 'mapping', 'learner-event': 'event', 'course-event': 'event' };

const range = ({ type, minimum, maximum }: JsonSchema): string => {
  const least = Number(minimum) > 0 && Number(minimum) < 0.001 ? 'above 0' : `from ${Number(minimum).toLocaleString('en')}`;
  return `${type === 'integer' ? 'whole number' : 'number'} ${least} to ${Number(maximum).toLocaleString('en')}`;
};

/** What a value may be, in few words. */
const valueWords = (schema: JsonSchema): string => {
  const { type, format, pattern, items, $ref } = schema;
  const name = typeof $ref === 'string' ? ($ref.split('/').at(-1) ?? '') : '';
  if (name) return NAMED[name] ?? name;
  if (Array.isArray(schema['enum'])) return schema['enum'].map((word) => `\`${word}\``).join(', ');
  if (schema['properties']) return isKeyworded(schema) ? 'criterion' : 'mapping';
  const [one, other] = alternativesOf(schema);
  if (one && other) return other['items'] ? `${valueWords(one)}; or a list` : `${valueWords(one)}, or ${valueWords(other)}`;
  if (type === 'array') return `list: ${valueWords(items as JsonSchema)}`;
  if (type === 'object') return 'mapping';
  if (type === 'boolean') return 'true or false';
  if (type === 'integer' || type === 'number') return range(schema);
  if (format === 'date') return 'day';
  if (format === 'uri') return 'address';
  return /hour\|day/.test(String(pattern)) ? 'length of time' : 'text';
};

const tableOf = (name: string, selects: boolean, properties: Properties, required: readonly string[]): KeyTable => {
  const rows = Object.entries(properties).map(([key, value]) => {
    const mark = required.includes(key) ? '**' : '';
    return `| ${mark}\`${key}\`${mark} | ${String(value['description'])} | ${valueWords(value)} |`;
  });
  return { name, selects, keys: Object.keys(properties), lines: ['| key | says | value |', '|---|---|---|', ...rows] };
};

const SELECTOR = selectorMembers(LEARNING_TYPES);
const isSelecting = (properties: Properties): boolean => ['activity', 'tag', 'kind'].every((key) => Object.hasOwn(properties, key));

/** The mappings with keys that a value may be, or hold in a list. */
const mappingsIn = (schema: JsonSchema): readonly JsonSchema[] => {
  if (schema['properties']) return isKeyworded(schema) ? [] : [schema];
  return [schema['items'], ...alternativesOf(schema)].flatMap((one) => (isMapping(one) ? mappingsIn(one) : []));
};

const tablesIn = (name: string, schema: JsonSchema): readonly KeyTable[] => {
  const properties = propertiesOf(schema);
  const selects = isSelecting(properties);
  const own = Object.entries(properties).filter(([key]) => !selects || !Object.hasOwn(SELECTOR, key));
  const below = own.flatMap(([key, value]) => mappingsIn(value).flatMap((inner) => tablesIn(`${name}.${key}`, inner)));
  return [tableOf(name, selects, Object.fromEntries(own), schema['required'] as readonly string[]), ...below];
};

const SELECTOR_TABLE = tableOf(
  'selector',
  false,
  Object.fromEntries(Object.entries(SELECTOR).map(([key, { shape, doc }]) => [key, { ...shape.schema, description: doc }])),
  Object.keys(SELECTOR).filter((key) => SELECTOR[key]?.required),
);

const criterionTables = (schema: JsonSchema): readonly KeyTable[] => {
  const criteria = propertiesOf(definitionsOf(schema)['criterion']);
  return ['some', ...CRITERIA.keys()].flatMap((keyword) => tablesIn(keyword, criteria[keyword] ?? {}));
};

const ALL_RULE_TABLES = [...tablesIn('rule', ruleSchema()), SELECTOR_TABLE, ...criterionTables(ruleSchema())];
const SELECTING = new Set(ALL_RULE_TABLES.filter(({ selects }) => selects).map(({ name }) => name));

const hasKeys = ({ keys }: KeyTable): boolean => keys.length > 0;

/** The tables for rules. */
export const RULE_TABLES: readonly KeyTable[] = ALL_RULE_TABLES.filter(hasKeys);

/** The tables for example cases. */
export const CASE_TABLES: readonly KeyTable[] = [
  ...tablesIn('case', propertiesOf(casesSchema())['cases']?.['items'] as JsonSchema),
  ...tablesIn('case.course', definitionsOf(casesSchema())['course'] ?? {}),
].filter(hasKeys);

/** What a rule uses, as "table key", and its criteria as "criterion keyword". */
export const usedIn = (rule: string): ReadonlySet<string> => {
  const used = new Set<string>();
  const below = (table: string, value: unknown): void => {
    for (const one of [value].flat().filter(isMapping)) {
      for (const [key, inner] of Object.entries(one)) {
        used.add(`${SELECTING.has(table) && Object.hasOwn(SELECTOR, key) ? 'selector' : table} ${key}`);
        if (key === 'criteria' || key === 'by' || (table === 'some' && key === 'of')) criteria(inner);
        else below(`${table}.${key}`, inner);
      }
    }
  };
  const criteria = (value: unknown): void => {
    for (const [keyword, settings] of [value].flat().filter(isMapping).flatMap((one) => Object.entries(one))) {
      used.add(`criterion ${keyword}`);
      if (keyword === 'all' || keyword === 'any' || keyword === 'not') criteria(settings);
      else below(keyword, settings);
    }
  };
  below('rule', parse(rule));
  return used;
};
