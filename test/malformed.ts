import fc from 'fast-check';

const VALID: Readonly<Record<string, unknown>> = {
  id: 'e1', source: 'lms', type: 'AssignmentGraded', learner: 'ana', course: 'C1', activity: 'a1',
  time: '2026-03-05T10:00:00Z', score: 7, max: 10, tags: ['x'], attributes: { a: 1 },
};
const KEYS = [...Object.keys(VALID), 'version', 'changes', 'target', 'status', 'role', 'released', 'submitted', 'badge', 'approver', 'events', 'tenant', '__proto__', 'constructor', 'toString'];

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    '', ' ', 'ana', 'lms', '\u0000', '\ud800', '2026-13-45', '9999-12-31', '0000-00-00', 'x'.repeat(5000), -1, 1e308, 0.1,
    [], {}, [[[[]]]], null, true, 'FactReplaced', 'FactRetracted', 'CourseOpened', 'ApprovalGiven', 'LearnerFlagged', 'ExtensionGranted', { '__proto__': { admin: true } },
  ),
);

/** A valid event with some members replaced, added or taken away, as JSON text; now and then still valid. */
export const almostEvent: fc.Arbitrary<string> = fc
  .record({
    id: fc.nat(50),
    changes: fc.array(fc.tuple(fc.constantFrom(...KEYS), fc.option(odd)), { maxLength: 4 }),
  })
  .map(({ id, changes }) => {
    const members = new Map<string, string>(Object.entries({ ...VALID, id: `e${id}` }).map(([key, value]) => [key, JSON.stringify(value)]));
    for (const [key, value] of changes) {
      if (value === null) members.delete(key);
      else members.set(key, JSON.stringify(value) ?? 'null');
    }
    return `{${[...members].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
  });

/** Text that is JSON of any shape, broken JSON, or no JSON at all. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  almostEvent,
  fc.json(),
  fc.tuple(almostEvent, fc.nat(100)).map(([text, cut]) => text.slice(0, cut)),
  fc.string({ minLength: 1, unit: 'binary' }),
  fc.integer({ min: 1, max: 3000 }).map((depth) => '['.repeat(depth)),
);
