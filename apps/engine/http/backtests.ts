import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { backtest, type Backtest, type BacktestInput, type BacktestProgress } from '#awarding/backtest.js';
import { projectedRoster } from '#awarding/roster.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { refuse } from './problem.js';

/** Each takes turns with everything else in this thread, so few may run at once. */
const AT_ONCE = 2;
/** How long to wait for the roster to show what the log holds. */
const ROSTER_WAIT_MS = 2_000;

/** Backtests on behalf of requests: few at once, and none outlives the server. */
@Injectable()
export class Backtests implements OnModuleDestroy {
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(@InjectEngine() private readonly engine: Engine) {}

  /**
   * Starts one, or refuses at once.
   * @throws ProblemException busy.
   */
  start(input: BacktestInput, signal: AbortSignal, onProgress?: (progress: BacktestProgress) => void): Promise<Backtest> {
    if (this.#running.size >= AT_ONCE) throw refuse('busy', `${AT_ONCE} backtests are under way. Send it again when one of them is done.`);
    const run = this.#run(input, AbortSignal.any([signal, this.#stopping.signal]), onProgress);
    this.#running.add(run);
    const done = (): void => void this.#running.delete(run);
    run.then(done, done);
    return run;
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#running);
  }

  async #run(input: BacktestInput, signal: AbortSignal, onProgress?: (progress: BacktestProgress) => void): Promise<Backtest> {
    const { store, readModels, followers } = this.engine;
    await followers.waitFor(['roster'], await store.head(), ROSTER_WAIT_MS);
    const roster = projectedRoster(readModels, input.tenant);
    return backtest(input, { store, roster, signal, ...(onProgress && { onProgress }) });
  }
}
