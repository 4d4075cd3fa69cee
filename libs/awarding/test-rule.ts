import { parseCases } from '#rules/cases/parse-cases.js';
import type { Diagnostic } from '#rules/diagnostic.js';
import { parseRule } from '#rules/parse.js';
import type { RuleFile } from './check-rules.js';
import { runCase, type CaseResult } from './run-case.js';

/** What came of the example cases of a rule. */
export interface RuleTest {
  readonly file: string;
  /** Null where the file is no rule. */
  readonly badge: string | null;
  /** What is wrong with the rule or its cases; a warning where it has none. */
  readonly diagnostics: readonly Diagnostic[];
  readonly cases: readonly CaseResult[];
  /** Nothing is wrong, and every case came out as expected. */
  readonly passed: boolean;
}

/** Runs the example cases of a rule, through both evaluators and the decisions that awards are made by. Never throws. */
export const testRule = (rule: RuleFile, cases: RuleFile | undefined): RuleTest => {
  const { file } = rule;
  const parsed = parseRule(rule.text, file);
  const badge = parsed.ok ? parsed.rule.badge : null;
  if (!parsed.ok) return { file, badge, diagnostics: parsed.diagnostics, cases: [], passed: false };
  if (!cases) {
    const warning: Diagnostic = { file, line: 1, column: 1, message: 'the rule has no example cases', expected: 'a file of the same name that ends in .cases.yaml', severity: 'warning' };
    return { file, badge, diagnostics: [warning], cases: [], passed: true };
  }
  const read = parseCases(cases.text, cases.file);
  if (!read.ok) return { file, badge, diagnostics: read.diagnostics, cases: [], passed: false };
  const results = read.cases.map((one) => runCase(parsed.rule, one, cases.file));
  return { file, badge, diagnostics: [], cases: results, passed: results.every(({ passed }) => passed) };
};
