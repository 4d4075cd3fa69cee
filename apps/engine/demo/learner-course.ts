import type { AttendanceStatus } from '#domain/learning-event.js';
import { scriptOf, type Script } from './cast.js';
import type { AssignmentPlan, CoursePlan, MissionPlan, SessionPlan } from './courses.js';
import type { DemoLearner } from './learners.js';
import { extended, extensionOf, saidByPeople, subject } from './people.js';
import { seededRandom, type Random } from './random.js';
import { MINUTE, WEEKS, type TermCalendar } from './term-calendar.js';
import { SOURCES, type Sent } from './wire-event.js';

const HOUR = 60 * MINUTE;
const SOCIAL = new Set(['peer-review', 'teamwork', 'presentation', 'retrospective']);

/** A learner in a course, and the span in which there are signs of life. */
export interface Taking {
  readonly learner: DemoLearner;
  readonly plan: CoursePlan;
  readonly calendar: TermCalendar;
  readonly random: Random;
  readonly script: Script | undefined;
  readonly joined: number;
  readonly left: number;
}

/** Everything that a learner does in a course of the term, in no particular order. */
export const learnerInCourse = (seed: number, learner: DemoLearner, plan: CoursePlan, calendar: TermCalendar): readonly Sent[] => {
  const random = seededRandom(seed, `${learner.id} ${plan.id}`);
  const { joins, leaves } = learner.pattern;
  const joinWeek = random.whole(...joins);
  const joined =
    joinWeek === 0
      ? calendar.at(random.whole(-9, -2), random.whole(9, 20), random.whole(0, 59))
      : calendar.at(joinWeek * 7 - random.whole(1, 3), random.whole(9, 17), random.whole(0, 59));
  const lastWeek = leaves ? random.whole(...leaves) : WEEKS;
  const left = leaves ? calendar.at(lastWeek * 7 + random.whole(0, 6), random.whole(9, 20)) : Infinity;
  const script = scriptOf(learner.id, plan.id);
  const taking: Taking = { learner, plan, calendar, random, script, joined, left };
  return [
    enrolled(taking),
    ...withdrawn(taking),
    ...plan.sessions.flatMap((session) => attended(taking, session)),
    ...plan.assignments.flatMap((assignment) => handedIn(seed, taking, assignment)),
    ...plan.missions.flatMap((mission) => tried(taking, mission)),
    ...saidByPeople(seed, taking),
  ].filter(({ event }) => event.type === 'Withdrawn' || Date.parse(event.time ?? '') < left);
};

const enrolled = (taking: Taking): Sent => ({
  event: {
    id: `enrol-${taking.plan.id}-${taking.learner.id}`,
    source: SOURCES.lms,
    type: 'Enrolled',
    ...subject(taking),
    timezone: taking.learner.timezone,
    attributes: { department: taking.learner.department },
    time: taking.calendar.iso(taking.joined),
  },
  sentAt: taking.joined + MINUTE,
});

/** Three of four who leave say so. */
const withdrawn = (taking: Taking): readonly Sent[] => {
  if (taking.left === Infinity || !taking.random.chance(0.75)) return [];
  const id = `withdraw-${taking.plan.id}-${taking.learner.id}`;
  const time = taking.calendar.iso(taking.left);
  return [{ event: { id, source: SOURCES.lms, type: 'Withdrawn', ...subject(taking), time }, sentAt: taking.left + HOUR }];
};

const markOf = ({ learner: { pattern }, random, script }: Taking, session: SessionPlan): AttendanceStatus => {
  if (script) return script.absent.includes(session.id) ? 'absent' : 'present';
  if (random.chance(pattern.attends)) return random.chance(pattern.isLate) ? 'late' : 'present';
  return random.chance(0.3) ? 'excused' : 'absent';
};

const attended = (taking: Taking, session: SessionPlan): readonly Sent[] => {
  const { calendar, random, joined, learner } = taking;
  const start = calendar.at(session.day, session.hour);
  const status = markOf(taking, session);
  const minutes = status === 'late' ? random.whole(6, 35) : status === 'present' ? random.whole(-8, 0) : 0;
  const sentAt = start + 2 * HOUR + random.whole(5, 60) * MINUTE;
  if (start < joined) return [];
  const time = calendar.iso(start + minutes * MINUTE);
  const id = `att-${session.id}-${learner.id}`;
  return [{ event: { id, source: SOURCES.attendance, type: 'AttendanceMarked', ...subject(taking), activity: session.id, time, status }, sentAt }];
};

