import type { AwardEvent, RuleReference } from '#domain/award.js';
import { applyEvent, currentFacts, emptyFactBook, type Fact } from '#domain/facts.js';
import type { CorrectionEvent, LearnerFactEvent } from '#domain/learning-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { evidenceOf, type CriterionVerdict, type Unit } from '#domain/verdict.js';
import type { CourseContext } from '#rules/course-context.js';
import { closingTime, isDecided, verdictOf } from '#rules/evaluate.js';
import { judge } from '#rules/progress.js';
import type { Criterion, LocalizedText, Rule } from '#rules/rule.js';
import type { LiveRule } from '#rules/rulebook.js';
import { labelOf, missingOf, type Missing, type TitleOf, type Words } from './criterion-words.js';
import { timelineOf, type CountsFor, type PlacedEvent, type TimelineEntry } from './timeline-view.js';

/** A row of the learner's timeline: an event of the learner's stream or awards as recorded. */
export interface TimelineRow {
  readonly position: number;
  readonly time: number;
  /** Null for what names no course. */
  readonly course: string | null;
  readonly type: string;
  readonly schema: number;
  /** The event's JSON. */
  readonly entry: string;
}

/** What the register says of one award. */
export interface AwardRow {
  readonly award: string;
  readonly badge: string;
  readonly course: string;
  readonly status: 'active' | 'suspended' | 'revoked';
  readonly earnedAt: number;
  readonly awardedAt: number;
  readonly decidedAt: number;
  readonly decidedByPerson: boolean | number;
  readonly cause: { readonly kind: string; readonly reason: string };
  readonly evidence: readonly string[];
}

/** What a course's own streams say, as far as a growth path needs it. */
export interface CourseOutline {
  readonly context: CourseContext;
  /** Names of its sessions, assignments and missions. */
  readonly titles: ReadonlyMap<string, string>;
}

/** Everything that a growth path is worked out from. */
export interface GrowthPathInput {
  readonly rows: readonly TimelineRow[];
  /** One live version a badge. */
  readonly rules: readonly LiveRule[];
  readonly courseOf: (course: string) => CourseOutline;
  readonly awards: readonly AwardRow[];
}

/** One criterion of a badge, as far as the learner has come. */
export interface CriterionProgress {
  readonly path: string;
  readonly label: Words;
  readonly value: number;
  readonly needed: number;
  readonly unit: Unit;
  readonly met: boolean;
  /** Null where it is met. */
  readonly missing: Missing | null;
  readonly parts?: readonly CriterionProgress[];
}

/** A badge that the learner can earn, with what is still missing. */
export interface BadgeInReach {
  readonly badge: string;
  readonly name: LocalizedText;
  readonly criteriaText: LocalizedText;
  readonly course: string;
  readonly rule: RuleReference;
  readonly decides: Rule['decides']['mode'];
  /** When an at-close rule decides, epoch milliseconds, as far as it is known. */
  readonly closesAt?: number;
  /** An at-close rule has decided: only a correction can still change it. */
  readonly closed: boolean;
  /** All is met; the award follows when it is decided. */
  readonly met: boolean;
  readonly criteriaMet: number;
  readonly criteriaTotal: number;
  /** How close it is, from 0 to 1. */
  readonly closeness: number;
  readonly criteria: readonly CriterionProgress[];
  /** An award of it that is suspended or was revoked. */
  readonly award?: { readonly award: string; readonly status: 'suspended' | 'revoked' };
}

/** A badge that was awarded, whatever became of the award. */
export interface EarnedBadge {
  readonly award: string;
  readonly badge: string;
  readonly name: LocalizedText;
  readonly course: string;
  readonly status: AwardRow['status'];
  readonly earnedAt: number;
  /** Why it is suspended or revoked. */
  readonly reason?: string;
  readonly decidedAt: number;
}

