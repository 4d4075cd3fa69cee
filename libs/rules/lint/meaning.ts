import { kindOf } from '../criteria/all.js';
import type { LocalizedText, Rule } from '../rule.js';
import { plain } from '../words.js';
import type { Keys } from '../locate.js';
import type { Found } from './finding.js';
import type { Check } from './subject.js';
import { leavesIn, onNothing, rootOf, walk, type Leaf } from './tree.js';

const SHORTEST_NAME = 3;
const SHORTEST_TEXT = 20;

const NUMBER_WORDS = [
  'zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen',
  'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen', 'twenty',
];

/** Whether an English text says a number, in digits or as a word. */
const mentions = (text: string, value: number): boolean => {
  const digits = plain(value).replace('.', '\\.');
  const word = NUMBER_WORDS[value];
  return new RegExp(`(?<![\\d.])${digits}(?![\\d]|\\.\\d)${word ? `|\\b${word}\\b` : ''}`, 'i').test(text);
};

/** "All", "every", "both" say how many without a number. */
const saysAll = (text: string): boolean => /\b(all|every|each|both)\b/i.test(text);

/** Numbers of a cohort: how many are in. */
const PLACES = ['rank', 'top-percent'];

/** What a criterion asks for is no number that people read: a group counts its parts, an order its steps. */
const UNSPOKEN: readonly string[] = ['criteria', 'steps'];

/** Numbers of which a text has to say one, and whether "all" says it as well. */
interface Threshold {
  readonly values: readonly number[];
  readonly mayBeAll: boolean;
}

const thresholdsOf = ({ node, negated }: Leaf): readonly Threshold[] => {
  const { needed, unit, met } = onNothing(node);
  const settings = [...(kindOf(node.keyword).thresholds ?? []), ...PLACES].flatMap((key) => node.settings[key] ?? []);
  const others = settings.flatMap((value): Threshold[] => (typeof value === 'number' && value > 1 && value !== needed ? [{ values: [value], mayBeAll: false }] : []));
  if (UNSPOKEN.includes(unit) || needed <= 1) return others;
  // "Not at least 3" reads "at most 2" as well; so does "at most 2" read "fewer than 3".
  const values = negated ? [needed, needed - 1] : met ? [needed, needed + 1] : [needed];
  return [{ values, mayBeAll: !negated && unit !== 'percent' }, ...others];
};

const silentThresholds = ({ criteria, criteriaText }: Rule): readonly number[] => {
  const text = criteriaText['en'] ?? '';
  const thresholds = leavesIn(rootOf(criteria)).flatMap(thresholdsOf);
  for (const { criterion } of walk(rootOf(criteria))) {
    if ('group' in criterion && criterion.group === 'some' && criterion.atLeast > 1) thresholds.push({ values: [criterion.atLeast], mayBeAll: false });
  }
  const silent = thresholds.filter(({ values, mayBeAll }) => !values.some((value) => mentions(text, value)) && !(mayBeAll && saysAll(text)));
  return [...new Set(silent.flatMap(({ values }) => values[0] ?? []))];
};

/** Every text of a rule that people read. */
const textsOf = ({ name, criteriaText, design }: Rule): readonly (readonly [Keys, LocalizedText | undefined])[] => [
  [['name'], name],
  [['criteria-text'], criteriaText],
  [['competency'], design.competency],
  [['evidence'], design.evidence],
  [['role'], design.role],
  [['level', 'name'], design.level?.name],
];

const texts = (rule: Rule): readonly Found[] => {
  const found: Found[] = [];
  const short = (keys: Keys, text: string, least: number): void => {
    if (text.trim().length >= least) return;
    found.push({ code: 'text-too-short', keys, message: { en: `“${text.trim()}” is too short to say what the badge stands for`, ko: `‘${text.trim()}’은(는) 너무 짧아 배지의 뜻을 알 수 없음` } });
  };
  short(['name', 'en'], rule.name['en'] ?? '', SHORTEST_NAME);
  short(['criteria-text', 'en'], rule.criteriaText['en'] ?? '', SHORTEST_TEXT);
  const silent = silentThresholds(rule).map(plain).join(', ');
  if (silent !== '') {
    found.push({ code: 'text-without-threshold', keys: ['criteria-text', 'en'], message: { en: `The criteria ask for ${silent}, of which "criteria-text" says nothing`, ko: `조건은 ${silent}을(를) 요구하지만 "criteria-text"에는 없음` } });
  }
  const missing = textsOf(rule).filter(([, text]) => text && text['ko'] === undefined);
  const [first] = missing;
  if (first) {
    const names = missing.map(([keys]) => keys.join('.')).join(', ');
    found.push({ code: 'language-missing', keys: first[0], message: { en: `There is no Korean text of ${names}`, ko: `${names}의 한국어 텍스트가 없음` } });
  }
  return found;
};

/** Whether a reader of the badge learns what it certifies, how that was shown, and what it compares to. */
export const meaning: Check = ({ rule }) => {
  const { competency, alignments, evidence, image } = rule.design;
  const found: Found[] = [...texts(rule)];
  if (!competency) {
    found.push({ code: 'no-competency', keys: [], message: { en: 'It does not say what its holder can do', ko: '보유자가 무엇을 할 수 있는지 밝히지 않음' } });
  }
  if (!alignments) found.push({ code: 'no-alignment', keys: [], message: { en: 'It is aligned to no competency framework', ko: '어떤 역량 체계와도 연결되어 있지 않음' } });
  for (const [i, { name, url }] of (alignments ?? []).entries()) {
    if (/^https?:/.test(url)) continue;
    found.push({ code: 'alignment-no-link', keys: ['alignments', i, 'url'], message: { en: `The alignment “${name}” has no web address`, ko: `‘${name}’ 연결에 웹 주소가 없음` } });
  }
  if (!evidence) found.push({ code: 'no-evidence-text', keys: [], message: { en: 'It does not say what the evidence shows', ko: '증거가 무엇을 보여 주는지 밝히지 않음' } });
  const yields = leavesIn(rootOf(rule.criteria)).some(({ node, negated }) => !negated && !onNothing(node).met);
  if (!yields) found.push({ code: 'no-evidence', keys: ['criteria'], message: { en: 'No criterion yields evidence', ko: '증거를 남기는 조건이 없음' } });
  if (image === undefined) found.push({ code: 'no-image', keys: [], message: { en: 'It has no picture of its own', ko: '고유한 그림이 없음' } });
  return found;
};
