import fc from 'fast-check';
import { applyEvent, currentFacts, emptyFactBook, type Fact, type FactBook } from './facts.js';
import type { CorrectionEvent, LearnerFactEvent, LearningEvent } from './learning-event.js';

const fact = (values: Partial<LearnerFactEvent> & Pick<LearnerFactEvent, 'id'>): LearnerFactEvent => ({
  type: 'AssignmentGraded',
  source: 'lms',
  learner: 'ada',
  course: 'algebra',
  activity: 'a1',
  time: 1000,
  score: 50,
  max: 100,
  ...values,
});

const correction = (values: Partial<CorrectionEvent> & Pick<CorrectionEvent, 'id' | 'target'>): CorrectionEvent => ({
  type: 'FactReplaced',
  source: 'lms',
  learner: 'ada',
  changes: { score: 90 },
  ...values,
});

const bookOf = (events: readonly LearningEvent[]): FactBook => {
  const book = emptyFactBook();
  for (const event of events) applyEvent(book, event);
  return book;
};

const byId = (a: Fact, b: Fact): number => (a.id < b.id ? -1 : 1);
const factsOf = (events: readonly LearningEvent[]): readonly Fact[] => [...currentFacts(bookOf(events))].sort(byId);
const scoresOf = (events: readonly LearningEvent[]): readonly unknown[] => factsOf(events).map(({ values }) => values.score);

describe('the facts of a stream', () => {
  it('hold the newest of several events about one subject', () => {
    expect(scoresOf([fact({ id: 'e2', time: 2000, score: 70 }), fact({ id: 'e1', score: 50 })])).toEqual([70]);
  });

  it('count each completed mission without an occurrence for itself', () => {
    const missions = ['m1', 'm2'].map((id) => fact({ id, type: 'MissionCompleted', score: 1 }));
    expect(factsOf(missions)).toHaveLength(2);
  });

  it('take a correction that came before its target', () => {
    expect(scoresOf([correction({ id: 'c1', target: 'e1' }), fact({ id: 'e1' })])).toEqual([90]);
  });

  it('give way to the older event when the newer one is retracted', () => {
    const events = [fact({ id: 'e1' }), fact({ id: 'e2', time: 2000, score: 70 })];
    expect(scoresOf([...events, correction({ id: 'c1', type: 'FactRetracted', target: 'e2' })])).toEqual([50]);
  });

  it('move with an event whose newer version speaks of another subject', () => {
    const moved = [fact({ id: 'e1', version: 1 }), fact({ id: 'e1', version: 2, activity: 'a2', score: 80 })];
    expect(factsOf(moved).map(({ activity }) => activity)).toEqual(['a2']);
  });

  it('hold flags of different kinds side by side, and of one kind the newest', () => {
    const flag = (id: string, kind: string, time = 1000): LearnerFactEvent => ({ id, source: 'lms', type: 'LearnerFlagged', learner: 'ada', course: 'algebra', time, kind });
    expect(factsOf([flag('f1', 'misconduct'), flag('f2', 'absence')])).toHaveLength(2);
    expect(factsOf([flag('f1', 'misconduct', 2000), flag('f2', 'misconduct')]).map(({ id }) => id)).toEqual(['lms/f1']);
  });

  it('move with a correction of the kind of a flag, as if it had been of that kind from the start', () => {
    const flags = ['misconduct', 'absence'].map((kind, i): LearnerFactEvent => ({ id: `f${i}`, source: 'lms', type: 'LearnerFlagged', learner: 'ada', course: 'algebra', time: i, kind }));
    const rename = (target: string, kind: string): CorrectionEvent => correction({ id: `c-${target}`, target, changes: { kind } });
    expect(factsOf([...flags, rename('f0', 'absence')]).map(({ id }) => id)).toEqual(['lms/f1']);
    const apart = [...flags, rename('f0', 'absence'), rename('f1', 'misconduct')];
    expect(factsOf(apart).map(({ values }) => values.kind)).toEqual(['absence', 'misconduct']);
    const retracted = correction({ id: 'r1', type: 'FactRetracted', target: 'f1' });
    expect(factsOf([...flags, rename('f0', 'absence'), retracted]).map(({ id }) => id)).toEqual(['lms/f0']);
  });

  it('do not depend on arrival where two sources give the same id, time and subject', () => {
    const events = [fact({ id: '1', source: 'lms', score: 50 }), fact({ id: '1', source: 'sis', score: 60 })];
    expect(factsOf([...events].reverse())).toEqual(factsOf(events));
  });

  it('keep subjects apart whose ids hold separators', () => {
    const events = [fact({ id: 'e1', course: 'a|b', activity: 'c' }), fact({ id: 'e2', course: 'a', activity: 'b|c' })];
    expect(factsOf(events)).toHaveLength(2);
  });
});

