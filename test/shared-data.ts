import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The real data set beside the checkout; tests that need it run where it is present and say so where it is not. */
export const SHARED_DATA = resolve('../shared/data');

/** `describe` where the shared data is present; else one that is skipped and says why. */
export const describeWithSharedData = (name: string, tests: () => void): void => {
  if (existsSync(SHARED_DATA)) describe(name, tests);
  else describe.skip(`${name} (skipped: no data set in ${SHARED_DATA})`, tests);
};