/** One learner's progress: what happened, what is earned, what is in reach and still missing. */
export interface GrowthPath {
  readonly timeline: readonly TimelineEntry[];
  readonly badges: { readonly earned: readonly EarnedBadge[]; readonly inReach: readonly BadgeInReach[] };
}

interface Rows {
  readonly learning: PlacedEvent<LearnerFactEvent | CorrectionEvent>[];
  readonly awards: PlacedEvent<AwardEvent>[];
}

const AWARD_TYPES: ReadonlySet<string> = new Set<AwardEvent['type']>([
  'BadgeAwarded', 'AwardAmended', 'AwardKept', 'AwardSuspended', 'AwardReinstated', 'AwardRevoked',
]);

const readRows = (rows: readonly TimelineRow[]): Rows => {
  const read: Rows = { learning: [], awards: [] };
  for (const { position, time, type, schema, entry } of rows) {
    const event = readLogEvent(type, schema, entry);
    if (AWARD_TYPES.has(type)) read.awards.push({ position, time, event: event as AwardEvent });
    else read.learning.push({ position, time, event: event as LearnerFactEvent | CorrectionEvent });
  }
  return read;
};

const factsOf = ({ learning }: Rows): { readonly current: ReadonlyMap<string, Fact>; readonly withdrawn: ReadonlySet<string> } => {
  const book = emptyFactBook();
  for (const { event } of learning) applyEvent(book, event);
  const current = new Map<string, Fact>();
  for (const fact of currentFacts(book)) current.set(fact.id, fact);
  const withdrawn = new Set<string>();
  for (const { id, base, current: holds } of book.histories.values()) if (base && !holds) withdrawn.add(id);
  return { current, withdrawn };
};

/** From 0 to 1: the mean over what must hold together, the best of what can stand for each other. */
const closenessOf = ({ criterion, met, value, needed, parts }: CriterionVerdict): number => {
  if (met) return 1;
  if (!parts) return needed > 0 ? Math.min(0.99, Math.max(0, value / needed)) : 0;
  if (criterion === 'not') return 0;
  // What must merely not happen brings nobody closer.
  const positive = parts.filter((part) => !part.met || part.needed > 0);
  const all = (positive.length > 0 ? positive : parts).map(closenessOf);
  return criterion === 'any' ? Math.max(...all) : all.reduce((sum, part) => sum + part, 0) / all.length;
};

const progressOf = (criterion: Criterion, verdict: CriterionVerdict, titleOf: TitleOf): CriterionProgress => {
  const { path, value, needed, unit, met } = verdict;
  return {
    path,
    label: labelOf(criterion, verdict, titleOf),
    value: Math.round(value * 100) / 100,
    needed,
    unit,
    met,
    missing: met ? null : missingOf(criterion, verdict),
    ...('parts' in criterion && { parts: partsOf(criterion, verdict, titleOf) }),
  };
};

const partsOf = (criterion: Extract<Criterion, { parts: unknown }>, verdict: CriterionVerdict, titleOf: TitleOf): readonly CriterionProgress[] =>
  (verdict.parts ?? []).flatMap((part, i) => {
    const node = criterion.parts[i];
    return node ? [progressOf(node, part, titleOf)] : [];
  });

/** The conditions that must all hold: the parts of an "all" at the root, else the root alone. */
const conditionsOf = (rule: Rule, root: CriterionVerdict, titleOf: TitleOf): readonly CriterionProgress[] =>
  'group' in rule.criteria && rule.criteria.group === 'all' ? partsOf(rule.criteria, root, titleOf) : [progressOf(rule.criteria, root, titleOf)];

interface Reach {
  readonly badge: BadgeInReach;
  readonly evidence: readonly string[];
}

