import { ATTENDANCE_STATUSES } from '#domain/learning-event.js';
import { isOfAnyCourse, type SelectedType, type Selector } from './selector.js';
import {
  agreeing, choice, day, integer, mapped, mapping, number, oneOrMore, optional, required, text,
  type Finding, type Members, type Reading, type Shape,
} from './shape.js';
import type { ValueReader } from './yaml-reader.js';

/** The words of a rule for what it can look at. */
export const FACT_NOUNS = {
  enrolment: 'Enrolled',
  withdrawal: 'Withdrawn',
  attendance: 'AttendanceMarked',
  submissions: 'AssignmentSubmitted',
  grades: 'AssignmentGraded',
  'started missions': 'MissionStarted',
  missions: 'MissionCompleted',
  extensions: 'ExtensionGranted',
  flags: 'LearnerFlagged',
  approvals: 'ApprovalGiven',
} as const satisfies Readonly<Record<string, SelectedType>>;

type FactNoun = keyof typeof FACT_NOUNS;

const NOUNS = Object.keys(FACT_NOUNS) as readonly FactNoun[];

/** Days of a course or since an enrolment: ten years either way. */
export const DAYS = { min: -3650, max: 3650 };

const DAY = 86_400_000;

/** A calendar day, as days since 1970-01-01. */
export const DATE: Shape<number> = mapped(day, (given) => Date.parse(`${given}T00:00:00Z`) / DAY);

const KEYS = {
  activity: optional(oneOrMore(text(200)), 'only these sessions, assignments or missions (of approvals: only these badges), by id'),
  tag: optional(text(100), 'only what has this tag'),
  kind: optional(text(100), 'only what the class system groups under this word, such as "quiz"'),
  status: optional(oneOrMore(choice(ATTENDANCE_STATUSES)), 'only these attendance marks; present and late where absent'),
  role: optional(choice(['learner', 'staff']), 'only enrolments as this'),
  'min-score': optional(number({ min: 0, max: 1000 }), 'only grades of at least so many percent'),
  'from-course-day': optional(integer(DAYS), 'only from this day of the course on; its first day is 0'),
  'to-course-day': optional(integer(DAYS), 'only up to and including this day of the course'),
  'from-enrolment-day': optional(integer(DAYS), "only from this day after the learner's enrolment on; the day of enrolment is 0"),
  'to-enrolment-day': optional(integer(DAYS), "only up to and including this day after the learner's enrolment"),
  from: optional(DATE, "only from this calendar day on, in the course's time zone"),
  to: optional(DATE, 'only up to and including this calendar day'),
};

/** The keys that only one type of facts has. */
const OF_ONE_TYPE = { status: 'attendance', role: 'enrolment', 'min-score': 'grades' } as const;
const PARTICULAR = Object.entries(OF_ONE_TYPE) as readonly (readonly [keyof typeof OF_ONE_TYPE, FactNoun])[];

const WINDOWS = [
  ['from-course-day', 'to-course-day'],
  ['from-enrolment-day', 'to-enrolment-day'],
  ['from', 'to'],
] as const;

/** What a mapping with the keys that select facts holds. */
export type SelectorReading = Reading<typeof KEYS> & { readonly of?: FactNoun };

const nounsOf = (types: readonly SelectedType[]): readonly FactNoun[] => NOUNS.filter((noun) => types.includes(FACT_NOUNS[noun]));

/** The keys that select facts of some types, but for some; `of` has to be there unless there is but one type. */
export const selectorMembers = (types: readonly SelectedType[], without: readonly string[] = []): Members => {
  const nouns = nounsOf(types);
  if (nouns.length === 0) return {};
  const foreign = PARTICULAR.filter(([, noun]) => !nouns.includes(noun)).map(([key]): string => key);
  const doc = 'what to look at';
  return {
    of: nouns.length === 1 ? optional(choice(nouns), doc) : required(choice(nouns), doc),
    ...Object.fromEntries(Object.entries(KEYS).filter(([key]) => !foreign.includes(key) && !without.includes(key))),
  };
};

const typeOf = (types: readonly SelectedType[], { of }: SelectorReading): SelectedType => {
  const type = of ? FACT_NOUNS[of] : types[0];
  if (!type) throw new Error('a selector needs a type of facts');
  return type;
};

