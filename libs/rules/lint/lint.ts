import { badgeNames } from '../badge-names.js';
import type { Diagnostic } from '../diagnostic.js';
import type { UnknownName } from '../known.js';
import { locator } from '../locate.js';
import { parseRule } from '../parse.js';
import type { Rule } from '../rule.js';
import { NO_NAMES, type Words } from '../words.js';
import { scored, type Finding, type Found } from './finding.js';
import { meaning } from './meaning.js';
import { meaningOf, type MeaningNames } from './meaning-sentence.js';
import { outcome } from './outcome.js';
import { placement } from './place.js';
import { sentencesOf, type Sentence } from './sentences.js';
import { soundness } from './soundness.js';
import type { Check, Surroundings } from './subject.js';

/** Everything that is looked at. */
export const CHECKS: readonly Check[] = [soundness, outcome, meaning, placement];

/** What is to be said about one rule file. */
export interface Lint {
  readonly file: string;
  /** Why the parser does not take it. */
  readonly diagnostics: readonly Diagnostic[];
  /** What is to be said about the badge's design, what costs most first; nothing where the file is no rule. */
  readonly findings: readonly Finding[];
  /** The badge design score, from 0 to 100; null where the file is no rule. */
  readonly score: number | null;
  readonly rule: Rule | null;
  /** The criteria in plain language; null where the file is no rule. */
  readonly sentences: Sentence | null;
  /** The whole rule in a few plain sentences; null where the file is no rule. */
  readonly meaning: Words | null;
}

/** A rule file as it was read. */
interface Source {
  readonly file: string;
  readonly text: string;
}

const namesIn = ({ others = [], offers, courseTitle }: Surroundings, { course }: Rule): MeaningNames => {
  const titles = new Map((offers?.(course) ?? []).flatMap(({ activity, values: { title } }) => (activity === undefined || title === undefined ? [] : [[activity, title]])));
  return { ...NO_NAMES, ...badgeNames(others.map(({ rule }) => rule)), activity: (id) => titles.get(id), ...(courseTitle && { course: courseTitle }) };
};

const WHAT_KO: Readonly<Record<UnknownName['what'], string>> = { course: '과정', activity: '활동', tag: '태그', badge: '배지' };

const unknownName = ({ what, name, meant, line, column, message }: UnknownName): Found => ({
  code: 'unknown-name',
  keys: [],
  place: { line, column },
  message: { en: message, ko: `${WHAT_KO[what]} ‘${name}’은(는) 알려져 있지 않음${meant === undefined ? '' : `; ‘${meant}’을(를) 뜻한 것인지 확인하세요`}` },
});

/** What is to be said about a file that is no rule, or cannot be read. */
export const unreadable = (file: string, diagnostics: readonly Diagnostic[]): Lint => ({ file, diagnostics, findings: [], score: null, rule: null, sentences: null, meaning: null });

/** Looks at one rule file: what the parser says, what is to be said about the badge's design, and its score. */
export const lintRule = ({ file, text }: Source, around: Surroundings = {}): Lint => {
  // Badges that nobody knows are a matter of the badge's place, and said there.
  const { badges: _badges, ...known } = around.known ?? {};
  const parsed = parseRule(text, file, known);
  if (!parsed.ok) return unreadable(file, parsed.diagnostics);
  const { rule, warnings } = parsed;
  const found: Found[] = [...warnings.map(unknownName), ...CHECKS.flatMap((check) => check({ rule, around }))];
  const { findings, score } = scored(found, file, locator(text));
  const names = namesIn(around, rule);
  return { file, diagnostics: [], findings, score, rule, sentences: sentencesOf(rule.criteria, names), meaning: meaningOf(rule, names) };
};

/** Looks at rule files that belong together: each stands among the others, and among `around.others`. */
export const lintRules = (sources: readonly Source[], around: Surroundings = {}): readonly Lint[] => {
  const parsed = sources.flatMap(({ file, text }) => {
    const read = parseRule(text, file);
    return read.ok ? [{ file, rule: read.rule }] : [];
  });
  return sources.map((source) =>
    lintRule(source, { ...around, others: [...(around.others ?? []), ...parsed.filter(({ file }) => file !== source.file)] }),
  );
};

/** Whether something is wrong; where `strict`, warnings count as well. */
export const isWrong = ({ diagnostics, findings }: Lint, strict: boolean): boolean =>
  [...diagnostics.map(({ severity = 'error' }) => severity), ...findings.map(({ severity }) => severity)].some(
    (severity) => severity === 'error' || (strict && severity === 'warning'),
  );