const reach = ({ rule, reference }: LiveRule, facts: Iterable<Fact>, { context, titles }: CourseOutline, award: AwardRow | undefined): Reach => {
  const verdict = verdictOf(rule, judge(rule, facts, context), facts, context);
  const criteria = conditionsOf(rule, verdict.root, (activity) => titles.get(activity));
  const closesAt = closingTime(rule, context);
  const badge: BadgeInReach = {
    badge: rule.badge,
    name: rule.name,
    criteriaText: rule.criteriaText,
    course: rule.course,
    rule: reference,
    decides: rule.decides.mode,
    ...(closesAt !== undefined && { closesAt }),
    closed: rule.decides.mode === 'at-close' && isDecided(rule, context),
    met: verdict.root.met,
    criteriaMet: criteria.filter(({ met }) => met).length,
    criteriaTotal: criteria.length,
    closeness: Math.round(closenessOf(verdict.root) * 100) / 100,
    criteria,
    ...(award && award.status !== 'active' && { award: { award: award.award, status: award.status } }),
  };
  return { badge, evidence: evidenceOf(verdict) };
};

const byCloseness = ({ badge: a }: Reach, { badge: b }: Reach): number =>
  Number(a.closed) - Number(b.closed) || b.closeness - a.closeness || b.criteriaMet - a.criteriaMet || (a.badge < b.badge ? -1 : 1);

const evidenceIndex = (awards: readonly AwardRow[], inReach: readonly Reach[]): ReadonlyMap<string, readonly CountsFor[]> => {
  const index = new Map<string, CountsFor[]>();
  const add = (ids: readonly string[], counts: CountsFor): void => {
    for (const id of ids) {
      const known = index.get(id);
      if (known) known.push(counts);
      else index.set(id, [counts]);
    }
  };
  for (const { badge, status, evidence } of awards) if (status === 'active') add(evidence, { badge, state: 'earned' });
  for (const { badge, evidence } of inReach) add(evidence, { badge: badge.badge, state: 'in-reach' });
  return index;
};

const earned = (award: AwardRow, rule: Rule | undefined): EarnedBadge => {
  const { status, badge } = award;
  return {
    award: award.award,
    badge,
    name: rule?.name ?? { en: badge },
    course: award.course,
    status,
    earnedAt: award.earnedAt,
    decidedAt: award.decidedAt,
    ...(status !== 'active' && { reason: award.cause.reason }),
  };
};

/** Works out a learner's growth path by the rules that are live now; the order of the rows does not matter. */
export const growthPathOf = ({ rows, rules, courseOf, awards }: GrowthPathInput): GrowthPath => {
  const read = readRows(rows);
  const { current, withdrawn } = factsOf(read);
  const facts = [...current.values()];
  const courses = new Set(facts.map(({ course }) => course));
  const awardOf = new Map(awards.map((award) => [award.badge, award]));
  const inReach: Reach[] = [];
  for (const live of rules) {
    const award = awardOf.get(live.rule.badge);
    // What a person revoked, facts alone do not grant again.
    const barred = award && (award.status === 'active' || (award.status === 'revoked' && Boolean(award.decidedByPerson)));
    if (barred || !courses.has(live.rule.course)) continue;
    inReach.push(reach(live, facts, courseOf(live.rule.course), award));
  }
  inReach.sort(byCloseness);
  const ruleOf = new Map(rules.map(({ rule }) => [rule.badge, rule]));
  const timeline = timelineOf({
    ...read,
    current,
    withdrawn,
    evidence: evidenceIndex(awards, inReach),
    nameOfBadge: (badge) => ruleOf.get(badge)?.name,
    courseOfBadge: (badge) => awardOf.get(badge)?.course,
    titleOf: (course, activity) => courseOf(course).titles.get(activity),
  });
  return {
    timeline,
    badges: {
      earned: [...awards].sort((a, b) => b.earnedAt - a.earnedAt).map((award) => earned(award, ruleOf.get(award.badge))),
      inReach: inReach.map(({ badge }) => badge),
    },
  };
};

/** The courses that the rows speak of: those whose outline a growth path needs. */
export const coursesOf = (rows: readonly TimelineRow[]): ReadonlySet<string> =>
  new Set(rows.flatMap(({ course }) => (course === null ? [] : [course])));
