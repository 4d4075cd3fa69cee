import { awardRateOf } from '#engine/award-rate.js';
import type { EngineConfig } from '#engine/config.js';
import { formatDiagnostic } from '#rules/diagnostic.js';
import { isWrong, lintRules, unreadable as unreadableLint, type Lint } from '#rules/lint/lint.js';
import type { AwardRate, Surroundings } from '#rules/lint/subject.js';
import { parseRule } from '#rules/parse.js';
import type { Rule } from '#rules/rule.js';
import { EXIT } from './exit-codes.js';
import { untilInterrupted } from './interrupt.js';
import { readNamedRules } from './rule-paths.js';

export interface LintOptions {
  readonly paths: readonly string[];
  readonly json: boolean;
  /** Warnings fail as well. */
  readonly strict: boolean;
  /** Where to look up courses, activities, tags, badges and award rates; the files alone where absent. */
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

/** What a data directory knows around rules. */
interface Looked {
  readonly around: Surroundings;
  /** Rules whose award rate was looked at, and whether it was ended before all were. */
  readonly backtested: number;
  readonly interrupted: boolean;
}

const NOT_LOOKED: Looked = { around: {}, backtested: 0, interrupted: false };

/** What reads a data directory: files alone are looked at without. */
const lookingTools = async () => ({
  ...(await import('./read-view.js')), ...(await import('#engine/rule-surroundings.js')), ...(await import('./rules-backtest.js')),
});

/** Looks names up, and tries each rule on everything that is recorded: how many earn it says more than its text. */
const lookInto = async (config: EngineConfig, rules: readonly Rule[], json: boolean): Promise<Looked> => {
  const { withReadView, surroundingsOf, backtestInView } = await lookingTools();
  return withReadView(config, async (view) => {
    const { tenant } = config;
    const around = await surroundingsOf(view, tenant, rules.map(({ course }) => course));
    const rates = new Map<string, AwardRate | undefined>();
    const interrupted = await untilInterrupted(async (signal) => {
      for (const rule of rules) {
        const result = await backtestInView({ tenant, rule, limit: 0, now: Date.now() }, view, json, signal);
        if (!result.complete) return true;
        rates.set(rule.badge, awardRateOf(result));
      }
      return false;
    });
    return { around: { ...around, awardRate: (badge) => rates.get(badge) }, backtested: rates.size, interrupted };
  });
};

const backtestedLine = (data: EngineConfig | undefined, { backtested, interrupted }: Looked): string => {
  if (!data) return 'Names and award rates were not looked up; --data DIR does.';
  return interrupted ? `Interrupted: the award rates of ${many(backtested, 'rule')} were looked at.` : `Award rates on what is recorded were looked at, of ${many(backtested, 'rule')}.`;
};

/** Prints what is to be said about rule files and the design of their badges. */
export const lintFiles = async ({ paths, json, strict, data }: LintOptions): Promise<number> => {
  const { files, beside, unreadable } = await readNamedRules(paths);
  const own = rulesIn(files);
  const looked = data ? await lookInto(data, own.map(({ rule }) => rule), json) : NOT_LOOKED;
  const { around } = looked;
  const siblings = rulesIn(beside);
  const written = new Set([...own, ...siblings].map(({ rule }) => rule.badge));
  // A rule in a file is newer than the one in the log.
  const published = (around.others ?? []).filter(({ rule }) => !written.has(rule.badge));
  const lints = [...unreadable.map((found) => unreadableLint(found.file, [found])), ...lintRules(files, { ...around, others: [...published, ...siblings] })];
  if (json) console.log(JSON.stringify({ rules: lints, backtested: looked.backtested }, null, 2));
  else {
    for (const lint of lints) print(lint);
    console.log(backtestedLine(data, looked));
    console.log(summary(lints));
  }
  if (looked.interrupted) return EXIT.interrupted;
  return lints.some((lint) => isWrong(lint, strict)) ? EXIT.failed : EXIT.ok;
};
