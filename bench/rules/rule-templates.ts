import { seededRandom, type Random } from '#engine/demo/random.js';
import { ruleHash } from '#rules/parse.js';
import type { Criterion, Rule } from '#rules/rule.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { Selector } from '#rules/selector.js';
import { courseIds, KINDS, MISSIONS, missionId, TAGS } from './workload.js';

const SEED = 20_260_302;

/** Badges of a real catalogue are earned by few: thresholds reach far, so that a rule is met by one learner in fifty. */
const farBetween = (random: Random, min: number, max: number): number => Math.round(min * (max / min) ** random.next());

const pick = <T>(random: Random, items: readonly T[]): T => {
  const item = items[random.whole(0, items.length - 1)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

const WINDOWS = [{ fromDay: 0, toDay: 27 }, { toDay: 55 }, { fromDay: 28, toDay: 83 }, { fromDay: 56 }] as const;

const attendance = (random: Random): Selector => ({
  type: 'AttendanceMarked',
  statuses: random.chance(0.2) ? ['present'] : ['present', 'late'],
  ...(random.chance(0.25) && pick(random, WINDOWS)),
});

const count = (select: Selector, needed: number, distinct?: 'activity' | 'course-week'): Criterion => ({
  leaf: { keyword: 'count', selects: [select], settings: { 'at-least': needed, ...(distinct && { distinct }) } },
});

const graded = (kind: string): Selector => ({ type: 'AssignmentGraded', kind });
const mean = (kind: string, needed: number): Criterion => ({ leaf: { keyword: 'mean', selects: [graded(kind)], settings: { 'at-least': needed, attempt: 'each' } } });
const notWithdrawn: Criterion = { leaf: { keyword: 'none', selects: [{ type: 'Withdrawn' }], settings: {} } };

/** Something to reach. */
const goal = (random: Random): Criterion => {
  switch (random.whole(0, 4)) {
    case 0:
      return count(attendance(random), farBetween(random, 12, 400));
    case 1:
      return count(attendance(random), random.whole(10, 16), 'course-week');
    case 2:
      return count({ type: 'MissionCompleted', tag: pick(random, TAGS) }, farBetween(random, 4, 200));
    case 3: {
      const first = random.whole(0, MISSIONS - 1);
      const step = random.whole(1, 7);
      const activities = Array.from({ length: random.whole(2, 6) }, (_, i) => missionId((first + i * step) % MISSIONS));
      return count({ type: 'MissionCompleted', activities }, Math.max(2, activities.length - random.whole(0, 1)), 'activity');
    }
    default: {
      const kind = pick(random, KINDS);
      return { group: 'all', parts: [count(graded(kind), farBetween(random, 3, 60)), mean(kind, random.whole(70, 92))] };
    }
  }
};

/** A condition that keeps one from it; always beside a goal, since a rule looks at nobody without a fact. */
const unless = (random: Random): Criterion => {
  if (random.chance(0.6)) return notWithdrawn;
  const absent = count({ type: 'AttendanceMarked', statuses: ['absent'] }, farBetween(random, 2, 60));
  return { group: 'not', parts: [absent] };
};

const criteria = (random: Random): Criterion => {
  const draw = random.next();
  if (draw < 0.35) return goal(random);
  if (draw < 0.45) return mean(pick(random, KINDS), random.whole(90, 98));
  if (draw < 0.6) return { group: 'all', parts: [goal(random), unless(random)] };
  if (draw < 0.75) return { group: 'all', parts: [goal(random), goal(random), unless(random)] };
  if (draw < 0.9) return { group: 'any', parts: [goal(random), { group: 'all', parts: [goal(random), goal(random)] }] };
  return { group: 'all', parts: [{ group: 'any', parts: [goal(random), goal(random)] }, goal(random), unless(random)] };
};

const ruleOf = (number: number): LiveRule => {
  const random = seededRandom(SEED, `rule ${number}`);
  const rule: Rule = {
    badge: `badge-${number}`,
    name: { en: `Badge ${number}` },
    criteriaText: { en: `What badge ${number} asks for.` },
    course: courseIds[number % courseIds.length] ?? 'course-0',
    decides: { mode: random.chance(0.65) ? 'as-soon-as-met' : 'continuously' },
    whenCorrected: pick(random, ['keep', 'review', 'revoke']),
    criteria: criteria(random),
    design: {},
  };
  return { rule, reference: { badge: rule.badge, version: 1, hash: ruleHash(rule) } };
};

/** So many rules, spread evenly over the courses; the first of more rules are the same ones. */
export const rulesOf = (count: number): readonly LiveRule[] => Array.from({ length: count }, (_, number) => ruleOf(number));
