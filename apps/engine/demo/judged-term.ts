import { openSchool, type Worker } from '#awarding/awarding-under-test.js';
import { award as awardDecider, type AwardEvent, type AwardState } from '#domain/award.js';
import { fold } from '#domain/decider.js';
import { readLogEvent, type CohortRanked } from '#domain/log-event.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { inMemoryLog } from '#projections/in-memory-log.js';
import type { Rule } from '#rules/rule.js';
import type { WireEvent } from './wire-event.js';

/* TEST SUPPORT: what becomes of the demo term, decided as the engine does. */

/** An award and all that happened to it. */
export interface JudgedAward {
  readonly learner: string;
  readonly badge: string;
  /** '' for a badge that is earned once. */
  readonly period: string;
  readonly status: AwardState;
  readonly history: readonly AwardEvent[];
}

/** The awards, and the rankings of cohorts, after each part of the term and at last. */
export interface JudgedTerm {
  readonly after: readonly (readonly JudgedAward[])[];
  readonly rankings: readonly CohortRanked[];
}

/** The event of the log that a delivery becomes. */
export const read = (event: unknown): LearningEvent => {
  const mapped = readProofmark(event);
  const [own] = mapped.ok ? mapped.events : [];
  if (!own) throw new Error(mapped.ok ? 'no event' : mapped.detail);
  return own;
};

/** Sends the parts one after another, repeated deliveries once, and lets time pass up to `now` after each. */
export const judge = async (rules: readonly Rule[], parts: readonly (readonly WireEvent[])[], now: number): Promise<JudgedTerm> => {
  const school = await openSchool(inMemoryLog(), 'demo');
  for (const rule of rules) await school.publish(rule);
  const known = new Set<string>();
  const after: (readonly JudgedAward[])[] = [];
  let worker: Worker | undefined;
  try {
    for (const part of parts) {
      const fresh = part.filter(({ source, id }) => !known.has(`${source}/${id}`) && known.add(`${source}/${id}`));
      await school.record(...fresh.map(read));
      worker ??= school.work({ now: () => now }); // in large batches, since the first part is there
      await pass(worker);
      after.push(awardsIn((await school.awardLog()).map(({ type, schema, json }) => readLogEvent(type, schema, json) as AwardEvent)));
    }
    const courses = new Set(rules.map(({ course }) => course));
    return { after, rankings: (await Promise.all([...courses].map(school.rankings))).flat() };
  } finally {
    await worker?.stop();
  }
};

/** What is decided at one moment may wait for the next. */
const pass = async (worker: Worker): Promise<void> => {
  do await worker.caughtUp();
  while ((await worker.awarding.recordClosings(0)) > 0);
};

const awardsIn = (log: readonly AwardEvent[]): readonly JudgedAward[] => {
  const histories = new Map<string, AwardEvent[]>();
  for (const event of log) {
    const history = histories.get(event.award);
    if (history) history.push(event);
    else histories.set(event.award, [event]);
  }
  return [...histories.values()].flatMap((history): readonly JudgedAward[] => {
    const award = fold(awardDecider, history);
    if (award.status === 'none') return [];
    const { learner, badge, period, status } = award;
    return [{ learner, badge, period, status, history }];
  });
};
