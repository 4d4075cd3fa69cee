import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * TEST SUPPORT: somebody who may do everything, for tests that are not about access.
 */

export const ADMIN_KEY = 'the-key-of-the-administrator-in-tests';

/** The header that says so. */
export const AS_ADMIN = { authorization: `Bearer ${ADMIN_KEY}` };

/** The environment in which a program lets them in; the key's file stands in a directory. */
export const adminEnvironment = (dir: string): { readonly PROOFMARK_ADMIN_KEY_FILE: string } => {
  const path = join(dir, 'admin-key');
  writeFileSync(path, `${ADMIN_KEY}\n`, { mode: 0o600 });
  return { PROOFMARK_ADMIN_KEY_FILE: path };
};
