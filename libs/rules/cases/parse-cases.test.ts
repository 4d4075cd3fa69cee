import fc from 'fast-check';
import { formatDiagnostic } from '../diagnostic.js';
import { zoneOf } from '../calendar.js';
import type { Rule } from '../rule.js';
import { asWritten, instantOf, isAt, written, type CaseDays } from './case-time.js';
import { eventsOf } from './case-events.js';
import type { RuleCase } from './cases-shape.js';
import { parseCases } from './parse-cases.js';

const found = (text: string): readonly string[] => {
  const parsed = parseCases(text, 'r.cases.yaml');
  return parsed.ok ? [] : parsed.diagnostics.map(formatDiagnostic);
};
const casesIn = (text: string): readonly RuleCase[] => {
  const parsed = parseCases(text, 'r.cases.yaml');
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  return parsed.cases;
};
const withEvent = (event: string): string => `course: { start: 2026-03-02 }
cases:
  - case: one
    events:
      - ${event}
    expect: { awarded: true }
`;

const RULE: Rule = {
  badge: 'b', name: { en: 'B' }, criteriaText: { en: 'B' }, course: 'c', decides: { mode: 'as-soon-as-met' }, whenCorrected: 'keep', design: {},
  criteria: { leaf: { keyword: 'none', selects: [{ type: 'Withdrawn' }], settings: {} } },
};

