import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';

/**
 * An address under which others may reach an engine, without a slash at its end. It becomes part of the issuers' identifiers (did:web),
 * in which colons part the path, so that an IPv6 address has no place there.
 * @throws ProofmarkError USAGE, which names where it was written.
 */
export const publicAddress = (text: string, where: string): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password) {
    throw new ProofmarkError('USAGE', `${where} is "${text}"; it must be an address like https://badges.school.example.`);
  }
  if (url.hostname.startsWith('[')) {
    throw new ProofmarkError('USAGE', `${where} is "${text}"; identifiers of issuers (did:web) cannot hold an IPv6 address. Give this machine a name, like https://badges.school.example.`);
  }
  return url.href.replace(/\/+$/, '');
};

const FILE = 'public-url';

const kept = async (dataDir: string): Promise<string | undefined> => {
  const path = join(dataDir, FILE);
  try {
    const text = (await readFile(path, 'utf8')).trim();
    return text === '' ? undefined : publicAddress(text, path);
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

/**
 * Keeps the address for commands that sign while no engine runs; a crash leaves the one before. Returns that one where it was
 * another.
 */
export const keepPublicUrl = async (dataDir: string, url: string): Promise<string | undefined> => {
  const before = await kept(dataDir);
  if (before === url) return undefined;
  const next = join(dataDir, `${FILE}.${randomUUID()}.next`); // several processes may have this directory in common
  await writeFile(next, `${url}\n`);
  await rename(next, join(dataDir, FILE));
  return before;
};
