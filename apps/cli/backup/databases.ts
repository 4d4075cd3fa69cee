import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { ProofmarkError } from '#domain/errors.js';
import type { Verification, VerificationProgress } from '#event-store/verify.js';
import type { DatabaseJob, FromDatabaseThread } from './database-thread.js';

const done = (job: DatabaseJob, onProgress?: (progress: VerificationProgress) => void): Promise<Verification | undefined> =>
  new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./database-thread.js', import.meta.url), { workerData: job });
    thread.on('message', (message: FromDatabaseThread) => {
      if (message.said === 'progress') onProgress?.(message.progress);
      else if (message.said === 'done') resolve(message.verification);
      else reject(new ProofmarkError(message.code, message.message));
    });
    thread.on('error', reject);
    thread.on('exit', () => reject(new Error('the thread of the database ended early')));
  });

const LOOK_MS = 200;

/**
 * Copies a database as it is at one commit; `onProgress` is told how many of its bytes are there.
 * @throws ProofmarkError as `copyDatabase` does.
 */
export const copiedDatabase = async (from: string, to: string, onProgress: (progress: VerificationProgress) => void): Promise<void> => {
  const total = statSync(from).size;
  const look = setInterval(() => onProgress({ done: Math.min(total, statSync(to, { throwIfNoEntry: false })?.size ?? 0), total }), LOOK_MS);
  try {
    await done({ do: 'copy', from, to });
  } finally {
    clearInterval(look);
  }
};

/** Checks the whole log of a data directory. */
export const verifiedLog = async (dir: string, onProgress: (progress: VerificationProgress) => void): Promise<Verification> =>
  (await done({ do: 'verify-log', dir }, onProgress)) ?? { events: 0, streams: 0, problems: [] };
