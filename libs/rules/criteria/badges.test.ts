import type { Fact } from '#domain/facts.js';
import { NO_NAMES } from '../words.js';
import { ruleOf } from '../arbitraries/rules.js';
import { badgeNames } from '../badge-names.js';
import type { Rule } from '../rule.js';
import { flips, fact, found, label, leafOf, missing } from './leaf-under-test.js';

const held = (badge: string, onDay: number, more: Partial<Fact> = {}): Fact => fact('BadgeHeld', `award/${badge}`, onDay, { course: 'elsewhere', activity: badge, ...more });
const level = (badge: string, onDay: number, of: string, rank: number): Fact => held(badge, onDay, { values: { kind: of, attributes: { rank } } });

describe('badges by name', () => {
  const both = leafOf('{ badges: { badge: [a, b] } }');

  it('is met when all are held, from the moment at which the last was earned', () => {
    expect(found(both, [], 9)).toMatchObject({ met: false, value: 0, needed: 2, unit: 'badges', evidence: [] });
    expect(found(both, [held('a', 1)], 9)).toMatchObject({ met: false, value: 1, evidence: ['award/a'] });
    expect(found(both, [held('b', 3), held('a', 1)], 9)).toMatchObject({ met: true, value: 2, evidence: ['award/a', 'award/b'] });
    expect(flips(both, [held('b', 3), held('a', 1)])).toEqual([false, 3]);
    expect(flips(both, [held('b', 3), held('a', 3), held('c', 1)])).toEqual([false, 3]);
  });

  it('counts the awards of several periods once', () => {
    expect(found(both, [held('a', 1, { id: 'p1' }), held('a', 2, { id: 'p2' })], 9)).toMatchObject({ met: false, value: 1, evidence: ['p1'] });
  });

  it('may ask for some of them', () => {
    const one = leafOf('{ badges: { badge: [a, b], at-least: 1 } }');
    expect(flips(one, [held('b', 3)])).toEqual([false, 3]);
    expect(label(one).en).toBe('Holds at least 1 of the badges a, b');
    expect(() => leafOf('{ badges: { badge: [a, a], at-least: 2 } }')).toThrow('"at-least" asks for 2 of 1');
  });

  it('says so', () => {
    expect(label(both, { ...NO_NAMES, badge: (id) => (id === 'a' ? { en: 'First', ko: '첫째' } : undefined) })).toEqual({ en: 'Holds the badges First, b', ko: '‘첫째’, ‘b’ 배지 보유' });
    expect(label(leafOf('{ badges: { badge: a } }')).en).toBe('Holds the badge a');
    expect(missing(both, found(both, [], 9))).toEqual({ amount: 2, unit: 'badges', text: { en: 'Still to be earned: a, b', ko: '더 받아야 할 배지: ‘a’, ‘b’' } });
    const some = leafOf('{ badges: { badge: [a, b, c], at-least: 2 } }');
    expect(missing(some, found(some, [held('b', 3)], 9)).text).toEqual({ en: '1 more of the badges a, c', ko: '‘a’, ‘c’ 배지 중 1개 더 필요' });
    const many = leafOf('{ badges: { badge: [a, b, c, d, e, f, g] } }');
    expect(missing(many, found(many, [], 9)).text).toEqual({ en: 'Still to be earned: a, b, c, d, e and 2 more', ko: '더 받아야 할 배지: ‘a’, ‘b’, ‘c’, ‘d’, ‘e’ 외 2개' });
    const few = leafOf('{ badges: { badge: [a, b, c, d, e, f, g], at-least: 1 } }');
    expect(missing(few, found(few, [], 9)).text.en).toBe('1 more badge');
    expect(found(few, [held('b', 3)], 9)).not.toHaveProperty('lacking');
  });
});

describe('badges by level', () => {
  const silver = leafOf('{ badges: { level-of: sql, from-rank: 2 } }');

  it('is met by one of that rank or a higher one', () => {
    expect(flips(silver, [level('bronze', 1, 'sql', 1)])).toEqual([false]);
    expect(flips(silver, [level('bronze', 1, 'sql', 1), level('silver', 2, 'sql', 2)])).toEqual([false, 2]);
    expect(flips(silver, [level('gold', 4, 'sql', 3), level('silver', 5, 'viz', 2), held('plain', 1)])).toEqual([false, 4]);
    expect(found(silver, [level('gold', 4, 'sql', 3)], 4)).toMatchObject({ met: true, value: 1, needed: 1, evidence: ['award/gold'] });
  });

  it('may ask for several, of any rank', () => {
    const two = leafOf('{ badges: { level-of: sql, at-least: 2 } }');
    expect(two.selects).toEqual([{ type: 'BadgeHeld', kind: 'sql', minRank: 1 }]);
    expect(flips(two, [level('bronze', 1, 'sql', 1), level('gold', 4, 'sql', 3)])).toEqual([false, 4]);
    expect(label(two).en).toBe('Holds at least 2 levels of “sql”');
    expect(label(silver)).toEqual({ en: 'Holds a level of “sql” of rank 2 or higher', ko: '‘sql’ 2단계 이상 배지 보유' });
    const named = (badge: string, of: string, rank: number): Rule => ruleOf({ badge, name: { en: `The ${badge}`, ko: badge }, criteria: { leaf: silver }, decides: { mode: 'continuously' }, design: { level: { of, name: { en: '' }, rank } } });
    const names = { ...NO_NAMES, ...badgeNames([named('gold', 'sql', 3), named('silver', 'sql', 2), named('bronze', 'sql', 1), named('other', 'viz', 3)]) };
    expect(label(silver, names)).toEqual({ en: 'Holds a level of “sql” of rank 2 or higher (The silver, The gold)', ko: '‘sql’ 2단계 이상 배지(silver, gold) 보유' });
    expect(label(two, names).en).toBe('Holds at least 2 levels of “sql” (The bronze, The silver, The gold)');
  });
});

it.each([
  ['{ badges: { at-least: 1 } }', 'either "badge" or "level-of"'],
  ['{ badges: { badge: a, level-of: b } }', 'either "badge" or "level-of"'],
  ['{ badges: { badge: a, from-rank: 2 } }', '"from-rank" is only for "level-of"'],
])('badges cannot be asked for like this: %s', (text, message) => expect(() => leafOf(text)).toThrow(message));
