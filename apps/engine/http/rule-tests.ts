import { Worker } from 'node:worker_threads';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { RuleTest } from '#awarding/test-rule.js';
import { refuse } from './problem.js';
import type { RuleTestData } from './rule-test-thread.js';

const AT_ONCE = 2;
const LIMIT_MS = 10_000;
const LIMIT_MB = 256;

/**
 * Example cases on behalf of requests. The second evaluator is slow, and its author chooses how much it has to do: so
 * each request has a thread of its own, which is ended when it takes too long, and few run at once.
 */
@Injectable()
export class RuleTests implements OnModuleDestroy {
  readonly #running = new Set<Worker>();

  /**
   * Runs the cases; ends early where the signal says so.
   * @throws ProblemException busy, too-costly, unavailable.
   */
  run(data: RuleTestData, signal: AbortSignal): Promise<RuleTest> {
    if (this.#running.size >= AT_ONCE) throw refuse('busy', `Example cases of ${AT_ONCE} rules are under way. Send it again when one of them is done.`);
    const worker = new Worker(new URL('./rule-test-thread.js', import.meta.url), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: LIMIT_MB },
    });
    this.#running.add(worker);
    const end = (): void => void worker.terminate();
    signal.addEventListener('abort', end, { once: true });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end();
    }, LIMIT_MS);
    return new Promise<RuleTest>((resolve, reject) => {
      const tooCostly = (): void =>
        reject(refuse('too-costly', `The cases take more than ${LIMIT_MS / 1000} seconds or ${LIMIT_MB} MB. Send fewer at once, with fewer events and criteria; "proofmark rules test" has no such limit.`));
      worker.once('message', resolve);
      worker.once('error', (error) => ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooCostly() : reject(error)));
      worker.once('exit', () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#running.delete(worker);
        if (late) tooCostly();
        else reject(refuse('unavailable', 'It was ended before the cases were through.'));
      });
    });
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.#running].map((worker) => worker.terminate()));
  }
}
