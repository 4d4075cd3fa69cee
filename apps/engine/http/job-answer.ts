import { ProofmarkError } from '#domain/errors.js';
import type { FromJob } from './jobs.js';

const told = (error: unknown): FromJob<never, never> => {
  if (error instanceof ProofmarkError) return { failed: { code: error.code, message: error.message } };
  return { broken: error instanceof Error ? (error.stack ?? error.message) : String(error) };
};

/** Does the work of one of the `Jobs`, says what came of it, and ends; it also ends with the process that asked. */
export const answerWith = <Data, Answer, Told = never>(work: (data: Data, tell: (told: Told) => void) => Promise<Answer>): void => {
  const say = (message: FromJob<Answer, Told>, said?: () => void): void => void process.send?.(message, undefined, undefined, said);
  process.once('disconnect', () => process.exit());
  process.once('message', (data) => {
    void work(data as Data, (progress) => say({ told: progress }))
      .then((answer): FromJob<Answer, Told> => ({ answer }), told)
      .then((last) => say(last, () => process.disconnect()));
  });
};
