import type { Fact } from '#domain/facts.js';
import { learnerContext } from '../circumstances.js';
import { cutoffOf, standingOf } from '../cohort.js';
import { kindOf } from './all.js';
import { cohortKey, type CohortNode } from './cohort.js';
import { course, day, fact, flips, found, label, leafOf, missing } from './leaf-under-test.js';

const cohortOf = (text: string): CohortNode => leafOf(`{ cohort: ${text} }`) as unknown as CohortNode;
const leaf = (node: CohortNode) => node as unknown as ReturnType<typeof leafOf>;
const scored = (id: string, onDay: number, score: number, max = 100): Fact => fact('AssignmentGraded', id, onDay, { values: { score, max } });
const quarter = cohortOf('{ by: { mean: { of: grades } }, top-percent: 25 }');
const reaching = (node: CohortNode, cutoff: number | null) => course({ cutoffs: new Map([[cohortKey(node), cutoff]]) });
const standing = (node: CohortNode, facts: readonly Fact[]): number | undefined =>
  standingOf(node, facts, { course: course(), learner: learnerContext(facts, 'c') }, day(99));

describe('cohort', () => {
  const facts = [scored('a', 1, 80), scored('b', 3, 90)];

  it('has nobody in it before it is settled what they have to reach', () => {
    expect(found(leaf(quarter), facts, 9)).toMatchObject({ met: false, value: 85, unit: 'percent', evidence: ['a', 'b'] });
    expect(flips(leaf(quarter), facts)).toEqual([false]);
    expect(flips(leaf(quarter), facts, reaching(quarter, null))).toEqual([false]);
    expect(missing(leaf(quarter), found(leaf(quarter), facts, 9))).toMatchObject({ amount: 0, text: { en: 'Ranked when the course is over' } });
  });

  it('has everybody in it who reaches that', () => {
    expect(found(leaf(quarter), facts, 9, reaching(quarter, 85))).toMatchObject({ met: true, value: 85, needed: 85 });
    expect(flips(leaf(quarter), facts, reaching(quarter, 85))).toEqual([false, 3]);
    const short = found(leaf(quarter), facts, 9, reaching(quarter, 85.000001));
    expect(short).toMatchObject({ met: false, value: 85, needed: 85.000001 });
    expect(missing(leaf(quarter), found(leaf(quarter), facts, 9, reaching(quarter, 90))).text.en).toBe('The average must rise by 5 points');
  });

  it.each([
    ['withdrawn', fact('Withdrawn', 'w', 5), '[withdrawn]'],
    ['staff', fact('Enrolled', 's', 5, { values: { role: 'staff' } }), '[staff]'],
    ['flagged', fact('LearnerFlagged', 'f', 5), '[flagged]'],
  ])('leaves out who is %s, where it says so', (_who, mark, except) => {
    const strict = cohortOf(`{ by: { mean: { of: grades } }, rank: 1, except: ${except} }`);
    const lenient = cohortOf('{ by: { mean: { of: grades } }, rank: 1, except: [] }');
    expect(found(leaf(strict), [...facts, mark], 9, reaching(strict, 50))).toMatchObject({ met: false, value: 85, needed: 50 });
    expect(flips(leaf(strict), [...facts, mark], reaching(strict, 50))).toEqual([false, 1, 5]);
    expect(standing(strict, [...facts, mark])).toBeUndefined();
    expect(flips(leaf(lenient), [...facts, mark], reaching(lenient, 50))).toEqual([false, 1]);
    expect(standing(lenient, [...facts, mark])).toBe(85);
    expect(missing(leaf(strict), found(leaf(strict), [...facts, mark], 9, reaching(strict, 50))).text.en).toBe('Not ranked with the others');
  });

  it('leaves out withdrawn learners and staff where it does not say', () => {
    expect(standing(quarter, [...facts, fact('Withdrawn', 'w', 5)])).toBeUndefined();
    expect(standing(quarter, [...facts, fact('Enrolled', 's', 5, { values: { role: 'staff' } })])).toBeUndefined();
    expect(standing(quarter, [...facts, fact('LearnerFlagged', 'f', 5)])).toBe(85);
  });

  it('takes in again who enrolled again', () => {
    const back = [...facts, fact('Withdrawn', 'w', 5), fact('Enrolled', 'e', 6)];
    expect(standing(quarter, back)).toBe(85);
    expect(flips(leaf(quarter), back, reaching(quarter, 85))).toEqual([false, 3, 5, 6]);
  });

  it('has nobody in it of whom there is nothing to measure', () => {
    const counted = cohortOf('{ by: { count: { of: missions } }, rank: 3 }');
    expect(standing(counted, [])).toBeUndefined();
    expect(standing(quarter, [fact('AssignmentGraded', 'x', 1)])).toBeUndefined();
    expect(flips(leaf(counted), [fact('Enrolled', 'e', 0)], reaching(counted, 1))).toEqual([false]);
    expect(found(leaf(counted), [fact('Enrolled', 'e', 0)], 9, reaching(counted, 1))).toMatchObject({ met: false });
  });

  it('is the same cohort wherever it is written the same', () => {
    expect(cohortKey(cohortOf('{ top-percent: 25, by: { mean: { of: grades } } }'))).toBe(cohortKey(quarter));
    expect(cohortKey(cohortOf('{ top-percent: 20, by: { mean: { of: grades } } }'))).not.toBe(cohortKey(quarter));
    expect(kindOf('cohort').depends?.(quarter.settings)).toEqual(['cohort']);
    expect(kindOf('cohort').depends?.(cohortOf('{ by: { count: { of: missions, within: 7 days } }, rank: 1 }').settings)).toEqual(['cohort', 'clock']);
  });

  it('says so', () => {
    expect(label(leaf(quarter))).toEqual({ en: 'Among the best 25 % of the course, by the mean of graded assignments', ko: '과정 상위 25%: 채점된 과제 평균' });
    expect(label(leaf(cohortOf('{ by: { mean: { of: grades, kind: exam, weights: course, best: 3 } }, rank: 2 }')))).toEqual({
      en: 'Among the best 2 of the course, by the mean of graded assignments (exam), weighted as in the course, only the best 3',
      ko: '과정 상위 2명: 채점된 과제(exam) 평균 [과정의 가중치 적용, 상위 3개만]',
    });
    expect(label(leaf(cohortOf('{ by: { count: { of: missions, tag: quiz } }, rank: 3, ties: out }'))).en).toBe(
      'Among the best 3 of the course, by the count of completed missions (tagged “quiz”)',
    );
  });

  it.each([
    ['{ by: { mean: { of: grades } } }', 'either "top-percent" or "rank"'],
    ['{ by: { mean: { of: grades, at-least: 5 } }, rank: 1 }', 'at-least'],
    ['{ by: { count: { of: missions, at-most: 5 } }, rank: 1 }', 'at-most'],
    ['{ by: { none: { of: missions } }, rank: 1 }', 'unknown criterion "none"'],
    ['{ by: { cohort: { by: { mean: { of: grades } }, rank: 1 } }, rank: 1 }', 'unknown criterion "cohort"'],
    ['{ rank: 1 }', '"by"'],
  ])('cannot be asked for like this: %s', (text, message) => expect(() => cohortOf(text)).toThrow(message));
});

