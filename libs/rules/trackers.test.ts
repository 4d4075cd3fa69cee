import fc from 'fast-check';
import type { Fact } from '#domain/facts.js';
import { ACTIVITIES, DAY, factEvent, START } from './arbitraries/histories.js';
import { leaf } from './arbitraries/leaves.js';
import { offers } from './arbitraries/offers.js';
import { seldom } from './arbitraries/selectors.js';
import { context } from './arbitraries/rules.js';
import { zoneOf } from './calendar.js';
import type { Circumstances } from './circumstances.js';
import { kindOf } from './criteria/all.js';
import type { CriterionNode, Tracker } from './criterion.js';
import { takes } from './evaluate.js';
import { compareFacts } from './sorted-facts.js';
import { holdsAt } from './truth.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 1000);
const SEED = Number(process.env['PROPERTY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
beforeAll(() => console.log(`PROPERTY_SEED=${SEED} PROPERTY_RUNS=${RUNS}`));

const moment = fc.integer({ min: -2, max: 20 }).map((halfDay) => START + (halfDay * DAY) / 2);

const circumstances: fc.Arbitrary<Circumstances> = fc.record({
  course: context,
  learner: fc.record({
    enrolledAt: fc.option(moment, { nil: undefined, freq: 2 }),
    zone: fc.option(fc.constant(zoneOf('Asia/Seoul')), { nil: undefined }),
    extensions: fc.uniqueArray(fc.tuple(fc.constantFrom(...ACTIVITIES), moment), { selector: ([id]) => id, maxLength: 2 }).map((due) => new Map(due)),
  }),
});

/** A leaf with facts that it mostly takes, in the order in which they come, and how many of them are taken back. */
const followed = leaf.chain((node) =>
  fc.record({
    node: fc.constant(node),
    facts: fc.array(fc.record({ event: factEvent, other: seldom(fc.constant(true)) }), { maxLength: 12, size: '+1' }).map((drawn) =>
      drawn.map(({ event, other }, i): Fact => ({
        id: `s/${i}`,
        type: other ? event.type : (node.selects[i % node.selects.length]?.type ?? event.type),
        course: 'c1',
        activity: event.activity,
        occurrence: event.occurrence,
        time: event.time,
        values: event,
        correctedBy: [],
      })),
    ),
    takenBack: fc.nat({ max: 3 }),
  }),
);

/** Moments around everything that might matter. */
const around = (node: CriterionNode, facts: readonly Fact[], at: Circumstances): readonly number[] =>
  [...facts.map(({ time }) => time), ...(kindOf(node.keyword).moments?.(node, facts, at) ?? []), START + 10.25 * DAY, START + 40 * DAY].flatMap((time) => [time - 1, time, time + 1]);

const expectToAgree = (node: CriterionNode, tracker: Tracker, facts: readonly Fact[], at: Circumstances): void => {
  const sorted = [...facts].sort(compareFacts);
  const truth = tracker.truth(node.settings, at);
  expect(tracker.facts).toEqual(sorted);
  expect(truth.flips).toEqual([...new Set(truth.flips)].sort((a, b) => a - b));
  for (const now of around(node, sorted, at)) {
    const { met } = kindOf(node.keyword).measure(node, sorted.filter(({ time }) => time <= now), at, now);
    expect({ now, met: holdsAt(truth, now) }).toEqual({ now, met });
  }
};

describe('every tracker', () => {
  it('says of every moment what the measure says then, while facts come and go and offers change', () => {
    fc.assert(
      fc.property(followed, circumstances, offers, ({ node, facts, takenBack }, at, later) => {
        const tracker = kindOf(node.keyword).track(node);
        const taken = facts.filter((fact) => takes(node, fact, at));
        for (const fact of taken) tracker.insert(fact, at);
        expectToAgree(node, tracker, taken, at);
        const left = taken.slice(takenBack);
        for (const fact of taken.slice(0, takenBack)) tracker.remove(fact, at);
        expectToAgree(node, tracker, left, at);
        expectToAgree(node, tracker, left, { ...at, course: { ...at.course, offers: later } });
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('names every threshold whose truth a fact has changed', () => {
    fc.assert(
      fc.property(followed, circumstances, ({ node, facts, takenBack }, at) => {
        const kind = kindOf(node.keyword);
        const threshold = kind.thresholdOf?.(node.settings) ?? 0;
        const tracker = kind.track(node);
        const taken = facts.filter((fact) => takes(node, fact, at));
        const truth = (): string => JSON.stringify(tracker.truth(node.settings, at));
        let before = truth();
        const expectNamed = (): void => {
          const after = truth();
          if (after !== before) expect(threshold > tracker.changedAbove && threshold <= tracker.changedUpTo).toBe(true);
          before = after;
        };
        for (const fact of taken) {
          tracker.insert(fact, at);
          expectNamed();
        }
        for (const fact of taken.slice(0, takenBack)) {
          tracker.remove(fact, at);
          expectNamed();
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('measures the same without a fact that does not count', () => {
    fc.assert(
      fc.property(followed, circumstances, ({ node, facts }, at) => {
        const { measure, track } = kindOf(node.keyword);
        const tracker = track(node);
        const taken = facts.filter((fact) => takes(node, fact, at));
        for (const fact of taken) tracker.insert(fact, at);
        const measured = (among: readonly Fact[], now: number): unknown => measure(node, among.filter(({ time }) => time <= now), at, now);
        for (const one of tracker.facts) {
          if (tracker.counts?.(one, at) !== false) continue;
          const others = tracker.facts.filter((other) => other !== one);
          for (const now of around(node, tracker.facts, at)) expect(measured(others, now)).toEqual(measured(tracker.facts, now));
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('shows a value that reaches what is needed only where it is met', () => {
    fc.assert(
      fc.property(followed, circumstances, ({ node, facts }, at) => {
        if (node.settings['at-least'] === undefined && node.keyword !== 'none-missing') return;
        const taken = facts.filter((fact) => takes(node, fact, at)).sort(compareFacts);
        for (const now of around(node, taken, at)) {
          const { met, value, needed } = kindOf(node.keyword).measure(node, taken.filter(({ time }) => time <= now), at, now);
          if (value > 0) expect(value >= needed).toBe(met);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
