import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'public-url';

const kept = async (dataDir: string): Promise<string | undefined> => {
  try {
    return (await readFile(join(dataDir, FILE), 'utf8')).trim() || undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined; // whoever opens the data directory says what is wrong with it
    throw error;
  }
};

const isLocal = (url: string): boolean => new URL(url).hostname === 'localhost';

/**
 * The address that credentials name: the one that is set, else the one under which this data directory was served last, else
 * this machine's. So commands that sign while no engine runs name the same address as the engine.
 */
export const publicUrlOf = async (dataDir: string, given: string | undefined, port: number): Promise<string> => given ?? (await kept(dataDir)) ?? `http://localhost:${port}`;

/** The address under which an engine serves: this machine's follows the port. */
export const servedUrl = async (dataDir: string, given: string | undefined, port: number): Promise<string> => {
  const before = given ?? (await kept(dataDir));
  return before !== undefined && (given !== undefined || !isLocal(before)) ? before : `http://localhost:${port}`;
};

/** Keeps the address for commands that sign while no engine runs; a crash leaves the one before. */
export const keepPublicUrl = async (dataDir: string, url: string): Promise<void> => {
  if ((await kept(dataDir)) === url) return;
  const next = join(dataDir, `${FILE}.next`);
  await writeFile(next, `${url}\n`);
  await rename(next, join(dataDir, FILE));
};
