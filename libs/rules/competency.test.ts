import { competenciesOf } from './competency.js';
import type { BadgeDesign, Rule } from './rule.js';

const ruleOf = (badge: string, design: BadgeDesign = {}): Rule => ({ badge, name: { en: badge }, design }) as unknown as Rule;
const aligned = (...urls: readonly string[]): BadgeDesign => ({ alignments: urls.map((url) => ({ name: `the ${url}`, url, framework: 'F' })) });
const level = (of: string, rank: number): BadgeDesign => ({ level: { of, rank, name: { en: String(rank) } } });
const idsOf = (...rules: readonly Rule[]): readonly (readonly [string, readonly string[]])[] => competenciesOf(rules).map(({ id, badges }) => [id, badges] as const);

describe('a competency', () => {
  it('is what the first alignment names', () => {
    expect(idsOf(ruleOf('a', aligned('x', 'y')), ruleOf('b', aligned('y')), ruleOf('c', aligned('x')))).toEqual([['x', ['a', 'c']], ['y', ['b']]]);
    expect(competenciesOf([ruleOf('a', aligned('x'))])).toMatchObject([{ name: { und: 'the x' }, framework: 'F' }]);
  });

  it('is else a level family, and else the badge itself', () => {
    expect(idsOf(ruleOf('a', level('sql', 1)), ruleOf('b', level('sql', 2)), ruleOf('sql'))).toEqual([['level:sql', ['a', 'b']], ['badge:sql', ['sql']]]);
  });

  it('has all levels of a family, however each is aligned', () => {
    const family = [ruleOf('a', { ...level('sql', 1), ...aligned('x') }), ruleOf('b', { ...level('sql', 2), ...aligned('y') }), ruleOf('c', { ...level('sql', 3), ...aligned('y') }), ruleOf('d', aligned('x'))];
    expect(idsOf(...family, ruleOf('e', aligned('z')))).toEqual([['x', ['a', 'b', 'c', 'd']], ['z', ['e']]]);
    expect(idsOf(...family.slice(0, 3))).toEqual([['y', ['a', 'b', 'c']]]);
  });

  it('is no role', () => {
    expect(idsOf(ruleOf('analyst', { ...aligned('x'), role: { en: 'Analyst' } }), ruleOf('a', aligned('x')))).toEqual([['x', ['a']]]);
  });
});