const id = fc.constantFrom('e1', 'e2', 'e3');
const source = fc.constantFrom('lms', 'sis');
const time = fc.nat(1);
const version = fc.option(fc.nat(1), { nil: undefined });
const given = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

const anyFact = fc
  .record({
    id,
    source,
    time,
    version,
    type: fc.constantFrom('AssignmentGraded', 'AttendanceMarked', 'MissionCompleted', 'LearnerFlagged'),
    course: fc.constant('c1'),
    activity: fc.constantFrom('a1', 'a2', undefined),
    occurrence: fc.constantFrom('o1', undefined),
    kind: fc.constantFrom('k1', 'k2'),
    score: fc.nat(3),
  })
  .map((values) => given({ learner: 'ada', ...values }) as LearningEvent);

const anyCorrection = fc
  .record({
    id: fc.constantFrom('k1', 'k2', 'k3', 'k4'),
    source,
    version,
    time: fc.option(time, { nil: undefined }),
    target: id,
    replace: fc.option(fc.record({ score: fc.nat(9), kind: fc.constantFrom('k1', 'k2', undefined), time: fc.option(time, { nil: undefined }) }), { nil: undefined }),
  })
  .map(({ replace, ...values }) =>
    given({
      ...values,
      learner: 'ada',
      type: replace ? 'FactReplaced' : 'FactRetracted',
      changes: replace && given(replace),
    }) as LearningEvent,
  );

/** What intake lets through: of events that are the same version of the same id only one content. */
const consistent = (events: readonly LearningEvent[]): readonly LearningEvent[] => {
  const known = new Map<string, LearningEvent>();
  for (const event of events) {
    const key = [event.source, event.id, event.version, event.time].join();
    if (!known.has(key)) known.set(key, event);
  }
  return [...known.values()];
};

const history = fc.array(fc.oneof({ weight: 3, arbitrary: anyFact }, { weight: 2, arbitrary: anyCorrection }), { maxLength: 14 }).map(consistent);

/** A history, and the same events in another order with some of them repeated. */
const histories = history.chain((events) =>
  fc.record({
    events: fc.constant(events),
    shuffled: fc
      .tuple(fc.shuffledSubarray([...events], { minLength: events.length }), fc.subarray([...events]))
      .chain(([all, again]) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length })),
  }),
);

describe('any order of arrival, with any event repeated', () => {
  it('gives the same facts', () => {
    fc.assert(
      fc.property(histories, ({ events, shuffled }) => {
        expect(factsOf(shuffled)).toEqual(factsOf(events));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives changes that add up to the facts', () => {
    fc.assert(
      fc.property(histories, ({ shuffled }) => {
        const book = emptyFactBook();
        const held = new Map<string, Fact>();
        for (const event of shuffled) {
          const changes = applyEvent(book, event);
          for (const { before } of changes) if (before) expect(held.delete(before.id)).toBe(true);
          for (const { after } of changes) if (after) held.set(after.id, after);
        }
        expect([...held.values()].sort(byId)).toEqual([...currentFacts(book)].sort(byId));
      }),
      { numRuns: 2000 },
    );
  });

  it('tells nothing of an event that it knows', () => {
    fc.assert(
      fc.property(history, (events) => {
        const book = bookOf(events);
        for (const event of events) expect(applyEvent(book, event)).toEqual([]);
      }),
    );
  });
});
