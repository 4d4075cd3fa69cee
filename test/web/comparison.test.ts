import { changeOf, comparedPeriod, periodOf } from '../../apps/web/src/analytics/comparison.js';
import { inOrder, rangeOf, shadeOf, SHADES } from '../../apps/web/src/analytics/heat.js';

const TODAY = '2026-06-15';

describe('the time to compare with', () => {
  it('is as long as the one that is asked for, and right before it', () => {
    expect(comparedPeriod({ from: '2026-03-01', to: '2026-03-31' }, TODAY)).toEqual({ from: '2026-01-29', to: '2026-02-28' });
    expect(comparedPeriod({ from: '2026-06-15' }, TODAY)).toEqual({ from: '2026-06-14', to: '2026-06-14' });
  });

  it('is the same days a year before, or others, or none', () => {
    expect(comparedPeriod({ from: '2024-02-29', to: '2024-03-01', against: 'year' }, TODAY)).toEqual({ from: '2023-02-28', to: '2023-03-01' });
    expect(comparedPeriod({ from: '2026-03-01', against: 'other', otherFrom: '2025-01-01', otherTo: '2025-06-30' }, TODAY)).toEqual({ from: '2025-01-01', to: '2025-06-30' });
    expect(comparedPeriod({ from: '2026-03-01', against: 'other', otherFrom: '2025-01-01' }, TODAY)).toBeUndefined();
    expect(comparedPeriod({ from: '2026-03-01', against: 'nothing' }, TODAY)).toBeUndefined();
  });

  it('is none where nothing begins, or all is to come', () => {
    expect(comparedPeriod({ to: '2026-03-31' }, TODAY)).toBeUndefined();
    expect(periodOf({ from: '2026-07-01' }, TODAY)).toBeUndefined();
  });
});

describe('a change', () => {
  it('is a difference and its share of what was', () => {
    expect(changeOf(12, 8)).toEqual({ by: 4, share: 0.5 });
    expect(changeOf(3, 0)).toEqual({ by: 3, share: undefined });
    expect(changeOf(null, 8)).toBeUndefined();
    expect(changeOf(8, null)).toBeUndefined();
  });
});

describe('the map of skills', () => {
  it('has a shade for each fifth, and none for nobody', () => {
    expect([0, 0.001, 0.2, 0.201, 0.6, 1].map(shadeOf)).toEqual([0, 1, 1, 2, 3, SHADES]);
    expect([0, 1, 2, SHADES].map(rangeOf)).toEqual([[0, 0], [1, 20], [21, 40], [81, 100]]);
  });

  it('shows first what most hold, last what is not told', () => {
    const column = (id: string, learners: number | null) => ({ id, learners, name: {}, badges: [] });
    expect(inOrder([column('a', null), column('b', 2), column('c', 9), column('d', 0)]).map(({ id }) => id)).toEqual(['c', 'b', 'd', 'a']);
  });
});
