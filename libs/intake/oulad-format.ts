import type { FactValues, LearningEvent } from '#domain/learning-event.js';
import { isId, isPoints, isText, LIMITS } from './field-values.js';
import { parseIsoDate } from '#domain/iso-time.js';
import { invalid, isObject, malformed, parseJson, type FormatReader, type Mapped } from './mapped.js';

const SOURCE = 'oulad';
const DAY_MS = 86_400_000;
/** OULAD scores are percentages. */
const MAX_SCORE = 100;

type Row = Readonly<Record<string, unknown>>;

/** What a reader has seen of a course; its first rows also tell what the course offers. */
interface SeenCourse {
  readonly published: Set<string>;
}

const wrong = (field: string, must: string): Mapped => invalid([{ field, message: `${field}: ${must}` }]);
const NEEDS_ID = 'must be text of 1 to 200 characters, without control characters or spaces around it';
const isDay = (value: unknown): value is number => Number.isSafeInteger(value) && Math.abs(value as number) < 100_000;

/**
 * Reads rows of the Open University Learning Analytics Dataset, as converted to NDJSON, and corrections of them. Never
 * throws. The dataset has no rows for courses and their assignments, so the first row that shows one also gives
 * CourseOpened or AssignmentPublished, before its own event: a reader remembers what it has shown, and each pass over
 * the rows needs a new one. Source: Kuzilek, Hlosta, Zdrahal (2017), Sci. Data 4:170171.
 */
export const createOuladReader = (): FormatReader => {
  const courses = new Map<string, SeenCourse>();
  return (delivery) => {
    const parsed = parseJson(delivery);
    if (!parsed.ok) return malformed(parsed.detail);
    if (!isObject(parsed.value)) return malformed('a row must be one JSON object');
    return readRow(parsed.value, courses);
  };
};

const readRow = (row: Row, courses: Map<string, SeenCourse>): Mapped => {
  const { id, learner, course, type } = row;
  if (!isId(id)) return wrong('id', NEEDS_ID);
  if (!isId(learner)) return wrong('learner', NEEDS_ID);
  if (!isId(course)) return wrong('course', NEEDS_ID);
  if (type === 'correction') return readCorrection(row, id, learner, course);

  const time = typeof row['time'] === 'string' ? parseIsoDate(row['time']) : undefined;
  if (time === undefined) return wrong('time', 'must be a date, YYYY-MM-DD');
  const day = row['day'];
  if (day !== null && !isDay(day)) return wrong('day', 'must be a whole number of days from the course start, or null');

  const read = readFact(row, id, learner, course, time, day);
  if ('ok' in read) return read;
  if (day === null) return { ok: true, events: [read] };
  return { ok: true, events: withCourse(courses, course, time - day * DAY_MS, read) };
};

const readCorrection = (row: Row, id: string, learner: string, course: string): Mapped => {
  const { target, op, score } = row;
  if (!isId(target)) return wrong('target', NEEDS_ID);
  if (op === 'retract') return { ok: true, events: [{ type: 'FactRetracted', id, source: SOURCE, learner, course, target }] };
  if (op !== 'replace') return wrong('op', 'must be "replace" or "retract"');
  if (!isPoints(score)) return wrong('score', 'must be a number of points, 0 or more');
  return { ok: true, events: [{ type: 'FactReplaced', id, source: SOURCE, learner, course, target, changes: { score } }] };
};

