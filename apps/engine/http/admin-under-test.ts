import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * TEST SUPPORT: somebody who may do everything, for tests that are not about access.
 */

export const ADMIN_KEY = 'the-key-of-the-administrator-in-tests';

/** The header that says so. */
export const AS_ADMIN = { authorization: `Bearer ${ADMIN_KEY}` };

/** The environment in which a program lets them in, however often they ask; the key's file stands in a directory. */
export const adminEnvironment = (dir: string): Readonly<Record<'PROOFMARK_ADMIN_KEY_FILE' | 'PROOFMARK_REQUESTS_PER_SECOND', string>> => {
  const path = join(dir, 'admin-key');
  writeFileSync(path, `${ADMIN_KEY}\n`, { mode: 0o600 });
  return { PROOFMARK_ADMIN_KEY_FILE: path, PROOFMARK_REQUESTS_PER_SECOND: 'off' };
};
