import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ProofmarkError, type ErrorCode } from '#domain/errors.js';
import { refuse } from './problem.js';

/** What a job says: something on the way, its answer, or why there is none. */
export type FromJob<Answer, Told> =
  | { readonly told: Told }
  | { readonly answer: Answer }
  | { readonly failed: { readonly code: ErrorCode; readonly message: string } }
  | { readonly broken: string };

/** What jobs of one kind may take, and what to say where that is not enough. */
export interface JobLimits {
  readonly atOnce: number;
  readonly busy: string;
  /** Of its heap. */
  readonly megabytes: number;
  /** As long as it takes where absent. */
  readonly milliseconds?: number;
  readonly tooCostly: string;
}

/**
 * Work on behalf of requests whose authors choose how much there is to do: each has a process of its own, so that the
 * server goes on answering; few run at once, and each ends with its request. A thread would do but for its end: where
 * it is ended within the SQLite driver, or has no memory left there, it takes the whole process with it.
 */
export class Jobs<Data extends object, Answer, Told = never> {
  readonly #running = new Set<ChildProcess>();

  constructor(
    private readonly file: URL,
    private readonly limits: JobLimits,
  ) {}

  /**
   * Starts a job, or refuses at once; the signal ends it.
   * @throws ProblemException busy; the promise rejects with too-costly, unavailable where it was ended, or what failed.
   */
  run(data: Data, signal: AbortSignal, onTold?: (told: Told) => void): Promise<Answer> {
    const { atOnce, busy, megabytes, milliseconds, tooCostly } = this.limits;
    if (this.#running.size >= atOnce) throw refuse('busy', busy);
    const job = fork(fileURLToPath(this.file), { execArgv: [`--max-old-space-size=${megabytes}`], serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#running.add(job);
    job.send(data);
    const end = (): void => void job.kill('SIGKILL');
    let late = false;
    const expire = (): void => {
      late = true;
      end();
    };
    const timer = milliseconds === undefined ? undefined : setTimeout(expire, milliseconds);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      this.#running.delete(job);
    };
    return new Promise<Answer>((resolve, reject) => {
      const fail = (why: Error): void => {
        done();
        reject(why);
      };
      job.on('message', (said) => {
        const message = said as FromJob<Answer, Told>;
        if ('told' in message) return onTold?.(message.told);
        if ('failed' in message) return fail(new ProofmarkError(message.failed.code, message.failed.message));
        if ('broken' in message) return fail(new Error(message.broken));
        done();
        resolve(message.answer);
      });
      job.on('error', fail);
      // What it said last may come after its end, but not after that of the channel.
      Promise.all([once(job, 'exit'), once(job, 'disconnect')]).then(
        ([[, endedBy]]) => fail(late || endedBy === 'SIGABRT' ? refuse('too-costly', tooCostly) : refuse('unavailable', 'It was ended before it was done.')),
        () => undefined, // it never began, which was said above
      );
    });
  }

  /** Ends all of them. */
  async end(): Promise<void> {
    await Promise.all(
      [...this.#running].map(async (job) => {
        const gone = once(job, 'exit');
        if (job.kill('SIGKILL')) await gone;
      }),
    );
  }
}
