import { setTimeout as sleep } from 'node:timers/promises';
import { backtest, type Backtest, type BacktestInput, type BacktestProgress } from '#awarding/backtest.js';
import { projectedRoster, type Roster } from '#awarding/roster.js';
import type { StoresConfig } from '../adapters.js';
import { readBeside } from '../read-view.js';
import { answerWith } from './job-answer.js';

/** What the job is given. */
export interface BacktestData {
  readonly stores: StoresConfig;
  readonly input: BacktestInput;
}

/** How long to wait for the roster to show what the log holds, and how often to look. */
const ROSTER_WAIT_MS = 2_000;
const LOOK_MS = 20;

const reached = async (roster: Roster, position: number): Promise<void> => {
  const until = performance.now() + ROSTER_WAIT_MS;
  while ((await roster.position()) < position && performance.now() < until) await sleep(LOOK_MS);
};

answerWith<BacktestData, Backtest, BacktestProgress>(({ stores, input }, tell) =>
  readBeside(stores, async ({ store, readModels }) => {
    const roster = projectedRoster(readModels, input.tenant);
    await reached(roster, await store.head());
    return backtest(input, { store, roster, onProgress: tell });
  }),
);
