import fc from 'fast-check';
import { learnersTogether } from './learners-together.js';

interface Event {
  /** '-' for what is no learner's. */
  readonly of: string;
  readonly at: number;
}
const eventsOf = (learners: readonly string[]): readonly Event[] => learners.map((of, at) => ({ of, at }));
const arrange = (events: readonly Event[]): readonly Event[] => learnersTogether(events, ({ of }) => (of === '-' ? undefined : of));

describe('bringing the events of a learner together', () => {
  it('keeps learners in the order in which they come', () => {
    expect(arrange(eventsOf([...'abacba-ab-a'])).map(({ of, at }) => `${of}${at}`).join(' ')).toBe('a0 a2 a5 b1 b4 c3 -6 a7 b8 -9 a10');
  });

  it('leaves each learner’s events in their order, and lets none pass what is nobody’s', () => {
    const learners = fc.array(fc.constantFrom(...'abcdefgh-'), { maxLength: 80 });
    fc.assert(
      fc.property(learners, (of) => {
        const events = eventsOf(of);
        const runs = (some: readonly Event[]): string[][] => some.reduce<string[][]>((all, { of: one, at }) => (one === '-' ? [...all, [`-${at}`], []] : [...all.slice(0, -1), [...(all.at(-1) ?? []), `${one}${at}`]]), [[]]);
        const arranged = runs(arrange(events));
        // A stable sort of each run by who comes first in it.
        const expected = runs(events).map((run) => {
          const whose = [...new Set(run.map(([who]) => who))];
          return whose.flatMap((who) => run.filter(([one]) => one === who));
        });
        expect(arranged).toEqual(expected);
      }),
    );
  });
});
