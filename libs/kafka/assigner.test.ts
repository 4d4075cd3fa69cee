import fc from 'fast-check';
import { assign, type Assignment, type Member } from './assigner.js';

const numbersOf = (assignment: Assignment | undefined): readonly number[] => [...new Set([...(assignment?.values() ?? [])].flat())].sort((a, b) => a - b);
const topics = ['a', 'b'];
const counts = (count: number) => new Map(topics.map((topic) => [topic, count]));
const members = (held: readonly (readonly number[])[]): readonly Member[] => held.map((numbers, i) => ({ id: `m${i}`, topics, held: numbers }));
const settled = (result: ReadonlyMap<string, Assignment>): readonly Member[] => [...result].map(([id, assignment]) => ({ id, topics, held: numbersOf(assignment) }));

const anyMembers = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 })
  .chain((ids) => fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), topics: fc.constant(topics), held: fc.array(fc.integer({ min: -1, max: 30 }), { maxLength: 12 }) }))));
const anyCount = fc.integer({ min: 1, max: 30 });

describe('which member gets which partitions', () => {
  it('gives every partition to one member, the same number of every topic to the same, and as many to each, give or take one', () => {
    fc.assert(
      fc.property(anyMembers, anyCount, (group, count) => {
        const result = assign(group, counts(count));
        const all = Array.from({ length: count }, (_, i) => i);
        for (const topic of topics) expect([...result.values()].flatMap((assignment) => assignment.get(topic) ?? []).sort((a, b) => a - b)).toEqual(all);
        for (const assignment of result.values()) expect(assignment.get('a')).toEqual(assignment.get('b'));
        const sizes = [...result.values()].map((assignment) => numbersOf(assignment).length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect([...result.keys()].sort()).toEqual(group.map(({ id }) => id).sort());
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same answer whatever the order of the members', () => {
    fc.assert(
      fc.property(anyMembers, anyCount, (group, count) => {
        const sorted = (of: readonly Member[]) => [...assign(of, counts(count))].map(([id, assignment]) => [id, numbersOf(assignment)] as const).sort();
        expect(sorted([...group].reverse())).toEqual(sorted(group));
      }),
    );
  });

  it('moves nothing when the same members come again, and only what it must when one joins or leaves', () => {
    fc.assert(
      fc.property(anyMembers, anyCount, (group, count) => {
        const before = settled(assign(group, counts(count)));
        expect(settled(assign(before, counts(count)))).toEqual(before);

        const [gone, ...rest] = before;
        const after = assign(rest, counts(count));
        if (rest.length > 0) for (const { id, held } of rest) expect(numbersOf(after.get(id))).toEqual(expect.arrayContaining([...held]));

        const joined = assign([...before, { id: 'newcomer', topics, held: [] }], counts(count));
        const moved = before.flatMap(({ id, held }) => held.filter((number) => !numbersOf(joined.get(id)).includes(number)));
        expect(moved.sort((a, b) => a - b)).toEqual(gone ? numbersOf(joined.get('newcomer')) : []);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps what members had as far as their shares go', () => {
    const result = assign(members([[3, 5], [], [0]]), counts(6));
    expect([...result.values()].map(numbersOf)).toEqual([[3, 5], [2, 4], [0, 1]]);
    expect(numbersOf(assign(members([[0, 1, 2, 3], []]), counts(4)).get('m0'))).toEqual([0, 1]);
    expect(numbersOf(assign(members([[2, 3, 0, 1], []]), counts(4)).get('m0'))).toEqual([2, 3]);
    // Both say that they had it, as after an outage of one.
    expect([...assign(members([[2, 3, 0, 1], [0, 1]]), counts(4)).values()].map(numbersOf)).toEqual([[2, 3], [0, 1]]);
    expect([...assign(members([[0, 1], [0, 1]]), counts(4)).values()].map((assignment) => numbersOf(assignment).length)).toEqual([2, 2]);
  });

  it('shares topics out among those who subscribe to them', () => {
    const result = assign([{ id: 'old', topics: ['a'], held: [0, 1] }, { id: 'new', topics: ['a', 'b'], held: [] }], new Map([['a', 2], ['b', 2]]));
    expect([...(result.get('old') ?? [])]).toEqual([['a', [0]]]);
    expect([...(result.get('new') ?? [])]).toEqual([['a', [1]], ['b', [0, 1]]]);
    expect(assign([{ id: 'x', topics: [], held: [] }], new Map([['a', 2]])).get('x')?.size).toBe(0);
  });
});
