import type { EngineConfig } from '#engine/config.js';
import { surroundingsOf } from '#engine/rule-surroundings.js';
import { formatDiagnostic } from '#rules/diagnostic.js';
import { isWrong, lintRules, unreadable as unreadableLint, type Lint } from '#rules/lint/lint.js';
import type { Surroundings } from '#rules/lint/subject.js';
import { parseRule } from '#rules/parse.js';
import { EXIT } from './exit-codes.js';
import { readNamedRules } from './rule-paths.js';
import { withReadView } from './read-view.js';

export interface LintOptions {
  readonly paths: readonly string[];
  readonly json: boolean;
  /** Warnings fail as well. */
  readonly strict: boolean;
  /** Where to look up courses, activities, tags and badges; the files alone where absent. */
  readonly data?: EngineConfig;
}

const rulesIn = (files: readonly { readonly file: string; readonly text: string }[]) =>
  files.flatMap(({ file, text }) => {
    const parsed = parseRule(text, file);
    return parsed.ok ? [{ file, rule: parsed.rule }] : [];
  });

const print = ({ file, diagnostics, findings, score, rule }: Lint): void => {
  console.log(rule ? `${file}   ${rule.name['en'] ?? rule.badge}   ${score} of 100` : `${file}   is no rule`);
  for (const found of diagnostics) console.log(`  ${formatDiagnostic(found)}`);
  for (const { line, column, severity, code, effect, message, why, fix } of findings) {
    console.log(`  ${line}:${column}  ${severity}  ${message.en}  [${code}${effect > 0 ? `, −${effect}` : ''}]`);
    console.log(`      ${why.en} ${fix.en}`);
  }
};

const countOf = (lints: readonly Lint[], wanted: 'error' | 'warning' | 'advice'): number =>
  lints.flatMap(({ diagnostics, findings }) => [...diagnostics, ...findings]).filter(({ severity = 'error' }) => severity === wanted).length;

const many = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const summary = (lints: readonly Lint[]): string => {
  const scores = lints.flatMap(({ score }) => score ?? []);
  const mean = scores.length === 0 ? '' : `, design score ${Math.round(scores.reduce((sum, score) => sum + score, 0) / scores.length)} of 100 on average`;
  const counts = [many(countOf(lints, 'error'), 'error'), many(countOf(lints, 'warning'), 'warning'), `${countOf(lints, 'advice')} pieces of advice`];
  return `${many(lints.length, 'rule')}: ${counts.join(', ')}${mean}.`;
};

/** Prints what is to be said about rule files and the design of their badges. */
export const lintFiles = async ({ paths, json, strict, data }: LintOptions): Promise<number> => {
  const { files, beside, unreadable } = await readNamedRules(paths);
  const own = rulesIn(files);
  const named = new Set(own.map(({ rule }) => rule.badge));
  const courses = own.map(({ rule }) => rule.course);
  const around: Surroundings = data ? await withReadView(data, (view) => surroundingsOf(view, data.tenant, courses)) : {};
  const siblings = rulesIn(beside);
  const written = new Set([...named, ...siblings.map(({ rule }) => rule.badge)]);
  // A rule in a file is newer than the one in the log.
  const published = (around.others ?? []).filter(({ rule }) => !written.has(rule.badge));
  const lints = [...unreadable.map((found) => unreadableLint(found.file, [found])), ...lintRules(files, { ...around, others: [...published, ...siblings] })];
  if (json) console.log(JSON.stringify({ rules: lints }, null, 2));
  else {
    for (const lint of lints) print(lint);
    console.log(summary(lints));
  }
  return lints.some((lint) => isWrong(lint, strict)) ? EXIT.failed : EXIT.ok;
};