/** Points for an assignment, from 5 % to 100 % of what can be reached. */
const pointsFor = ({ learner: { pattern }, random, script }: Taking, { id, max, dueDay }: AssignmentPlan): number => {
  const percent = random.around(pattern.score + (pattern.gain * dueDay) / 7, pattern.deviation);
  return script?.scores[id] ?? script?.otherwise ?? Math.round((Math.min(100, Math.max(5, percent)) * max) / 100);
};

const handedIn = (seed: number, taking: Taking, assignment: AssignmentPlan): readonly Sent[] => {
  const { calendar, random, joined, script, learner } = taking;
  const extension = script ? undefined : extensionOf(seed, learner, assignment);
  const due = calendar.at(assignment.dueDay + (extension?.days ?? 0), 23, 59);
  const submits = random.chance(learner.pattern.submits);
  const overdue = random.chance(0.07);
  const submittedAt = due + (overdue && !script ? random.whole(10, 30 * 60) : -random.whole(5, 60 * 60)) * MINUTE;
  const gradedAt = calendar.at(assignment.dueDay + (extension?.days ?? 0) + random.whole(3, 5), random.whole(9, 17), random.whole(0, 59));
  const points = pointsFor(taking, assignment);
  if ((!submits && !script) || submittedAt < joined) return [];
  const first = [
    ...(extension ? [extended(taking, assignment, extension, due)] : []),
    ...attempt(taking, assignment, { number: 1, submittedAt, gradedAt, points }),
  ];

  const tryAgain = !script && points < assignment.max * 0.6 && assignment.dueDay <= 60 && random.chance(0.5);
  if (!tryAgain) return first;
  const again = gradedAt + random.whole(24, 120) * HOUR;
  const better = Math.min(Math.round(assignment.max * 0.8), points + Math.round((assignment.max * random.whole(8, 25)) / 100));
  const second = { number: 2, submittedAt: again, gradedAt: again + random.whole(20, 70) * HOUR, points: better };
  return [...first, ...attempt(taking, assignment, second)];
};

interface Attempt {
  readonly number: number;
  readonly submittedAt: number;
  readonly gradedAt: number;
  readonly points: number;
}

/** A submission and its grade; a later attempt is another occurrence of the same assignment. */
const attempt = (taking: Taking, { id, kind, max, weight, title }: AssignmentPlan, made: Attempt): readonly Sent[] => {
  const about = { source: SOURCES.lms, ...subject(taking), activity: id, kind, title, ...(made.number > 1 && { occurrence: `attempt-${made.number}` }) };
  const name = `${id}-${taking.learner.id}-${made.number}`;
  const { iso } = taking.calendar;
  return [
    {
      event: { id: `sub-${name}`, type: 'AssignmentSubmitted', ...about, time: iso(made.submittedAt) },
      sentAt: made.submittedAt + MINUTE,
    },
    {
      event: { id: `grade-${name}`, type: 'AssignmentGraded', ...about, time: iso(made.gradedAt), score: made.points, max, weight },
      sentAt: made.gradedAt + 10 * MINUTE,
    },
  ];
};

const tried = (taking: Taking, mission: MissionPlan): readonly Sent[] => {
  const { learner, calendar, random, joined } = taking;
  const { social, alone } = learner.pattern;
  const tries = random.chance(SOCIAL.has(mission.kind) ? social : alone);
  const finishes = random.chance(0.94);
  const startedAt = calendar.at(random.whole(mission.openDay, mission.dueDay), random.whole(9, 19), random.whole(0, 59));
  const completedAt = startedAt + random.whole(10, 180) * MINUTE;
  if (!tries || startedAt < joined) return [];
  const { id, kind, tags, title } = mission;
  const about = { source: SOURCES.missions, ...subject(taking), activity: id, kind, tags, title };
  const name = `${id}-${learner.id}`;
  const started: Sent = {
    event: { id: `start-${name}`, type: 'MissionStarted', ...about, time: calendar.iso(startedAt) },
    sentAt: startedAt + MINUTE,
  };
  if (!finishes) return [started];
  return [
    started,
    {
      event: {
        id: `done-${name}`,
        type: 'MissionCompleted',
        ...about,
        ...(kind === 'practice' && { attributes: { minutes: (completedAt - startedAt) / MINUTE } }),
        time: calendar.iso(completedAt),
      },
      sentAt: completedAt + MINUTE,
    },
  ];
};
