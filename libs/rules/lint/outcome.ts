import type { CriterionNode } from '../criterion.js';
import type { Criterion, Rule } from '../rule.js';
import type { SelectedType } from '../selector.js';
import { labelOf } from '../explain.js';
import { NO_NAMES } from '../words.js';
import type { Found } from './finding.js';
import { FEW, type Check } from './subject.js';
import { isRate, leavesIn, metByNothing, onNothing, partsOf, rootOf, settingKeys, type Part } from './tree.js';

/** What being met says about a learner: nothing, took part, was there, reached something. */
const NOTHING = 0;
const TOOK_PART = 1;
const WAS_THERE = 2;
const REACHED = 3;

const SAYS: Readonly<Record<SelectedType, number>> = {
  Enrolled: TOOK_PART,
  Withdrawn: NOTHING,
  AssignmentSubmitted: TOOK_PART,
  // That it was marked, whatever the mark.
  AssignmentGraded: TOOK_PART,
  MissionStarted: TOOK_PART,
  ExtensionGranted: NOTHING,
  LearnerFlagged: NOTHING,
  AttendanceMarked: WAS_THERE,
  MissionCompleted: REACHED,
  ApprovalGiven: REACHED,
  BadgeHeld: REACHED,
};

const leafSays = (node: CriterionNode): number => {
  const { selects } = node;
  if (selects.some(({ minScore }) => minScore !== undefined && minScore > 0)) return REACHED;
  if (selects.some(({ type }) => type === 'AssignmentGraded') && asksForMarks(node)) return REACHED;
  return Math.max(NOTHING, ...selects.map(({ type }) => SAYS[type]));
};

const OF_MARKS: readonly string[] = ['mean', 'score', 'sum', 'points', 'cohort'];

/** Others count graded work, whatever the mark. */
const asksForMarks = ({ keyword, settings }: CriterionNode): boolean => OF_MARKS.includes(keyword) && settings['at-least'] !== 0;

/** What the cheapest way to meet a criterion says. */
const says = (criterion: Criterion): number => {
  if (metByNothing(criterion)) return NOTHING;
  if ('leaf' in criterion) return leafSays(criterion.leaf);
  const parts = criterion.parts.map(says).sort((a, b) => a - b);
  switch (criterion.group) {
    case 'not':
      return NOTHING;
    case 'all':
      return parts.at(-1) ?? NOTHING;
    case 'any':
      return parts[0] ?? NOTHING;
    case 'some':
      return parts[criterion.atLeast - 1] ?? NOTHING;
  }
};

/** The fewest facts that can meet a criterion. */
const fewest = (criterion: Criterion): number => {
  if (metByNothing(criterion)) return 0;
  if ('leaf' in criterion) {
    const { needed, unit } = onNothing(criterion.leaf);
    // How many facts give so many points is not known; surely not one in a badge that is meant.
    return unit === 'percent' ? 1 : unit === 'points' ? 2 : Math.max(1, needed);
  }
  const parts = criterion.parts.map(fewest).sort((a, b) => a - b);
  switch (criterion.group) {
    case 'not':
      return 1;
    case 'all':
      return parts.at(-1) ?? 0;
    case 'any':
      return parts[0] ?? 0;
    case 'some':
      return parts[criterion.atLeast - 1] ?? 0;
  }
};

const quality = ({ criteria }: Rule): readonly Found[] => {
  switch (says(criteria)) {
    case TOOK_PART:
      return [{ code: 'submission-only', keys: ['criteria'], message: { en: 'It can be earned by handing in, starting or being enrolled alone, whatever the result', ko: '결과와 상관없이 제출, 시작, 등록만으로 받을 수 있음' } }];
    case WAS_THERE:
      return [{ code: 'attendance-only', keys: ['criteria'], message: { en: 'It can be earned by attendance alone', ko: '출석만으로 받을 수 있음' } }];
    default:
      return [];
  }
};