describe('a file of cases', () => {
  it('is put into the terms of the engine', () => {
    const [one] = casesIn(`course: { start: 2026-03-02, timezone: Asia/Seoul, events: [{ type: SessionHeld, activity: s1, time: day 0 10:00 }] }
cases:
  - case: all of it
    course: { events: [{ type: AssignmentPublished, activity: a1, due: day 7 23:59, tags: [b, a, b] }] }
    events:
      - { type: AssignmentGraded, activity: a1, score: 80, max: 100, time: day 3 09:00 }
      - { type: FactReplaced, target: e1, changes: { score: 40, submitted: day 2 }, time: "2026-03-08T00:00:00Z" }
      - { type: ApprovalGiven, approver: kim, time: 2026-03-09, id: yes-1, source: office }
      - { type: AttendanceMarked, activity: s1, status: late, time: day 0 10:00, arrives: day 9 }
    badges: [{ badge: other, earned: day 2, level: { of: x, rank: 2 } }]
    closed: day 84
    now: day 90 08:00
    expect: { awarded: false }
`);
    if (!one) throw new Error('no case');
    expect(one.place).toEqual({ line: 3, column: 5 });
    const at = (text: string): number => Date.parse(`${text}+09:00`);
    const events = eventsOf(one, RULE);
    expect(events).toMatchObject({ course: 'c', closedAt: at('2026-05-25T23:59:59.999'), now: at('2026-05-31T08:00:00') });
    expect(events.ofCourse).toEqual([
      { type: 'CourseOpened', id: 'opened', source: 'case', course: 'c', time: at('2026-03-02T00:00:00'), start: at('2026-03-02T00:00:00'), timezone: 'Asia/Seoul' },
      { type: 'SessionHeld', id: 'c1', source: 'case', course: 'c', activity: 's1', time: at('2026-03-02T10:00:00') },
      { type: 'AssignmentPublished', id: 'c2', source: 'case', course: 'c', activity: 'a1', time: at('2026-03-02T00:00:00'), tags: ['a', 'b'], due: at('2026-03-09T23:59:00') },
    ]);
    const learner = { learner: 'learner', course: 'c' };
    expect(events.ofLearner).toEqual([
      { at: at('2026-03-05T09:00:00'), what: { type: 'AssignmentGraded', id: 'e1', source: 'case', ...learner, activity: 'a1', score: 80, max: 100, time: at('2026-03-05T09:00:00') } },
      { at: at('2026-03-08T09:00:00'), what: { type: 'FactReplaced', id: 'e2', source: 'case', ...learner, target: 'e1', changes: { score: 40, submitted: at('2026-03-04T12:00:00') }, time: at('2026-03-08T09:00:00') } },
      { at: at('2026-03-09T12:00:00'), what: { type: 'ApprovalGiven', id: 'yes-1', source: 'office', ...learner, activity: 'b', occurrence: 'kim', time: at('2026-03-09T12:00:00') } },
      { at: at('2026-03-11T12:00:00'), what: { type: 'AttendanceMarked', id: 'e4', source: 'case', ...learner, activity: 's1', status: 'late', time: at('2026-03-02T10:00:00') } },
    ]);
    expect(events.held).toMatchObject([{ id: 'award/other', type: 'BadgeHeld', activity: 'other', time: at('2026-03-04T12:00:00'), values: { kind: 'x', attributes: { rank: 2 } } }]);
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'r.cases.yaml:1:1 '],
    ['broken YAML', 'cases: [', 'r.cases.yaml:1:9 '],
    ['no cases', 'cases: []', 'r.cases.yaml:1:8 "cases" has 0 entries; expected 1 to 100'],
    ['a file that is too long', `#${'x'.repeat(70_000)}`, 'r.cases.yaml:1:1 the file is longer than 65536 characters; expected one list of cases a file'],
    ['a mistyped key', 'case: []', 'r.cases.yaml:1:1 "list of cases" lacks "cases"'],
    ['an unknown type', withEvent('{ type: AssignmentGrade, time: day 1 }'), 'r.cases.yaml:5:17 "type" is "AssignmentGrade"; did you mean "AssignmentGraded"?'],
    ['a mistyped field', withEvent('{ type: MissionCompleted, activty: a, time: day 1 }'), 'r.cases.yaml:5:35 "events[0]" has an unknown key "activty"; did you mean "activity"?'],
    ['a field of another type', withEvent('{ type: MissionCompleted, activity: a, time: day 1, status: late }'), 'r.cases.yaml:5:69 "status" is not a field of MissionCompleted; expected one of id, source, version, course, activity, occurrence, time, kind, tags, due, title, attributes'],
    ['a field that is missing', withEvent('{ type: AssignmentGraded, activity: a, score: 3, time: day 1 }'), 'r.cases.yaml:5:9 AssignmentGraded lacks "max"; expected "max: …"'],
    ['an event without its moment', withEvent('{ type: Withdrawn }'), 'r.cases.yaml:5:9 Withdrawn lacks "time"; expected "time: …"'],
    ['a moment that is none', withEvent('{ type: Withdrawn, time: tomorrow }'), 'r.cases.yaml:5:34 "time" is no moment; expected "day 3", "day 3 09:00", or ISO 8601 such as "2026-03-05T09:00:00+09:00"'],
    ['an hour that is none', withEvent('{ type: Withdrawn, time: day 3 24:00 }'), 'r.cases.yaml:5:34 "time" is no moment'],
    ['a date that is none', withEvent('{ type: Withdrawn, time: 2026-02-30 }'), 'r.cases.yaml:5:34 "time" is no moment'],
    ['a correction of nothing', withEvent('{ type: FactRetracted, target: e7 }'), 'r.cases.yaml:5:40 there is no event "e7" to correct; expected an event to correct'],
    ['an empty correction', withEvent('{ type: FactReplaced, target: e1, changes: {} }'), 'r.cases.yaml:5:52 "changes" is empty'],
    ['a time zone that is none', withEvent('{ type: Enrolled, time: day 1, timezone: Asia/Soul }'), 'r.cases.yaml:5:50 "Asia/Soul" is no time zone'],
    ['attributes that are no plain values', withEvent('{ type: Enrolled, time: day 1, attributes: { a: [1] } }'), 'r.cases.yaml:5:57 "a" is no plain value'],
    ['an opening, which the course\'s start says', withEvent('{ type: Withdrawn, time: day 1 }').replace('start: 2026-03-02', 'start: 2026-03-02, events: [{ type: CourseOpened }]'), 'r.cases.yaml:1:47 "type" is "CourseOpened"'],
    ['a course that starts on a day of itself', withEvent('{ type: Withdrawn, time: day 1 }').replace('2026-03-02', 'day 0'), 'r.cases.yaml:1:18 a course cannot start on a day of itself'],
    ['days of a course without a start', withEvent('{ type: Withdrawn, time: day 1 }').replace('start: 2026-03-02', ''), 'r.cases.yaml:3:5 it speaks of course days, and nobody says when the course starts'],
    ['nothing expected', withEvent('{ type: Withdrawn, time: day 1 }').replace('awarded: true', ''), 'r.cases.yaml:6:13 "expect" lacks "awarded"'],
    ['expectations at odds', withEvent('{ type: Withdrawn, time: day 1 }').replace('awarded: true', 'awarded: true, award: revoked'), 'r.cases.yaml:6:37 an award that is "revoked" does not go with "awarded: true"'],
    ['a mistyped expectation of a trace', withEvent('{ type: Withdrawn, time: day 1 }').replace('awarded: true', 'awarded: true, criteria: { count: { vale: 3 } }'), 'r.cases.yaml:6:51 "count" has an unknown key "vale"; did you mean "value"?'],
  ])('tells of %s, and where', (_what, text, expected) => expect(found(text)[0]).toContain(expected));

  it('tells cases apart by what they show', () => {
    expect(found('cases: [{ case: a, expect: { awarded: false } }, { case: a, expect: { awarded: true } }]')).toEqual([
      'r.cases.yaml:1:58 there are two cases "a"; expected a sentence of its own for each case',
    ]);
  });

  it('never throws, whatever the text', () => {
    const part = fc.constantFrom('cases:', ' - case: x', '\n', '  ', 'events: [', '{ type: Withdrawn, time: day 1 }', ']', '}', 'expect:', 'awarded: true', 'course: {', 'start: 2026-03-02', '&a', '*a', '!!map', '? ', '"', "'", '\t', '%', '---');
    fc.assert(fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 30 }), (parts) => void parseCases(parts.join(''), 'x')), { numRuns: 1000 });
  });
});

