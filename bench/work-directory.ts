import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd } from './at-end.js';

/** Hands out empty directories below one that is removed when the process ends, however that comes. */
export const workDirectory = (parent: string): { readonly path: string; readonly fresh: <T>(work: (dir: string) => Promise<T> | T) => Promise<T> } => {
  const path = mkdtempSync(join(parent, 'proofmark-bench-'));
  atEnd(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    fresh: async (work) => {
      const dir = mkdtempSync(join(path, 'run-'));
      try {
        return await work(dir);
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    },
  };
};
export type WorkDirectory = ReturnType<typeof workDirectory>;
