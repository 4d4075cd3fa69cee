import { AWARD_EVENT_TYPES, type AwardEvent, type AwardState, type BadgeAwarded, type Cause, type RuleReference } from '#domain/award.js';
import { applyEvent, currentFacts, emptyFactBook, retractedFacts, type Fact } from '#domain/facts.js';
import type { CorrectionEvent, LearnerFactEvent } from '#domain/learning-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { evidenceOf, type CriterionVerdict } from '#domain/verdict.js';
import { aheadOf } from '#rules/ahead.js';
import { isAttainable } from '#rules/attainable.js';
import { badgeNames } from '#rules/badge-names.js';
import { learnerContext } from '#rules/circumstances.js';
import type { CourseContext } from '#rules/course-context.js';
import { closingTime, isDecided } from '#rules/evaluate.js';
import { closenessOf, progressOf, type CriterionProgress, type Step } from '#rules/explain.js';
import { heldBadge } from '#rules/held-badge.js';
import { evaluateLive, judgementsOf, type Judgement } from '#rules/judge.js';
import { periodOf } from '#rules/periods.js';
import { requiredBadges, requiredOf } from '#rules/prerequisites.js';
import type { LocalizedText, Rule } from '#rules/rule.js';
import type { LiveRule } from '#rules/rulebook.js';
import { NO_NAMES, type Names, type Words } from '#rules/words.js';
import { causeWords } from './cause-words.js';
import { nextStepOf, type NextStep } from './next-step.js';
import { byPathway, pathwayOf, type Pathway, type Standing } from './pathway-view.js';
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
  /** '' for a badge that is earned once. */
  readonly period: string;
  readonly status: AwardState;
  readonly earnedAt: number;
  /** Null where it does not expire. */
  readonly validUntil: number | null;
  readonly awardedAt: number;
  readonly decidedAt: number;
  readonly decidedByPerson: boolean | number;
  readonly cause: Pick<Cause, 'kind' | 'reason'>;
  readonly evidence: readonly string[];
}

/** What a course's own streams say, as far as a growth path needs it. */
export interface CourseOutline {
  readonly context: CourseContext;
  /** What the course is called. */
  readonly title?: string;
  /** Names of its sessions, assignments and missions. */
  readonly titles: ReadonlyMap<string, string>;
}

/** Everything that a growth path is worked out from. */
export interface GrowthPathInput {
  readonly rows: readonly TimelineRow[];
  /** The newest version of each rule. */
  readonly rules: readonly LiveRule[];
  /** Badges whose rule was retired: they are held, and no longer in reach. */
  readonly retired?: ReadonlySet<string>;
  readonly courseOf: (course: string) => CourseOutline;
  readonly awards: readonly AwardRow[];
  /** Which period of a recurring badge is in reach, epoch milliseconds. */
  readonly now: number;
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
  /** The smallest set of steps that would earn it, or renew what has expired, and whether they can: not where it is closed. */
  readonly nextSteps: readonly Step[];
  readonly possible: boolean;
  /** The period that it would be earned for; absent for a badge that is earned once. */
  readonly period?: string;
  /** All is met, and it is awarded then unless a correction says otherwise, epoch milliseconds. */
  readonly heldUntil?: number;
  /** The level that it stands for. */
  readonly level?: Rule['design']['level'];
  /** An award of it that is suspended, expired or was revoked. */
  readonly award?: { readonly award: string; readonly status: Exclude<AwardState, 'active'> };
}

/** A badge that was awarded, whatever became of the award. */
export interface EarnedBadge {
  readonly award: string;
  readonly badge: string;
  readonly name: LocalizedText;
  readonly course: string;
  readonly status: AwardRow['status'];
  readonly earnedAt: number;
  readonly period?: string;
  /** When it expires or has expired, epoch milliseconds. */
  readonly validUntil?: number;
  readonly level?: Rule['design']['level'];
  /** The badge of a higher level that is held: this one is still true, and no longer the one to show. */
  readonly supersededBy?: string;
  /** Why it is suspended or revoked. */
  readonly reason?: Words;
  readonly decidedAt: number;
}

/** One learner's progress: what happened, what is earned, what is in reach and still missing. */
export interface GrowthPath {
  readonly timeline: readonly TimelineEntry[];
  /** The badges in the timeline that were earned, not given by a person, by their place: whoever shows them tells what they were earned by. */
  readonly decided: ReadonlyMap<number, BadgeAwarded>;
  /** The names of a course's activities, and of all badges. */
  readonly namesIn: (course: string) => Names;
  readonly badges: { readonly earned: readonly EarnedBadge[]; readonly inReach: readonly BadgeInReach[] };
  /** The ways to roles that concern the learner. */
  readonly pathways: readonly Pathway[];
  /** The one step that helps most; absent where nothing is left to do. */
  readonly nextStep?: NextStep;
}

