import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { lockDirectory, type DirectoryLock } from '#event-store/sqlite.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const removed = (dir: string): void => rmSync(dir, { recursive: true, force: true });

/** Does work in a directory that is removed however the process ends, except by a SIGKILL or with the machine. */
export const withScratch = async <T>(dir: string, work: () => Promise<T>): Promise<T> => {
  const remove = (): void => removed(dir);
  // Raised again, so that who waits for the process sees what ended it; nothing waits for threads that are inside a database.
  const interrupted = (signal: NodeJS.Signals): void => {
    remove();
    for (const one of SIGNALS) process.off(one, interrupted);
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, interrupted);
  process.on('exit', remove);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted);
    process.off('exit', remove);
    remove();
  }
};

const isFree = (target: string): boolean => {
  const found = statSync(target, { throwIfNoEntry: false });
  return !found || (found.isDirectory() && readdirSync(target).length === 0);
};

/** Holds a place for this process. What one that was killed has left there is cleared away. */
const holding = (dir: string, target: string): DirectoryLock => {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ProofmarkError('USAGE', `${target} cannot be made (${messageOf(error)}). Name a place that this user may write to.`, { cause: error });
  }
  try {
    const lock = lockDirectory(dir, 'work');
    for (const name of readdirSync(dir)) if (!name.startsWith('work.')) removed(join(dir, name));
    return lock;
  } catch (error) {
    if (!(error instanceof ProofmarkError && error.code === 'STORE_LOCKED')) throw error;
    throw new ProofmarkError('STORE_LOCKED', `Another process is making ${target} already. Wait for it, or name another place.`, { cause: error });
  }
};

/**
 * Makes something new beside the place where it is to be, so that it can be renamed to there when it is whole. The work gets the path
 * of an empty directory; processes that make the same thing are refused.
 * @throws ProofmarkError USAGE where something is at the place already or there is no directory for it, STORE_LOCKED.
 */
export const besidePlace = async <T>(place: string, work: (dir: string) => Promise<T>): Promise<T> => {
  const target = resolve(place);
  const parent = dirname(target);
  if (!statSync(parent, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ProofmarkError('USAGE', `There is no directory ${parent} for ${basename(target)}. Make it, or, where it is on a disk of its own, mount that.`);
  }
  if (!isFree(target)) throw new ProofmarkError('USAGE', `${target} is there already and not empty. Name another place: nothing is written over.`);
  const scratch = `${target}.partial`;
  const lock = holding(scratch, target);
  try {
    return await withScratch(scratch, async () => {
      const dir = join(scratch, 'content');
      mkdirSync(dir, { mode: 0o700 });
      return await work(dir);
    });
  } finally {
    lock.release();
  }
};
