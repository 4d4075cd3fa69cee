import { readFileSync } from 'node:fs';
import { CHOICES, CRITERIA, KEYS } from '../../apps/web/src/studio/rule-words.js';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly enum?: readonly string[];
}

const schema = JSON.parse(readFileSync('rules/rule.schema.json', 'utf8')) as Schema & { readonly $defs: { readonly criterion: Schema } };
const found = { keys: new Set<string>(), choices: new Set<string>() };
const walk = (value: unknown): void => {
  if (typeof value !== 'object' || value === null) return;
  const { properties, enum: choices } = value as Schema;
  for (const key of Object.keys(properties ?? {})) found.keys.add(key);
  for (const choice of choices ?? []) found.choices.add(choice);
  Object.values(value).forEach(walk);
};
walk(schema);

it('has a name in both languages for each word of the rule language, and for no other', () => {
  const keywords = Object.keys(schema.$defs.criterion.properties ?? {});
  expect(Object.keys(CRITERIA).toSorted()).toEqual(keywords.toSorted());
  const keys = [...found.keys].filter((key) => key in KEYS || !keywords.includes(key));
  expect(Object.keys(KEYS).toSorted()).toEqual(keys.toSorted());
  expect(Object.keys(CHOICES).filter((word) => !word.includes('.')).toSorted()).toEqual([...found.choices].toSorted());
  for (const { en, ko } of [...Object.values(CRITERIA), ...Object.values(CRITERIA).map(({ about }) => about), ...Object.values(KEYS), ...Object.values(CHOICES)]) {
    expect(en).toMatch(/^[\x20-\x7e…]+$/);
    expect(ko).toMatch(/[가-힣]/);
  }
});
