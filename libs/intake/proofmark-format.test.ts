import fc from 'fast-check';
import { LEARNER_FACT_TYPES, COURSE_FACT_TYPES, CORRECTION_TYPES } from '#domain/learning-event.js';
import { writeLogEvent } from '#domain/log-event.js';
import { EVENT_FIELDS, useOfField } from '#domain/event-fields.js';
import type { Mapped } from './mapped.js';
import { readProofmark } from './proofmark-format.js';

const graded = {
  id: 'e1',
  source: 'lms',
  type: 'AssignmentGraded',
  learner: 'ada',
  course: 'algebra',
  activity: 'a1',
  time: '2026-03-01T10:00:00+01:00',
  score: 80,
  max: 100,
};

const SAMPLES: Readonly<Record<string, unknown>> = {
  ...graded,
  version: 3,
  badge: 'there-every-week',
  occurrence: 'try 2',
  approver: 'mentor',
  status: 'late',
  role: 'staff',
  released: false,
  kind: 'TMA',
  tags: ['quiz', 'forum'],
  weight: 12.5,
  due: '2026-04-01',
  submitted: '2026-03-31T23:59:00+02:00',
  start: '2026-01-01',
  timezone: 'Europe/Berlin',
  title: 'Linear maps',
  attributes: { room: 'A 1', clicks: 3, online: true },
  target: 'e0',
  changes: { score: 90, time: '2026-03-02', released: true, submitted: '2026-03-01', role: 'learner' },
};

/** A delivery of the type with every field that it may have. */
const fullEvent = (type: string): Record<string, unknown> =>
  Object.fromEntries([
    ['type', type],
    ...EVENT_FIELDS.filter((field) => useOfField(type, field) !== 'unused').map((field) => [field, SAMPLES[field]] as const),
  ]);

const problems = (delivery: unknown): readonly string[] => {
  const mapped = readProofmark(delivery);
  return mapped.ok ? [] : (mapped.fields ?? []).map(({ message }) => message);
};
const eventOf = (mapped: Mapped) => {
  if (!mapped.ok) throw new Error(mapped.detail);
  return mapped.events[0];
};

const TYPES = [...LEARNER_FACT_TYPES, ...COURSE_FACT_TYPES, ...CORRECTION_TYPES];

const ISO = 'submitted: must be an ISO 8601 time with its offset ("2026-03-01T09:00:00+01:00") or a date ("2026-03-01", UTC midnight)';

