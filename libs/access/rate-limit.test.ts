import fc from 'fast-check';
import { RateLimit } from './rate-limit.js';

describe('a limit of requests', () => {
  it('lets a burst through, then so many a second, each one for itself', () => {
    const limit = new RateLimit(2, 5);
    const taken = (key: string, now: number, times: number): number => Array.from({ length: times }, () => limit.take(key, now)).filter((seconds) => seconds === 0).length;
    expect(taken('a', 0, 50)).toBe(10);
    expect(taken('b', 0, 50)).toBe(10);
    expect(limit.wait('a', 0)).toBe(0.5);
    expect(taken('a', 1_000, 50)).toBe(2);
    expect(taken('a', 3_600_000, 50)).toBe(10);
  });

  it('never lets more through than a burst and what time gives, whenever they come', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -500, max: 3_000 }), { maxLength: 60 }), (steps) => {
      const limit = new RateLimit(3, 2);
      let [now, latest, through] = [0, 0, 0];
      for (const step of steps) {
        now += step;
        latest = Math.max(latest, now);
        if (limit.take('x', now) === 0) through += 1;
      }
      const back = steps.filter((step) => step < 0).reduce((sum, step) => sum - step, 0);
      expect(through).toBeLessThanOrEqual(6 + ((latest + back) / 1_000) * 3 + 1e-9);
    }));
  });

  it('forgets those that were seen longest ago', () => {
    const limit = new RateLimit(1, 1);
    limit.take('first', 0);
    for (let i = 0; i < 50_000; i++) limit.take(`k${i}`, 0);
    expect([limit.wait('first', 0), limit.wait('k49999', 0)]).toEqual([0, 1]);
  });
});
