import { seededRandom, type Random } from '#engine/demo/random.js';
import { ATTENDANCE_STATUSES, type AttendanceStatus, type CorrectionEvent, type LearnerFactEvent } from '#domain/learning-event.js';
import { courseCalendar, zoneOf } from '#rules/calendar.js';
import { UNKNOWN_LEARNER, type Circumstances } from '#rules/circumstances.js';
import { UNKNOWN_COURSE, type CourseContext } from '#rules/course-context.js';

/** An event of a learner's stream. */
export type LearnerEvent = LearnerFactEvent | CorrectionEvent;

export interface WorkloadOptions {
  readonly learners: number;
  /** Facts of each learner in each course; duplicates and corrections come on top. */
  readonly facts: number;
  /** Each learner's facts come in order, and none is corrected: what every peer can follow. */
  readonly inOrder?: boolean;
}

export const COURSES = 100;
/** Days that a course takes: 16 weeks. */
export const COURSE_DAYS = 112;
export const TAGS = ['quiz', 'lab', 'forum', 'team', 'reading', 'project'] as const;
export const KINDS = ['TMA', 'quiz', 'exam'] as const;
export const MISSIONS = 40;
const ASSIGNMENTS = 12;

const SEED = 20_260_301;
const DAY = 86_400_000;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const SOURCE = 'lms';

const DUPLICATES = 0.01;
const CORRECTIONS = 0.02;
const EARLY_CORRECTIONS = 0.2; // of those: they arrive before their target
const LATE = 0.05;
const WITHDRAWN = 0.08;

const startOf = (course: number): number => START + (course % 4) * DAY;

const opened = (start: number, timezone: string): Pick<CourseContext, 'zone' | 'calendar'> => ({
  zone: zoneOf(timezone),
  calendar: courseCalendar(start, timezone),
});

/** The courses' ids. */
export const courseIds: readonly string[] = Array.from({ length: COURSES }, (_, i) => `course-${i}`);

const contexts = new Map<string, CourseContext>(
  courseIds.map((id, i) => [
    id,
    { ...UNKNOWN_COURSE, ...opened(startOf(i), i % 3 === 0 ? 'Asia/Seoul' : 'UTC') },
  ]),
);

/** What rules know of a course. */
export const contextOf = (course: string): CourseContext => {
  const context = contexts.get(course);
  if (!context) throw new Error(`unknown course ${course}`);
  return context;
};

/** What rules know of a learner in a course: no rule here asks for more. */
export const inCourse = (course: string): Circumstances => ({ course: contextOf(course), learner: UNKNOWN_LEARNER });

/** One learner in one course. */
interface Place {
  readonly learner: string;
  readonly course: string;
  readonly start: number;
  /** Event time between two facts, milliseconds. */
  readonly spacing: number;
  /** Usual score, percent. */
  readonly skill: number;
  /** Which fact is the withdrawal; -1 where there is none. */
  readonly withdrawal: number;
}

/** Two, three or four courses each, spread evenly. */
const placesOf = ({ learners, facts }: WorkloadOptions): readonly Place[] => {
  const places: Place[] = [];
  for (let l = 0; l < learners; l++) {
    for (let k = 0; k < 2 + (l % 3); k++) {
      const course = (l * 7 + k * 37) % COURSES;
      const random = seededRandom(SEED, `place ${l} ${k}`);
      const withdrawal = random.chance(WITHDRAWN) ? random.whole(Math.floor(facts / 2), facts - 1) : -1;
      places.push({
        learner: `learner-${l}`,
        course: `course-${course}`,
        start: startOf(course),
        spacing: (COURSE_DAYS * DAY) / facts,
        skill: random.around(70, 9),
        withdrawal,
      });
    }
  }
  return places;
};

const idOf = ({ learner, course }: Place, n: number): string => `${learner}/${course}/${n}`;

const statusOf = (random: Random): AttendanceStatus => {
  const draw = random.next();
  return draw < 0.8 ? 'present' : draw < 0.88 ? 'late' : draw < 0.93 ? 'excused' : 'absent';
};

/** The tags of a mission: one, or for every third one two. */
const tagsOf = (mission: number): readonly string[] => {
  const first = TAGS[mission % TAGS.length] ?? 'quiz';
  const second = TAGS[(mission + 2) % TAGS.length] ?? 'lab';
  return mission % 3 === 0 ? [first, second] : [first];
};