describe('reading Proofmark JSON', () => {
  it('gives the canonical event: times in epoch milliseconds, absent fields absent', () => {
    expect(eventOf(readProofmark(JSON.stringify(graded)))).toEqual({ ...graded, time: Date.parse('2026-03-01T09:00:00Z') });
  });

  it.each(TYPES)('reads a %s with all its fields', (type) => {
    expect(problems(fullEvent(type))).toEqual([]);
  });

  it.each(TYPES)('tells each required field that a %s lacks', (type) => {
    for (const field of EVENT_FIELDS.filter((name) => useOfField(type, name) === 'required')) {
      const { [field]: _left, ...rest } = fullEvent(type);
      expect(problems(rest)).toEqual([`${field}: is required for ${type}`]);
    }
  });

  it.each(TYPES)('refuses the fields that a %s does not have', (type) => {
    for (const field of EVENT_FIELDS.filter((name) => useOfField(type, name) === 'unused')) {
      expect(problems({ ...fullEvent(type), [field]: SAMPLES[field] })).toEqual([`${field}: is not a field of ${type}`]);
    }
  });

  it('reads when graded work was handed in and whether its mark is released, and corrections of both', () => {
    const submitted = Date.parse('2026-03-31T21:59:00Z');
    const event = { ...graded, released: false, submitted: '2026-03-31T23:59:00+02:00' };
    expect(eventOf(readProofmark(event))).toMatchObject({ released: false, submitted });
    const { time: _time, ...correction } = fullEvent('FactReplaced');
    const changed = eventOf(readProofmark({ ...correction, changes: { released: true, submitted: event.submitted, role: 'staff' } }));
    expect(changed).toMatchObject({ changes: { released: true, submitted, role: 'staff' } });
  });

  it('keeps the badge of an approval as its activity, the approver as its occurrence', () => {
    const who = { id: 'ok-1', source: 'lms', learner: 'ada', course: 'algebra' };
    const approval = { type: 'ApprovalGiven', ...who, time: '2026-03-01', badge: 'steady', approver: 'mentor' };
    const event = eventOf(readProofmark(approval));
    expect(event).toEqual({ type: 'ApprovalGiven', ...who, time: Date.parse('2026-03-01'), activity: 'steady', occurrence: 'mentor' });
    expect(problems({ ...approval, approver: '' })).toEqual([
      'approver: must be text of 1 to 200 characters, without control characters or spaces around it',
    ]);
    expect(problems({ ...fullEvent('FactReplaced'), changes: { badge: 'other' } })).toEqual(['"changes.badge": is not a field of changes']);
  });

  it('asks whose fact a correction corrects', () => {
    const retracted = { id: 'c1', source: 'lms', type: 'FactRetracted', target: 'e1' };
    expect(problems(retracted)).toEqual([
      'learner: is required for FactRetracted (or course, where a fact of the course is corrected)',
    ]);
    expect(problems({ ...retracted, course: 'algebra' })).toEqual([]);
    expect(problems({ ...retracted, learner: 'ada' })).toEqual([]);
  });

  it.each([
    ['score', 'eighty', 'score: must be a number of points, 0 or more (up to 1000000)'],
    ['score', -1, 'score: must be a number of points, 0 or more (up to 1000000)'],
    ['score', 1e300, 'score: must be a number of points, 0 or more (up to 1000000)'],
    ['max', 0, 'max: must be a number of points, more than 0 (up to 1000000)'],
    ['released', 'no', 'released: must be true or false'],
    ['released', 0, 'released: must be true or false'],
    ['submitted', 1772000000000, ISO],
    ['version', 1.5, 'version: must be a whole number, 0 or more'],
    ['version', 2 ** 53, 'version: must be a whole number, 0 or more'],
    ['source', 'a/b', 'source: must be 1 to 64 letters, digits, dots, hyphens or underscores'],
    ['type', 'toString', `type: must be one of ${TYPES.join(', ')}`],
    ['type', 'ClosingTimeReached', `type: must be one of ${TYPES.join(', ')}`],
  ])('says in plain words what is wrong with %s %p', (field, value, message) => {
    expect(problems({ ...graded, [field]: value })).toEqual([message]);
  });

  it.each(['owner', 'Staff', '', true, null, ['staff']])('refuses the role %j of an enrolment', (role) => {
    expect(problems({ ...fullEvent('Enrolled'), role })).toEqual(['role: must be one of learner, staff']);
  });

  it.each(['', ' ada', 'a\u0000b', 'a\nb', 'a\u2028b', '\ud800', 'x'.repeat(201), 7, null, [], {}])('refuses the learner %j', (learner) => {
    expect(problems({ ...graded, learner })).toEqual([
      'learner: must be text of 1 to 200 characters, without control characters or spaces around it',
    ]);
  });

  it.each(['2026-03-01T10:00:00', '2026-02-30', '1 March 2026', 1772000000000, '2026-13-01', '2026-03-01T24:00:00Z', '0001-01-01'])(
    'refuses the time %j',
    (time) => {
      expect(problems({ ...graded, time })).toEqual([
        'time: must be an ISO 8601 time with its offset ("2026-03-01T09:00:00+01:00") or a date ("2026-03-01", UTC midnight)',
      ]);
    },
  );

  it.each([
    ['tags', Array.from({ length: 21 }, (_, i) => `t${i}`)],
    ['tags', [['deep']]],
    ['tags', 'quiz'],
    ['attributes', { deep: { er: 1 } }],
    ['attributes', [1]],
    ['attributes', JSON.parse('{"__proto__": 1}') as unknown],
    ['attributes', { constructor: 'x' }],
    ['attributes', Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, i]))],
    ['timezone', 'Mars/Olympus'],
  ])('refuses %s %j', (field, value) => {
    const event = { ...fullEvent(field === 'timezone' ? 'CourseOpened' : 'AssignmentGraded'), [field]: value };
    const mapped = readProofmark(event);
    expect(mapped).toMatchObject({ ok: false, reason: 'invalid', fields: [{ field }] });
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'grade'])('knows no field %s', (name) => {
    const text = `${JSON.stringify(graded).slice(0, -1)}, ${JSON.stringify(name)}: {"polluted": true}}`;
    expect(problems(text)).toEqual([`"${name}": is not a field of a learning event`]);
    expect('polluted' in {}).toBe(false);
  });

  it.each([
    [{}, 'changes: must be an object with at least one new value'],
    [[], 'changes: must be an object with at least one new value'],
    [7, 'changes: must be an object with at least one new value'],
    [{ role: 'owner' }, 'changes.role: must be one of learner, staff'],
    [{ released: null }, 'changes.released: must be true or false'],
    [{ score: -1 }, 'changes.score: must be a number of points, 0 or more (up to 1000000)'],
    [{ learner: 'bob' }, '"changes.learner": is not a field of changes'],
  ])('refuses the changes %j', (changes, message) => {
    expect(problems({ ...fullEvent('FactReplaced'), changes })).toContain(message);
  });

  it('tells of all wrong fields, of twenty at most', () => {
    expect(problems({ ...graded, score: -1, max: -1 })).toHaveLength(2);
    expect(problems({ ...graded, ...Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i])) })).toHaveLength(20);
  });

  it.each(['', '{', '[]', '7', 'null', '"text"', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`])(
    'rejects what is no object of the format (case %#)',
    (text) => {
      expect(readProofmark(text).ok).toBe(false);
    },
  );

  it('rejects bytes that are not UTF-8, reads those that are', () => {
    const bytes = Buffer.from(JSON.stringify({ ...graded, learner: 'zoë' }));
    expect(eventOf(readProofmark(bytes))).toMatchObject({ learner: 'zoë' });
    expect(readProofmark(Buffer.concat([bytes.subarray(0, -1), Buffer.from([0xff])]))).toMatchObject({ ok: false, reason: 'malformed' });
  });

  it('gives equal text for equal content, whatever the order of keys, attributes and tags', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return [...(value as unknown[])].reverse();
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).reverse().map(([key, member]) => [key, reversed(member)]));
    };
    for (const type of TYPES) {
      const [one, other] = [eventOf(readProofmark(fullEvent(type))), eventOf(readProofmark(reversed(fullEvent(type))))];
      expect(one && writeLogEvent(one)).toBe(other && writeLogEvent(other));
    }
  });

  it('never throws, whatever JSON it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.anything(), fc.uint8Array()), (delivery) => {
        expect(typeof readProofmark(delivery).ok).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on a valid event with any member replaced, and lets nothing odd through', () => {
    const mutation = fc.tuple(
      fc.constantFrom(...TYPES),
      fc.oneof(fc.constantFrom(...EVENT_FIELDS, 'type', '__proto__', 'constructor'), fc.string()),
      fc.oneof(fc.jsonValue(), fc.double(), fc.string({ unit: 'binary' })),
    );
    fc.assert(
      fc.property(mutation, ([type, field, value]) => {
        const text = JSON.stringify({ ...fullEvent(type), [field]: value });
        const mapped = readProofmark(text);
        if (!mapped.ok) return expect(mapped.detail).not.toBe('');
        for (const event of mapped.events) {
          expect(JSON.stringify(event)).not.toMatch(/null|\\u0000|\\ud[89a-f]/);
          expect(Object.keys(event).every((key) => key === 'type' || (EVENT_FIELDS as readonly string[]).includes(key))).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
