import { readFileSync } from 'node:fs';

const find = (from: URL): string => {
  const file = new URL('package.json', from);
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: string; readonly version?: string };
    if (content.name === 'proofmark') return content.version ?? 'unknown';
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const parent = new URL('..', from);
  return parent.href === from.href ? 'unknown' : find(parent);
};

/** The version of this program, from its package file. */
export const VERSION: string = find(new URL('.', import.meta.url));
