import { AWARD_STATES } from '#domain/award.js';
import type { Place } from '../locate.js';
import {
  agreeing, choice, flag, integer, list, mapped, mapping, named, number, optional, required, text,
  type Finding, type Reading, type Shape, type Shaped,
} from '../shape.js';
import { ID } from '../text-shapes.js';
import { CASE_TIME } from './case-time.js';
import { COURSE_EVENT, LEARNER_EVENT, TIMEZONE } from './event-shape.js';

/** So many cases has a file at most. */
export const MAX_CASES = 100;
/** So many events has a case at most: more would take the reference evaluator too long. */
export const MAX_EVENTS = 200;
const MAX_PATHS = 200;

/** An award's state, or that there is none. */
const STATES = ['none', ...AWARD_STATES] as const;

const TRACE = mapping({
  met: optional(flag, 'whether the criterion is met'),
  value: optional(number({ min: -1e9, max: 1e9 }), 'what was found'),
  needed: optional(number({ min: -1e9, max: 1e9 }), 'what was needed'),
  evidence: optional(list(text(200), { min: 0, max: MAX_EVENTS }), 'ids of the events that count, in any order'),
});

/** What a trace must say of one criterion. */
export type ExpectedTrace = Shaped<typeof TRACE>;

const TRACES: Shape<ReadonlyMap<string, ExpectedTrace>> = {
  read: (value) => {
    const entries = value.mapping()?.entries();
    if (!entries) return undefined;
    if (entries.length > MAX_PATHS) return value.fail(`"${value.label}" has ${entries.length} entries`, `at most ${MAX_PATHS}`);
    const read = entries.map(([path, , trace]) => [path, TRACE.read(trace)] as const);
    return new Map(read.flatMap(([path, trace]) => (trace ? [[path, trace]] : [])));
  },
  schema: { type: 'object', additionalProperties: TRACE.schema, maxProperties: MAX_PATHS },
  expected: 'places in the rule, such as "all[0].count", with what the trace must say',
};

const EXPECT = agreeing(
  mapping({
    awarded: required(flag, 'whether the learner holds the badge in the end'),
    award: optional(choice(STATES), 'the state of the award: suspended, revoked and expired ones are not held'),
    earned: optional(CASE_TIME, 'when it was earned; a day alone means any moment of it'),
    period: optional(text(100), 'of a badge that recurs: for which period; the first that is awarded where absent'),
    'valid-until': optional(CASE_TIME, 'when the award ends'),
    criteria: optional(TRACES, 'what the trace says, by place in the rule'),
  }),
  ({ awarded, award }) =>
    award === undefined || awarded === (award === 'active')
      ? []
      : [{ path: ['award'], message: `an award that is "${award}" does not go with "awarded: ${awarded}"`, expected: awarded ? 'active' : 'another state' }],
);

const START = agreeing(CASE_TIME, (start) =>
  'courseDay' in start ? [{ path: [], message: 'a course cannot start on a day of itself', expected: 'a date, or an ISO 8601 time' }] : [],
);

/** The course of a case. */
export const COURSE = named('course', mapping({
  start: optional(START, 'its first day, or its first instant'),
  timezone: optional(TIMEZONE, 'the time zone of its days; UTC where absent'),
  events: optional(list(COURSE_EVENT, { min: 0, max: MAX_EVENTS }), 'what it offers; from its start where they name no time'),
}));

const BADGE = mapping({
  badge: required(ID, 'the id of the badge'),
  earned: required(CASE_TIME, 'since when it is held'),
  level: optional(mapping({ of: required(ID, 'what all levels have in common'), rank: required(integer({ min: 1, max: 100 }), 'its place') }), 'the level that it is'),
});

const CASE_MEMBERS = {
  case: required(text(300), 'what it shows, in one sentence'),
  course: optional(COURSE, 'the course; what is absent is as the file says'),
  events: optional(list(LEARNER_EVENT, { min: 0, max: MAX_EVENTS }), 'what happened to one learner, in order of arrival'),
  badges: optional(list(BADGE, { min: 1, max: 100 }), 'other badges that the learner holds'),
  closed: optional(CASE_TIME, 'when the course closes; a day alone means its end'),
  now: optional(CASE_TIME, 'where the clock is; a day alone means its end, and where absent it is at the last thing that happened'),
  others: optional(list(number({ min: 0, max: 1e9 }), { min: 0, max: MAX_EVENTS }), 'of a cohort: what each of the others in the course reached; everybody is ranked when the rule decides, nobody where absent'),
  expect: required(EXPECT, 'what must come out'),
};

/** The id of an event: its own, or its place among the others. */
export const eventId = (event: { readonly id?: string }, prefix: 'e' | 'c', i: number): string => event.id ?? `${prefix}${i + 1}`;

/** Of events that follow some others, those that correct what is in neither. */
const unknownTargets = (
  events: readonly Shaped<typeof LEARNER_EVENT>[] | readonly Shaped<typeof COURSE_EVENT>[], prefix: 'e' | 'c', path: Finding['path'], before: typeof events = [],
): readonly Finding[] => {
  const ids = [...before, ...events].flatMap((event, i) => (event.target === undefined ? [eventId(event, prefix, i)] : []));
  return events.flatMap(({ target }, i) =>
    target === undefined || ids.includes(target)
      ? []
      : [{ path: [...path, i, 'target'], message: `there is no event "${target}" to correct`, expected: ids.length === 0 ? 'an event to correct' : `one of ${ids.join(', ')}` }],
  );
};

/** A value with its place in the file. */
const placed = <T extends object>(shape: Shape<T>): Shape<T & { readonly place: Place }> => ({
  ...shape,
  read: (value) => {
    const read = shape.read(value);
    const { line, column } = value.report.diagnostic(value.offset, '');
    return read && { ...read, place: { line, column } };
  },
});

const CASE = placed(
  agreeing(mapping(CASE_MEMBERS), ({ events = [] }: Reading<typeof CASE_MEMBERS>) => unknownTargets(events, 'e', ['events'])),
);

/** An example case: a course, a learner, and what must come out. */
export type RuleCase = Shaped<typeof CASE>;

const usesDays = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ('courseDay' in value || (value instanceof Map ? [...value.values()] : Object.values(value)).some(usesDays));

/** The example cases of a rule. */
export const CASES: Shape<readonly RuleCase[]> = mapped(
  agreeing(
    mapping({
      course: optional(COURSE, 'what the courses of all cases have in common'),
      cases: required(list(CASE, { min: 1, max: MAX_CASES }), 'the cases'),
    }),
    ({ course, cases }) => [
      ...unknownTargets(course?.events ?? [], 'c', ['course', 'events']),
      ...cases.flatMap((one, i): Finding[] => {
        // A case may correct what the file says of all courses.
        const findings: Finding[] = [...unknownTargets(one.course?.events ?? [], 'c', ['cases', i, 'course', 'events'], course?.events)];
        if (cases.slice(0, i).some((before) => before.case === one.case)) {
          findings.push({ path: ['cases', i, 'case'], message: `there are two cases "${one.case}"`, expected: 'a sentence of its own for each case' });
        }
        if (!(one.course?.start ?? course?.start) && usesDays({ ...one, shared: course })) {
          findings.push({ path: ['cases', i], message: 'it speaks of course days, and nobody says when the course starts', expected: '"course: { start: 2026-03-02 }"' });
        }
        return findings;
      }),
    ],
  ),
  ({ course, cases }) =>
    cases.map((one) => ({
      ...one,
      course: { ...course, ...one.course, events: [...(course?.events ?? []), ...(one.course?.events ?? [])] },
    })),
);