describe('what a cohort has to reach', () => {
  const by = '{ by: { mean: { of: grades } }';
  it.each([
    ['the best quarter of eight', `${by}, top-percent: 25 }`, [1, 2, 3, 4, 5, 6, 7, 8], 7],
    ['the best quarter of nine, rounded up', `${by}, top-percent: 25 }`, [1, 2, 3, 4, 5, 6, 7, 8, 9], 7],
    ['at least one', `${by}, top-percent: 1 }`, [1, 2, 3], 3],
    ['exactly so many where binary fractions say a little more', `${by}, top-percent: 0.7 }`, Array.from({ length: 1000 }, (_, i) => i + 1), 994],
    ['all where there are fewer', `${by}, rank: 5 }`, [3, 1, 2], 1],
    ['nobody where nobody was ranked', `${by}, rank: 5 }`, [], null],
    ['nobody who has nothing, though all are ranked', `${by}, rank: 3 }`, [2, 1, 0, 0], 1],
    ['nobody where all have nothing', `${by}, rank: 3 }`, [0, 0], null],
    ['those who are level are in', `${by}, rank: 2 }`, [9, 7, 7, 7, 5], 7],
    ['those who are level are out', `${by}, rank: 2, ties: out }`, [9, 7, 7, 7, 5], 9],
    ['those who are level within the limit are in', `${by}, rank: 4, ties: out }`, [9, 7, 7, 7, 5], 7],
    ['nobody where all are level and too many', `${by}, rank: 2, ties: out }`, [7, 7, 7], null],
    ['all where all are level and not too many', `${by}, rank: 3, ties: out }`, [7, 7, 7], 7],
  ])('is right for: %s', (_what, text, standings, cutoff) => {
    expect(cutoffOf(cohortOf(text), standings)).toBe(cutoff);
    expect(cutoffOf(cohortOf(text), [...standings].reverse())).toBe(cutoff);
  });

  it('is met by the learner who sets it, also where no binary fraction is', () => {
    for (const scores of [[1, 1, 2], [1, 2, 2], [66.7, 66.6, 70.1], [0.1, 0.2, 99.99]]) {
      const facts = scores.map((score, i) => scored(`f${i}`, i, score, 3));
      const value = standing(quarter, facts);
      expect(value).toBeDefined();
      const cutoff = cutoffOf(quarter, [value ?? NaN]);
      expect(found(leaf(quarter), facts, 9, reaching(quarter, cutoff))).toMatchObject({ met: true });
    }
  });
});
