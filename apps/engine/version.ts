import { existsSync, readFileSync } from 'node:fs';

/** The nearest package file at or above a place: this program's, built or not. */
const packageFile = (from: URL): URL => {
  const file = new URL('package.json', from);
  const parent = new URL('..', from);
  return existsSync(file) || parent.href === from.href ? file : packageFile(parent);
};

/** The version of this program. */
export const VERSION: string = (JSON.parse(readFileSync(packageFile(new URL('.', import.meta.url)), 'utf8')) as { readonly version: string }).version;