describe('a moment of a case', () => {
  const days: CaseDays = { zone: zoneOf('America/New_York'), first: zoneOf('America/New_York').dayOf(Date.parse('2026-03-07T12:00:00-05:00')) };
  const at = (text: string): number => Date.parse(text);
  const day = (courseDay: number, hour?: number, minute = 0) => ({ courseDay, minute: hour === undefined ? undefined : hour * 60 + minute });

  it('is what the clocks show, on days on which they change as well', () => {
    expect(instantOf(day(0, 9), days, 'noon')).toBe(at('2026-03-07T09:00:00-05:00'));
    expect(instantOf(day(1, 1, 30), days, 'noon')).toBe(at('2026-03-08T01:30:00-05:00'));
    expect(instantOf(day(1, 9), days, 'noon')).toBe(at('2026-03-08T09:00:00-04:00'));
    expect(instantOf(day(1), days, 'noon')).toBe(at('2026-03-08T12:00:00-04:00'));
    expect(instantOf(day(1), days, 'end')).toBe(at('2026-03-09T00:00:00-04:00') - 1);
    const autumn = days.zone.dayOf(at('2026-11-01T12:00:00Z')) - (days.first ?? 0);
    expect(instantOf(day(autumn, 1, 30), days, 'noon')).toBe(at('2026-11-01T01:30:00-04:00'));
    expect(instantOf(day(autumn, 3), days, 'noon')).toBe(at('2026-11-01T03:00:00-05:00'));
  });

  it('that names a day alone is any of it', () => {
    expect([at('2026-03-08T00:00:00-05:00'), at('2026-03-08T23:59:00-04:00'), at('2026-03-09T00:00:00-04:00')].map((time) => isAt(day(1), time, days))).toEqual([true, true, false]);
    expect(isAt(day(1, 9), at('2026-03-08T09:00:30-04:00'), days)).toBe(true);
    expect(isAt(day(1, 9), at('2026-03-08T09:01:00-04:00'), days)).toBe(false);
    expect(isAt({ date: (days.first ?? 0) + 1, minute: undefined }, at('2026-03-08T23:59:00-04:00'), days)).toBe(true);
  });

  it('is written as it was read', () => {
    expect(written(at('2026-03-10T07:05:00-04:00'), days)).toBe('day 3 07:05');
    for (const text of ['2026-03-08T01:30:00-05:00', '2026-03-08T09:00:00-04:00', '2026-11-01T00:30:00-04:00', '2026-11-01T22:00:00-05:00']) {
      expect(written(at(text), days)).toMatch(new RegExp(` ${text.slice(11, 16)}$`));
    }
    expect([asWritten(day(3), days), asWritten(day(3, 7, 5), days), asWritten({ instant: 0 }, days), asWritten({ date: 1, minute: undefined }, days)]).toEqual([
      'day 3', 'day 3 07:05', '1970-01-01T00:00:00.000Z', '1970-01-02',
    ]);
  });
});
