import { isSmall } from './small-groups.js';
import { readinessRanges } from './small-readiness.js';

const FEWEST = 3;
const isFew = (count: number): boolean => isSmall({ count, learners: count }, FEWEST);
const upTo = (most: number): readonly number[] => Array.from({ length: most + 1 }, (_none, i) => i);
const times = (most: number, many: number): readonly (readonly number[])[] => (many === 0 ? [[]] : times(most, many - 1).flatMap((rest) => upTo(most).map((one) => [one, ...rest])));

interface Possible {
  /** What is told elsewhere, and what is told of how many hold how many. */
  readonly elsewhere: string;
  readonly told: string;
  readonly learners: readonly number[];
  /** Some that look like it may be larger than what is gone through. */
  readonly isAtEdge: boolean;
}

/** What an attacker cannot tell apart: which numbers of learners may hold so many badges. */
const candidates = (all: readonly Possible[], seenOf: (one: Possible) => string): ReadonlyMap<string, readonly ReadonlySet<number>[]> => {
  const found = new Map<string, Set<number>[]>();
  for (const one of all) {
    const known = found.get(seenOf(one));
    if (known) one.learners.forEach((count, held) => known[held]?.add(count));
    else found.set(seenOf(one), one.learners.map((count) => new Set([count])));
  }
  return found;
};

/** What few hold, and follows from what is told here; what follows from what is told elsewhere alone is none of its making. */
const follows = (all: readonly Possible[]): readonly string[] => {
  const withIt = ({ elsewhere, told }: Possible): string => `${elsewhere} ${told}`;
  const [known, without] = [candidates(all, withIt), candidates(all, ({ elsewhere }) => elsewhere)];
  const tried = all.filter(({ isAtEdge, learners }) => !isAtEdge && learners.some(isFew));
  expect(tried.length).toBeGreaterThan(100);
  return tried.flatMap((one) => one.learners.flatMap((count, held) => (isFew(count) && known.get(withIt(one))?.[held]?.size === 1 && without.get(one.elsewhere)?.[held]?.size !== 1 ? [`${count} hold ${held}: ${withIt(one)}`] : [])));
};

describe('how many hold how many of some badges', () => {
  it('gives nothing small away of two badges, to who knows how many hold each, and how many learners there are', () => {
    const most = 9;
    const all = times(most, 4).flatMap(([none = 0, one = 0, other = 0, both = 0]) => {
      const [first, second] = [one + both, other + both];
      const learners = [none, one + other, both];
      const elsewhere = JSON.stringify([none + one + other + both, isFew(first) ? null : first, isFew(second) ? null : second]);
      return [{ elsewhere, told: JSON.stringify(readinessRanges(learners, [first, second].map((many) => ({ learners: many, isTold: !isFew(many) })), 'open', FEWEST)), learners, isAtEdge: Math.max(none, one, other, both) > most - FEWEST }];
    });
    expect(follows(all).slice(0, 20)).toEqual([]);
  });

  it.each([['', false], [', also to who knows how many hold all', true]])('gives nothing small away of three%s', (_also, isAllTold) => {
    const most = 4;
    const all = times(most, 7).flatMap((kinds): readonly Possible[] => {
      const held = ['001', '010', '100', '011', '101', '110', '111'];
      const badges = [0, 1, 2].map((badge) => kinds.reduce((sum, count, kind) => sum + (held[kind]?.[badge] === '1' ? count : 0), 0));
      const numbers = [0, 1, 2, 3].map((many) => kinds.reduce((sum, count, kind) => sum + (held[kind]?.replaceAll('0', '').length === many ? count : 0), 0));
      const learners = [12 - numbers.reduce((a, b) => a + b, 0), ...numbers.slice(1)];
      if ((learners[0] ?? 0) < 0) return [];
      const isTopTold = isAllTold && !isFew(learners[3] ?? 0);
      const elsewhere = JSON.stringify([...badges.map((count) => (isFew(count) ? null : count)), isTopTold && learners[3]]);
      return [{ elsewhere, told: JSON.stringify(readinessRanges(learners, badges.map((many) => ({ learners: many, isTold: !isFew(many) })), !isAllTold ? 'open' : isTopTold ? 'told' : 'untold', FEWEST)), learners, isAtEdge: Math.max(...kinds) === most }];
    });
    expect(follows(all).slice(0, 20)).toEqual([]);
  });

  it('is told number by number where none is about few, else in ranges, else not', () => {
    const badges = (...many: readonly number[]) => many.map((learners) => ({ learners, isTold: true }));
    expect(readinessRanges([20, 10, 5], badges(15, 5), 'open', 5)).toEqual([{ from: 0, to: 0, learners: 20 }, { from: 1, to: 1, learners: 10 }, { from: 2, to: 2, learners: 5 }]);
    expect(readinessRanges([20, 10, 2], badges(9, 5), 'open', 5)).toEqual([{ from: 0, to: 2, learners: null }]);
    const five = [20, 10, 3, 4, 6, 2];
    expect(readinessRanges(five, badges(17, 15, 12, 10, 8), 'open', 5).map(({ from, to, learners }) => [from, to, learners])).toEqual([[0, 1, 30], [2, 3, 7], [4, 5, 8]]);
    expect(readinessRanges([20, 10, 5], badges(15, 5), 'untold', 5)).toEqual([{ from: 0, to: 2, learners: null }]);
    expect(readinessRanges([1, 1, 0], badges(1, 0), 'open', 0).map(({ learners }) => learners)).toEqual([1, 1, 0]);
  });
});
