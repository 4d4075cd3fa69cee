import { useEffect, useState } from 'react';
import { AskError, sendForLines } from '../api/ask.ts';
import type { Backtest, BacktestLine, BacktestProgress } from './types.ts';

/** How far trying a rule on what is recorded is. */
export interface Trying {
  /** What it came to; of the rule as it was before, while `isRunning`. */
  readonly result?: Backtest;
  readonly progress?: BacktestProgress;
  readonly isRunning: boolean;
  readonly error?: Error;
}

/** What is tried: a text, or a published version; with what it is compared. */
export interface Tried {
  readonly source?: string;
  readonly badge?: string;
  readonly version?: number;
  readonly against?: number | 'live';
}

const LISTED = 50;
/** After how long it is asked again where others are trying rules, milliseconds. */
export const AGAIN_MS = 1_000;

/** Whether others are trying rules, so that it is somebody else's turn. */
export const busy = (error: unknown): boolean => error instanceof AskError && error.status === 429;

const after = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()));
  });

/** Tries a rule on what is recorded, and anew with each change of it; nothing is tried where it is undefined. */
export const useBacktest = (tried: Tried | undefined): Trying => {
  const [trying, setTrying] = useState<Trying>({ isRunning: false });
  const asked = tried && JSON.stringify({ ...tried, limit: LISTED });
  useEffect(() => {
    if (asked === undefined) return;
    const ending = new AbortController();
    const { signal } = ending;
    const run = async (): Promise<void> => {
      setTrying(({ result }) => ({ isRunning: true, ...(result && { result }) }));
      while (!signal.aborted) {
        let isTold = false;
        try {
          await sendForLines<BacktestLine>('/v1/rules/backtest', JSON.parse(asked) as object, (line) => {
            if (signal.aborted) return;
            if ('progress' in line) setTrying((before) => ({ ...before, progress: line.progress }));
            else if ('result' in line) {
              isTold = true;
              setTrying({ isRunning: false, result: line.result });
            }
            else throw new AskError(line.problem.status, line.problem);
          }, { signal });
          if (!isTold && !signal.aborted) throw new AskError(0, {});
          return;
        } catch (error) {
          if (signal.aborted) return;
          if (!busy(error)) return setTrying({ isRunning: false, error: error instanceof Error ? error : new Error(String(error)) });
          // Others are trying rules; it is our turn soon.
          await after(AGAIN_MS, signal);
        }
      }
    };
    void run();
    return () => ending.abort();
  }, [asked]);
  return trying;
};
