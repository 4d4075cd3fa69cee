import { backtest, type Backtest, type BacktestInput } from '#awarding/backtest.js';
import { projectedRoster } from '#awarding/roster.js';
import { readRuleVersions } from '#awarding/rule-versions.js';
import type { EngineConfig } from '#engine/config.js';
import { backtestView } from '#engine/http/backtest-view.js';
import { backtestLines } from './backtest-report.js';
import { EXIT } from './exit-codes.js';
import { untilInterrupted } from './interrupt.js';
import { bar, progressLine } from './progress-line.js';
import type { ReadView } from '#engine/read-view.js';
import { withReadView } from './read-view.js';
import { namedRule, otherRule } from './rule-argument.js';

export interface RulesBacktestOptions {
  readonly config: EngineConfig;
  /** A rule file, a badge, or badge@version. */
  readonly rule: string;
  /** A version of the badge, "live", or a rule file. */
  readonly against?: string;
  readonly learners?: readonly string[];
  readonly json: boolean;
  readonly limit: number;
}

/** A backtest with progress on standard error: a line on a terminal, JSON lines where asked. */
export const backtestInView = async (input: BacktestInput, { store, readModels }: ReadView, json: boolean, signal: AbortSignal): Promise<Backtest> => {
  const line = progressLine();
  try {
    return await backtest(input, {
      store,
      roster: projectedRoster(readModels, input.tenant),
      signal,
      onProgress: ({ done, total }) => {
        if (json) process.stderr.write(`${JSON.stringify({ progress: { done, total } })}\n`);
        else line.update(`${input.rule.badge} ${bar(total === 0 ? 1 : done / total)} ${done.toLocaleString('en')} of ${total.toLocaleString('en')} learners`);
      },
    });
  } finally {
    line.end();
  }
};

/** Tries a rule on everything that is recorded and prints what it comes to. */
export const backtestRule = async (options: RulesBacktestOptions): Promise<number> =>
  withReadView(options.config, async (view) => {
    const { tenant } = options.config;
    const versions = await readRuleVersions(view.store, tenant);
    const tried = namedRule(options.rule, versions);
    const other = options.against === undefined ? undefined : otherRule(options.against, tried.rule, versions);
    const input: BacktestInput = {
      tenant,
      rule: tried.rule,
      limit: options.limit,
      now: Date.now(),
      ...(other && { against: other.rule }),
      ...(options.learners && { learners: options.learners }),
    };
    const result = await untilInterrupted((signal) => backtestInView(input, view, options.json, signal));
    if (options.json) console.log(JSON.stringify(backtestView(result), null, 2));
    else for (const text of backtestLines(result, { rule: tried.name, ...(other && { against: other.name }) })) console.log(text);
    return result.complete ? EXIT.ok : EXIT.interrupted;
  });
