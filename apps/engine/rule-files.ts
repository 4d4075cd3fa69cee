import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { RuleFile } from '#awarding/publish-rules.js';
import { ProofmarkError } from '#domain/errors.js';

/**
 * The rule files (.yaml, .yml) of some directories, by name; subdirectories are not searched.
 * @throws ProofmarkError USAGE where a directory cannot be read.
 */
export const readRuleFiles = async (dirs: readonly string[]): Promise<readonly RuleFile[]> => {
  const files: RuleFile[] = [];
  for (const dir of dirs) {
    let names: readonly string[];
    try {
      names = (await readdir(dir, { withFileTypes: true })).filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    } catch (error) {
      throw new ProofmarkError('USAGE', `The rule directory ${dir} cannot be read. Name another one with --rules.`, { cause: error });
    }
    for (const name of names.filter((file) => /\.ya?ml$/i.test(file)).sort()) {
      const path = join(dir, name);
      files.push({ file: relative(process.cwd(), path) || path, text: await readFile(path, 'utf8') });
    }
  }
  return files;
};
