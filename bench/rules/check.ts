import { isDeepStrictEqual } from 'node:util';
import { isCorrection, type FactValues } from '#domain/learning-event.js';
import type { Fact } from '#domain/facts.js';
import { referenceOutcome, verdictOf } from '#rules/evaluate.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { EngineUnderTest } from './proofmark.js';
import { inCourse, type LearnerEvent } from './workload.js';

/** What the check found. */
export interface Checked {
  readonly learners: number;
  /** Pairs of a learner and a rule of a course that the learner has facts in. */
  readonly outcomes: number;
  readonly supported: number;
  /** The first differences, in words; none is what is wanted. */
  readonly wrong: readonly string[];
}

const MAX_WRONG = 10;
const byTimeAndId = (a: LearnerEvent, b: LearnerEvent): number => (a.time ?? 0) - (b.time ?? 0) || (a.id < b.id ? -1 : 1);

/** A learner's facts, found the plain way: all events at hand, then the corrections in the order of their times. */
const factsOf = (events: readonly LearnerEvent[]): readonly Fact[] => {
  const facts = new Map<string, { fact: Fact; retracted: boolean }>();
  for (const event of events) {
    if (isCorrection(event)) continue;
    const { type, course, activity, occurrence, time } = event;
    const id = `${event.source}/${event.id}`;
    facts.set(id, { retracted: false, fact: { id, type, course, activity, occurrence, time, values: event, correctedBy: [] } });
  }
  for (const event of events.filter(isCorrection).sort(byTimeAndId)) {
    const target = facts.get(`${event.source}/${event.target}`);
    if (!target) continue;
    target.retracted = event.type === 'FactRetracted';
    const { changes } = event;
    if (!changes) continue;
    const values: FactValues = { ...target.fact.values, ...changes };
    target.fact = { ...target.fact, time: changes.time ?? target.fact.time, values };
  }
  return [...facts.values()].filter(({ retracted }) => !retracted).map(({ fact }) => fact);
};

/**
 * Holds the engine's outcomes and awards of some learners against the reference evaluator, on facts that were found
 * another way. It stops after some seconds, since the reference tries every moment, but not before the first learner.
 */
export const check = (
  engine: EngineUnderTest,
  rules: readonly LiveRule[],
  eventsOf: ReadonlyMap<string, readonly LearnerEvent[]>,
  seconds: number,
): Checked => {
  const wrong: string[] = [];
  let [learners, outcomes, supported] = [0, 0, 0];
  const deadline = performance.now() + seconds * 1000;
  for (const [learner, events] of eventsOf) {
    if (learners > 0 && performance.now() > deadline) break;
    learners += 1;
    const facts = factsOf(events);
    const held = new Set([...engine.facts(learner)].map(({ id }) => id));
    if (held.size !== facts.length || facts.some(({ id }) => !held.has(id))) wrong.push(`${learner}: other facts are held`);
    const ofCourse = new Map<string, Fact[]>();
    for (const fact of facts) ofCourse.set(fact.course, [...(ofCourse.get(fact.course) ?? []), fact]);
    for (const rule of rules) {
      const known = ofCourse.get(rule.rule.course);
      const at = inCourse(rule.rule.course);
      const found = engine.outcome(learner, rule);
      const expected = known ? referenceOutcome(rule.rule, known, at) : { supported: false };
      if (known) outcomes += 1;
      if (expected.supported) supported += 1;
      const pair = `${learner}, ${rule.rule.badge}`;
      if (!isDeepStrictEqual(found, expected)) {
        wrong.push(`${pair}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
        continue;
      }
      const award = engine.award(learner, rule);
      const active = award.status === 'active' && award.verdict.met;
      if (active !== expected.supported) wrong.push(`${pair}: the award is ${award.status}, the outcome ${JSON.stringify(expected)}`);
      if (!active || !known) continue;
      const verdict = verdictOf(rule.rule, expected, known, at);
      if (award.earnedAt !== expected.earnedAt || !isDeepStrictEqual(award.verdict, verdict)) wrong.push(`${pair}: the award states another trace`);
    }
  }
  return { learners, outcomes, supported, wrong: wrong.slice(0, MAX_WRONG) };
};
