// A thread that copies or checks a database, which takes the time that it takes: the program answers to signals meanwhile.
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, ProofmarkError, type ErrorCode } from '#domain/errors.js';
import { copyDatabase } from '#event-store/copy.js';
import { verifyLog, type Verification, type VerificationProgress } from '#event-store/verify.js';

/** What is to be done. */
export type DatabaseJob = { readonly do: 'copy'; readonly from: string; readonly to: string } | { readonly do: 'verify-log'; readonly dir: string };

/** What the thread says. */
export type FromDatabaseThread =
  | { readonly said: 'progress'; readonly progress: VerificationProgress }
  | { readonly said: 'done'; readonly verification?: Verification }
  | { readonly said: 'failed'; readonly code: ErrorCode; readonly message: string };

const say = (message: FromDatabaseThread): void => parentPort?.postMessage(message);

const work = (job: DatabaseJob): FromDatabaseThread => {
  if (job.do === 'verify-log') return { said: 'done', verification: verifyLog(job.dir, (progress) => say({ said: 'progress', progress })) };
  copyDatabase(job.from, job.to);
  return { said: 'done' };
};

try {
  say(work(workerData as DatabaseJob));
} catch (thrown) {
  say({ said: 'failed', code: thrown instanceof ProofmarkError ? thrown.code : 'STORE_FAILED', message: messageOf(thrown) });
}
