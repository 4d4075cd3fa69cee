import type { Award, AwardEvent } from '#domain/award.js';
import { award as awardDecider } from '#domain/award.js';
import { PERIOD } from '#awarding/decide-award.js';
import { fold } from '#domain/decider.js';
import { ProofmarkError } from '#domain/errors.js';
import { applyEvent, currentFacts, emptyFactBook, type Fact } from '#domain/facts.js';
import { awardId } from '#domain/ids.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { readLogEvent, type LogEvent } from '#domain/log-event.js';
import { awardStream, clockStream, courseStream, learnerStream, ruleStream } from '#domain/streams.js';
import type { CriterionVerdict, Verdict } from '#domain/verdict.js';
import type { EngineConfig } from '#engine/config.js';
import type { EventStore } from '#event-store/event-store.js';
import { evolveCourse, unknownCourse, type CourseContext } from '#rules/course-context.js';
import { closingTime, verdictOf } from '#rules/evaluate.js';
import { judge } from '#rules/progress.js';
import type { Rule } from '#rules/rule.js';
import { EXIT } from './exit-codes.js';
import { withReadView } from './read-view.js';

export interface ExplainOptions {
  readonly config: EngineConfig;
  readonly learner: string;
  readonly badge: string;
  readonly json: boolean;
}

/** Why a learner has, or does not have, a badge. */
interface Explanation {
  readonly learner: string;
  readonly badge: string;
  readonly rule: { readonly version: number; readonly hash: string };
  readonly award: Award;
  /** On the facts as they are now. */
  readonly verdict: Verdict;
  readonly earnedAt?: string;
  /** When an at-close rule will decide, where that is known and yet to come. */
  readonly decidesAt?: string;
  readonly evidence: readonly Fact[];
}

const eventsOf = async (store: EventStore, stream: string): Promise<readonly LogEvent[]> =>
  (await store.readStream(stream)).map(({ type, schema, json }) => readLogEvent(type, schema, json));

const contextOf = async (store: EventStore, tenant: string, course: string): Promise<CourseContext> => {
  const state = unknownCourse();
  for (const stream of [courseStream(tenant, course), clockStream(tenant, course)]) {
    for (const event of await eventsOf(store, stream)) evolveCourse(state, event as Parameters<typeof evolveCourse>[1]);
  }
  return state.context;
};

const explain = async (store: EventStore, tenant: string, learner: string, badge: string): Promise<Explanation> => {
  const versions = (await eventsOf(store, ruleStream(tenant, badge))).filter((event) => event.type === 'RulePublished');
  const learned = await eventsOf(store, learnerStream(tenant, learner));
  if (versions.length === 0) throw new ProofmarkError('NOT_FOUND', `No rule was published for badge "${badge}".`);
  if (learned.length === 0) throw new ProofmarkError('NOT_FOUND', `Nothing is recorded about learner "${learner}".`);
  const award = fold(awardDecider, (await eventsOf(store, awardStream(awardId(tenant, learner, badge, PERIOD)))) as AwardEvent[]);
  // An award is explained by the version that it was granted under.
  const number = award.status === 'none' ? undefined : award.rule.version;
  const published = versions.find(({ version }) => version === number) ?? versions.at(-1);
  if (!published) throw new ProofmarkError('NOT_FOUND', `No rule was published for badge "${badge}".`);
  const rule = published.document as Rule;
  const book = emptyFactBook();
  for (const event of learned) applyEvent(book, event as LearningEvent);
  const facts = [...currentFacts(book)];
  const course = await contextOf(store, tenant, rule.course);
  const outcome = judge(rule, facts, course);
  const verdict = verdictOf(rule, outcome, facts, course);
  const closing = closingTime(rule, course);
  const counted = new Set(leavesOf(verdict.root).flatMap(({ evidence }) => evidence));
  return {
    learner,
    badge,
    rule: { version: published.version, hash: published.hash },
    award,
    verdict,
    ...(outcome.earnedAt !== undefined && { earnedAt: iso(outcome.earnedAt) }),
    ...(!verdict.decided && closing !== undefined && { decidesAt: iso(closing) }),
    evidence: facts.filter(({ id }) => counted.has(id)).sort((a, b) => a.time - b.time),
  };
};

const iso = (time: number): string => new Date(time).toISOString();
const leavesOf = (criterion: CriterionVerdict): readonly CriterionVerdict[] =>
  criterion.parts ? criterion.parts.flatMap(leavesOf) : [criterion];

const MAX_EVIDENCE_LINES = 40;

const valueOf = ({ values }: Fact): string => {
  if (values.score !== undefined) return `${values.score} of ${values.max ?? '?'}`;
  return values.status ?? values.tags?.join(', ') ?? '';
};

const printTree = (criterion: CriterionVerdict, depth: number): void => {
  const numbers = `${Number(criterion.value.toFixed(2))} of ${criterion.needed}${criterion.unit === 'percent' ? ' %' : ` ${criterion.unit}`}`;
  console.log(`${'  '.repeat(depth)}${criterion.met ? '✓' : '○'} ${criterion.path}   ${numbers}`);
  for (const part of criterion.parts ?? []) printTree(part, depth + 1);
};

const print = ({ learner, badge, rule, award, verdict, earnedAt, decidesAt, evidence }: Explanation): void => {
  console.log(`badge ${badge}, learner ${learner}, rule version ${rule.version} (${rule.hash.slice(0, 12)}…)`);
  console.log(`award: ${award.status === 'none' ? 'none' : `${award.status}, earned ${iso(award.earnedAt)}`}`);
  if (verdict.met) console.log(`The facts support it${earnedAt ? `, earned ${earnedAt}` : ''}.`);
  else if (!verdict.decided) console.log(`Not decided yet${decidesAt ? `; it is decided on ${decidesAt}` : ''}. As things stand:`);
  else console.log('The facts do not support it:');
  printTree(verdict.root, 1);
  if (evidence.length > 0) console.log(`Facts that count (${evidence.length}):`);
  for (const fact of evidence.slice(0, MAX_EVIDENCE_LINES)) {
    const corrected = fact.correctedBy.length > 0 ? `   corrected by ${fact.correctedBy.join(', ')}` : '';
    console.log(`  ${iso(fact.time)}  ${fact.type.padEnd(20)} ${(fact.activity ?? '').padEnd(12)} ${valueOf(fact).padEnd(12)} ${fact.id}${corrected}`);
  }
  if (evidence.length > MAX_EVIDENCE_LINES) console.log(`  … and ${evidence.length - MAX_EVIDENCE_LINES} more; --json lists all`);
};

/** Prints why a learner has a badge, or what is missing, criterion by criterion, with the facts that count. */
export const explainBadge = async ({ config, learner, badge, json }: ExplainOptions): Promise<number> =>
  withReadView(config, async ({ store }) => {
    const explanation = await explain(store, config.tenant, learner, badge);
    if (json) console.log(JSON.stringify(explanation, null, 2));
    else print(explanation);
    return EXIT.ok;
  });
