import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeUnless } from './where-possible.js';

/** The real data set beside the checkout; tests that need it run where it is present and say so where it is not. */
export const SHARED_DATA = resolve('../shared/data');

/** `describe` where the shared data is present; else one that is skipped and says why. */
export const describeWithSharedData = (name: string, tests: () => void): void => describeUnless(existsSync(SHARED_DATA) ? undefined : `no data set in ${SHARED_DATA}`, name, tests);
