import type { Award, AwardEvent } from '#domain/award.js';
import type { CriterionVerdict } from '#domain/verdict.js';
import { asWritten, isAt, written, type CaseDays } from '#rules/cases/case-time.js';
import { CASE_SOURCE, eventsOf } from '#rules/cases/case-events.js';
import type { ExpectedTrace, RuleCase } from '#rules/cases/cases-shape.js';
import { nearest } from '#rules/diagnostic.js';
import { measureTree, referenceOutcome } from '#rules/evaluate.js';
import { progressOf, type CriterionProgress } from '#rules/explain.js';
import { evaluateLive, judgementsOf, type Evaluate, type Judgement } from '#rules/judge.js';
import type { Rule } from '#rules/rule.js';
import { toldAmounts } from '#rules/told-amounts.js';
import { NO_NAMES } from '#rules/words.js';
import { playCase, type CaseTerm } from './case-term.js';

/** Something that came out otherwise than expected. */
export interface CaseFailure {
  /** What: "awarded", "earned", or a place in the rule with what its trace says there. */
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

/** What came of an example case. */
export interface CaseResult {
  readonly case: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly passed: boolean;
  readonly failures: readonly CaseFailure[];
  readonly award: { readonly status: Award['status']; readonly period: string; readonly earned?: string; readonly validUntil?: string };
  /** What happened to the award, in words of the log, each with its moment. */
  readonly history: readonly { readonly type: AwardEvent['type']; readonly at: string }[];
  /** The trace in words. */
  readonly criteria: CriterionProgress;
}

const referenceEvaluate: Evaluate = (rule, facts, at) => ({ outcome: referenceOutcome(rule, facts, at), wakeAt: Infinity });

const asText = (judgements: readonly Judgement[], days: CaseDays): string =>
  judgements
    .map(({ period, outcome: { supported, earnedAt }, validUntil }) =>
      [period, supported ? 'supported' : 'not supported', earnedAt, validUntil].flatMap((part) => (part === undefined || part === '' ? [] : typeof part === 'number' ? written(part, days) : part)).join(' '),
    )
    .join('; ');

/** The period that a case speaks of: the one that it names, else one that is awarded, else the last. */
const periodOfInterest = (named: string | undefined, { awards }: CaseTerm, judgements: readonly Judgement[]): string => {
  if (named !== undefined) return named;
  const [active] = [...awards].find(([, award]) => award.status === 'active') ?? [];
  return active ?? [...awards.keys()].at(-1) ?? judgements.at(-1)?.period ?? '';
};

/** A trace and those of its parts. */
export const tracesIn = (verdict: CriterionVerdict): readonly CriterionVerdict[] => [verdict, ...(verdict.parts ?? []).flatMap(tracesIn)];

/** Values are shown with two decimals; what differs in a later one, and what is shown, is equal. */
export const SAME = 0.005;

const shortId = (id: string): string => (id.startsWith(`${CASE_SOURCE}/`) ? id.slice(CASE_SOURCE.length + 1) : id);

const traceFailures = (path: string, expected: ExpectedTrace, found: CriterionVerdict): readonly CaseFailure[] => {
  const failures: CaseFailure[] = [];
  const differs = (what: string, wanted: unknown, actual: unknown): void =>
    void failures.push({ what: `${path}: ${what}`, expected: String(wanted), actual: String(actual) });
  if (expected.met !== undefined && expected.met !== found.met) differs('met', expected.met, found.met);
  const told = toldAmounts(found);
  for (const amount of ['value', 'needed'] as const) {
    const wanted = expected[amount];
    if (wanted !== undefined && wanted !== told[amount] && Math.abs(wanted - found[amount]) > SAME) differs(amount, wanted, found[amount]);
  }
  if (expected.evidence) {
    const wanted = [...expected.evidence].sort().join(', ') || 'none';
    const actual = found.evidence.map(shortId).sort().join(', ') || 'none';
    if (wanted !== actual) differs('evidence', wanted, actual);
  }
  return failures;
};

/** What comes of a case by the evaluator that runs live. */
export interface PlayedCase {
  readonly days: CaseDays;
  readonly term: CaseTerm;
  /** All that an expectation may be about. */
  readonly periods: readonly string[];
  readonly live: readonly Judgement[];
  readonly period: string;
  readonly award: Award;
  /** The trace of the period. */
  readonly root: CriterionVerdict;
}

/** Plays a case out, whatever its author expects. */
export const playOut = (rule: Rule, one: RuleCase): PlayedCase => {
  const { expect } = one;
  const events = eventsOf(one, rule);
  const term = playCase(rule, events);
  const { facts, at, awards } = term;
  const periods = [...awards.keys(), ...(expect.period === undefined ? [] : [expect.period])];
  const live = judgementsOf(rule, facts, at, evaluateLive, periods);
  const period = periodOfInterest(expect.period, term, live);
  const judgement = live.find((judged) => judged.period === period);
  const root = judgement?.verdict().root ?? measureTree(rule.criteria, [], at, at.course.clock);
  return { days: events.days, term, periods, live, period, award: awards.get(period) ?? { status: 'none' }, root };
};

/** What happens to the awards of a rule in a case, held against what its author expects, by both evaluators. */
export const runCase = (rule: Rule, one: RuleCase, file: string): CaseResult => {
  const { expect } = one;
  const { days, term: { facts, at, history }, periods, live, period, award, root } = playOut(rule, one);
  const failures: CaseFailure[] = [];
  const check = (what: string, expected: string, actual: string): void => {
    if (expected !== actual) failures.push({ what, expected, actual });
  };
  const moment = (what: string, expected: Parameters<typeof asWritten>[0] | undefined, actual: number | undefined): void => {
    if (!expected || (actual !== undefined && isAt(expected, actual, days))) return;
    failures.push({ what, expected: asWritten(expected, days), actual: actual === undefined ? 'never' : written(actual, days) });
  };
  const granted = award.status === 'none' ? undefined : award;

  check('awarded', String(expect.awarded), String(award.status === 'active'));
  if (expect.award) check('award', expect.award, award.status);
  moment('earned', expect.earned, granted?.earnedAt);
  moment('valid-until', expect['valid-until'], granted?.validUntil);
  if (expect.period !== undefined && !live.some((judgement) => judgement.period === expect.period)) {
    const others = live.map((judgement) => judgement.period).sort().join(', ');
    failures.push({ what: 'period', expected: expect.period, actual: rule.recurs ? `no such period; there are ${others || 'none'}` : 'the badge does not recur' });
  }

  const traces = new Map(tracesIn(root).map((trace) => [trace.path, trace]));
  for (const [path, expected] of expect.criteria ?? []) {
    const found = traces.get(path);
    const meant = found ? undefined : nearest(path, [...traces.keys()]);
    if (found) failures.push(...traceFailures(path, expected, found));
    else failures.push({ what: path, expected: 'a criterion', actual: `there is none; ${meant ? `did you mean "${meant}"?` : `there are ${[...traces.keys()].join(', ')}`}` });
  }
  check('both evaluators agree', asText(judgementsOf(rule, facts, at, referenceEvaluate, periods), days), asText(live, days));

  return {
    case: one.case,
    file,
    ...one.place,
    passed: failures.length === 0,
    failures,
    award: {
      status: award.status,
      period,
      ...(granted && { earned: written(granted.earnedAt, days) }),
      ...(granted?.validUntil !== undefined && { validUntil: written(granted.validUntil, days) }),
    },
    history: history.map(({ type, decidedAt }) => ({ type, at: written(decidedAt, days) })),
    criteria: progressOf(rule.criteria, root, NO_NAMES),
  };
};
