import { existsSync } from 'node:fs';
import { messageOf } from '#domain/errors.js';
import { textOf } from '#engine/rule-files.js';
import { testRule, type RuleTest } from '#awarding/test-rule.js';
import type { RuleFile } from '#awarding/check-rules.js';
import { formatDiagnostic } from '#rules/diagnostic.js';
import type { CaseResult } from '#awarding/run-case.js';
import { criteriaLines } from './criteria-lines.js';
import { EXIT } from './exit-codes.js';
import { readNamedRules } from './rule-paths.js';

export interface TestOptions {
  readonly paths: readonly string[];
  readonly json: boolean;
  /** A rule without cases fails as well. */
  readonly strict: boolean;
}

const casesBeside = async (file: string): Promise<RuleFile | undefined> => {
  const stem = file.replace(/\.ya?ml$/i, '');
  const found = [`${stem}.cases.yaml`, `${stem}.cases.yml`].find((path) => existsSync(path));
  return found === undefined ? undefined : { file: found, text: await textOf(found) };
};

const testFile = async (rule: RuleFile): Promise<RuleTest> => {
  try {
    return testRule(rule, await casesBeside(rule.file));
  } catch (error) {
    const message = `its cases cannot be read: ${messageOf(error)}`;
    return { file: rule.file, badge: null, diagnostics: [{ file: rule.file, line: 1, column: 1, message }], cases: [], passed: false };
  }
};

const printFailure = ({ file, line, failures, award, history, criteria }: CaseResult): void => {
  console.log(`      at ${file}:${line}`);
  for (const { what, expected, actual } of failures) console.log(`      ${what}: expected ${expected}, got ${actual}`);
  console.log(`      award: ${award.status}${award.period && `, period ${award.period}`}${award.earned === undefined ? '' : `, earned ${award.earned}`}`);
  for (const { type, at } of history) console.log(`        ${at}  ${type}`);
  for (const line of criteriaLines(criteria, { missing: false })) console.log(`      ${line}`);
};

const print = ({ file, diagnostics, cases }: RuleTest): void => {
  console.log(file);
  for (const found of diagnostics) console.log(`  ${formatDiagnostic(found)}`);
  for (const result of cases) {
    console.log(`  ${result.passed ? '✓' : '✗'} ${result.case}`);
    if (!result.passed) printFailure(result);
  }
};

const summary = (tests: readonly RuleTest[]): string => {
  const results = tests.flatMap(({ cases }) => cases);
  const failed = results.filter(({ passed }) => !passed).length;
  const broken = tests.filter(({ diagnostics }) => diagnostics.some(({ severity = 'error' }) => severity === 'error')).length;
  const untested = tests.filter(({ badge, cases }) => badge !== null && cases.length === 0).length - broken;
  const parts = [`${results.length - failed} passed`, ...(failed > 0 ? [`${failed} failed`] : [])];
  const more = [...(broken > 0 ? [`${broken} cannot be read`] : []), ...(untested > 0 ? [`${untested} without cases`] : [])];
  const rules = `${tests.length} rule${tests.length === 1 ? '' : 's'}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
  return `${rules}, ${results.length} case${results.length === 1 ? '' : 's'}: ${parts.join(', ')}.`;
};

/** Runs the example cases beside rule files and prints what came of each. */
export const testFiles = async ({ paths, json, strict }: TestOptions): Promise<number> => {
  const { files, unreadable } = await readNamedRules(paths);
  const tests = unreadable.map((found): RuleTest => ({ file: found.file, badge: null, diagnostics: [found], cases: [], passed: false }));
  for (const rule of files) tests.push(await testFile(rule));
  if (json) console.log(JSON.stringify({ rules: tests }, null, 2));
  else {
    for (const test of tests) print(test);
    console.log(summary(tests));
  }
  const warned = tests.some(({ diagnostics }) => diagnostics.length > 0);
  return tests.every(({ passed }) => passed) && !(strict && warned) ? EXIT.ok : EXIT.failed;
};
