import fc from 'fast-check';
import { atLeast, earliest, fromSteps, holdsAt, holdsSince, negate, nextChange, type Truth } from './truth.js';

const truth: fc.Arbitrary<Truth> = fc.record({
  initially: fc.boolean(),
  flips: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 6 }).map((flips) => flips.sort((a, b) => a - b)),
});
const moments = Array.from({ length: 15 }, (_, i) => i - 1);

describe('truth over event time', () => {
  it('combines as the single moments do', () => {
    fc.assert(
      fc.property(fc.array(truth, { maxLength: 4 }), fc.integer({ min: 0, max: 4 }), (truths, needed) => {
        const combined = atLeast(needed, truths);
        for (const moment of moments) {
          expect(holdsAt(combined, moment)).toBe(truths.filter((one) => holdsAt(one, moment)).length >= needed);
        }
      }),
    );
  });

  it('negates at every moment', () => {
    fc.assert(
      fc.property(truth, (one) => {
        for (const moment of moments) expect(holdsAt(negate(one), moment)).toBe(!holdsAt(one, moment));
      }),
    );
  });

  it('finds the earliest moment, and since when it holds in the end, as trying every moment does', () => {
    fc.assert(
      fc.property(truth, fc.integer({ min: 0, max: 12 }), (one, start) => {
        const tried = moments.filter((moment) => moment >= start);
        expect(earliest(one, start)).toBe(tried.find((moment) => holdsAt(one, moment)) ?? Infinity);
        for (const time of tried) {
          const before = tried.filter((moment) => moment <= time);
          const lastFalse = before.findLast((moment) => !holdsAt(one, moment));
          const since = lastFalse === undefined ? start : lastFalse + 1;
          expect(holdsSince(one, start, time)).toBe(holdsAt(one, time) ? since : Infinity);
        }
      }),
    );
  });

  it('finds the next moment at which it changes', () => {
    fc.assert(
      fc.property(truth, fc.integer({ min: -1, max: 13 }), (one, time) => {
        const next = moments.find((moment) => moment > time && holdsAt(one, moment) !== holdsAt(one, moment - 1));
        expect(nextChange(one, time)).toBe(next ?? Infinity);
      }),
    );
  });

  it('is made from steps, of which the last one of a moment counts', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.boolean()), { maxLength: 10 }).map((made) => made.sort(([a], [b]) => a - b));
    fc.assert(
      fc.property(steps, (made) => {
        const one = fromSteps(made);
        for (const moment of moments) expect(holdsAt(one, moment)).toBe(made.findLast(([time]) => time <= moment)?.[1] ?? false);
        for (const [i, flip] of one.flips.entries()) expect(flip).toBeGreaterThan(one.flips[i - 1] ?? -Infinity);
      }),
    );
  });
});