/** Counts that must hold together with a part, so that it is not decided on the first result. */
const companions = (root: Part): ReadonlyMap<string, readonly CriterionNode[]> => {
  const found = new Map<string, readonly CriterionNode[]>();
  const visit = (part: Part, beside: readonly CriterionNode[]): void => {
    if ('leaf' in part.criterion) {
      found.set(JSON.stringify(part.keys), beside);
      return;
    }
    const parts = partsOf(part);
    const own = part.criterion.group !== 'all' ? [] : parts.flatMap(({ criterion }) => ('leaf' in criterion && criterion.leaf.keyword === 'count' ? [criterion.leaf] : []));
    for (const one of parts) visit(one, [...beside, ...own]);
  };
  visit(root, []);
  return found;
};

/** Rates that are taken for final before they are. */
const earlyRates = ({ decides, criteria }: Rule): readonly Found[] => {
  if (decides.mode !== 'as-soon-as-met') return [];
  const root = rootOf(criteria);
  const beside = companions(root);
  return leavesIn(root).flatMap((leaf): Found[] => {
    const { node, keys, criterion, negated } = leaf;
    if (negated || !isRate(node)) return [];
    const { en, ko } = labelOf(criterion, NO_NAMES);
    const counts = (beside.get(JSON.stringify(keys)) ?? []).filter(
      ({ selects, settings }) => selects.some(({ type }) => node.selects.some((own) => own.type === type)) && Number(settings['at-least']) > 1,
    );
    const named = node.selects[0]?.activities;
    // All of the activities that it names are there before it is decided.
    if (named && counts.some(({ settings }) => settings['distinct'] === 'activity' && Number(settings['at-least']) >= new Set(named).size)) return [];
    const at = settingKeys(leaf, 'at-least');
    return counts.length > 0
      ? [{ code: 'rate-before-end', keys: at, message: { en: `“${en}” is decided as soon as it is met, before all results are there`, ko: `‘${ko}’ 조건이 모든 결과가 나오기 전에 충족 즉시 판정됨` } }]
      : [{ code: 'rate-of-one', keys: at, message: { en: `“${en}” can be met by the first result alone`, ko: `‘${ko}’ 조건이 첫 결과만으로 충족될 수 있음` } }];
  });
};

const SHORT = ['week', 'month'];

const limits = ({ decides, recurs, criteria }: Rule): readonly Found[] => {
  if (decides.mode !== 'as-soon-as-met' || fewest(criteria) !== 1) return [];
  if (recurs && 'each' in recurs && SHORT.includes(recurs.each)) {
    return [{ code: 'recurs-without-limit', keys: ['recurs'], message: { en: `One event earns it anew each ${recurs.each}`, ko: `사건 하나로 ${recurs.each === 'week' ? '매주' : '매달'} 다시 받을 수 있음` } }];
  }
  const judged = leavesIn(rootOf(criteria)).some(({ node }) => node.selects.some(({ type }) => type === 'BadgeHeld' || type === 'ApprovalGiven'));
  return judged ? [] : [{ code: 'one-event', keys: ['criteria'], message: { en: 'One single event can earn it', ko: '사건 하나로 받을 수 있음' } }];
};

/** High stakes that one person's word alone decides. */
const oneApprover = ({ stakes, criteria }: Rule): readonly Found[] => {
  if (stakes !== 'high' || fewest(criteria) !== 1) return [];
  const leaf = leavesIn(rootOf(criteria)).find(({ node, negated }) => node.keyword === 'approval' && !negated);
  return leaf ? [{ code: 'one-approver', keys: leaf.keys, message: { en: 'Its stakes are high, and one approval can earn it', ko: '중요한 배지이지만 승인 하나로 받을 수 있음' } }] : [];
};

/** This share of the learners, or more. */
const NEARLY_EVERYBODY = 0.95;

/** Whether the badge asks for an outcome, and for enough of it. */
export const outcome: Check = ({ rule, around }) => {
  const found: Found[] = [...quality(rule), ...earlyRates(rule), ...limits(rule), ...oneApprover(rule)];
  const rate = around.awardRate?.(rule.badge);
  if (rate && rate.eligible >= FEW && rate.awarded / rate.eligible >= NEARLY_EVERYBODY) {
    found.push({ code: 'nearly-everybody', keys: ['badge'], message: { en: `${rate.awarded} of ${rate.eligible} learners earned it`, ko: `학습자 ${rate.eligible}명 중 ${rate.awarded}명이 받음` } });
  }
  return found;
};
