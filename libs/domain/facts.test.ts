import fc from 'fast-check';
import { applyEvent, currentFacts, emptyFactBook, isKnown, knownFacts, retractedFacts, type Fact, type FactBook, type FactChange } from './facts.js';
import { referenceFacts } from './facts-reference.js';
import type { CorrectionEvent, FactValues, LearnerFactEvent, LearningEvent } from './learning-event.js';

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

const given = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

/** A fact as others see it. */
const plain = (fact: Fact): Fact => {
  const copy = JSON.parse(JSON.stringify(fact)) as Fact;
  return { ...copy, values: Object.fromEntries(Object.entries(copy.values).sort()) };
};
const plainFacts = (book: FactBook, course?: string): readonly Fact[] => [...currentFacts(book, course)].sort(byId).map(plain);

describe('a fact', () => {
  it('is JSON of what it says, where and when, and nothing else', () => {
    const [of] = currentFacts(bookOf([fact({ id: 'e1', occurrence: 'try 2', tags: ['exam'], attributes: { room: 4 } }), correction({ id: 'c1', target: 'e1' })]));
    expect(plain(of as Fact)).toEqual({
      id: 'lms/e1', type: 'AssignmentGraded', course: 'algebra', activity: 'a1', occurrence: 'try 2', time: 1000,
      values: { score: 90, max: 100, tags: ['exam'], attributes: { room: 4 } }, correctedBy: ['lms/c1'],
    });
  });

  it('has the time that was given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -1e13, max: 1e13 }), fc.double({ min: -1e12, max: 1e12, noNaN: true })), (time) => {
        expect(factsOf([fact({ id: 'e1', time })])[0]?.time).toBe(time === 0 ? 0 : time);
      }),
    );
  });

  it('has the values that were given, whatever others have', () => {
    const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });
    const few = fc.constantFrom(0, 1, 100);
    const values = fc
      .record({
        status: maybe(fc.constantFrom('present' as const, 'late' as const)), role: maybe(fc.constantFrom('learner' as const, 'staff' as const)),
        score: maybe(few), max: maybe(few), released: maybe(fc.boolean()), kind: maybe(fc.constantFrom('quiz', '1')),
        tags: maybe(fc.array(fc.constantFrom('quiz', '1', ''), { maxLength: 3 })), weight: maybe(few), due: maybe(few), submitted: maybe(few),
        start: maybe(few), timezone: maybe(fc.constant('UTC')), title: maybe(fc.constant('A title that is longer')), attributes: maybe(fc.constant({ a: 1 })),
      })
      .map((all) => given(all) as FactValues);
    fc.assert(
      fc.property(values, (of) => {
        const { score: _score, max: _max, ...bare } = fact({ id: 'e1' });
        expect(factsOf([{ ...bare, ...of }])[0]?.values).toEqual(of);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a book', () => {
  it('tells the facts of one course, and approvals of all', () => {
    const approval = fact({ id: 'e4', type: 'ApprovalGiven', course: 'logic', activity: 'badge', occurrence: 'ben' });
    const book = bookOf([fact({ id: 'e1' }), fact({ id: 'e2', course: 'logic' }), fact({ id: 'e3', activity: 'a2' }), approval]);
    expect(currentFacts(book, 'algebra').map(({ id }) => id).sort()).toEqual(['lms/e1', 'lms/e3', 'lms/e4']);
    expect(currentFacts(book, 'geometry').map(({ id }) => id)).toEqual(['lms/e4']);
    expect(currentFacts(book)).toHaveLength(4);
  });

  it('finds what it has although so much came in between that shared texts and values were forgotten', () => {
    const [course, activity, occurrence] = ['a course of mathematics', 'the first assignment', 'the second attempt'];
    const [book, others] = [emptyFactBook(), emptyFactBook()];
    applyEvent(book, fact({ id: 'e1', course, activity, occurrence }));
    for (let n = 0; n < 60_000; n++) applyEvent(others, fact({ id: `e${n}`, activity: `some other activity ${n}`, score: n / 100 }));
    applyEvent(book, fact({ id: 'e2', course, activity, occurrence, time: 2000 }));
    expect(currentFacts(book, course).map(({ id }) => id)).toEqual(['lms/e2']);
  });

  it('knows what was reported or corrected, and what was retracted', () => {
    const early = correction({ id: 'c1', target: 'e9' });
    const book = bookOf([fact({ id: 'e1' }), fact({ id: 'e2', time: 2000 }), early, correction({ id: 'c2', type: 'FactRetracted', target: 'e2' })]);
    expect(knownFacts(book)).toBe(3);
    expect(['e1', 'e2', 'e3', 'e9'].map((event) => isKnown(book, 'lms', event))).toEqual([true, true, false, true]);
    expect(retractedFacts(book)).toEqual(['lms/e2']);
  });

  it('holds many facts, of which some move and go', () => {
    const book = emptyFactBook();
    const many = Array.from({ length: 5000 }, (_, n) => fact({ id: `e${n}`, activity: `a${n % 2500}`, occurrence: String(n >> 11), time: n }));
    for (const one of many) applyEvent(book, one);
    for (let n = 0; n < 5000; n += 3) applyEvent(book, correction({ id: `c${n}`, type: 'FactRetracted', target: `e${n}` }));
    for (let n = 1; n < 5000; n += 3) applyEvent(book, fact({ id: `e${n}`, version: 1, course: 'logic', activity: `b${n}` }));
    const expected = referenceFacts([
      ...many,
      ...many.flatMap((_, n) => (n % 3 === 0 ? [correction({ id: `c${n}`, type: 'FactRetracted', target: `e${n}` })] : [])),
      ...many.flatMap((_, n) => (n % 3 === 1 ? [fact({ id: `e${n}`, version: 1, course: 'logic', activity: `b${n}` })] : [])),
    ]);
    expect(plainFacts(book)).toEqual(expected.map(plain));
  });
});

const id = fc.constantFrom('e1', 'e2', 'e3');
const source = fc.constantFrom('lms', 'sis');
const time = fc.nat(1);
const version = fc.option(fc.nat(1), { nil: undefined });
const anyFact = fc
  .record({
    id,
    source,
    time,
    version,
    type: fc.constantFrom('AssignmentGraded', 'AttendanceMarked', 'MissionCompleted', 'LearnerFlagged', 'ApprovalGiven'),
    course: fc.constantFrom('c1', 'c1', 'c2'),
    activity: fc.constantFrom('a1', 'a2', undefined),
    occurrence: fc.constantFrom('o1', undefined),
    kind: fc.constantFrom('k1', 'k2', undefined),
    score: fc.nat(3),
    due: fc.option(fc.nat(1), { nil: undefined }),
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

const textOf = (one: Fact): string => JSON.stringify(one);
const without = (facts: readonly Fact[], others: readonly Fact[]): readonly string[] => {
  const texts = new Set(others.map(textOf));
  return facts.map(textOf).filter((text) => !texts.has(text)).sort();
};

/** What changes tell all in all: a fact that is given anew as it was does not count. */
const difference = (changes: readonly FactChange[]): unknown => {
  const before = changes.flatMap((change) => (change.before ? [plain(change.before)] : []));
  const after = changes.flatMap((change) => (change.after ? [plain(change.after)] : []));
  return { gone: without(before, after), come: without(after, before) };
};

/** Set it to 20000 after a change of how facts are kept. */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 2000);

describe('any order of arrival, with any event repeated', () => {
  it('gives the same facts', () => {
    fc.assert(
      fc.property(histories, ({ events, shuffled }) => {
        expect(factsOf(shuffled)).toEqual(factsOf(events));
      }),
      { numRuns: RUNS },
    );
  });

  it('gives the facts that all events together tell, and each time the changes of these', () => {
    fc.assert(
      fc.property(histories, ({ shuffled }) => {
        const book = emptyFactBook();
        let known: readonly Fact[] = [];
        shuffled.forEach((event, i) => {
          const changes = applyEvent(book, event);
          const expected = referenceFacts(shuffled.slice(0, i + 1)).map(plain);
          expect(plainFacts(book).map(textOf)).toEqual(expected.map(textOf));
          expect(difference(changes)).toEqual({ gone: without(known, expected), come: without(expected, known) });
          known = expected;
        });
        for (const course of ['c1', 'c2']) {
          expect(plainFacts(book, course)).toEqual(known.filter((one) => one.course === course || one.type === 'ApprovalGiven'));
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('names in each change the very facts that it gave before', () => {
    fc.assert(
      fc.property(histories, ({ shuffled }) => {
        const book = emptyFactBook();
        const held = new Set<Fact>();
        for (const event of shuffled) {
          const changes = applyEvent(book, event);
          for (const { before } of changes) if (before) expect(held.delete(before)).toBe(true);
          for (const { after } of changes) if (after) held.add(after);
        }
        expect(new Set(currentFacts(book))).toEqual(held);
        expect(currentFacts(book).every((one) => held.has(one))).toBe(true);
      }),
      { numRuns: RUNS },
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
