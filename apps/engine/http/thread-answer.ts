import { parentPort, workerData } from 'node:worker_threads';
import { ProofmarkError } from '#domain/errors.js';
import type { FromThread } from './threads.js';

/** Does the work of one of the `Threads`, and answers; what fails for a reason that people can be told is told. */
export const answerWith = async <Data, Answer, Told = never>(work: (data: Data, tell: (told: Told) => void) => Promise<Answer>): Promise<void> => {
  const say = (message: FromThread<Answer, Told>): void => parentPort?.postMessage(message);
  try {
    say({ answer: await work(workerData as Data, (told) => say({ told })) });
  } catch (error) {
    if (!(error instanceof ProofmarkError)) throw error;
    say({ failed: { code: error.code, message: error.message } });
  }
};
