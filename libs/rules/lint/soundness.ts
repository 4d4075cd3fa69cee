import type { Fact } from '#domain/facts.js';
import type { CriterionNode } from '../criterion.js';
import { labelOf } from '../explain.js';
import { isNarrowedBy } from '../offers.js';
import type { Criterion, Rule } from '../rule.js';
import { isOfAnyCourse, type Selector } from '../selector.js';
import { NO_NAMES, plain } from '../words.js';
import { askedOf, boundsOf, isBackwards, type Bound } from './bounds.js';
import { contradictionsIn } from './contradictions.js';
import type { Found } from './finding.js';
import { FEW, type Check } from './subject.js';
import { isShare, leavesIn, metByNothing, onNothing, partsOf, rootOf, settingKeys, type Leaf, type Part } from './tree.js';

/** Whether a criterion can ever be met, or ever be missed. */
type State = 'never' | 'always' | 'open';

const OPPOSITE: Readonly<Record<State, State>> = { never: 'always', always: 'never', open: 'open' };

const brokenBound = ({ node }: Leaf, offers: readonly Fact[] | undefined): Bound | undefined => {
  const asked = askedOf(node);
  return asked && boundsOf(node, offers).find(({ most }) => asked.least > most);
};

const isIdle = ({ node }: Leaf): boolean => {
  const most = node.settings['at-most'];
  return typeof most === 'number' && boundsOf(node, undefined).some((bound) => most >= bound.most);
};

const ofGrades = ({ node }: Leaf): boolean => node.selects.some(({ type }) => type === 'AssignmentGraded');

/** A share of more than everything: with marks extra credit can give it, elsewhere nothing can. */
const isMoreThanAll = ({ node }: Leaf): boolean => isShare(node) && onNothing(node).needed > 100;

const stateOfLeaf = (leaf: Leaf): State => {
  if (brokenBound(leaf, undefined) || isBackwards(leaf.node) || (isMoreThanAll(leaf) && !ofGrades(leaf))) return 'never';
  return isIdle(leaf) ? 'always' : 'open';
};

const stateOf = (part: Part): State => {
  const { criterion } = part;
  if ('leaf' in criterion) return stateOfLeaf({ ...part, node: criterion.leaf });
  const states = partsOf(part).map(stateOf);
  if (criterion.group === 'not') return OPPOSITE[states[0] ?? 'open'];
  const needed = criterion.group === 'some' ? criterion.atLeast : criterion.group === 'any' ? 1 : states.length;
  if (states.filter((state) => state === 'always').length >= needed) return 'always';
  if (states.filter((state) => state !== 'never').length < needed) return 'never';
  return criterion.group === 'all' && contradictionsIn(part).length > 0 ? 'never' : 'open';
};

const label = (criterion: Criterion): { readonly en: string; readonly ko: string } => labelOf(criterion, NO_NAMES);

const ofLeaf = (leaf: Leaf, hopeless: boolean): readonly Found[] => {
  const state = stateOfLeaf(leaf);
  if (state === 'open') return [];
  const { en, ko } = label(leaf.criterion);
  const keys = settingKeys(leaf, askedOf(leaf.node)?.setting ?? 'at-most');
  const because = (brokenBound(leaf, undefined) ?? boundsOf(leaf.node, undefined)[0])?.because;
  const reason = { en: because ? `: ${because.en}` : '', ko: because ? `: ${because.ko}` : '' };
  if ((state === 'never') !== leaf.negated) {
    const code = hopeless ? 'never-met' : 'dead-part';
    return [{ code, keys, message: { en: `“${en}” can never ${leaf.negated ? 'be missed' : 'be met'}${reason.en}`, ko: `‘${ko}’ 조건은 결코 ${leaf.negated ? '어긋날' : '충족될'} 수 없음${reason.ko}` } }];
  }
  return [{ code: 'idle-part', keys, message: { en: `“${en}” is always ${leaf.negated ? 'missed' : 'met'}${reason.en}`, ko: `‘${ko}’ 조건은 항상 ${leaf.negated ? '어긋남' : '충족됨'}${reason.ko}` } }];
};

/** The outermost groups of "all": what they exclude, their inner ones do as well. */
const conjunctions = (part: Part, inside = false): readonly Part[] => {
  const isAll = 'group' in part.criterion && part.criterion.group === 'all';
  return [...(isAll && !inside ? [part] : []), ...partsOf(part).flatMap((one) => conjunctions(one, isAll))];
};

