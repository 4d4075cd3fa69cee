import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { RuleTest } from '#awarding/test-rule.js';
import type { RuleTestData } from './rule-test-job.js';
import { Jobs } from './jobs.js';

const AT_ONCE = 2;
const LIMIT_MS = 10_000;
const LIMIT_MB = 256;

/** Example cases on behalf of requests. The second evaluator is slow, and its author chooses how much it has to do. */
@Injectable()
export class RuleTests implements OnModuleDestroy {
  readonly #jobs = new Jobs<RuleTestData, RuleTest>(new URL('./rule-test-job.js', import.meta.url), {
    atOnce: AT_ONCE,
    busy: `Example cases of ${AT_ONCE} rules are under way. Send it again when one of them is done.`,
    megabytes: LIMIT_MB,
    milliseconds: LIMIT_MS,
    tooCostly: `The cases take more than ${LIMIT_MS / 1000} seconds or ${LIMIT_MB} MB. Send fewer at once, with fewer events and criteria; "proofmark rules test" has no such limit.`,
  });

  /**
   * Runs the cases; ends early where the signal says so.
   * @throws ProblemException busy, too-costly, unavailable.
   */
  run(data: RuleTestData, signal: AbortSignal): Promise<RuleTest> {
    return this.#jobs.run(data, signal);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#jobs.end();
  }
}