/** The mission's id. */
export const missionId = (mission: number): string => `mission-${mission}`;

/** Fact number n of a learner in a course: the same one whenever it is asked for. */
const factOf = (place: Place, n: number, inOrder: boolean): LearnerFactEvent => {
  const { learner, course, start, spacing } = place;
  const random = seededRandom(SEED, idOf(place, n));
  let time = start + (n + 0.8 * random.next()) * spacing;
  // From an hour to two weeks before the fact that came before it.
  if (random.chance(LATE) && !inOrder && n > 0) time -= 1.5 * spacing + HOUR * (14 * 24) ** random.next();
  const base = { id: idOf(place, n), source: SOURCE, learner, course, time: Math.floor(time) };
  if (n === 0) return { type: 'Enrolled', ...base };
  if (n === place.withdrawal) return { type: 'Withdrawn', ...base };
  const draw = random.next();
  if (draw < 0.4) return { type: 'AttendanceMarked', ...base, activity: `session-${n}`, status: statusOf(random) };
  if (draw < 0.7) {
    const mission = random.whole(0, MISSIONS - 1);
    return { type: 'MissionCompleted', ...base, activity: missionId(mission), tags: tagsOf(mission) };
  }
  const assignment = random.whole(0, ASSIGNMENTS - 1);
  const about = { activity: `assignment-${assignment}`, occurrence: String(n), kind: KINDS[assignment % KINDS.length] ?? 'TMA' };
  if (draw >= 0.9) return { type: 'AssignmentSubmitted', ...base, ...about };
  const score = Math.min(100, Math.max(0, Math.round(random.around(place.skill, 9))));
  return { type: 'AssignmentGraded', ...base, ...about, score, max: 100 };
};

const correctionOf = (place: Place, n: number, target: number, random: Random): CorrectionEvent => {
  const { learner, course, start, spacing } = place;
  const wrong = factOf(place, target, false);
  const base = { id: `fix/${idOf(place, n)}`, source: SOURCE, learner, course, target: wrong.id, time: Math.floor(start + (n + 0.9) * spacing) };
  const kind = random.next();
  if (kind < 0.5) return { type: 'FactRetracted', ...base };
  if (kind < 0.6) return { type: 'FactReplaced', ...base, changes: { time: wrong.time + random.whole(-7, 7) * DAY } };
  if (wrong.type === 'AssignmentGraded') return { type: 'FactReplaced', ...base, changes: { score: random.whole(40, 100) } };
  if (wrong.type === 'AttendanceMarked') {
    return { type: 'FactReplaced', ...base, changes: { status: ATTENDANCE_STATUSES[random.whole(0, 3)] ?? 'absent' } };
  }
  return { type: 'FactReplaced', ...base, changes: { attributes: { checked: true } } };
};

/** As a reader of the log gets it: an object of its own, with its own texts. */
const delivered = (event: LearnerEvent): LearnerEvent => JSON.parse(JSON.stringify(event)) as LearnerEvent;

const STRIDE = 7919; // a prime: neighbours in time are different learners

/** The events in the order in which they arrive; the same ones for the same options. */
export function* workload(options: WorkloadOptions): Generator<LearnerEvent> {
  const { facts, inOrder = false } = options;
  const places = placesOf(options);
  const stride = places.length % STRIDE === 0 ? 1 : STRIDE;
  for (let n = 0; n < facts; n++) {
    for (let i = 0; i < places.length; i++) {
      const place = places[(i * stride + n) % places.length];
      if (!place) continue;
      yield delivered(factOf(place, n, inOrder));
      const random = seededRandom(SEED, `after ${idOf(place, n)}`);
      if (random.chance(DUPLICATES)) yield delivered(factOf(place, random.whole(Math.max(0, n - 20), n), inOrder));
      if (!inOrder && random.chance(CORRECTIONS)) {
        const early = random.chance(EARLY_CORRECTIONS) && n + 1 < facts;
        const target = early ? Math.min(facts - 1, n + random.whole(1, 3)) : random.whole(0, n);
        yield delivered(correctionOf(place, n, target, random));
      }
    }
  }
}

/** How many learners give about so many events. */
export const learnersFor = (events: number, facts: number): number => Math.max(2, Math.round(events / (3 * facts * (1 + DUPLICATES + CORRECTIONS))));
