import type { CorrectionPolicy } from '#domain/award.js';
import { kindOf } from '../criteria/all.js';
import { labelOf } from '../explain.js';
import type { CriterionNode } from '../criterion.js';
import type { Criterion, Decides, Recurs, Rule } from '../rule.js';
import { courseDayKo, span, type Names, type Words } from '../words.js';

/** What a rule's author may call by name: badges and activities, and courses where they have a title. */
export interface MeaningNames extends Names {
  readonly course?: (id: string) => string | undefined;
}

/** Labels that are sentences of their own, as things that somebody meets. */
const AS_NOUN: Readonly<Record<string, string>> = {
  Holds: 'holding', Attended: 'having attended', Approved: 'being approved', Among: 'being among', Average: 'an average', Every: 'having every',
};

const inside = (label: string): string => label.replace(/^[A-Z][a-z]*(?= )/, (word) => AS_NOUN[word] ?? word.toLowerCase());

/** What stands before the colon of a label, and after it. Names stand in brackets, with colons of their own. */
const halves = (label: string): readonly [string, string] => {
  const at = label.indexOf(': ');
  return at < 0 || label.slice(0, at).includes('(') ? [label, ''] : [label.slice(0, at), label.slice(at + 2)];
};

/** “In at least 11 different weeks: attendance marks”, the other way round. */
const amountLast = ({ en, ko }: Words): Words => {
  const [amount, facts] = halves(en);
  const [amountKo, factsKo] = halves(ko);
  if (facts === '') return { en: inside(en), ko };
  return { en: `${facts}${/ within \d/.test(facts) ? ', ' : ' '}${inside(amount)}`, ko: factsKo === '' ? ko : `${factsKo}, ${amountKo}` };
};

const detailInBrackets = (label: string, space: '' | ' '): string => {
  const [before, detail] = halves(label);
  return detail === '' ? label : `${before}${space}(${detail})`;
};

const detailed = ({ en, ko }: Words): Words => ({ en: inside(detailInBrackets(en, ' ')), ko: detailInBrackets(ko, '') });

