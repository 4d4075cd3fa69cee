import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { RuleFile } from '#awarding/check-rules.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import type { Diagnostic } from '#rules/diagnostic.js';

/** The rule files that were read, and what cannot be. */
export interface RuleFiles {
  readonly files: readonly RuleFile[];
  readonly unreadable: readonly Diagnostic[];
}

/** The text of a file; anything that is no file is not opened, since a pipe would never end. */
const textOf = async (path: string): Promise<string> => {
  if (!(await stat(path)).isFile()) throw new Error('it is no file');
  return readFile(path, 'utf8');
};

/**
 * The rule files (.yaml, .yml) of some directories, by name; subdirectories are not searched. A file that cannot be
 * read stops nothing.
 * @throws ProofmarkError USAGE where a directory cannot be read.
 */
export const readRuleFiles = async (dirs: readonly string[]): Promise<RuleFiles> => {
  const files: RuleFile[] = [];
  const unreadable: Diagnostic[] = [];
  for (const dir of dirs) {
    let names: readonly string[];
    try {
      names = (await readdir(dir, { withFileTypes: true })).filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    } catch (error) {
      throw new ProofmarkError('USAGE', `The rule directory ${dir} cannot be read. Name another one with --rules.`, { cause: error });
    }
    for (const name of names.filter((file) => /\.ya?ml$/i.test(file)).sort()) {
      const path = join(dir, name);
      const file = relative(process.cwd(), path) || path;
      try {
        files.push({ file, text: await textOf(path) });
      } catch (error) {
        unreadable.push({ file, line: 1, column: 1, message: `the file cannot be read: ${messageOf(error)}` });
      }
    }
  }
  return { files, unreadable };
};
