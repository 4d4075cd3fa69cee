import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Backtest, BacktestInput, BacktestProgress } from '#awarding/backtest.js';
import type { Engine } from '../engine.js';
import type { BacktestData } from './backtest-job.js';
import { InjectEngine } from './engine-token.js';
import { Jobs } from './jobs.js';

const AT_ONCE = 2;
const LIMIT_MB = 512;

/** Backtests on behalf of requests: few at once, and none outlives its request or the server. */
@Injectable()
export class Backtests implements OnModuleDestroy {
  readonly #jobs = new Jobs<BacktestData, Backtest, BacktestProgress>(new URL('./backtest-job.js', import.meta.url), {
    atOnce: AT_ONCE,
    busy: `${AT_ONCE} backtests are under way. Send it again when one of them is done.`,
    megabytes: LIMIT_MB,
    tooCostly: `The backtest takes more than ${LIMIT_MB} MB. Ask for fewer learners; "proofmark rules backtest" has no such limit.`,
  });

  constructor(@InjectEngine() private readonly engine: Engine) {}

  /**
   * Starts one, or refuses at once; the signal ends it.
   * @throws ProblemException busy, too-costly, unavailable; ProofmarkError as the stores do.
   */
  start(input: BacktestInput, signal: AbortSignal, onProgress?: (progress: BacktestProgress) => void): Promise<Backtest> {
    const { dataDir, eventStoreUri, mongodb } = this.engine.config;
    const stores = { dataDir, ...(eventStoreUri !== undefined && { eventStoreUri }), ...(mongodb && { mongodb }) };
    return this.#jobs.run({ stores, input }, signal, onProgress);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#jobs.end();
  }
}