interface Rows {
  readonly learning: PlacedEvent<LearnerFactEvent | CorrectionEvent>[];
  readonly awards: PlacedEvent<AwardEvent>[];
}

const AWARD_TYPES: ReadonlySet<string> = new Set(AWARD_EVENT_TYPES);

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
  return { current, withdrawn: new Set(retractedFacts(book)) };
};

interface Reach {
  readonly badge: BadgeInReach;
  readonly evidence: readonly string[];
  readonly rule: Rule;
  readonly root: CriterionVerdict;
}

interface Known {
  readonly facts: readonly Fact[];
  readonly names: Names;
  readonly courseOf: (course: string) => CourseOutline;
  readonly awardOf: (badge: string, period: string) => AwardRow | undefined;
  readonly now: number;
}

/** The names of a course's activities, and of all badges. */
const namesIn = (course: string, { names, courseOf }: Known): Names => {
  const { titles } = courseOf(course);
  return { ...names, activity: (id) => titles.get(id) };
};

/** What the rule says now: of the present period, for a badge that recurs. */
const judgementOf = (rule: Rule, { facts, courseOf, now }: Known): Judgement | undefined => {
  const course = courseOf(rule.course).context;
  const at = { course, learner: learnerContext(facts, rule.course) };
  const period = rule.recurs && periodOf(rule.recurs, now, course.zone);
  if (rule.recurs && !period) return undefined;
  return judgementsOf(rule, facts, at, evaluateLive, period ? [period.name] : []).find(({ period: name }) => name === (period?.name ?? ''));
};

const reach = ({ rule, reference }: LiveRule, known: Known): Reach | undefined => {
  const judgement = judgementOf(rule, known);
  if (!judgement) return undefined;
  const { period, outcome } = judgement;
  const award = known.awardOf(rule.badge, period);
  // What a person revoked, facts alone do not grant again.
  if (award && (award.status === 'active' || (award.status === 'revoked' && Boolean(award.decidedByPerson)))) return undefined;
  // What has expired and cannot be renewed was earned once.
  if (award?.status === 'expired' && rule.validity?.renewal === 'none') return undefined;
  const { context } = known.courseOf(rule.course);
  const names = namesIn(rule.course, known);
  const { verdict, steps, possible } = aheadOf(rule, judgement, award?.status === 'expired', names);
  const progress = progressOf(rule.criteria, verdict.root, names);
  // The conditions that must all hold: the parts of an "all" at the root, else the root alone.
  const criteria = 'group' in rule.criteria && rule.criteria.group === 'all' ? (progress.parts ?? []) : [progress];
  const closesAt = closingTime(rule, context);
  const held = rule.hold !== undefined && outcome.earnedAt !== undefined ? outcome.earnedAt + rule.hold : undefined;
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
    nextSteps: steps,
    possible,
    ...(period !== '' && { period }),
    ...(held !== undefined && held > context.clock && { heldUntil: held }),
    ...(rule.design.level && { level: rule.design.level }),
    ...(award && award.status !== 'active' && { award: { award: award.award, status: award.status } }),
  };
  return { badge, evidence: evidenceOf(verdict), rule, root: verdict.root };
};

/** Badges that rest on what can be had no more are out of reach themselves, and so on. */
const withoutUnattainable = (inReach: readonly Reach[], rules: readonly Rule[], isHeld: (badge: string) => boolean, isLost: (badge: string) => boolean): readonly Reach[] => {
  const reachOf = new Map(inReach.map((one) => [one.rule.badge, one]));
  const known = new Map<string, boolean>();
  const canHold = (badge: string): boolean => {
    const told = known.get(badge);
    if (told !== undefined) return told;
    known.set(badge, true); // where badges ask for each other in a circle
    const one = reachOf.get(badge);
    const can = isHeld(badge) || (one ? one.badge.possible && isAttainable(one.rule.criteria, one.root, rules, canHold) : !isLost(badge));
    known.set(badge, can);
    return can;
  };
  return inReach.map((one) => (one.badge.possible && !canHold(one.rule.badge) ? { ...one, badge: { ...one.badge, possible: false } } : one));
};