/** The selector that such keys make. */
export const selectorOf = (types: readonly SelectedType[], reading: SelectorReading): Selector => {
  const { activity, tag, kind, role } = reading;
  const type = typeOf(types, reading);
  const statuses = reading.status ?? (['present', 'late'] as const);
  const renamed = {
    minScore: reading['min-score'],
    fromDay: reading['from-course-day'],
    toDay: reading['to-course-day'],
    fromEnrolmentDay: reading['from-enrolment-day'],
    toEnrolmentDay: reading['to-enrolment-day'],
    fromDate: reading.from,
    toDate: reading.to,
  };
  return {
    type,
    ...(activity && { activities: activity }),
    ...(tag !== undefined && { tag }),
    ...(kind !== undefined && { kind }),
    ...(type === 'AttendanceMarked' && { statuses }),
    ...(role && { role }),
    ...Object.fromEntries(Object.entries(renamed).filter(([, value]) => value !== undefined)),
  };
};

/** What such keys, each of them right, may get wrong together. */
export const selectorFindings = (types: readonly SelectedType[], reading: SelectorReading): readonly Finding[] => {
  const type = typeOf(types, reading);
  const findings: Finding[] = [];
  for (const [key, noun] of PARTICULAR) {
    if (reading[key] === undefined || type === FACT_NOUNS[noun]) continue;
    findings.push({ path: [key], message: `"${key}" is only for ${noun}`, expected: `no "${key}"` });
  }
  for (const [first, last] of WINDOWS) {
    const from = reading[first];
    const to = reading[last];
    if (from === undefined || to === undefined || to >= from) continue;
    const begin = first === 'from' ? new Date(from * DAY).toISOString().slice(0, 10) : from;
    findings.push({ path: [last], message: 'the window ends before it begins', expected: `a day from ${begin}` });
  }
  return findings;
};

/** The same for editors, where it can be said. */
const selectorSchema = (types: readonly SelectedType[], without: readonly string[]): Readonly<Record<string, unknown>> => {
  const nouns = nounsOf(types);
  if (nouns.length < 2) return {};
  const particular = PARTICULAR.filter(([key, noun]) => nouns.includes(noun) && !without.includes(key));
  return { dependentSchemas: Object.fromEntries(particular.map(([key, noun]) => [key, { properties: { of: { const: noun } } }])) };
};

/** Notes the names that a mapping of such keys mentions. */
const noteNames = (value: ValueReader, { type, activities, tag }: Selector): void => {
  const { mentions } = value.report;
  const ofAnyCourse = isOfAnyCourse(type);
  const places = activities && value.at(['activity']).list(true);
  for (const [i, name] of (activities ?? []).entries()) {
    mentions.push({ what: ofAnyCourse ? 'badge' : 'activity', name, offset: places?.[i]?.offset ?? value.offset });
  }
  if (tag !== undefined && !ofAnyCourse) mentions.push({ what: 'tag', name: tag, offset: value.at(['tag']).offset });
};

/** What a mapping holds that selects facts and has keys of its own. */
export interface Selecting<M extends Members> {
  /** Undefined where there is no type of facts to select. */
  readonly selector: Selector | undefined;
  readonly own: Reading<M>;
}

/** A mapping of the keys that select facts of some types, and others beside them; none of the latter may be one of the former. */
export const selecting = <M extends Members>(
  types: readonly SelectedType[],
  members: M,
  check: (reading: Selecting<M>) => readonly Finding[] = () => [],
  without: readonly string[] = [],
): Shape<Selecting<M>> => {
  const keys = selectorMembers(types, without);
  const clash = Object.keys(members).find((key) => Object.hasOwn(keys, key));
  if (clash !== undefined) throw new Error(`"${clash}" selects facts and cannot be another setting`);
  const split = (reading: object): Selecting<M> => ({
    selector: types.length === 0 ? undefined : selectorOf(types, reading),
    own: Object.fromEntries(Object.entries(reading).filter(([key]) => Object.hasOwn(members, key))) as Reading<M>,
  });
  const whole = agreeing(
    mapping({ ...keys, ...members }),
    (reading) => [...(types.length === 0 ? [] : selectorFindings(types, reading)), ...check(split(reading))],
    selectorSchema(types, without),
  );
  return {
    ...whole,
    read: (value) => {
      const reading = whole.read(value);
      const parts = reading && split(reading);
      if (parts?.selector) noteNames(value, parts.selector);
      return parts;
    },
  };
};

/** A mapping of the keys that select facts of some types. */
export const selectorShape = (types: readonly SelectedType[]): Shape<Selector> => {
  if (types.length === 0) throw new Error('a selector needs a type of facts');
  return mapped(selecting(types, {}), ({ selector }) => selector ?? selectorOf(types, {}));
};
