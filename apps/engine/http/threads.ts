import { Worker } from 'node:worker_threads';
import { ProofmarkError, type ErrorCode } from '#domain/errors.js';
import { refuse } from './problem.js';

/** What a thread says: something on the way, its answer, or why there is none. */
export type FromThread<Answer, Told> =
  | { readonly told: Told }
  | { readonly answer: Answer }
  | { readonly failed: { readonly code: ErrorCode; readonly message: string } };

/** What threads of one kind may take, and what to say where that is not enough. */
export interface ThreadLimits {
  readonly atOnce: number;
  readonly busy: string;
  /** Of its heap. */
  readonly megabytes: number;
  /** As long as it takes where absent. */
  readonly milliseconds?: number;
  readonly tooCostly: string;
}

/**
 * Work on behalf of requests whose authors choose how much there is to do: each request has a thread of its own, so
 * that the server goes on answering; few run at once, and each ends with its request.
 */
export class Threads<Data, Answer, Told = never> {
  readonly #running = new Set<Worker>();

  constructor(
    private readonly file: URL,
    private readonly limits: ThreadLimits,
  ) {}

  /**
   * Starts a thread, or refuses at once; the signal ends it.
   * @throws ProblemException busy; the promise rejects with too-costly, unavailable where it was ended, or what failed.
   */
  run(data: Data, signal: AbortSignal, onTold?: (told: Told) => void): Promise<Answer> {
    const { atOnce, busy, megabytes, milliseconds, tooCostly } = this.limits;
    if (this.#running.size >= atOnce) throw refuse('busy', busy);
    const worker = new Worker(this.file, { workerData: data, resourceLimits: { maxOldGenerationSizeMb: megabytes } });
    this.#running.add(worker);
    const end = (): void => void worker.terminate();
    let late = false;
    const expire = (): void => {
      late = true;
      end();
    };
    const timer = milliseconds === undefined ? undefined : setTimeout(expire, milliseconds);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    return new Promise<Answer>((resolve, reject) => {
      const costly = (): void => reject(refuse('too-costly', tooCostly));
      worker.on('message', (message: FromThread<Answer, Told>) => {
        if ('told' in message) onTold?.(message.told);
        else if ('answer' in message) resolve(message.answer);
        else reject(new ProofmarkError(message.failed.code, message.failed.message));
      });
      worker.once('error', (error) => ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? costly() : reject(error)));
      worker.once('exit', () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#running.delete(worker);
        if (late) costly();
        else reject(refuse('unavailable', 'It was ended before it was done.'));
      });
    });
  }

  /** Ends all of them. */
  async end(): Promise<void> {
    await Promise.all([...this.#running].map((worker) => worker.terminate()));
  }
}
