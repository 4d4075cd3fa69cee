import fc from 'fast-check';
import { atLeast, sketchAmounts, sketchOf, type Sketch } from './learner-sketch.js';
import { safeCuts } from './small-intervals.js';

const dayOf = (n: number): string => `day ${String(n).padStart(3, '0')}`;
const of = (learners: readonly string[]): Sketch => learners.reduce((together, learner) => together | sketchOf(sketchAmounts(learner)), 0);

const histories = fc.record({
  fewest: fc.integer({ min: 3, max: 8 }),
  days: fc.uniqueArray(fc.record({ n: fc.nat(60), learners: fc.array(fc.integer({ min: 1, max: 30 }).map((id) => `s${id}`), { minLength: 1, maxLength: 12 }) }), { selector: ({ n }) => n, maxLength: 40 }),
  wanted: fc.shuffledSubarray(Array.from({ length: 60 }, (_none, i) => dayOf(i))),
});

describe('cuts of figures over time', () => {
  it('leave nobody alone between two of them: whatever is taken from whatever is about nobody or about enough', () => {
    fc.assert(
      fc.property(histories, ({ fewest, days, wanted }) => {
        const cuts = safeCuts(days.map(({ n, learners }) => ({ day: dayOf(n), sketch: of(learners) })), wanted, [dayOf(0), dayOf(61)], fewest);
        for (const [i, from] of cuts.entries()) {
          for (const to of cuts.slice(i + 1)) {
            const different = new Set(days.filter(({ n }) => dayOf(n) >= from && dayOf(n) < to).flatMap(({ learners }) => learners)).size;
            expect(different === 0 || different >= fewest).toBe(true);
          }
        }
      }),
    );
  });

  it('are everywhere where every day has enough', () => {
    const crowd = of(Array.from({ length: 40 }, (_none, i) => `s${i}`));
    expect(atLeast(crowd)).toBeGreaterThan(8);
    const days = [3, 4, 9].map((n) => ({ day: dayOf(n), sketch: crowd }));
    const wanted = [3, 4, 5, 9, 10].map(dayOf);
    expect(safeCuts(days, wanted, [dayOf(0), dayOf(20)], 5)).toEqual([dayOf(0), ...wanted, dayOf(20)]);
  });

  it('are nowhere where all of it is about few, and cut what matters most first', () => {
    const one = [{ day: dayOf(3), sketch: of(['ann']) }];
    expect(safeCuts(one, [dayOf(2)], [dayOf(0), dayOf(9)], 5)).toEqual([]);
    const crowd = of(Array.from({ length: 40 }, (_none, i) => `s${i}`));
    const days = [{ day: dayOf(1), sketch: crowd }, { day: dayOf(2), sketch: of(['ann']) }, { day: dayOf(3), sketch: crowd }];
    expect(safeCuts(days, [dayOf(3), dayOf(2)], [dayOf(0), dayOf(9)], 5)).toEqual([dayOf(0), dayOf(3), dayOf(9)]);
    expect(safeCuts(days, [dayOf(2), dayOf(3)], [dayOf(0), dayOf(9)], 5)).toEqual([dayOf(0), dayOf(2), dayOf(9)]);
  });
});
