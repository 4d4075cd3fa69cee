import { applyEvent, currentFacts, emptyFactBook, type Fact } from '#domain/facts.js';
import { isCorrection, type CorrectionEvent, type CourseFactEvent, type LearnerFactEvent, type LearningEvent } from '#domain/learning-event.js';
import type { CaseDays } from '#rules/cases/case-time.js';
import { MAX_EVENTS } from '#rules/cases/cases-shape.js';
import { ofCourse } from '#rules/cases/short-events.js';
import { learnerContext } from '#rules/circumstances.js';
import { cohortsOf, cutoffOf, standingOf } from '#rules/cohort.js';
import { evolveCourse, unknownCourse, type CourseContext, type CourseState } from '#rules/course-context.js';
import { kindOf } from '#rules/criteria/all.js';
import { cohortKey } from '#rules/criteria/cohort.js';
import type { CriterionNode } from '#rules/criterion.js';
import { leavesOf, relevantFacts } from '#rules/evaluate.js';
import { heldBadge } from '#rules/held-badge.js';
import type { Level, Rule } from '#rules/rule.js';
import { compareFacts } from '#rules/sorted-facts.js';
import type { CourseEvent } from './catalogue.js';

/** A learner's history of the course of a rule, as the log has it. */
export interface RecordedHistory {
  /** Of the course's streams, in their order. */
  readonly courseEvents: readonly CourseEvent[];
  /** Of the learner, in order of arrival. */
  readonly events: readonly LearningEvent[];
  /** Badges of the same course that the learner holds. */
  readonly held: readonly { readonly badge: string; readonly earnedAt: number; readonly level?: Level }[];
  /** What people call the course. */
  readonly courseTitle?: string;
  /** How far time has come, epoch milliseconds. */
  readonly now: number;
}

/** The same, folded as far as a case needs it. */
export interface Recorded extends RecordedHistory {
  readonly rule: Rule;
  readonly state: CourseState;
  readonly context: CourseContext;
  readonly facts: readonly Fact[];
  readonly days: CaseDays;
  readonly own: readonly (LearnerFactEvent | CorrectionEvent)[];
  readonly remarks: readonly string[];
}

/** Folds a history for a rule: what holds of the learner in its course, and what of it a case says. */
export const recordedOf = (rule: Rule, history: RecordedHistory): Recorded => {
  const state = unknownCourse();
  for (const event of history.courseEvents) evolveCourse(state, event);
  const context = { ...state.context, clock: Math.max(state.context.clock, history.now) };
  const all = ofCourse(history.events, rule.course);
  const types = new Set<string>(['Enrolled', 'Withdrawn', 'ExtensionGranted', ...leavesOf(rule.criteria).flatMap(({ selects }) => selects.map(({ type }) => type))]);
  const tooMany = all.length > MAX_EVENTS;
  const own = tooMany ? ofCourse(all.filter((event) => isCorrection(event) || types.has(event.type)), rule.course) : all;
  const book = emptyFactBook();
  for (const event of own) applyEvent(book, event);
  const held = history.held.map(({ badge, earnedAt, level }) => heldBadge({ award: badge, badge, earnedAt }, rule.course, level));
  const elsewhere = types.has('BadgeHeld') || types.has('ApprovalGiven');
  const remarks = [
    ...(tooMany ? ['What the rule does not look at is left out.'] : []),
    ...(elsewhere ? ['Badges and approvals of other courses are left out.'] : []),
  ];
  const { calendar, zone } = context;
  const start = openingOf(state)?.start;
  return { ...history, rule, state, context, facts: [...currentFacts(book), ...held], days: { zone, first: calendar && start !== undefined ? zone.dayOf(start) : undefined }, own, remarks };
};

/** When and where the days of a course begin; undefined where it was not opened. */
export const openingOf = ({ book }: CourseState): { readonly start: number; readonly timezone: string } | undefined => {
  const opened = [...currentFacts(book)].filter(({ type }) => type === 'CourseOpened').sort(compareFacts).at(-1);
  return opened && { start: opened.values.start ?? opened.time, timezone: opened.values.timezone ?? 'UTC' };
};

/** What the course offers of the kinds that a learner's facts of these types are about. */
const OFFERS: Readonly<Record<string, string>> = {
  AttendanceMarked: 'SessionHeld', AssignmentSubmitted: 'AssignmentPublished', AssignmentGraded: 'AssignmentPublished', MissionStarted: 'MissionPublished', MissionCompleted: 'MissionPublished',
};

const inner = ({ keyword, settings }: CriterionNode): readonly CriterionNode[] => (keyword === 'cohort' ? [settings['by'] as CriterionNode] : []);

/** What the rule looks at of what the course offers. */
export interface Offered {
  readonly types: ReadonlySet<string | undefined>;
  readonly events: readonly CourseFactEvent[];
}

/** What a case has to say of what the course offers. */
export const offersFor = ({ rule, context }: Recorded): Offered => {
  const asking = leavesOf(rule.criteria).flatMap((leaf) => [leaf, ...inner(leaf)]).filter((leaf) => kindOf(leaf.keyword).depends?.(leaf.settings).includes('offers'));
  const types = new Set(asking.flatMap(({ selects }) => selects.map(({ type }) => OFFERS[type])));
  const events = context.offers.filter(({ type }) => types.has(type)).map((fact): CourseFactEvent => {
    const { type, course, activity, occurrence, time, values } = fact;
    return { type: type as CourseFactEvent['type'], id: '', source: '', course, time, ...(activity !== undefined && { activity }), ...(occurrence !== undefined && { occurrence }), ...values };
  });
  return { types, events };
};

/** The attributes that a rule looks at. */
export const attributesOf = ({ criteria }: Rule): ReadonlySet<string> =>
  new Set(leavesOf(criteria).flatMap((leaf) => [leaf, ...inner(leaf)]).flatMap(({ settings }) => (typeof settings['attribute'] === 'string' ? [settings['attribute']] : [])));

/** What the others of a small cohort may have reached for the same to be needed as was; the smallest that does. Undefined where nobody was ranked. */
export const othersFor = ({ rule, context, facts }: Recorded): readonly number[] | undefined => {
  const cohorts = cohortsOf(rule);
  const at = { course: context, learner: learnerContext(facts, rule.course) };
  const cutoffs = cohorts.map((node) => context.cutoffs.get(cohortKey(node)));
  if (cohorts.length === 0 || cutoffs.includes(undefined)) return undefined;
  const relevant = relevantFacts(rule, facts, at);
  const own = cohorts.map((node) => standingOf(node, relevant, at, context.clock));
  const fits = (others: readonly number[]): boolean => cohorts.every((node, i) => cutoffOf(node, [...others, ...(own[i] === undefined ? [] : [own[i]])]) === cutoffs[i]);
  const reached = cutoffs[0] ?? 0;
  for (let size = 0; size <= MAX_EVENTS; size++) {
    for (let best = 0; best <= size; best++) {
      const others = Array.from({ length: size }, (_none, i) => (i < best ? reached : 0));
      if (fits(others)) return others;
    }
  }
  return undefined;
};
