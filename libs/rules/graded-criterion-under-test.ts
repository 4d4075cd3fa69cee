import type { Fact } from '#domain/facts.js';
import type { FactValues } from '#domain/learning-event.js';
import { courseCalendar } from './calendar.js';
import { UNKNOWN_LEARNER, type Circumstances, type LearnerContext } from './circumstances.js';
import { UNKNOWN_COURSE, type CourseContext } from './course-context.js';
import { kindOf } from './criteria/all.js';
import type { CriterionNode, Measure, Settings, Tracker } from './criterion.js';
import { takes } from './evaluate.js';
import { parseRule } from './parse.js';
import type { Selector } from './selector.js';
import { compareFacts } from './sorted-facts.js';
import type { Truth } from './truth.js';
import { NO_NAMES, type Missing, type Words } from './words.js';

/* TEST SUPPORT: one criterion on facts that are written out, of a course that begins on day 0. */

const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 2);

/** The instant so many days after the start of the course. */
export const onDay = (day: number): number => START + day * DAY;

export const fact = (id: string, day: number, more: Partial<Fact> = {}): Fact => ({
  id, type: 'AssignmentGraded', course: 'c', activity: undefined, occurrence: undefined, time: onDay(day), values: {}, correctedBy: [], ...more,
});

/** A grade in percent; of an activity where one is named. */
export const grade = (id: string, day: number, score: number | undefined, activity?: string, values: FactValues = {}): Fact =>
  fact(id, day, { activity, values: { ...(score !== undefined && { score }), max: 100, ...values } });

/** What a course publishes. */
export const published = (activity: string, values: FactValues = {}): Fact => fact(`o-${activity}`, 0, { type: 'AssignmentPublished', activity, values });

/** A learner in a course that has started. */
export const circumstances = (course: Partial<CourseContext> = {}, learner: Partial<LearnerContext> = {}): Circumstances => ({
  course: { ...UNKNOWN_COURSE, calendar: courseCalendar(START, 'UTC'), ...course },
  learner: { ...UNKNOWN_LEARNER, ...learner },
});

/** A criterion as the parser makes it; it selects grades where nothing else is said. */
export const leaf = (keyword: string, settings: Settings, select: Selector = { type: 'AssignmentGraded' }): CriterionNode => ({
  keyword, settings, selects: kindOf(keyword).selects?.(settings, select, 'b') ?? [select],
});

/** What it finds on a day; on all days where none is named. */
export const measure = (node: CriterionNode, facts: readonly Fact[], at = circumstances(), day = Infinity): Measure => {
  const now = onDay(day);
  const selected = facts.filter((one) => one.time <= now && takes(node, one, at)).sort(compareFacts);
  return kindOf(node.keyword).measure(node, selected, at, now);
};

/** Ids of the facts that count. */
export const ids = ({ evidence }: Measure): readonly string[] => evidence.map(({ id }) => id);

/** What is still needed. */
export const missing = (node: CriterionNode, facts: readonly Fact[], at = circumstances()): Missing => {
  const found = measure(node, facts, at);
  return kindOf(node.keyword).missing(node, { criterion: node.keyword, path: node.keyword, ...found, evidence: ids(found) }, NO_NAMES);
};

export const label = (node: CriterionNode): Words => kindOf(node.keyword).label(node, NO_NAMES);

/** The tracker after taking in, in the order given, the facts that the criterion takes. */
export const track = (node: CriterionNode, facts: readonly Fact[], at = circumstances()): Tracker => {
  const tracker = kindOf(node.keyword).track(node);
  for (const one of facts) if (takes(node, one, at)) tracker.insert(one, at);
  return tracker;
};

/** What holds at first, and the course days on which it changes. */
export const days = ({ initially, flips }: Truth): readonly (boolean | number)[] => [initially, ...flips.map((flip) => (flip - START) / DAY)];

/** The same of what a criterion says on facts that arrive in the order given. */
export const flips = (node: CriterionNode, facts: readonly Fact[], at = circumstances()): readonly (boolean | number)[] =>
  days(track(node, facts, at).truth(node.settings, at));

/** What a rule file with these criteria gets wrong, each with its line below `criteria:`. */
export const refusals = (criteria: string): readonly string[] => {
  const head = ['badge: b', 'name: { en: B }', 'criteria-text: { en: B }', 'course: c', 'decides: as-soon-as-met', 'when-corrected: keep', 'criteria:'];
  const lines = criteria.trim().split('\n').map((line) => `  ${line}`);
  const parsed = parseRule([...head, ...lines].join('\n'), 'r.yaml');
  return parsed.ok ? [] : parsed.diagnostics.map(({ line, message }) => `${line - head.length}: ${message}`);
};
