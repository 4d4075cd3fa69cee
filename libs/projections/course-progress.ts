import type { Fact } from '#domain/facts.js';
import type { Words } from '#rules/words.js';
import { reachIn, type BadgeInReach, type GrowthPathInput } from './growth-path-view.js';

/**
 * How far a learner is with a badge: earned; met, and awarded when it is decided; close, when one step is missing; under way; not begun; or out
 * of reach, since it is decided, was taken away, or cannot be met any more.
 */
export const BADGE_STAGES = ['earned', 'met', 'close', 'under-way', 'not-begun', 'out'] as const;
export type BadgeStage = (typeof BADGE_STAGES)[number];

/** A learner's place on the way to one badge. */
export interface BadgePlace {
  readonly stage: BadgeStage;
  /** From 0 to 1. */
  readonly closeness: number;
  readonly criteriaMet: number;
  readonly criteriaTotal: number;
  /** What is not met yet; none where the badge is earned. */
  readonly lacks: readonly { readonly path: string; readonly text: Words }[];
}

/** A learner in a course, by its badges. */
export interface CoursePlace {
  /** When the learner last did something there, epoch milliseconds. */
  readonly lastAt?: number;
  readonly badges: ReadonlyMap<string, BadgePlace>;
}

/** A badge's criterion, as its place in the rule and in words. */
export interface Hurdle {
  readonly path: string;
  readonly label: Words;
  /** Learners who do not meet it, and those of them who lack nothing else: of those on their way; where nobody is any more, of those who missed the badge. */
  readonly lack: number;
  readonly only: number;
}

/** What learners do, in distinction from what is said of them. */
const DOINGS: ReadonlySet<string> = new Set(['Enrolled', 'AttendanceMarked', 'AssignmentSubmitted', 'AssignmentGraded', 'MissionStarted', 'MissionCompleted']);
/** From how close on a single missing criterion is one step: of several, and of one alone. */
const [CLOSE, CLOSE_ALONE] = [0.5, 0.75];

const lastDone = (facts: Iterable<Fact>, course: string): number | undefined => {
  let last: number | undefined;
  for (const { course: of, type, time, values } of facts) {
    if (of !== course || !DOINGS.has(type) || (type === 'AttendanceMarked' && values.status === 'absent')) continue;
    if (last === undefined || time > last) last = time;
  }
  return last;
};

const stageOf = ({ met, closed, possible, closeness, criteriaMet, criteriaTotal }: BadgeInReach): BadgeStage => {
  if (met && !closed) return 'met';
  if (closed || !possible) return 'out';
  if (criteriaTotal - criteriaMet === 1 && closeness >= (criteriaTotal > 1 ? CLOSE : CLOSE_ALONE)) return 'close';
  return closeness > 0 ? 'under-way' : 'not-begun';
};

const placeOf = (badge: BadgeInReach): BadgePlace => {
  const { closeness, criteriaMet, criteriaTotal, criteria } = badge;
  return { stage: stageOf(badge), closeness, criteriaMet, criteriaTotal, lacks: criteria.flatMap(({ path, missing }) => (missing ? [{ path, text: missing.text }] : [])) };
};

const NOWHERE: BadgePlace = { stage: 'out', closeness: 0, criteriaMet: 0, criteriaTotal: 0, lacks: [] };
const EARNED: BadgePlace = { ...NOWHERE, stage: 'earned', closeness: 1 };

/** What the criteria of a course's badges are called, by badge and path. */
export type HurdleNames = Map<string, Map<string, Words>>;

/** Where a learner is with each badge of a course; names that are met on the way are kept in `names`. */
export const coursePlaceOf = (course: string, badges: readonly string[], input: GrowthPathInput, names: HurdleNames): CoursePlace => {
  const { facts, inReach } = reachIn(course, input);
  const held = new Set(input.awards.filter(({ status }) => status === 'active').map(({ badge }) => badge));
  const reached = new Map(inReach.map((badge) => [badge.badge, badge]));
  for (const { badge, criteria } of inReach) {
    if (!names.has(badge)) names.set(badge, new Map(criteria.map(({ path, label }) => [path, label])));
  }
  const lastAt = lastDone(facts.values(), course);
  return {
    ...(lastAt !== undefined && { lastAt }),
    badges: new Map(badges.map((badge) => {
      const found = reached.get(badge);
      return [badge, found ? placeOf(found) : held.has(badge) ? EARNED : NOWHERE];
    })),
  };
};

/** How many learners are at each stage of a badge. */
export const stagesOf = (places: Iterable<BadgePlace>): Readonly<Record<BadgeStage, number>> => {
  const counts: Record<BadgeStage, number> = { earned: 0, met: 0, close: 0, 'under-way': 0, 'not-begun': 0, out: 0 };
  for (const { stage } of places) counts[stage] += 1;
  return counts;
};

/** Whether a learner can still do something for the badge. */
export const isOnTheWay = ({ stage }: BadgePlace): boolean => stage === 'close' || stage === 'under-way' || stage === 'not-begun';

/** Whose lacks count: of those who can still do something; where nobody can any more, of everybody who has missed the badge. */
export const whoIsStuck = (places: readonly BadgePlace[]): ((place: BadgePlace) => boolean) => (places.some(isOnTheWay) ? isOnTheWay : ({ stage }) => stage === 'out');

/** What most are stuck at, the criterion that alone is missing for most first. */
export const hurdlesOf = (places: readonly BadgePlace[], names: ReadonlyMap<string, Words> | undefined): readonly Hurdle[] => {
  const counts = new Map<string, { lack: number; only: number }>();
  for (const { lacks, criteriaTotal } of places.filter(whoIsStuck(places))) {
    for (const { path } of lacks) {
      const count = counts.get(path) ?? { lack: 0, only: 0 };
      count.lack += 1;
      if (lacks.length === 1 && criteriaTotal > 1) count.only += 1;
      counts.set(path, count);
    }
  }
  return [...counts].map(([path, count]) => ({ path, label: names?.get(path) ?? { en: path, ko: path }, ...count })).sort((a, b) => b.only - a.only || b.lack - a.lack || (a.path < b.path ? -1 : 1));
};
