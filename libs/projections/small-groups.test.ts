import fc from 'fast-check';
import { hideInGroups, hideSmall, isSmall, mayTellTotal, type Cell } from './small-groups.js';

const FEWEST = 3;
const people = (counts: readonly number[]): readonly Cell[] => counts.map((count) => ({ count, learners: count }));
const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

/** What a reader sees of a table: the cells that are told, and their total. */
const shown = (counts: readonly number[], fewest = FEWEST): string => {
  const hidden = hideSmall(people(counts), fewest);
  return JSON.stringify([counts.map((count, i) => (hidden[i] ? null : count)), sum(counts)]);
};

const tables = (cells: number, most: number): readonly (readonly number[])[] =>
  cells === 0 ? [[]] : tables(cells - 1, most).flatMap((rest) => Array.from({ length: most + 1 }, (_none, count) => [count, ...rest]));

describe('figures about few learners', () => {
  it.each([[2, 9, 3], [3, 9, 3], [4, 7, 3], [3, 12, 4], [3, 11, 5]])('cannot be worked out by who knows the rest of %i cells of up to %i, the total and the rule itself (%i)', (cells, most, fewest) => {
    // The attacker goes through every table that looks like the one that is told.
    const alike = new Map<string, (readonly number[])[]>();
    for (const table of tables(cells, most)) {
      if (sum(table) < fewest && sum(table) > 0) continue; // the total is not told then
      const seen = shown(table, fewest);
      alike.set(seen, [...(alike.get(seen) ?? []), table]);
    }
    for (const candidates of alike.values()) {
      for (const table of candidates) {
        for (const [i, count] of table.entries()) {
          if (!isSmall({ count, learners: count }, fewest)) continue;
          expect([table, new Set(candidates.map((one) => one[i])).size > 1]).toEqual([table, true]);
        }
      }
    }
  });

  it('are all hidden, and their sum is never about fewer learners than may be told of', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { minLength: 1, maxLength: 9 }), fc.integer({ min: 3, max: 12 }), (counts, fewest) => {
        const cells = people(counts);
        const hidden = hideSmall(cells, fewest);
        for (const [i, cell] of cells.entries()) if (isSmall(cell, fewest)) expect(hidden[i]).toBe(true);
        const together = sum(counts.filter((_count, i) => hidden[i]));
        if (sum(counts) >= fewest && hidden.includes(true)) expect(together).toBeGreaterThanOrEqual(fewest);
      }),
    );
  });

  it('are told where there are none, zeros as zeros', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 5, max: 90 })), { maxLength: 9 }), (counts) => {
        expect(hideSmall(people(counts), 5)).toEqual(counts.map(() => false));
      }),
    );
  });

  it('are told where nobody wants them hidden', () => {
    fc.assert(fc.property(fc.array(fc.nat(9)), (counts) => expect(hideSmall(people(counts), 0)).toEqual(counts.map(() => false))));
  });

  it('are about learners, however many of their events or awards are counted', () => {
    expect(hideSmall([{ count: 40, learners: 1 }, { count: 9, learners: 9 }, { count: 30, learners: 30 }, { count: 2, learners: 0 }], 5)).toEqual([true, true, false, false]);
  });

  it('take what is hidden for other reasons along', () => {
    expect(hideSmall(people([20, 30, 40]), 5, [true, false, false])).toEqual([true, true, false]);
  });
});

describe('figures in groups', () => {
  it.each([[[1, 1], 9, 3], [[1, 1, 1], 9, 3], [[2, 1], 10, 3], [[2, 2], 8, 3], [[3, 1], 8, 3], [[1, 1], 14, 5], [[2, 1], 14, 4]])('cannot be worked out from their totals and the total of all: %j cells of up to %i, fewer than %i', (sizes, most, fewest) => {
    const alike = new Map<string, (readonly number[])[]>();
    const inGroups = (table: readonly number[]): readonly (readonly number[])[] => sizes.map((size, g) => table.slice(sum(sizes.slice(0, g)), sum(sizes.slice(0, g)) + size));
    for (const table of tables(sum(sizes), most)) {
      const groups = inGroups(table);
      const { hidden, totals, total } = hideInGroups(groups.map(people), fewest);
      const seen = JSON.stringify([groups.map((cells, g) => cells.map((count, i) => (hidden[g]?.[i] ? null : count))), groups.map((cells, g) => (totals[g] ? sum(cells) : null)), total ? sum(table) : null]);
      alike.set(seen, [...(alike.get(seen) ?? []), table]);
    }
    for (const candidates of alike.values()) {
      for (const table of candidates) {
        if (Math.max(...table) > most - fewest) continue; // some that look like it are larger than what is gone through
        for (const [i, count] of table.entries()) {
          if (!isSmall({ count, learners: count }, fewest)) continue;
          expect([table, new Set(candidates.map((one) => one[i])).size > 1]).toEqual([table, true]);
        }
      }
    }
  });
});

describe('a total', () => {
  it('is told where it gives no part of it away', () => {
    expect(mayTellTotal([], 5)).toBe(true);
    expect(mayTellTotal(people([0, 0]), 5)).toBe(true);
    expect(mayTellTotal(people([9]), 5)).toBe(false);
    expect(mayTellTotal(people([2, 3]), 5)).toBe(false);
    expect(mayTellTotal(people([2, 9]), 5)).toBe(true);
    expect(mayTellTotal(people([2]), 0)).toBe(true);
  });
});
