import type { Measure, CriterionNode } from '../criterion.js';
import { courseCalendar } from '../calendar.js';
import { UNKNOWN_LEARNER, type Circumstances } from '../circumstances.js';
import { UNKNOWN_COURSE } from '../course-context.js';
import { kindOf } from '../criteria/all.js';
import { measureTree } from '../evaluate.js';
import type { Keys } from '../locate.js';
import type { Criterion } from '../rule.js';

/** A criterion and where it stands in its rule file. */
export interface Part {
  readonly criterion: Criterion;
  readonly keys: Keys;
  /** It stands below an odd number of "not"s: the badge asks that it is not met. */
  readonly negated: boolean;
}

/** A leaf criterion and where it stands. */
export interface Leaf extends Part {
  readonly node: CriterionNode;
}

/** The criteria tree of a rule. */
export const rootOf = (criteria: Criterion): Part => ({ criterion: criteria, keys: ['criteria'], negated: false });

/** The parts of a group; none of a leaf. */
export const partsOf = ({ criterion, keys, negated }: Part): readonly Part[] => {
  if ('leaf' in criterion) return [];
  switch (criterion.group) {
    case 'not':
      return [{ criterion: criterion.parts[0], keys: [...keys, 'not'], negated: !negated }];
    case 'some':
      return criterion.parts.map((part, i) => ({ criterion: part, keys: [...keys, 'some', 'of', i], negated }));
    case 'all':
    case 'any':
      return criterion.parts.map((part, i) => ({ criterion: part, keys: [...keys, criterion.group, i], negated }));
  }
};

/** A part and all below it. */
export const walk = (part: Part): readonly Part[] => [part, ...partsOf(part).flatMap(walk)];

/** The leaves of a tree, from left to right. */
export const leavesIn = (part: Part): readonly Leaf[] =>
  walk(part).flatMap((one) => ('leaf' in one.criterion ? [{ ...one, node: one.criterion.leaf }] : []));

/** The keys of a leaf's setting. */
export const settingKeys = ({ keys, node }: Leaf, setting: string): Keys => [...keys, node.keyword, setting];

const START = Date.UTC(2000, 0, 1);
/** So much later that every deadline has come. */
const LAST = Date.UTC(2100, 0, 1);

/** Somebody of whom nothing is recorded, in a course that offers nothing. */
export const NOWHERE: Circumstances = {
  course: { ...UNKNOWN_COURSE, calendar: courseCalendar(START, 'UTC') },
  learner: { ...UNKNOWN_LEARNER, enrolledAt: START },
};

/** What a leaf finds of a learner of whom nothing is recorded. */
export const onNothing = (node: CriterionNode): Measure => kindOf(node.keyword).measure(node, [], NOWHERE, LAST);

/** Whether a learner of whom nothing is recorded meets a criterion. */
export const metByNothing = (criterion: Criterion): boolean => measureTree(criterion, [], NOWHERE, LAST).met;

/** True for a share, in percent. */
export const isShare = (node: CriterionNode): boolean => onNothing(node).unit === 'percent';

const RATES: readonly string[] = ['mean', 'attendance-rate', 'activity-rate', 'none-missing'];

/** True for a share of a whole, which is final only when the whole is there. */
export const isRate = ({ keyword }: CriterionNode): boolean => RATES.includes(keyword);