/** How far a learner is with a badge, by its awards and by whether it is in reach. */
const standingOf = (awards: readonly AwardRow[], inReach: BadgeInReach | undefined, isGone: boolean): Standing => {
  const held = awards.find(({ status }) => status === 'active');
  if (held) return { state: 'earned', closeness: 1, possible: true, award: { award: held.award, status: held.status } };
  const [last] = [...awards].sort((a, b) => b.decidedAt - a.decidedAt);
  const progress = inReach && { closeness: inReach.closeness, possible: inReach.possible, criteriaMet: inReach.criteriaMet, criteriaTotal: inReach.criteriaTotal };
  if (last) return { state: 'lost', closeness: 0, possible: false, ...progress, award: { award: last.award, status: last.status } };
  if (!progress) return { state: isGone ? 'out-of-reach' : 'open', closeness: 0, possible: !isGone };
  return { state: !progress.possible ? 'out-of-reach' : progress.closeness > 0 ? 'in-progress' : 'open', ...progress };
};

/** The badges that criteria still ask for. */
const stillAsked = (criterion: Rule['criteria'], verdict: CriterionVerdict, rules: readonly Rule[]): readonly string[] => {
  if (verdict.met) return [];
  if ('leaf' in criterion) return [...requiredOf([criterion.leaf], rules)];
  return criterion.parts.flatMap((part, i) => {
    const found = verdict.parts?.[i];
    return found ? stillAsked(part, found, rules) : [];
  });
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

const earned = (award: AwardRow, rule: Rule | undefined, supersededBy: string | undefined): EarnedBadge => {
  const { status, badge, period, validUntil } = award;
  return {
    award: award.award,
    badge,
    name: rule?.name ?? { en: badge },
    course: award.course,
    status,
    earnedAt: award.earnedAt,
    decidedAt: award.decidedAt,
    ...(period !== '' && { period }),
    ...(validUntil !== null && { validUntil }),
    ...(rule?.design.level && { level: rule.design.level }),
    ...(supersededBy !== undefined && { supersededBy }),
    ...(status !== 'active' && { reason: causeWords(award.cause) }),
  };
};

/** The badge of the highest level above this one that is held. */
const superseding = (rule: Rule | undefined, active: readonly Rule[]): string | undefined => {
  const level = rule?.design.level;
  if (!level) return undefined;
  const above = active.filter(({ design }) => design.level?.of === level.of && design.level.rank > level.rank);
  return above.sort((a, b) => (b.design.level?.rank ?? 0) - (a.design.level?.rank ?? 0))[0]?.badge;
};

/** Over so many badges one may rest on another; superseded versions can make a circle that none of those published now has. */
const MOST_RESTS = 8;

interface Worked {
  readonly read: Rows;
  readonly current: ReadonlyMap<string, Fact>;
  readonly withdrawn: ReadonlySet<string>;
  readonly ruleOf: ReadonlyMap<string, Rule>;
  /** The rules, each once. */
  readonly every: readonly Rule[];
  readonly active: readonly AwardRow[];
  readonly known: Known;
  /** Those that were asked for and not retired. */
  readonly concerned: readonly LiveRule[];
  readonly inReach: readonly Reach[];
  readonly awardsOf: (badge: string) => readonly AwardRow[];
  readonly isGone: (badge: string) => boolean;
}

/** Which rules are asked for, of those that there are and the facts of the learner. */
type Asked = (every: readonly Rule[], ruleOf: ReadonlyMap<string, Rule>, facts: readonly Fact[]) => (rule: Rule) => boolean;

/** What is in reach, among the rules that are asked for. */
const workedOut = ({ rows, rules, retired, courseOf, awards, now }: GrowthPathInput, asked: Asked): Worked => {
  const read = readRows(rows);
  const { current, withdrawn } = factsOf(read);
  const ruleOf = new Map(rules.map(({ rule }) => [rule.badge, rule]));
  const every = [...ruleOf.values()];
  const active = awards.filter(({ status }) => status === 'active');
  const held = active.map((award) => heldBadge(award, award.course, ruleOf.get(award.badge)?.design.level));
  const facts = [...current.values(), ...held];
  const known: Known = {
    facts,
    courseOf,
    now,
    names: { ...NO_NAMES, ...badgeNames(ruleOf.values()) },
    awardOf: (badge, period) => awards.find((award) => award.badge === badge && award.period === period),
  };
  const awardsOf = (badge: string): readonly AwardRow[] => awards.filter((award) => award.badge === badge);
  const isGone = (badge: string): boolean => retired?.has(badge) === true;
  const isAsked = asked(every, ruleOf, facts);
  const concerned = rules.filter(({ rule }) => !isGone(rule.badge) && isAsked(rule));
  const inReach = withoutUnattainable(
    concerned.flatMap((live) => reach(live, known) ?? []),
    every,
    (badge) => active.some((award) => award.badge === badge),
    (badge) => isGone(badge) || awardsOf(badge).length > 0,
  ).toSorted(byCloseness);
  return { read, current, withdrawn, ruleOf, every, active, known, concerned, inReach, awardsOf, isGone };
};

/** The badges of a course, and those that they rest on: whether they can be had decides about them. */
const ofCourse = (course: string): Asked => (every, ruleOf) => {
  const asked = new Set<string>();
  const ask = (rule: Rule): void => {
    if (asked.has(rule.badge)) return;
    asked.add(rule.badge);
    for (const badge of requiredBadges(rule, every)) {
      const needed = ruleOf.get(badge);
      if (needed) ask(needed);
    }
  };
  every.filter((rule) => rule.course === course).forEach(ask);
  return ({ badge }) => asked.has(badge);
};

/** A learner's current facts and the badges of one course that are in their reach, the closest first: as the growth path has them, without its timeline. */
export const reachIn = (course: string, input: GrowthPathInput): { readonly facts: ReadonlyMap<string, Fact>; readonly inReach: readonly BadgeInReach[] } => {
  const { current, inReach } = workedOut(input, ofCourse(course));
  return { facts: current, inReach: inReach.filter(({ rule }) => rule.course === course).map(({ badge }) => badge) };
};

/** A badge of no course concerns whoever takes a course of a badge that it rests on, or that one rests on. */
const ofOwnCourses: Asked = (every, ruleOf, facts) => {
  const courses = new Set(facts.map(({ course }) => course));
  const concerns = (rule: Rule | undefined, rests = 0): boolean =>
    rule !== undefined && rests <= MOST_RESTS && (rule.course === '' ? [...requiredBadges(rule, every)].some((badge) => concerns(ruleOf.get(badge), rests + 1)) : courses.has(rule.course));
  return (rule) => concerns(rule);
};

/** Works out a learner's growth path by the rules that are live now; the order of the rows does not matter. */
export const growthPathOf = (input: GrowthPathInput): GrowthPath => {
  const { awards, courseOf, rules } = input;
  const { read, current, withdrawn, ruleOf, every, active, known, concerned, inReach, awardsOf, isGone } = workedOut(input, ofOwnCourses);
  const awardOf = new Map(awards.map((award) => [award.badge, award]));
  const activeRules = active.flatMap(({ badge }) => ruleOf.get(badge) ?? []);
  // Rows of badges that are of no course name the course ''.
  const manyCourses = [...coursesOf(input.rows)].filter((course) => course !== '').length > 1;
  const timeline = timelineOf({
    ...read,
    current,
    withdrawn,
    evidence: evidenceIndex(awards, inReach),
    nameOfBadge: (badge) => ruleOf.get(badge)?.name,
    courseOfBadge: (badge) => awardOf.get(badge)?.course,
    titleOf: (course, activity) => courseOf(course).titles.get(activity),
    courseTitleOf: (course) => (manyCourses && course !== '' ? (courseOf(course).title ?? course) : undefined),
  });
  const reachOf = new Map(inReach.map((one) => [one.rule.badge, one]));
  const pathways = rules.flatMap((live): readonly Pathway[] => {
    const { rule } = live;
    if (!rule.design.role || (awardsOf(rule.badge).length === 0 && !concerned.includes(live))) return [];
    const root = reachOf.get(rule.badge)?.root ?? judgementOf(rule, known)?.verdict().root;
    if (!root) return [];
    return [pathwayOf({ rule, root, rules: ruleOf, isGone, standingOf: (badge) => standingOf(awardsOf(badge), reachOf.get(badge)?.badge, isGone(badge)), names: known.names })];
  });
  const open = inReach.filter(({ badge }) => badge.possible && !badge.met);
  const asking = open.filter(({ rule }) => rule.design.role).map(({ rule, root }) => ({ rule, asked: new Set(stillAsked(rule.criteria, root, every)) }));
  const nextStep = nextStepOf(
    open.map(({ rule, root, badge: { nextSteps, closeness } }) => ({ rule, root, steps: nextSteps, closeness })),
    (badge) => asking.filter(({ asked }) => asked.has(badge)).map(({ rule }) => rule),
  );
  return {
    timeline,
    decided: new Map(read.awards.flatMap(({ position, event }) => (event.type === 'BadgeAwarded' && event.cause.kind !== 'person' ? [[position, event]] : []))),
    namesIn: (course) => namesIn(course, known),
    badges: {
      earned: [...awards].sort((a, b) => b.earnedAt - a.earnedAt).map((award) => earned(award, ruleOf.get(award.badge), superseding(ruleOf.get(award.badge), activeRules))),
      inReach: inReach.map(({ badge }) => badge),
    },
    pathways: pathways.toSorted(byPathway),
    ...(nextStep && { nextStep }),
  };
};

/** The courses that the rows speak of: those whose outline a growth path needs. */
export const coursesOf = (rows: readonly TimelineRow[]): ReadonlySet<string> =>
  new Set(rows.flatMap(({ course }) => (course === null ? [] : [course])));