/** The row's own event, or what is wrong with the row. */
const readFact = (
  row: Row,
  id: string,
  learner: string,
  course: string,
  time: number,
  day: number | null,
): LearningEvent | Mapped => {
  switch (row['type']) {
    case 'enrolment':
      return { type: 'Enrolled', id, source: SOURCE, learner, course, time };
    case 'withdrawal':
      return { type: 'Withdrawn', id, source: SOURCE, learner, course, time };
    case 'attendance': {
      const { activity, clicks } = row;
      if (!isId(activity)) return wrong('activity', NEEDS_ID);
      if (!isPoints(clicks)) return wrong('clicks', 'must be a number, 0 or more');
      return { type: 'AttendanceMarked', id, source: SOURCE, learner, course, activity, time, status: 'present', attributes: { clicks } };
    }
    case 'mission': {
      const { activity, clicks, kind, tag } = row;
      if (!isId(activity)) return wrong('activity', NEEDS_ID);
      if (!isPoints(clicks)) return wrong('clicks', 'must be a number, 0 or more');
      if (!isText(kind, LIMITS.kind)) return wrong('kind', 'must be text of 1 to 64 characters');
      if (!isText(tag, LIMITS.tag)) return wrong('tag', 'must be text of 1 to 64 characters');
      return { type: 'MissionCompleted', id, source: SOURCE, learner, course, activity, time, kind, tags: [tag], attributes: { clicks } };
    }
    case 'assignment':
      return readAssignment(row, id, learner, course, time, day);
    default:
      return wrong('type', 'must be one of enrolment, withdrawal, assignment, attendance, mission, correction');
  }
};

const readAssignment = (
  row: Row,
  id: string,
  learner: string,
  course: string,
  time: number,
  day: number | null,
): LearningEvent | Mapped => {
  const { activity, score, kind, weight, due: dueDay, banked } = row;
  if (!isId(activity)) return wrong('activity', NEEDS_ID);
  if (score !== null && !isPoints(score)) return wrong('score', 'must be a number of points, 0 or more, or null');
  if (!isText(kind, LIMITS.kind)) return wrong('kind', 'must be text of 1 to 64 characters');
  if (!isPoints(weight)) return wrong('weight', 'must be a number, 0 or more');
  if (typeof banked !== 'boolean') return wrong('banked', 'must be true or false');
  if (day === null) return wrong('day', 'must be a whole number of days from the course start');
  if (dueDay !== null && !isDay(dueDay)) return wrong('due', 'must be a whole number of days from the course start, or null');
  const due = dueDay === null ? undefined : time + (dueDay - day) * DAY_MS;
  const base = { id, source: SOURCE, learner, course, activity, time };
  // Written out, not spread: the order of the keys is the order of the stored text.
  if (score === null) {
    return due === undefined
      ? { type: 'AssignmentSubmitted', ...base, kind, weight, attributes: { banked } }
      : { type: 'AssignmentSubmitted', ...base, kind, weight, due, attributes: { banked } };
  }
  return due === undefined
    ? { type: 'AssignmentGraded', ...base, score, max: MAX_SCORE, kind, weight, attributes: { banked } }
    : { type: 'AssignmentGraded', ...base, score, max: MAX_SCORE, kind, weight, due, attributes: { banked } };
};

/** The row's event, after those that tell of a course or assignment that this reader had not seen. */
const withCourse = (
  courses: Map<string, SeenCourse>,
  course: string,
  start: number,
  event: LearningEvent,
): readonly LearningEvent[] => {
  const known = courses.get(course);
  const assignment = event.type === 'AssignmentGraded' || event.type === 'AssignmentSubmitted' ? event : undefined;
  const activity = assignment?.activity;
  const publishes = activity !== undefined && !known?.published.has(activity);
  if (known && !publishes) return [event];

  const derived: LearningEvent[] = [];
  const seen = known ?? { published: new Set() };
  if (!known) {
    courses.set(course, seen);
    derived.push({ type: 'CourseOpened', id: `opened:${course}`, source: SOURCE, course, time: start, start, title: course });
  }
  if (assignment && publishes) {
    seen.published.add(activity);
    const { kind, weight, due }: FactValues = assignment;
    derived.push({
      type: 'AssignmentPublished',
      id: `published:${course}:${activity}`,
      source: SOURCE,
      course,
      activity,
      time: start,
      ...(kind !== undefined && { kind }),
      ...(weight !== undefined && { weight }),
      ...(due !== undefined && { due }),
    });
  }
  return [...derived, event];
};
