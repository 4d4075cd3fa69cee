import { statSync, type Stats } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { RuleFile } from '#awarding/check-rules.js';
import { ProofmarkError } from '#domain/errors.js';
import { isCasesFile, isIssuerFile, readRuleFiles } from '#engine/rule-files.js';
import type { Diagnostic } from '#rules/diagnostic.js';

/** The rule files that a command line names. */
export interface NamedRules {
  readonly files: readonly RuleFile[];
  /** Rule files beside those that were named one by one. */
  readonly beside: readonly RuleFile[];
  readonly unreadable: readonly Diagnostic[];
}

const statOf = (path: string): Stats => {
  try {
    return statSync(path);
  } catch (error) {
    throw new ProofmarkError('NOT_FOUND', `There is no file or directory ${path}.`, { cause: error });
  }
};

const isRuleName = (path: string): boolean => /\.ya?ml$/i.test(path) && !isCasesFile(path) && !isIssuerFile(path);

/**
 * Reads the rule files that are named, and all of the directories that are.
 * @throws ProofmarkError NOT_FOUND where a path does not exist or there is no rule at all, USAGE for a file that is no rule file.
 */
export const readNamedRules = async (paths: readonly string[]): Promise<NamedRules> => {
  const files = new Map<string, RuleFile>();
  const beside = new Map<string, RuleFile>();
  const unreadable = new Map<string, Diagnostic>();
  for (const path of paths) {
    const isDirectory = statOf(path).isDirectory();
    if (!isDirectory && !isRuleName(path)) {
      throw new ProofmarkError('USAGE', `${path} is no rule file: those end in .yaml or .yml, and example cases go with their rule.`);
    }
    const found = await readRuleFiles([isDirectory ? path : dirname(path)]);
    const isNamed = (file: string): boolean => isDirectory || resolve(file) === resolve(path);
    for (const read of found.files) (isNamed(read.file) ? files : beside).set(resolve(read.file), read);
    for (const one of found.unreadable) if (isNamed(one.file)) unreadable.set(one.file, one);
  }
  if (files.size === 0 && unreadable.size === 0) {
    throw new ProofmarkError('NOT_FOUND', `There are no rule files (.yaml) in ${paths.map((path) => basename(path) || path).join(', ')}.`);
  }
  for (const path of files.keys()) beside.delete(path);
  return { files: [...files.values()], beside: [...beside.values()], unreadable: [...unreadable.values()] };
};
