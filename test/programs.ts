import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { itUnless } from './where-possible.js';

/* TEST SUPPORT: other people's programs, where they are installed. */

/** `it` where a program is installed; else one that is skipped and says why. */
export const itWith = (program: string, name: string, test: () => unknown): void => {
  const run = async (): Promise<void> => void (await test());
  const isThere = spawnSync('which', [program], { stdio: 'ignore' }).status === 0;
  itUnless(isThere ? undefined : `${program} is not installed`, name, run);
};

/** What a program prints about a file, with the code that it ends with; `args` come before the file's name. */
export const runOn = (program: string, args: readonly string[], name: string, bytes: Uint8Array): { readonly status: number | null; readonly output: string } => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-program-'));
  try {
    writeFileSync(join(dir, name), bytes);
    const { status, stdout } = spawnSync(program, [...args, join(dir, name)], { encoding: 'utf8' });
    return { status, output: stdout };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};
