import type { Fact } from '#domain/facts.js';
import { fact, flips, found, label, leafOf, missing } from './leaf-under-test.js';

const approved = (id: string, onDay: number, occurrence: string | undefined, more: Partial<Fact> = {}): Fact =>
  fact('ApprovalGiven', id, onDay, { activity: 'own', occurrence, ...more });

describe('approval', () => {
  const one = leafOf('{ approval: {} }');
  const two = leafOf('{ approval: { by: 2 } }');

  it('is met by one person, for this badge, in any course', () => {
    expect(one.selects).toEqual([{ type: 'ApprovalGiven', activities: ['own'] }]);
    expect(found(one, [], 9)).toMatchObject({ met: false, value: 0, needed: 1, unit: 'approvals', evidence: [] });
    expect(found(one, [approved('a', 2, 'kim', { course: 'elsewhere' })], 2)).toMatchObject({ met: true, value: 1, evidence: ['a'] });
    expect(flips(one, [approved('a', 2, 'kim', { activity: 'other' })])).toEqual([false]);
    expect(flips(one, [approved('b', 3, 'lee'), approved('a', 2, 'kim')])).toEqual([false, 2]);
  });

  it('counts people, not their approvals', () => {
    const twice = [approved('a', 1, 'kim'), approved('b', 2, 'kim', { course: 'elsewhere' })];
    expect(found(two, twice, 9)).toMatchObject({ met: false, value: 1, evidence: ['a'] });
    expect(flips(two, [...twice, approved('c', 4, 'lee')])).toEqual([false, 4]);
    expect(found(two, [...twice, approved('c', 4, 'lee')], 9)).toMatchObject({ met: true, value: 2, evidence: ['a', 'c'] });
  });

  it('takes approvals without a name for one person’s', () => {
    expect(flips(two, [approved('a', 1, undefined), approved('b', 2, undefined)])).toEqual([false]);
  });

  it('says so', () => {
    expect(label(one)).toEqual({ en: 'Approved by a person', ko: '담당자 1명의 승인' });
    expect(label(two)).toEqual({ en: 'Approved by 2 different people', ko: '서로 다른 담당자 2명의 승인' });
    expect(missing(two, found(two, [approved('a', 1, 'kim')], 9))).toEqual({ amount: 1, unit: 'approvals', text: { en: '1 more approval', ko: '승인 1건 더 필요' } });
  });
});
