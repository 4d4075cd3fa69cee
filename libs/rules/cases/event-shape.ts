import { ATTENDANCE_STATUSES, COURSE_FACT_TYPES, CORRECTION_TYPES, ENROLMENT_ROLES, isCourseFactType, LEARNER_FACT_TYPES } from '#domain/learning-event.js';
import { CHANGE_FIELDS, EVENT_FIELDS, useOfField } from '#domain/event-fields.js';
import { isTimeZone } from '../calendar.js';
import {
  agreeing, checked, choice, flag, integer, mapping, matching, named, number, oneOrMore, optional, required, text,
  type Finding, type Reading, type Shape,
} from '../shape.js';
import { CASE_TIME } from './case-time.js';

const POINTS = { min: 0, max: 1_000_000 };
const NAME = text(200);

/** The name of a time zone that this runtime knows. */
export const TIMEZONE: Shape<string> = checked(text(64, 'an IANA time zone, like "Asia/Seoul"'), (name) =>
  isTimeZone(name) ? undefined : `"${name}" is no time zone`,
);

const MAX_ATTRIBUTES = 20;

const ATTRIBUTES: Shape<Readonly<Record<string, string | number | boolean>>> = {
  read: (value) => {
    const entries = value.mapping()?.entries();
    if (!entries) return undefined;
    if (entries.length > MAX_ATTRIBUTES) return value.fail(`"${value.label}" has ${entries.length} members`, `at most ${MAX_ATTRIBUTES}`);
    const read = entries.flatMap(([name, , member]) => {
      const held = member.scalar();
      if (typeof held === 'string' || typeof held === 'number' || typeof held === 'boolean') return [[name, held] as const];
      member.fail(`"${member.label}" is no plain value`, 'a text, a number, true or false');
      return [];
    });
    return read.length === entries.length ? Object.fromEntries(read) : undefined;
  },
  schema: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] }, maxProperties: MAX_ATTRIBUTES },
  expected: 'names with a text, a number, true or false each',
};

const VALUES = {
  time: optional(CASE_TIME, 'when it happened'),
  status: optional(choice(ATTENDANCE_STATUSES), 'attendance: what was marked'),
  role: optional(choice(ENROLMENT_ROLES), 'enrolment: as what'),
  score: optional(number(POINTS), 'points reached'),
  max: optional(number({ min: 0.001, max: POINTS.max }), 'points that could be reached'),
  released: optional(flag, 'false while the learner may not see the mark'),
  kind: optional(text(64), "the class system's own grouping"),
  tags: optional(oneOrMore(text(64)), 'tags of the activity'),
  weight: optional(number(POINTS), "its share of the course's mark"),
  due: optional(CASE_TIME, 'when it is due; of an extension: for this learner'),
  submitted: optional(CASE_TIME, 'when the graded work was handed in'),
  start: optional(CASE_TIME, "the course's first instant"),
  timezone: optional(TIMEZONE, 'time zone of the course or of the learner'),
  title: optional(text(300), 'the name that people see'),
  attributes: optional(ATTRIBUTES, 'whatever else the source says'),
};

/** Which values an event has; those of the wire format, with moments as cases write them. */
export type ShortValues = Reading<typeof VALUES>;

/** The new values of a correction. */
export const CHANGES = named('changes', agreeing(mapping(VALUES), (changes) =>
  Object.keys(changes).length > 0 ? [] : [{ path: [], message: '"changes" is empty', expected: `at least one of ${CHANGE_FIELDS.join(', ')}` }],
));

const eventMembers = <const T extends string>(types: readonly T[]) => ({
  type: required(choice(types), 'what happened'),
  id: optional(NAME, 'to correct it or to name it in evidence; by its place where absent: the first event of the learner is e1, of the course c1'),
  source: optional(matching(/^[A-Za-z0-9._-]{1,64}$/, 64, 'letters, digits, dots, hyphens or underscores'), 'the class system; "case" where absent'),
  version: optional(integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), 'a sequence that the source gives; higher is newer'),
  course: optional(NAME, "the course; the rule's where absent"),
  activity: optional(NAME, 'the session, assignment or mission'),
  badge: optional(NAME, "of an approval: for which badge; the rule's where absent"),
  occurrence: optional(NAME, 'which time of several'),
  approver: optional(NAME, 'who approved'),
  ...VALUES,
  target: optional(NAME, 'id of the event that is corrected'),
  changes: optional(CHANGES, 'the new values'),
  arrives: optional(CASE_TIME, 'when it becomes known, where that is later than it happened'),
});

/** What the short form fills in where it is absent. */
const FILLED_IN: readonly string[] = ['id', 'source', 'learner', 'course', 'badge'];

const fieldFindings = (event: { readonly type: string }, isCourse: boolean): readonly Finding[] => {
  const { type } = event;
  const given = new Set(Object.keys(event));
  const used = EVENT_FIELDS.filter((field) => useOfField(type, field) !== 'unused' && field !== 'learner');
  const findings = EVENT_FIELDS.flatMap((field): Finding[] => {
    const use = useOfField(type, field);
    if (given.has(field) && use === 'unused') {
      return [{ path: [field], message: `"${field}" is not a field of ${type}`, expected: `one of ${used.join(', ')}` }];
    }
    const filledIn = FILLED_IN.includes(field) || (isCourse && field === 'time');
    if (given.has(field) || use !== 'required' || filledIn) return [];
    return [{ path: [], message: `${type} lacks "${field}"`, expected: `"${field}: …"` }];
  });
  return findings;
};

const eventShape = <const T extends string>(types: readonly T[]) =>
  agreeing(mapping(eventMembers(types)), (event) => fieldFindings(event, isCourseFactType(event.type)));

/** An event of the learner in short form. */
export const LEARNER_EVENT = named('learner-event', eventShape([...LEARNER_FACT_TYPES, ...CORRECTION_TYPES]));

/** An event of the course in short form; its opening and closing are said by the course's start and `closed`. */
export const COURSE_EVENT = named(
  'course-event',
  eventShape([...COURSE_FACT_TYPES.filter((type) => type !== 'CourseOpened' && type !== 'CourseClosed'), ...CORRECTION_TYPES]),
);

/** An event in short form. */
export type ShortEvent = Reading<ReturnType<typeof eventMembers<string>>>;
