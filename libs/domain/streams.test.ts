import fc from 'fast-check';
import { awardStream, categoryOf, clockStream, courseStream, deadLetterStream, engagementStream, learnerStream, parseStream, ruleStream } from './streams.js';

// Many separators and escapes, so that names that could be confused are common.
const id = fc.oneof(fc.string({ unit: fc.constantFrom('.', '%', '2', '5', 'E', '-', 'a'), maxLength: 8 }), fc.string({ unit: 'grapheme' }));
const NAMERS = { learner: learnerStream, course: courseStream, clock: clockStream, rule: ruleStream, engagement: engagementStream } as const;
const kind = fc.constantFrom('learner' as const, 'course' as const, 'clock' as const, 'rule' as const, 'engagement' as const);

describe('stream names', () => {
  it('tell every two pairs apart, and every two kinds', () => {
    fc.assert(
      fc.property(fc.tuple(kind, id, id), fc.tuple(kind, id, id), (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        expect(NAMERS[a[0]](a[1], a[2])).not.toBe(NAMERS[b[0]](b[1], b[2]));
      }),
      { numRuns: 1000 },
    );
  });

  it('give back tenant, subject and category', () => {
    fc.assert(
      fc.property(kind, id, id, (name, tenant, subject) => {
        const stream = NAMERS[name](tenant, subject);
        expect(parseStream(stream)).toEqual({ tenant, subject });
        expect(categoryOf(stream)).toBe(name);
      }),
      { numRuns: 1000 },
    );
  });

  it('have no tenant where they are named after a hash', () => {
    expect(parseStream(awardStream('0abc'))).toBeUndefined();
    expect(parseStream(deadLetterStream('0abc'))).toBeUndefined();
    expect([categoryOf(awardStream('0abc')), categoryOf(deadLetterStream('0abc')), categoryOf('no hyphen'), categoryOf('')]).toEqual([
      'award', 'deadletter', '', '',
    ]);
  });
});
