import type { AssignmentPlan } from './courses.js';
import type { Taking } from './learner-course.js';
import type { DemoLearner } from './learners.js';
import { seededRandom } from './random.js';
import { MINUTE } from './term-calendar.js';
import { SOURCES, type Sent, type WireEvent } from './wire-event.js';

const DAY = 24 * 60 * MINUTE;
/** The instructors of the school, by what the class systems call them. */
const INSTRUCTORS = ['ins-kim', 'ins-lee'] as const;
const JUROR = 'jury-park';

/** Whom and which course an event is about. */
export const subject = ({ learner, plan }: Taking) => ({ learner: learner.id, course: plan.id });

/** More time for an assignment. */
export interface Extension {
  readonly days: number;
  /** So many days before the assignment is due it is granted. */
  readonly ahead: number;
}

/** Few ask for more time, and get it. */
export const extensionOf = (seed: number, learner: DemoLearner, { id }: AssignmentPlan): Extension | undefined => {
  const random = seededRandom(seed, `extension ${id} ${learner.id}`);
  return random.chance(0.035) ? { days: random.whole(1, 3), ahead: random.whole(1, 4) } : undefined;
};

/** The learner's own due date for an assignment. */
export const extended = (taking: Taking, { id, dueDay, title }: AssignmentPlan, { ahead }: Extension, due: number): Sent => {
  const time = taking.calendar.at(dueDay - ahead, 11);
  const { iso } = taking.calendar;
  return {
    event: {
      id: `extend-${id}-${taking.learner.id}`, source: SOURCES.lms, type: 'ExtensionGranted', ...subject(taking), activity: id, title, due: iso(due), time: iso(time),
    },
    sentAt: time + MINUTE,
  };
};

/** What people say of a learner in a course: flags by instructors, approvals by instructors and the jury of demo day. */
export const saidByPeople = (seed: number, taking: Taking): readonly Sent[] =>
  taking.script ? [] : [...flagged(seed, taking), ...(taking.plan.id === 'team-project' ? approved(seed, taking) : [])];

const said = (taking: Taking, time: number, event: Pick<WireEvent, 'id' | 'type'> & Partial<WireEvent>): Sent => ({
  event: { source: SOURCES.lms, ...subject(taking), ...event, time: taking.calendar.iso(time) },
  sentAt: time + MINUTE,
});

/** Now and then somebody copies. */
const flagged = (seed: number, taking: Taking): readonly Sent[] => {
  const { learner, plan, calendar } = taking;
  const random = seededRandom(seed, `flag ${plan.id} ${learner.id}`);
  const assignment = plan.assignments[random.whole(0, plan.assignments.length - 1)];
  if (!random.chance(0.04) || !assignment) return [];
  const time = calendar.at(assignment.dueDay, 15) + random.whole(1, 4) * DAY;
  if (time < taking.joined) return [];
  return [said(taking, time, { id: `flag-${assignment.id}-${learner.id}`, type: 'LearnerFlagged', activity: assignment.id, kind: 'misconduct' })];
};

/** Those who do much with others are approved by more people. */
const approved = (seed: number, taking: Taking): readonly Sent[] => {
  const { learner, calendar } = taking;
  const { social } = learner.pattern;
  const random = seededRandom(seed, `approval ${learner.id}`);
  const approval = (badge: string, approver: string, day: number): Sent =>
    said(taking, calendar.at(day, random.whole(9, 17), random.whole(0, 59)), { id: `approve-${badge}-${approver}-${learner.id}`, type: 'ApprovalGiven', badge, approver });
  return [
    ...INSTRUCTORS.flatMap((instructor) => (random.chance(social ** 3) ? [approval('team-lead', instructor, random.whole(72, 79))] : [])),
    ...(random.chance(social) ? [approval('data-storyteller', JUROR, 82)] : []),
  ];
};
