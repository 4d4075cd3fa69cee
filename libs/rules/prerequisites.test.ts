import type { Criterion, Rule } from './rule.js';
import { kindOf } from './criteria/all.js';
import type { Settings } from './criterion.js';
import { circularVersions, findCycle, prerequisitesOf } from './prerequisites.js';
import { createRulebook } from './rulebook.js';

const asking = (settings: Settings): Criterion => ({ leaf: { keyword: 'badges', settings, selects: kindOf('badges').selects?.(settings, undefined, '') ?? [] } });
const rule = (badge: string, criteria: Criterion | undefined, level?: readonly [of: string, rank: number]): Rule => ({
  badge, name: { en: badge }, criteriaText: { en: badge }, course: 'c', decides: { mode: 'as-soon-as-met' }, whenCorrected: 'revoke',
  criteria: criteria ?? { leaf: { keyword: 'count', selects: [{ type: 'MissionCompleted' }], settings: { 'at-least': 1 } } },
  design: level ? { level: { of: level[0], name: { en: '' }, rank: level[1] } } : {},
});

describe('prerequisites', () => {
  it('are the badges and levels that any criterion asks for', () => {
    const asks = rule('x', { group: 'any', parts: [asking({ badge: ['a', 'b'] }), { group: 'not', parts: [asking({ 'level-of': 'sql', 'from-rank': 2 })] }] });
    expect(prerequisitesOf(asks)).toEqual({ badges: new Set(['a', 'b']), levels: [{ of: 'sql', fromRank: 2 }] });
    expect(prerequisitesOf(rule('x', undefined))).toEqual({ badges: new Set(), levels: [] });
  });

  it('in a rulebook are all badges of a level family that some rule asks for', () => {
    const rules = [rule('x', asking({ 'level-of': 'sql', 'from-rank': 2 })), rule('bronze', undefined, ['sql', 1]), rule('gold', undefined, ['sql', 3]), rule('other', undefined, ['viz', 3])];
    const { prerequisites } = createRulebook(rules.map((one) => ({ rule: one, reference: { badge: one.badge, version: 1, hash: '' } })));
    expect(prerequisites).toEqual(new Set(['bronze', 'gold']));
  });
});

describe('a cycle of badges', () => {
  it('is found, and nothing beside it', () => {
    const rules = [rule('start', asking({ badge: ['a'] })), rule('a', asking({ badge: ['free', 'b'] })), rule('b', asking({ badge: ['c'] })), rule('c', asking({ badge: ['a'] })), rule('free', undefined)];
    const cycle = findCycle(rules);
    expect([...(cycle ?? [])].sort()).toEqual(['a', 'b', 'c']);
    expect(`${cycle?.join('')}${cycle?.join('')}`).toContain('abc');
    expect(findCycle(rules.filter(({ badge }) => badge !== 'b'))).toBeUndefined();
  });

  it('may be a badge that asks for itself', () => expect(findCycle([rule('a', asking({ badge: ['a'] }))])).toEqual(['a']));

  it('may go through a level family, from the rank on that is asked for', () => {
    const levels = (fromRank: number): Rule[] => [rule('silver', asking({ 'level-of': 'sql', 'from-rank': fromRank }), ['sql', 2]), rule('gold', asking({ badge: ['silver'] }), ['sql', 3])];
    expect(findCycle(levels(2))).toBeDefined();
    expect([...(findCycle(levels(3)) ?? [])].sort()).toEqual(['gold', 'silver']);
    expect(findCycle(levels(4))).toBeUndefined();
  });

  it('is not a badge that two others ask for', () => {
    expect(findCycle([rule('a', asking({ badge: ['b', 'c'] })), rule('b', asking({ badge: ['d'] })), rule('c', asking({ badge: ['d'] })), rule('d', undefined)])).toBeUndefined();
  });

  it('is looked for however long the chain is', () => {
    const chain = Array.from({ length: 50_000 }, (_, i) => rule(`b${i}`, asking({ badge: [`b${i + 1}`] })));
    expect(findCycle(chain)).toBeUndefined();
    expect(findCycle([...chain, rule('b50000', asking({ badge: ['b0'] }))])).toHaveLength(50_001);
  });
});

describe('versions that would close a circle', () => {
  const wayOf = (versions: readonly Rule[], newest = versions) => circularVersions(versions.map((one) => ({ rule: one })), newest).map(({ version, way }) => [versions.indexOf(version.rule), ...way]);

  it('are those for which that is so by the ones before them', () => {
    const [a, b, c] = [rule('a', asking({ badge: ['b'] })), rule('b', asking({ badge: ['c'] })), rule('c', asking({ badge: ['x', 'a'] }))];
    expect(wayOf([a, b, c])).toEqual([[2, 'c', 'a', 'b', 'c']]);
    expect(wayOf([c, b, a])).toEqual([[2, 'a', 'b', 'c', 'a']]);
    expect(wayOf([a, b, rule('c', asking({ badge: ['x'] }))])).toEqual([]);
  });

  it('may be several of one badge, and one that asks for itself', () => {
    expect(wayOf([rule('a', asking({ badge: ['a'] })), rule('a', asking({ badge: ['b'] })), rule('a', asking({ badge: ['c'] })), rule('b', asking({ badge: ['a'] }))])).toEqual([[0, 'a', 'a'], [3, 'b', 'a', 'b']]);
  });

  it('go by the levels that badges have now', () => {
    const family = rule('top', asking({ 'level-of': 'sql', 'from-rank': 2 }));
    const below = rule('below', asking({ badge: ['top'] }));
    expect(wayOf([family, below], [family, rule('below', undefined, ['sql', 1])])).toEqual([]);
    expect(wayOf([family, below], [family, rule('below', undefined, ['sql', 2])])).toEqual([[1, 'below', 'top', 'below']]);
  });
});
