import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // it is looked for elsewhere
  }
};

/** A browser that is installed: the one that PROOFMARK_BROWSER names, or a Chromium on the PATH; undefined where there is none. */
export const installedBrowser = (): string | undefined => {
  const named = process.env['PROOFMARK_BROWSER'];
  if (named) return named;
  return (process.env['PATH'] ?? '').split(delimiter).flatMap((dir) => NAMES.map((name) => join(dir, name))).find(isProgram);
};
