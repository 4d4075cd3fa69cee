import { existsSync, readFileSync, statSync } from 'node:fs';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import type { RuleFile } from '#awarding/check-rules.js';
import type { RuleVersions } from '#awarding/rule-versions.js';
import { formatDiagnostic } from '#rules/diagnostic.js';
import { parseRule, ruleHash } from '#rules/parse.js';
import type { Rule } from '#rules/rule.js';

/** A rule that the command line names, and how people would call it. */
export interface NamedRule {
  readonly rule: Rule;
  readonly hash: string;
  readonly name: string;
}

/** Reads a rule file. @throws ProofmarkError NOT_FOUND where it cannot be read. */
export const readRuleFile = (file: string): RuleFile => {
  try {
    if (!statSync(file).isFile()) throw new Error('it is no file');
    return { file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new ProofmarkError('NOT_FOUND', `The rule file ${file} cannot be read: ${messageOf(error)}`);
  }
};

const looksLikeFile = (text: string): boolean => /\.ya?ml$/i.test(text) || /[\\/]/.test(text) || existsSync(text);

/** @throws ProofmarkError USAGE with everything that is wrong with the file, NOT_FOUND where there is none. */
const ruleInFile = (path: string): NamedRule => {
  const { file, text } = readRuleFile(path);
  const parsed = parseRule(text, file);
  if (!parsed.ok) throw new ProofmarkError('USAGE', `The rule is wrong:\n${parsed.diagnostics.map(formatDiagnostic).join('\n')}`);
  return { rule: parsed.rule, hash: parsed.hash, name: file };
};

const published = (badge: string, version: string | undefined, versions: RuleVersions): NamedRule => {
  const newest = versions.newest(badge);
  if (!newest) throw new ProofmarkError('NOT_FOUND', `No rule was published for badge "${badge}", and there is no such file.`);
  const live = version === undefined || version === 'live';
  const found = live ? versions.live(badge) : versions.version(badge, Number(version));
  if (!found) throw new ProofmarkError('NOT_FOUND', live ? `The rule of "${badge}" is retired; name a version: ${badge}@${newest.reference.version}.` : `The rule of "${badge}" has no version ${version}.`);
  return { rule: found.rule, hash: ruleHash(found.rule), name: `${badge} version ${found.reference.version}` };
};

/**
 * The rule that an argument names: a rule file, the id of a badge, or badge@version.
 * @throws ProofmarkError NOT_FOUND, USAGE.
 */
export const namedRule = (argument: string, versions: RuleVersions): NamedRule => {
  if (looksLikeFile(argument)) return ruleInFile(argument);
  const [, badge = argument, version] = /^(.+)@(\d+|live)$/.exec(argument) ?? [];
  return published(badge, version, versions);
};

/**
 * The rule that another is compared with: a version of its badge, the live one, or a file.
 * @throws ProofmarkError NOT_FOUND, USAGE.
 */
export const otherRule = (argument: string, { badge }: Rule, versions: RuleVersions): NamedRule =>
  argument === 'live' || /^\d+$/.test(argument) ? published(badge, argument, versions) : namedRule(argument, versions);
