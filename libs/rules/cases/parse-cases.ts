import type { Diagnostic } from '../diagnostic.js';
import { openYaml, Report } from '../yaml-reader.js';
import { CASES, type RuleCase } from './cases-shape.js';

export type CasesResult =
  | { readonly ok: true; readonly cases: readonly RuleCase[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Reads a file of example cases, or everything that is wrong with it, each with its place. Never throws, whatever the text. */
export const parseCases = (text: string, file: string): CasesResult => {
  const report = new Report(file);
  const value = openYaml(text, report, 'list of cases');
  const cases = value && CASES.read(value);
  if (report.diagnostics.length > 0 || !cases) return { ok: false, diagnostics: report.diagnostics };
  return { ok: true, cases };
};
