import { circumstances, DAY, fact, onDay } from './criterion-under-test.js';
import { judgementsOf } from './judge.js';
import { parsedRule } from './rule-text.js';

const renewedAfter = (criteria: string) =>
  parsedRule(`badge: b
name: { en: B }
criteria-text: { en: B }
course: c
decides: as-soon-as-met
when-corrected: review
validity: { for: 7 days, renewal: earn-again }
criteria: ${criteria}
`);

const missions = (count: number, dayOf: (i: number) => number) =>
  Array.from({ length: count }, (_none, i) => fact(`e${String(i).padStart(5, '0')}`, 'MissionCompleted', `m${i % 7}`, dayOf(i)));

describe('an award that is earned again and again', () => {
  it('is renewed however often, by the last facts that earn it, in bearable time', () => {
    const facts = missions(5000, (i) => i / 2);
    const began = performance.now();
    const [judgement] = judgementsOf(renewedAfter('{ count: { of: missions, at-least: 1 } }'), facts, circumstances());
    expect(judgement?.outcome.earnedAt).toBe(onDay(2499.5));
    expect(judgement?.validUntil).toBe(onDay(2499.5) + 7 * DAY);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it.each([
    ['by many facts at a time', '{ count: { of: missions, at-least: 100 } }', 1050, 999],
    ['by facts of one moment together', '{ count: { of: missions, at-least: 3 } }', 90, 80],
    ['by facts that are far apart', '{ count: { of: missions, distinct: activity, at-least: 7 } }', 701, 699],
  ])('counts those after the last time alone, %s', (_what, criteria, count, last) => {
    const dayOf = criteria.includes('at-least: 3 }') ? (i: number): number => Math.floor(i / 40) : (i: number): number => i;
    const [judgement] = judgementsOf(renewedAfter(criteria), missions(count, dayOf), circumstances());
    expect(judgement?.outcome).toEqual({ supported: true, earnedAt: onDay(dayOf(last)) });
  });
});
