import { hideInDensity, type CountedColumn, type CountedGroup } from './small-density.js';
import { hideSmall, isSmall } from './small-groups.js';

const FEWEST = 3;
const people = (count: number) => ({ count, learners: count });
const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
const upTo = (most: number): readonly number[] => Array.from({ length: most + 1 }, (_none, i) => i);
const times = <T>(of: readonly T[], many: number): readonly (readonly T[])[] => (many === 0 ? [[]] : times(of, many - 1).flatMap((rest) => of.map((one) => [one, ...rest])));

/** Something that a reader could see, with the figures in it that are about few learners. */
interface Possible {
  readonly seen: string;
  readonly small: Readonly<Record<string, number>>;
  /** Some that look like it may be larger than what is gone through. */
  readonly isAtEdge: boolean;
}

/** The attacker knows the rule and goes through everything that looks like what is told. */
const expectNothingFollows = (all: readonly Possible[]): void => {
  const values = new Map<string, Set<number>>();
  for (const { seen, small } of all) {
    for (const [name, count] of Object.entries(small)) {
      const key = `${seen} ${name}`;
      const known = values.get(key);
      if (known) known.add(count);
      else values.set(key, new Set([count]));
    }
  }
  let tried = 0;
  for (const { seen, small, isAtEdge } of all) {
    if (isAtEdge) continue;
    for (const [name, count] of Object.entries(small)) {
      if (!isSmall(people(count), FEWEST)) continue;
      tried++;
      if ((values.get(`${seen} ${name}`)?.size ?? 0) < 2) throw new Error(`${name} = ${count} follows from ${seen}`);
    }
  }
  expect(tried).toBeGreaterThan(100);
};

const isAtEdge = (groups: readonly CountedGroup[], mostHolders: number, mostOthers: number): boolean =>
  groups.some(({ size, holders: [holders = 0] }) => holders > mostHolders - FEWEST || size - holders > mostOthers - FEWEST);

const shownTable = (groups: readonly CountedGroup[], column: CountedColumn) => {
  const hidden = hideInDensity(groups, [column], FEWEST);
  return [groups.map(({ size }, g) => (hidden.groups[g] ? null : size)), groups.map(({ holders }, g) => (hidden.cells[g]?.[0] ? null : holders[0])), hidden.totals[0] ? null : column.learners];
};

