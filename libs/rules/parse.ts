import { contentHash } from '#domain/ids.js';
import type { Diagnostic } from './diagnostic.js';
import { nameWarnings, type Known, type UnknownName } from './known.js';
import type { Rule } from './rule.js';
import { RULE } from './rule-shape.js';
import { openYaml, Report } from './yaml-reader.js';

export type ParseResult =
  | { readonly ok: true; readonly rule: Rule; readonly hash: string; readonly warnings: readonly UnknownName[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Reads a rule file: the rule with its content hash and a warning for each name in it that is not `known`, or
 * everything that is wrong with it, each with its place. Never throws, whatever the text.
 */
export const parseRule = (text: string, file: string, known: Known = {}): ParseResult => {
  const report = new Report(file);
  const value = openYaml(text, report);
  const rule = value && RULE.read(value);
  if (report.diagnostics.length > 0 || !rule) return { ok: false, diagnostics: report.diagnostics };
  return { ok: true, rule, hash: ruleHash(rule), warnings: nameWarnings(report, rule, known) };
};

/** The content hash of a rule: equal meaning in equal words gives an equal hash, comments and order aside. */
export const ruleHash = (rule: Rule): string => contentHash(rule);
