import type { Criterion, Level, Rule } from '../rule.js';
import type { Selector } from '../selector.js';
import { placement } from './place.js';
import type { Surroundings } from './subject.js';

const asks = (...selects: readonly Omit<Selector, 'type'>[]): Criterion => ({
  group: 'all',
  parts: selects.map((select) => ({ leaf: { keyword: 'count', selects: [{ type: 'BadgeHeld' as const, ...select }], settings: { 'at-least': 1 } } })),
});
const rule = (badge: string, criteria: Criterion, level?: Level, more: Partial<Rule['design']> = {}): Rule => ({
  badge, name: { en: badge }, criteriaText: { en: badge }, course: '', decides: { mode: 'as-soon-as-met' }, whenCorrected: 'keep', criteria,
  design: { ...(level && { level }), ...more },
});
const level = (rank: number): Level => ({ of: 'sql', name: { en: 'level' }, rank });
const done: Criterion = { leaf: { keyword: 'count', selects: [{ type: 'MissionCompleted' }], settings: { 'at-least': 3 } } };
const among = (...rules: readonly Rule[]): Surroundings => ({ others: rules.map((one) => ({ rule: one })) });
const found = (one: Rule, around: Surroundings): readonly string[] => placement({ rule: one, around }).map(({ code, message }) => `${code}: ${message.en}`);

describe('badges that a rule asks for', () => {
  const one = rule('a', asks({ activities: ['b'] }));

  it('may be in the rulebook, or known from elsewhere', () => {
    expect(found(one, among(rule('b', done)))).toEqual([]);
    expect(found(one, { known: { badges: ['b'] } })).toEqual([]);
    expect(found(one, {})).toEqual([]);
  });

  it('are reported where nobody knows them', () => {
    expect(found(one, among(rule('c', done)))).toEqual(['prerequisite-unknown: It asks for a badge “b”, which does not exist']);
    expect(placement({ rule: one, around: among() })[0]?.keys).toEqual(['criteria', 'all', 0]);
  });

  it('may be levels of a family, if there is one that is high enough', () => {
    const asked = rule('a', asks({ kind: 'sql', minRank: 2 }));
    expect(found(asked, among(rule('b', done, level(2))))).toEqual([]);
    expect(found(asked, among(rule('b', done, level(1))))).toEqual(['prerequisite-unknown: It asks for a level of “sql” of rank 2 or higher, and no badge is one']);
    expect(found(rule('a', asks({ kind: 'sql' })), among())).toEqual(['prerequisite-unknown: It asks for a level of “sql”, and no badge is one']);
  });

  it('must not ask for the badge in turn', () => {
    expect(found(one, among(rule('b', asks({ activities: ['c'] })), rule('c', asks({ activities: ['a'] }))))).toEqual(['prerequisite-cycle: Badges ask for each other: a → b → c → a']);
    expect(found(one, among(rule('b', asks({ activities: ['c'] })), rule('c', asks({ activities: ['b'] }))))).toEqual(['same-criteria: It has the same criteria as the badge “c”']);
    expect(found(rule('a', asks({ kind: 'sql' }), level(2)), among(rule('b', done, level(1))))).toEqual(['prerequisite-cycle: Badges ask for each other: a → a']);
  });

  it('may make a role whose pathway they are on', () => {
    const analyst = rule('analyst', asks({ activities: ['a'] }), undefined, { role: { en: 'Analyst' } });
    expect(found(rule('a', done, undefined, { pathway: 'analyst' }), among(analyst))).toEqual([]);
  });
});
