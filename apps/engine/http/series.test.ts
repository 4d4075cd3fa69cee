import fc from 'fast-check';
import { sketchAmounts, sketchOf } from '#projections/learner-sketch.js';
import { commonCuts, cutsOf, nextOf, series, startOf, type CountedDay, type Interval, type Line } from './series.js';

const of = (amount: number, ...learners: readonly string[]): CountedDay => ({ amount, sketch: learners.reduce((all, learner) => all | sketchOf(sketchAmounts(learner)), 0) });
const everybody = Array.from({ length: 40 }, (_none, i) => `s${i}`);
const line = (days: Readonly<Record<string, CountedDay>>, fewest = 0): Line => {
  const map = new Map(Object.entries(days));
  const cuts = cutsOf(map, fewest);
  return { days: map, ...(cuts && { cuts }) };
};

describe('series over time', () => {
  it('begins weeks on Monday and months on the first', () => {
    expect(startOf('2026-03-01', 'week')).toBe('2026-02-23');
    expect(startOf('2026-03-02', 'week')).toBe('2026-03-02');
    expect(startOf('2026-03-31', 'month')).toBe('2026-03-01');
    expect(startOf('2026-03-31', 'day')).toBe('2026-03-31');
    expect([nextOf('2026-02-28', 'day'), nextOf('2026-02-23', 'week'), nextOf('2026-12-01', 'month'), nextOf('', 'day')]).toEqual(['2026-03-01', '2026-03-02', '2027-01-01', '!']);
  });

  it('sums what falls into an interval, in order of time; absent amounts count as 0', () => {
    const awarded = line({ '2026-03-03': of(2), '2026-03-01': of(1), '2026-03-08': of(4) });
    const revoked = line({ '2026-03-03': of(1) });
    expect(series({ awarded, revoked }, 'week')).toEqual([
      { start: '2026-02-23', awarded: 1, revoked: 0 },
      { start: '2026-03-02', awarded: 6, revoked: 1 },
    ]);
    expect(series({ awarded }, 'week', { from: '2026-03-02', to: '2026-03-04' })).toEqual([{ start: '2026-03-02', awarded: 2 }]);
    expect(series({ awarded: line({}) }, 'week')).toEqual([]);
  });

  it('puts days about few together with others, and tells nothing where all of it is about few', () => {
    const days = { '2026-03-02': of(60, ...everybody), '2026-03-04': of(9, 'ann'), '2026-03-05': of(70, ...everybody), '2026-03-20': of(2, 'bob') };
    // The 20th goes with what is before it: alone it is about one.
    expect(series({ events: line(days, 5) }, 'day')).toEqual([{ start: '2026-03-02', events: 60 }, { start: '2026-03-04', until: '2026-03-21', events: 81 }]);
    expect(series({ events: line(days, 5) }, 'month')).toEqual([{ start: '2026-03-01', events: 141 }]);
    expect(series({ events: line({ '2026-03-04': of(9, 'ann') }, 5) }, 'month')).toBeNull();
    expect(series({ events: line(days, 5) }, 'day', { from: '2026-03-04', to: '2026-03-05' })).toEqual([{ start: '2026-03-04', until: '2026-03-21', events: null }]);
  });

  it('tells nothing of an amount that follows from one that is not told', () => {
    const awarded = line({ '2026-03-02': of(60, ...everybody) }, 5);
    const revoked = line({ '2026-03-02': of(1, 'ann') }, 5);
    const net = new Map([['2026-03-02', of(59)]]);
    const cuts = commonCuts([awarded.cuts, revoked.cuts]);
    const told = series({ awarded, revoked, active: { days: net, ...(cuts && { cuts }) } }, 'month');
    expect(told).toEqual([{ start: '2026-03-01', awarded: 60, revoked: null, active: null }]);
    expect([commonCuts([undefined]), commonCuts([undefined, awarded.cuts])?.isCut('2026-03-02')]).toEqual([undefined, true]);
  });

  it('never lets figures of days, weeks, months and cut-off intervals be taken from one another so that few learners are left', () => {
    const base = Date.parse('2026-03-01');
    const dayOf = (n: number): string => new Date(base + n * 86_400_000).toISOString().slice(0, 10);
    const history = fc.uniqueArray(fc.record({ n: fc.nat(70), learners: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 9 }) }), { selector: ({ n }) => n, minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(history, fc.integer({ min: 3, max: 6 }), fc.array(fc.tuple(fc.nat(70), fc.nat(70)), { maxLength: 4 }), (days, fewest, ranges) => {
        const events = line(Object.fromEntries(days.map(({ n, learners }) => [dayOf(n), of(learners.length, ...learners.map(String))])), fewest);
        // Each figure that is told ties two days together; what can be worked out goes from one such day to another one tied to it.
        const tied = new Map<string, string>();
        const root = (day: string): string => (tied.get(day) === undefined || tied.get(day) === day ? day : root(tied.get(day) as string));
        const all = [{}, ...ranges.map(([a, b]) => ({ from: dayOf(Math.min(a, b)), to: dayOf(Math.max(a, b)) }))] as readonly { from?: string; to?: string }[];
        for (const interval of ['day', 'week', 'month'] as readonly Interval[]) {
          for (const range of all) {
            for (const { start, until, events: sum } of series({ events }, interval, range) ?? []) {
              if (sum === null) continue;
              const end = until ?? nextOf(start, interval);
              const [low, high] = [range.from !== undefined && range.from > start ? range.from : start, range.to !== undefined && range.to < end ? range.to : end];
              for (const day of [low, high]) if (!tied.has(day)) tied.set(day, day);
              tied.set(root(low), root(high));
              expect(sum).toBe(days.filter(({ n }) => dayOf(n) >= low && dayOf(n) < high).reduce((total, { learners }) => total + learners.length, 0));
            }
          }
        }
        const ends = [...tied.keys()].sort();
        for (const low of ends) {
          for (const high of ends) {
            if (low >= high || root(low) !== root(high)) continue;
            const different = new Set(days.filter(({ n }) => dayOf(n) >= low && dayOf(n) < high).flatMap(({ learners }) => learners)).size;
            expect([low, high, different === 0 || different >= fewest]).toEqual([low, high, true]);
          }
        }
      }),
    );
  });
});
