import fc from 'fast-check';
import { awardingCheckpoint, dealt, leads, ownership, shareOf, WHOLE, type Shares } from './shares.js';

describe('shares of the work', () => {
  const division = fc.record({ of: fc.integer({ min: 2, max: 40 }), workers: fc.integer({ min: 1, max: 9 }) });
  const dividedAmong = (of: number, workers: number): readonly Shares[] =>
    Array.from({ length: workers }, (_none, worker) => ({ of, own: new Set(Array.from({ length: of }, (_share, i) => i).filter((share) => share % workers === worker)) }));

  it('give each learner, and each thing that is dealt out, to one worker, and the lead to one', () => {
    fc.assert(
      fc.property(division, fc.string(), fc.string(), fc.array(fc.integer()), ({ of, workers }, tenant, learner, things) => {
        const all = dividedAmong(of, workers);
        expect(all.filter((shares) => ownership(shares)?.(tenant, learner))).toHaveLength(1);
        expect(all.filter(leads)).toHaveLength(1);
        expect(all.flatMap((shares) => dealt(things, shares)).sort()).toEqual([...things].sort());
      }),
    );
  });

  it('are everything where there is one', () => {
    expect(ownership(WHOLE)).toBeUndefined();
    expect([leads(WHOLE), awardingCheckpoint(0, WHOLE.of)]).toEqual([true, 'awarding']);
    expect(dealt([1, 2, 3], WHOLE)).toEqual([1, 2, 3]);
  });

  it('are about as large as one another', () => {
    const counts = new Array<number>(12).fill(0);
    for (let i = 0; i < 12_000; i++) counts[shareOf('school', `learner-${i}`, 12)]! += 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('do not move: other workers, and those of tomorrow, count on it', () => {
    expect(['a', 'b', '김민아'].map((learner) => shareOf('school', learner, 12))).toEqual([3, 1, 6]);
  });
});
