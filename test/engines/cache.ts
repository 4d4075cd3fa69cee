import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloaded engines are kept between runs. */
export const cacheOf = (name: string): string =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'proofmark-engines', name);
