import type { Fact } from '#domain/facts.js';
import type { FactValues } from '#domain/learning-event.js';
import type { Unit } from '#domain/verdict.js';
import { courseCalendar, zoneOf } from './calendar.js';
import { UNKNOWN_LEARNER, type Circumstances, type LearnerContext } from './circumstances.js';
import { UNKNOWN_COURSE, type CourseContext } from './course-context.js';
import { kindOf } from './criteria/all.js';
import type { CriterionNode, Settings } from './criterion.js';
import { measureTree, takes } from './evaluate.js';
import type { Selector } from './selector.js';
import { compareFacts } from './sorted-facts.js';
import { NO_NAMES, type Names, type Words } from './words.js';

/* TEST SUPPORT: one criterion on facts that are written out; times are days of a course that starts on Monday 2026-03-02. */

export const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 2);

/** The instant so many days after the start of the course, epoch milliseconds. */
export const onDay = (days: number): number => START + Math.round(days * DAY);

/** A fact of activity `activity` at a moment, in days of the course. */
export const fact = (id: string, type: Fact['type'], activity: string | undefined, days: number, values: FactValues = {}): Fact => ({
  id, type, course: 'c', activity, occurrence: undefined, time: onDay(days), values, correctedBy: [],
});

/** What is known of the course, which has started, and of the learner. */
export const circumstances = (course: Partial<CourseContext> = {}, learner: Partial<LearnerContext> = {}, timezone = 'UTC'): Circumstances => ({
  course: { ...UNKNOWN_COURSE, zone: zoneOf(timezone), calendar: courseCalendar(START, timezone), ...course, offers: [...(course.offers ?? [])].sort(compareFacts) },
  learner: { ...UNKNOWN_LEARNER, ...learner },
});

/** A criterion as parsing makes it. */
export const nodeOf = (keyword: string, selector: Selector, settings: Settings): CriterionNode => ({
  keyword,
  selects: kindOf(keyword).selects?.(settings, selector, 'b') ?? [selector],
  settings,
});

interface Found {
  readonly met: boolean;
  readonly value: number;
  readonly needed: number;
  readonly unit: Unit;
  readonly evidence: readonly string[];
  readonly missing: Words;
}

/** What the criterion finds on a day, on the facts up to it. */
export const foundOn = (node: CriterionNode, facts: readonly Fact[], day: number, at = circumstances(), names: Names = NO_NAMES): Found => {
  const found = measureTree({ leaf: node }, facts.filter(({ time }) => time <= onDay(day)), at, onDay(day));
  const { met, value, needed, unit, evidence } = found;
  return { met, value, needed, unit, evidence, missing: kindOf(node.keyword).missing(node, found, names).text };
};

/** The days on which the criterion comes to hold and ceases to, by its tracker, in whatever order the facts come. */
export const flipsOf = (node: CriterionNode, facts: readonly Fact[], at = circumstances(), passing: readonly Fact[] = []): readonly number[] => {
  const taken = (list: readonly Fact[]): readonly Fact[] => list.filter((one) => takes(node, one, at));
  const [forth, back] = [facts, [...facts].reverse()].map((order) => {
    const tracker = kindOf(node.keyword).track(node);
    for (const one of taken([...passing, ...order])) tracker.insert(one, at);
    for (const one of taken(passing)) tracker.remove(one, at);
    const { initially, flips } = tracker.truth(node.settings, at);
    expect(initially).toBe(false);
    return flips.map((flip) => (flip - START) / DAY);
  });
  expect(back).toEqual(forth);
  return forth ?? [];
};