const reach = (root: Part): readonly Found[] => {
  const hopeless = stateOf(root) === 'never';
  const found = leavesIn(root).flatMap((leaf) => ofLeaf(leaf, hopeless));
  for (const { one, other } of conjunctions(root).flatMap(contradictionsIn)) {
    const [a, b] = [label(one.criterion), label(other.criterion)];
    found.push({
      code: hopeless ? 'contradiction' : 'dead-part',
      keys: other.keys,
      message: { en: `“${b.en}” cannot hold together with “${a.en}”`, ko: `‘${b.ko}’ 조건은 ‘${a.ko}’ 조건과 함께 성립할 수 없음` },
    });
  }
  return found;
};

const numbers = (root: Part, offers: readonly Fact[] | undefined): readonly Found[] =>
  leavesIn(root).flatMap((leaf): Found[] => {
    const { node } = leaf;
    const found: Found[] = [];
    const { needed } = onNothing(node);
    const short = brokenBound(leaf, offers);
    if (short && !short.sure) {
      const { en, ko } = label(leaf.criterion);
      found.push({ code: 'more-than-offered', keys: settingKeys(leaf, askedOf(node)?.setting ?? 'at-least'), message: { en: `“${en}”, but ${short.because.en}`, ko: `‘${ko}’ 조건이지만 ${short.because.ko}` } });
    }
    if (isMoreThanAll(leaf) && ofGrades(leaf)) {
      found.push({ code: 'more-than-full-marks', keys: settingKeys(leaf, 'at-least'), message: { en: `It asks for ${plain(needed)} %`, ko: `${plain(needed)}%를 요구함` } });
    }
    const score = node.selects.find(({ minScore }) => minScore !== undefined && minScore > 100)?.minScore;
    if (score !== undefined) {
      found.push({ code: 'more-than-full-marks', keys: settingKeys(leaf, 'min-score'), message: { en: `It counts only marks of ${plain(score)} % or more`, ko: `${plain(score)}% 이상인 점수만 셈` } });
    }
    if (isShare(node) && needed === 0 && node.settings['at-least'] === 0) {
      const { en, ko } = label(leaf.criterion);
      found.push({ code: 'threshold-zero', keys: settingKeys(leaf, 'at-least'), message: { en: `“${en}” asks for 0 %`, ko: `‘${ko}’ 조건의 기준이 0%임` } });
    }
    return found;
  });

/** The selectors whose days decide what counts: facts are looked at beyond them where offers, or grades, say which of them count. */
const decisive = ({ selects }: CriterionNode): readonly Selector[] => {
  const ofOffers = selects.length === 2 && isNarrowedBy(selects);
  const graded = selects.some(({ type }) => type === 'AssignmentGraded');
  return ofOffers ? selects.slice(1) : selects.filter(({ type }) => !(graded && type === 'AssignmentSubmitted'));
};

/** Criteria without a last day, where a day of the course decides. */
const lateFacts = ({ decides }: Rule, root: Part): readonly Found[] => {
  if (decides.mode !== 'at-close' || typeof decides.of !== 'object') return [];
  const { courseDay } = decides.of;
  const open = leavesIn(root).filter(({ node }) =>
    decisive(node).some(({ toDay, type }) => !isOfAnyCourse(type) && (toDay ?? Infinity) > courseDay),
  );
  return open.map(({ criterion, keys }) => {
    const { en, ko } = label(criterion);
    return { code: 'counts-after-close', keys, message: { en: `The badge decides on course day ${courseDay}, but “${en}” also counts later days`, ko: `배지는 과정 ${courseDay}일차에 판정되지만 ‘${ko}’ 조건은 이후 날짜도 셈` } };
  });
};

/** This share of the learners, or fewer. */
const NEARLY_NOBODY = 0.01;

/** Criteria that nobody can meet, that everybody does, and numbers that cannot be meant. */
export const soundness: Check = ({ rule, around }) => {
  const root = rootOf(rule.criteria);
  const found: Found[] = [...reach(root), ...numbers(root, around.offers?.(rule.course)), ...lateFacts(rule, root)];
  if (metByNothing(rule.criteria)) {
    found.push({ code: 'met-by-nothing', keys: ['criteria'], message: { en: 'The criteria hold for a learner of whom nothing is recorded', ko: '아무 기록이 없는 학습자도 조건을 충족함' } });
  }
  const rate = around.awardRate?.(rule.badge);
  if (rate && rate.eligible >= FEW && rate.awarded / rate.eligible <= NEARLY_NOBODY) {
    found.push({ code: 'nearly-nobody', keys: ['badge'], message: { en: `${rate.awarded} of ${rate.eligible} learners earned it`, ko: `학습자 ${rate.eligible}명 중 ${rate.awarded}명이 받음` } });
  }
  return found;
};
