import type { Fact } from '#domain/facts.js';
import type { CriterionVerdict } from '#domain/verdict.js';
import { courseCalendar, zoneOf } from '../calendar.js';
import { learnerContext, type Circumstances } from '../circumstances.js';
import { UNKNOWN_COURSE, type CourseContext } from '../course-context.js';
import type { CriterionNode, Tracker } from '../criterion.js';
import { formatDiagnostic } from '../diagnostic.js';
import { leavesOf, measureTree, takes } from '../evaluate.js';
import { parseRule } from '../parse.js';
import { NO_NAMES, type Missing, type Names, type Words } from '../words.js';
import { kindOf } from './all.js';

/* TEST SUPPORT: one leaf criterion as its author writes it, on facts that are written out. */

const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 2);

/** The instant so many days after the course starts; course day 0 begins at 0. */
export const day = (number: number): number => START + number * DAY;

const ruleText = (criterion: string): string =>
  `badge: own\nname: { en: Own }\ncriteria-text: { en: Own }\ncourse: c\ndecides: { at-close: course }\nwhen-corrected: revoke\ncriteria: ${criterion}\n`;

/** The leaf of a rule for the badge "own"; throws what is wrong with it. */
export const leafOf = (criterion: string): CriterionNode => {
  const parsed = parseRule(ruleText(criterion), 'own.yaml');
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  const [leaf] = leavesOf(parsed.rule.criteria);
  if (!leaf) throw new Error('no leaf');
  return leaf;
};

/** A fact of course c on a day. */
export const fact = (type: Fact['type'], id: string, onDay: number, more: Partial<Fact> = {}): Fact => ({
  id, type, course: 'c', activity: undefined, occurrence: undefined, time: day(onDay), values: {}, correctedBy: [], ...more,
});

/** A course that starts on day 0 in UTC, of which more or less is known. */
export const course = (more: Partial<CourseContext> = {}): CourseContext => ({
  ...UNKNOWN_COURSE, zone: zoneOf('UTC'), calendar: courseCalendar(START, 'UTC'), ...more,
});

const inCourse = (facts: readonly Fact[], context: CourseContext): Circumstances => ({ course: context, learner: learnerContext(facts, 'c') });

/** What the leaf finds on a day, on the facts up to then. */
export const found = (leaf: CriterionNode, facts: readonly Fact[], onDay: number, context = course()): CriterionVerdict =>
  measureTree({ leaf }, facts.filter(({ time }) => time <= day(onDay)), inCourse(facts, context), day(onDay));

/** Follows the facts in the order in which they are given. */
export const followed = (leaf: CriterionNode, facts: readonly Fact[], context = course()): Tracker => {
  const at = inCourse(facts, context);
  const tracker = kindOf(leaf.keyword).track(leaf);
  for (const one of facts) if (takes(leaf, one, at)) tracker.insert(one, at);
  return tracker;
};

/** Whether it holds at first, and the days on which that changes, as the tracker says. */
export const flips = (leaf: CriterionNode, facts: readonly Fact[], context = course(), tracker = followed(leaf, facts, context)): readonly (boolean | number)[] => {
  const { initially, flips: times } = tracker.truth(leaf.settings, inCourse(facts, context));
  return [initially, ...times.map((time) => (time - START) / DAY)];
};

export const missing = (leaf: CriterionNode, verdict: CriterionVerdict, names: Names = NO_NAMES): Missing => kindOf(leaf.keyword).missing(leaf, verdict, names);

export const label = (leaf: CriterionNode, names: Names = NO_NAMES): Words => kindOf(leaf.keyword).label(leaf, names);
