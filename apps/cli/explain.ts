import { explain, type Explanation } from '#awarding/explain.js';
import type { Fact } from '#domain/facts.js';
import type { EngineConfig } from '#engine/config.js';
import { isoTime } from '#projections/timeline-view.js';
import { askedLearner } from './asked-learner.js';
import { criteriaLines } from './criteria-lines.js';
import { EXIT } from './exit-codes.js';
import { withReadView } from './read-view.js';

export interface ExplainOptions {
  readonly config: EngineConfig;
  readonly learner: string;
  readonly badge: string;
  readonly period?: string;
  readonly json: boolean;
}

const MAX_EVIDENCE_LINES = 40;

const valueOf = ({ values }: Fact): string => {
  if (values.score !== undefined) return `${values.score} of ${values.max ?? '?'}`;
  return values.status ?? values.tags?.join(', ') ?? '';
};

const stateOf = ({ verdict, earnedAt, validUntil, decidesAt }: Explanation): string => {
  const expires = validUntil === undefined ? '' : `, valid until ${isoTime(validUntil)}`;
  if (verdict.met) return `The facts support it${earnedAt === undefined ? '' : `, earned ${isoTime(earnedAt)}`}${expires}.`;
  if (verdict.decided) return 'The facts do not support it:';
  return `Not decided yet${decidesAt === undefined ? '' : `; it is decided on ${isoTime(decidesAt)}`}. As things stand:`;
};

const print = (explanation: Explanation): void => {
  const { learner, badge, period, rule, award, criteria, remaining, evidence, replay } = explanation;
  console.log(`badge ${badge}${period && `, period ${period}`}, learner ${learner}, rule version ${rule.version} (${rule.hash.slice(0, 12)}…)`);
  console.log(`award: ${award.status === 'none' ? 'none' : `${award.status}, earned ${isoTime(award.earnedAt)}`}`);
  console.log(stateOf(explanation));
  for (const line of criteriaLines(criteria, { missing: true })) console.log(`  ${line}`);
  if (remaining.steps.length > 0) {
    console.log(remaining.possible ? 'The least that is still to do:' : 'What stands in the way:');
    for (const { text, path } of remaining.steps) console.log(`  - ${text.en}   [${path}]`);
  }
  if (evidence.length > 0) console.log(`Facts that count (${evidence.length}):`);
  for (const fact of evidence.slice(0, MAX_EVIDENCE_LINES)) {
    const corrected = fact.correctedBy.length > 0 ? `   corrected by ${fact.correctedBy.join(', ')}` : '';
    console.log(`  ${isoTime(fact.time)}  ${fact.type.padEnd(20)} ${(fact.activity ?? '').padEnd(12)} ${valueOf(fact).padEnd(12)} ${fact.id}${corrected}`);
  }
  if (evidence.length > MAX_EVIDENCE_LINES) console.log(`  … and ${evidence.length - MAX_EVIDENCE_LINES} more; --json lists all`);
  if (replay) {
    const result = replay.same ? 'gives the same trace, byte for byte' : 'GIVES ANOTHER TRACE; report this as a defect';
    console.log(`Replay of ${replay.event} on the log up to position ${replay.basis}: ${result}.`);
  }
};

/** Prints why a learner has a badge, or what is missing, criterion by criterion, with the facts that count. */
export const explainBadge = async ({ config, learner, badge, period, json }: ExplainOptions): Promise<number> =>
  withReadView(config, async ({ store }) => {
    const asked = { tenant: config.tenant, learner: await askedLearner(config, learner), badge, now: Date.now(), ...(period !== undefined && { period }) };
    const explanation = await explain(store, asked);
    if (json) console.log(JSON.stringify(explanation, null, 2));
    else print(explanation);
    return explanation.replay?.same === false ? EXIT.failed : EXIT.ok;
  });
