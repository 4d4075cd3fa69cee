import type { Fact } from '#domain/facts.js';
import type { CriterionVerdict, Unit, Verdict } from '#domain/verdict.js';
import type { Zone } from '#rules/calendar.js';
import { labelOf } from '#rules/explain.js';
import { isLimit } from '#rules/limit.js';
import type { Criterion } from '#rules/rule.js';
import { plain, type Names, type Words } from '#rules/words.js';
import { factWords } from './fact-words.js';

/** One criterion that was met, with what proves it: OB 3.0 `Evidence`, before it is put into a language. */
export interface CriterionEvidence {
  /** Place in the rule, for example "all[1].mean". */
  readonly path: string;
  /** What was asked for. */
  readonly label: Words;
  readonly value: number;
  readonly needed: number;
  readonly unit: Unit;
  /** "Reached 86 %, needed 80 %."; absent where what counts is that something did not happen. */
  readonly outcome?: Words;
  /** The facts that count, one line each. */
  readonly facts: readonly Words[];
}

/** More lines prove nothing more to a reader; the hash of the trace stands for all. */
const MOST_LINES = 40;

const SIGNS: Readonly<Partial<Record<Unit, Words>>> = {
  percent: { en: ' %', ko: '%' },
  points: { en: ' points', ko: '점' },
  days: { en: ' days', ko: '일' },
  weeks: { en: ' weeks', ko: '주' },
};

const amount = (value: number, unit: Unit, language: keyof Words): string => `${plain(value)}${SIGNS[unit]?.[language] ?? ''}`;

const outcomeOf = ({ value, needed, unit }: CriterionVerdict): Words => ({
  en: `Reached ${amount(value, unit, 'en')}; needed ${amount(needed, unit, 'en')}.`,
  ko: `결과 ${amount(value, unit, 'ko')}, 기준 ${amount(needed, unit, 'ko')}`,
});

/** What is known of an award besides its rule and its trace. */
export interface EvidenceSources {
  /** Those that the trace names, as they were when it was made. */
  readonly facts: Iterable<Fact>;
  /** What badges that were held are called, by the ids of their facts. */
  readonly titles: ReadonlyMap<string, Words>;
  readonly names: Names;
  /** The course's. */
  readonly zone: Zone;
}

interface Known extends Omit<EvidenceSources, 'facts'> {
  readonly facts: ReadonlyMap<string, Fact>;
}

const linesOf = ({ evidence }: CriterionVerdict, { facts, titles, names, zone }: Known): readonly Words[] => {
  const lines = evidence.slice(0, MOST_LINES).flatMap((id) => {
    const fact = facts.get(id);
    return fact ? [factWords(fact, { ...names, badge: (badge) => titles.get(id) ?? names.badge(badge) }, zone)] : [];
  });
  const left = evidence.length - lines.length;
  return left === 0 ? lines : [...lines, { en: `and ${left} more`, ko: `외 ${left}건` }];
};

const NOT: Words = { en: 'Not: ', ko: '해당하지 않음: ' };

const collect = (criterion: Criterion, verdict: CriterionVerdict, known: Known): readonly CriterionEvidence[] => {
  if (!verdict.met) return [];
  if ('leaf' in criterion || criterion.group === 'not') {
    const [asked, found] = 'leaf' in criterion ? [criterion, verdict] : [criterion.parts[0], verdict.parts?.[0] ?? verdict];
    const label = labelOf(asked, known.names);
    const { path } = verdict;
    const { value, needed, unit } = found;
    if (!('leaf' in criterion)) return [{ path, label: { en: NOT.en + label.en, ko: NOT.ko + label.ko }, value, needed, unit, facts: [] }];
    if (isLimit(criterion.leaf, needed)) return [{ path, label, value, needed, unit, facts: [] }];
    return [{ path, label, value, needed, unit, outcome: outcomeOf(found), facts: linesOf(found, known) }];
  }
  return criterion.parts.flatMap((part, i) => {
    const found = verdict.parts?.[i];
    return found ? collect(part, found, known) : [];
  });
};

/** What proves an award: each criterion that was met and counts, with its value, what was needed and the facts that count. */
export const evidenceFor = (criteria: Criterion, { root }: Verdict, { facts, ...sources }: EvidenceSources): readonly CriterionEvidence[] =>
  collect(criteria, root, { ...sources, facts: new Map([...facts].map((fact) => [fact.id, fact])) });