/** Labels with a colon or a semicolon as parts of a list, which has its own. */
const LISTED: Readonly<Record<string, (label: Words) => Words>> = {
  count: amountLast,
  'activity-rate': amountLast,
  streak: amountLast,
  points: detailed,
  sequence: detailed,
  cohort: detailed,
  mean: ({ en, ko }) => ({ en: inside(en).replace(/^([^(,]*(?: \([^()]*\))?)(, .*?)?,? at least ([\d.]+ %)$/, '$1 of at least $3$2'), ko }),
  sum: ({ en, ko }) => ({ en: en.replace(/: ([\d.]+ or more in total)$/, ', $1'), ko }),
};

const leafWords = (leaf: CriterionNode, names: Names): Words => {
  const label = kindOf(leaf.keyword).label(leaf, names);
  return LISTED[leaf.keyword]?.(label) ?? { en: inside(label.en), ko: label.ko };
};

/** “Not at least 3” as people say it; undefined where it is not said so. */
const fewer = ({ keyword, settings }: CriterionNode, { en, ko }: Words): Words | undefined => {
  const least = settings['at-least'];
  if (keyword !== 'count' || typeof least !== 'number' || !/^at least \d/.test(en) || !ko.endsWith('이상')) return undefined;
  if (least === 1) return { en: en.replace(/^at least 1 (different )?/, 'no '), ko: ko.replace('서로 다른 ', '').replace(/1\S+ 이상$/, '없음') };
  return { en: en.replace(/^at least/, 'fewer than'), ko: ko.replace(/이상$/, '미만') };
};

type Group = Extract<Criterion, { group: string }>;

const listed = (parts: readonly string[], last: 'and' | 'or'): string =>
  parts.map((part, i) => (i > 0 && i === parts.length - 1 ? `${last} ${part}` : part)).join('; ');

const listOf = ({ group, parts }: Group, names: Names): Words => {
  const words = parts.map((part) => partWords(part, names));
  return { en: listed(words.map(({ en }) => en), group === 'any' ? 'or' : 'and'), ko: words.map(({ ko }) => ko).join('; ') };
};

const partWords = (criterion: Criterion, names: Names): Words => {
  if ('leaf' in criterion) return leafWords(criterion.leaf, names);
  const { group, parts: [only] } = criterion;
  if (group !== 'not' && only && criterion.parts.length === 1) return partWords(only, names); // a group of one says no more than that one
  const list = listOf(criterion, names);
  const ko = `${labelOf(criterion, names).ko}(${list.ko})`;
  switch (group) {
    case 'all':
      return { en: `all of (${list.en})`, ko };
    case 'any':
      return { en: `any one of (${list.en})`, ko };
    case 'some':
      return { en: `at least ${criterion.atLeast} of (${list.en})`, ko };
    case 'not':
      return (only && 'leaf' in only && fewer(only.leaf, list)) || { en: `not (${list.en})`, ko };
  }
};

/** What is asked for, before the list of it: what somebody meets, and in Korean what stands before "meets". */
interface Asked {
  readonly what: Words;
  readonly list: Words;
}

const askedOf = (criteria: Criterion, names: Names): Asked => {
  const single: Asked = { what: { en: 'meet this', ko: '다음 조건을' }, list: partWords(criteria, names) };
  if ('leaf' in criteria || criteria.group === 'not' || criteria.parts.length === 1) return single;
  const list = listOf(criteria, names);
  switch (criteria.group) {
    case 'all':
      return { what: { en: criteria.parts.length === 2 ? 'meet both of these' : 'meet all of these', ko: '다음 조건을 모두' }, list };
    case 'any':
      return { what: { en: 'meet any one of these', ko: '다음 조건 중 하나 이상을' }, list };
    case 'some':
      return { what: { en: `meet at least ${criteria.atLeast} of these`, ko: `다음 조건 중 ${criteria.atLeast}개 이상을` }, list };
  }
};

const UNITS_KO = { week: '매주', month: '매월', quarter: '매 분기', 'half-year': '매 반기', year: '매년' } as const;

const termNames = (recurs: Recurs): string => ('terms' in recurs ? recurs.terms.map(({ name }) => name).join(', ') : '');

/** The end of each period of a badge that recurs. */
const endOfPeriod = (recurs: Recurs | undefined): Words => {
  if (!recurs) return { en: 'each period', ko: '각 기간이 끝날 때' };
  if ('each' in recurs) return { en: `each ${recurs.each}`, ko: recurs.each === 'week' ? '매주가 끝날 때' : `${UNITS_KO[recurs.each]} 말에` };
  return { en: `each of the terms ${termNames(recurs)}`, ko: `각 기간(${termNames(recurs)})이 끝날 때` };
};

const closing = (of: Extract<Decides, { mode: 'at-close' }>['of'], recurs: Recurs | undefined): Words => {
  if (of === 'course') return { en: 'when the course closes', ko: '과정이 종료될 때' };
  if (of !== 'period') return { en: `at the end of course day ${of.courseDay}`, ko: of.courseDay === 0 ? '개강일이 끝날 때' : `${courseDayKo(of.courseDay)}, 그날이 끝날 때` };
  const { en, ko } = endOfPeriod(recurs);
  return { en: `at the end of ${en}`, ko };
};

const awarding = ({ decides, recurs, criteria, course }: Rule, names: MeaningNames): Words => {
  const { what, list } = askedOf(criteria, names);
  const title = names.course?.(course) ?? course;
  const who: Words = course === '' ? { en: 'Learners', ko: '학습자' } : { en: `Learners of the course “${title}”`, ko: `‘${title}’ 과정 학습자` };
  switch (decides.mode) {
    case 'as-soon-as-met':
      return { en: `${who.en} get the badge as soon as they ${what.en}: ${list.en}.`, ko: `${who.ko}가 ${what.ko} 충족하는 즉시 배지를 수여합니다: ${list.ko}.` };
    case 'continuously':
      return { en: `${who.en} hold the badge while they ${what.en}: ${list.en}.`, ko: `${who.ko}가 ${what.ko} 충족하는 동안 배지를 보유합니다: ${list.ko}.` };
    case 'at-close': {
      const when = closing(decides.of, recurs);
      return { en: `${who.en} get the badge ${when.en} if they then ${what.en}: ${list.en}.`, ko: `${when.ko} ${what.ko} 충족한 ${who.ko}에게 배지를 수여합니다: ${list.ko}.` };
    }
  }
};

const holding = ({ hold }: Rule): readonly Words[] => {
  if (hold === undefined) return [];
  const { en, ko } = span(hold);
  return [{ en: `It is awarded ${en} after it was earned, and corrections until then still count.`, ko: `조건을 충족하고 ${ko} 뒤에 수여하며, 그동안 정정된 기록도 반영합니다.` }];
};

const repeating = ({ recurs }: Rule): readonly Words[] => {
  if (!recurs) return [];
  if ('each' in recurs) return [{ en: `It can be earned once in each ${recurs.each}, on the records of that ${recurs.each} alone.`, ko: `${UNITS_KO[recurs.each]} 한 번씩, 그 기간의 기록만으로 받을 수 있습니다.` }];
  return [{ en: `It can be earned once in each of the terms ${termNames(recurs)}, on the records of that term alone.`, ko: `각 기간(${termNames(recurs)})에 한 번씩, 그 기간의 기록만으로 받을 수 있습니다.` }];
};

const lasting = ({ validity }: Rule): readonly Words[] => {
  if (!validity) return [];
  const { en, ko } = span(validity.for);
  if (validity.renewal === 'none') return [{ en: `It is valid for ${en} from when it was earned.`, ko: `획득한 때부터 ${ko} 동안 유효합니다.` }];
  return [{
    en: `It is valid for ${en} from when it was earned, and renewed each time later records alone meet the criteria again.`,
    ko: `획득한 때부터 ${ko} 동안 유효하며, 그 뒤의 기록만으로 조건을 다시 충족할 때마다 갱신됩니다.`,
  }];
};

const CORRECTED: Readonly<Record<CorrectionPolicy, Words>> = {
  keep: { en: 'the learner keeps it', ko: '배지는 그대로 유지됩니다' },
  review: { en: 'it is suspended until a person decides', ko: '담당자가 결정할 때까지 배지가 보류됩니다' },
  revoke: { en: 'it is taken back', ko: '배지가 취소됩니다' },
};

const correcting = ({ whenCorrected, decides }: Rule): Words => {
  const { en, ko } = CORRECTED[whenCorrected];
  // What is held while it is met ends by new records as well.
  const anew = decides.mode === 'continuously';
  const records: Words = anew ? { en: 'When new or corrected records', ko: '새로운 기록이나 정정된 기록 때문에' } : { en: 'If records are corrected later and', ko: '나중에 기록이 정정되어' };
  return { en: `${records.en} no longer support the badge, ${en}.`, ko: `${records.ko} 조건에 더 이상 맞지 않게 ${whenCorrected === 'keep' ? '되어도' : '되면'} ${ko}.` };
};

const guarding = ({ stakes }: Rule): readonly Words[] =>
  stakes ? [{ en: 'The stakes are high: a second person has to approve each change of the rule.', ko: '중요한 배지이므로, 규칙을 바꿀 때마다 다른 사람 한 명의 승인이 더 필요합니다.' }] : [];

/** What a whole rule means, in a few plain sentences: who gets the badge when and for what, how long it lasts, and what corrections do. */
export const meaningOf = (rule: Rule, names: MeaningNames): Words => {
  const sentences = [awarding(rule, names), ...holding(rule), ...repeating(rule), ...lasting(rule), correcting(rule), ...guarding(rule)];
  return { en: sentences.map(({ en }) => en).join(' '), ko: sentences.map(({ ko }) => ko).join(' ') };
};