describe('a table of groups by skills', () => {
  it('gives nothing small away, to who also knows how many awards of the badge there are, and how many learners', () => {
    const [mostHolders, mostOthers, mostLapsed] = [7, 5, 7];
    const all = times(upTo(mostHolders).flatMap((holders) => upTo(mostOthers).map((others) => ({ holders: [holders], size: holders + others }))), 2).flatMap((groups) =>
      upTo(mostLapsed).flatMap((lapsed): readonly Possible[] => {
        const active = sum(groups.map(({ holders }) => holders[0] ?? 0));
        if (isSmall(people(active + lapsed), FEWEST) || sum(groups.map(({ size }) => size)) < FEWEST) return []; // hidden as a whole
        const [activeHidden, lapsedHidden] = hideSmall([people(active), people(lapsed)], FEWEST);
        if (active + lapsed > sum(groups.map(({ size }) => size))) return []; // who had it once is still there
        const isCounted = !activeHidden || (active + lapsed >= 2 * FEWEST && !isSmall(people(active), FEWEST));
        const column = { isTold: isCounted, learners: isCounted ? active : 0, beside: [0, ...(activeHidden ? [lapsed] : [])] };
        const seen = JSON.stringify([sum(groups.map(({ size }) => size)), active + lapsed, activeHidden ? null : active, lapsedHidden ? null : lapsed, isCounted, shownTable(groups, column)]);
        const small = Object.fromEntries([...groups.flatMap(({ size, holders }, g) => [[`size ${g}`, size] as const, [`holders ${g}`, holders[0] ?? 0] as const]), ['lapsed', lapsed] as const, ['active', active] as const]);
        return [{ seen, small, isAtEdge: lapsed > mostLapsed - FEWEST || isAtEdge(groups, mostHolders, mostOthers) }];
      }),
    );
    expectNothingFollows(all);
  });

  it('gives nothing small away of three groups', () => {
    const [mostHolders, mostOthers] = [6, 4];
    const all = times(upTo(mostHolders).flatMap((holders) => upTo(mostOthers).map((others) => ({ holders: [holders], size: holders + others }))), 3).flatMap((groups): readonly Possible[] => {
      const active = sum(groups.map(({ holders }) => holders[0] ?? 0));
      if (isSmall(people(active), FEWEST) || sum(groups.map(({ size }) => size)) < FEWEST) return [];
      const seen = JSON.stringify([sum(groups.map(({ size }) => size)), active, shownTable(groups, { isTold: true, learners: active, beside: [0] })]);
      const small = Object.fromEntries(groups.flatMap(({ size, holders }, g) => [[`size ${g}`, size] as const, [`holders ${g}`, holders[0] ?? 0] as const]));
      return [{ seen, small, isAtEdge: isAtEdge(groups, mostHolders, mostOthers) }];
    });
    expectNothingFollows(all);
  });

  it('gives nothing small away of a competency that two badges certify, nor how many have both', () => {
    const most = 4;
    const kinds = times(upTo(most), 3).map(([one = 0, other = 0, both = 0]) => ({ one, other, both }));
    const all = times(kinds, 2).flatMap((groups): readonly Possible[] => {
      const [first, second] = [sum(groups.map(({ one, both }) => one + both)), sum(groups.map(({ other, both }) => other + both))];
      const counted = [first, second].map((count) => !isSmall(people(count), FEWEST));
      const tableOf = groups.map(({ one, other, both }) => ({ size: 20, holders: [(counted[0] ? one : 0) + (counted[1] ? other : 0) + (counted[0] || counted[1] ? both : 0)] }));
      const learners = sum(tableOf.map(({ holders }) => holders[0] ?? 0));
      const twice = (counted[0] ? first : 0) + (counted[1] ? second : 0) - learners;
      const seen = JSON.stringify([[first, second].map((count, i) => (counted[i] ? count : null)), shownTable(tableOf, { isTold: counted.includes(true), learners, beside: [twice] })]);
      const small = Object.fromEntries([...tableOf.map(({ holders }, g) => [`holders ${g}`, holders[0] ?? 0] as const), ...(counted.includes(false) ? [] : [['both', twice] as const]), ['first', first] as const, ['second', second] as const]);
      return [{ seen, small, isAtEdge: groups.some(({ one, other, both }) => Math.max(one, other, both) > most - FEWEST + 1) }];
    });
    expectNothingFollows(all);
  });

  it('hides a group whose size is hidden whole, and with it what would tell what its learners hold', () => {
    const tableOf = (...holders: readonly number[]) => hideInDensity([2, 9, 20, 20, 30].map((size, g) => ({ size, holders: [holders[g] ?? 0] })), [{ isTold: true, learners: sum(holders), beside: [] }], 5);
    expect(tableOf(2, 9, 8, 9, 25).groups).toEqual([true, true, false, false, false]);
    expect(tableOf(2, 9, 8, 9, 25).cells.map(([cell]) => cell)).toEqual([true, true, false, false, false]);
    expect(tableOf(1, 2, 8, 9, 25).cells.map(([cell]) => cell)).toEqual([true, true, true, true, false]);
  });

  it('tells everything where nobody wants anything hidden, and nothing of a column of which nothing is told elsewhere', () => {
    const groups = [{ size: 1, holders: [1] }, { size: 2, holders: [0] }];
    expect(hideInDensity(groups, [{ isTold: true, learners: 1, beside: [1] }], 0)).toEqual({ groups: [false, false], totals: [false], cells: [[false], [false]] });
    expect(hideInDensity([{ size: 9, holders: [9] }], [{ isTold: false, learners: 9, beside: [] }], 5)).toEqual({ groups: [false], totals: [true], cells: [[true]] });
  });
});
