import type { BadgeAwarded } from '#domain/award.js';
import type { CriterionVerdict } from '#domain/verdict.js';
import { parseRule } from '#rules/parse.js';
import { NO_NAMES } from '#rules/words.js';
import { versionsOf, withEarnedBy, type MetCriterion } from './earned-by.js';

const awardedBy = (criteria: string, found: Pick<CriterionVerdict, 'value' | 'needed' | 'unit'>): MetCriterion | undefined => {
  const decides = criteria.includes('cohort') ? '{ at-close: course }' : 'as-soon-as-met';
  const parsed = parseRule(`badge: b\nname: { en: B }\ncriteria-text: { en: B }\ncourse: C1\ndecides: ${decides}\nwhen-corrected: review\ncriteria: ${criteria}\n`, 'b.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  const award: BadgeAwarded = {
    type: 'BadgeAwarded', award: 'a', tenant: 't', learner: 'ana', badge: 'b', course: 'C1', period: '', rule: { badge: 'b', version: 1, hash: '' }, earnedAt: 0, startedAt: 0, decidedAt: 0,
    cause: { kind: 'facts', events: [], reason: '' }, verdict: { met: true, decided: true, root: { criterion: 'c', path: 'c', met: true, evidence: [], ...found } },
  };
  const earned = { decided: new Map([[7, award]]), namesIn: () => NO_NAMES };
  expect(versionsOf([{ position: 6 }, { position: 7 }], earned)).toEqual([award.rule]);
  const { earnedBy } = withEarnedBy({ position: 7 }, earned, () => parsed.rule);
  return earnedBy?.criteria[0];
};
const told = (criteria: string, value: number, needed: number, unit: CriterionVerdict['unit'] = 'count'): boolean | undefined => awardedBy(criteria, { value, needed, unit })?.tellsMore;

describe('what an award was earned by', () => {
  it('has a value to tell where the words do not tell it', () => {
    const count = '{ count: { of: missions, at-least: 3 } }';
    expect([told(count, 5, 3), told(count, 3, 3)]).toEqual([true, false]);
    const mean = '{ mean: { of: grades, at-least: 80 } }';
    expect([told(mean, 89, 80, 'percent'), told(mean, 80, 80, 'percent')]).toEqual([true, true]);
    expect(told('{ none: { of: flags } }', 0, 0)).toBe(false);
    expect(told('{ count: { of: flags, at-most: 3 } }', 2, 3)).toBe(false);
  });

  it('says nothing that depends on what another learner reached', () => {
    const cohort = '{ cohort: { by: { count: { of: missions } }, rank: 3 } }';
    const all = [0, 4, 5].map((cutoff) => awardedBy(cohort, { value: 5, needed: cutoff, unit: 'count' }));
    expect(all[0]).toEqual({ label: expect.anything() as unknown, value: 5, unit: 'count', tellsMore: true });
    expect(all).toEqual([all[0], all[0], all[0]]);
  });
});
