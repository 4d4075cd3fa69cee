import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { RuleFile } from '#awarding/check-rules.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import type { Diagnostic } from '#rules/diagnostic.js';

/** The rule files that were read, and what cannot be. */
export interface RuleFiles {
  readonly files: readonly RuleFile[];
  /** Files that say who signs ("<issuer>.issuer.yaml"). */
  readonly issuers: readonly RuleFile[];
  readonly unreadable: readonly Diagnostic[];
}

/** More bytes than the longest rule or list of cases can have; what is longer is not read into memory. */
const MAX_BYTES = 1_000_000;

/**
 * The text of a rule file or of its cases; anything that is no file is not opened, since a pipe would never end.
 * @throws Error where it cannot be read, with the reason.
 */
export const textOf = async (path: string): Promise<string> => {
  const found = await stat(path);
  if (!found.isFile()) throw new Error('it is no file');
  if (found.size > MAX_BYTES) throw new Error(`it is longer than ${MAX_BYTES} bytes`);
  return readFile(path, 'utf8');
};

/** True for the name of a file of example cases ("<rule>.cases.yaml"), which stands beside its rule. */
export const isCasesFile = (name: string): boolean => /\.cases\.ya?ml$/i.test(name);

/** The text of the example cases beside a rule file; undefined where there are none. @throws Error where they cannot be read, with the reason. */
export const casesBeside = async (file: string): Promise<string | undefined> => {
  for (const path of [file.replace(/\.ya?ml$/i, '.cases.yaml'), file.replace(/\.ya?ml$/i, '.cases.yml')]) {
    try {
      return await textOf(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return undefined;
};

/** True for the name of a file that says who signs ("<issuer>.issuer.yaml"). */
export const isIssuerFile = (name: string): boolean => /\.issuer\.ya?ml$/i.test(name);

const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name);

/**
 * The rule files (.yaml, .yml) of some directories, by name, and the issuer files beside them; subdirectories are not searched, and example cases are no
 * rules. A file that cannot be read stops nothing.
 * @throws ProofmarkError USAGE where a directory cannot be read.
 */
export const readRuleFiles = async (dirs: readonly string[]): Promise<RuleFiles> => {
  const files: RuleFile[] = [];
  const issuers: RuleFile[] = [];
  const unreadable: Diagnostic[] = [];
  for (const dir of dirs) {
    let names: readonly string[];
    try {
      names = (await readdir(dir, { withFileTypes: true })).filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    } catch (error) {
      throw new ProofmarkError('USAGE', `The rule directory ${dir} cannot be read. Name another one with --rules.`, { cause: error });
    }
    for (const name of names.filter((name) => isYaml(name) && !isCasesFile(name)).sort()) {
      const path = join(dir, name);
      const file = relative(process.cwd(), path) || path;
      try {
        (isIssuerFile(name) ? issuers : files).push({ file, text: await textOf(path) });
      } catch (error) {
        unreadable.push({ file, line: 1, column: 1, message: `the file cannot be read: ${messageOf(error)}` });
      }
    }
  }
  return { files, issuers, unreadable };
};
