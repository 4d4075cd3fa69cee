import { PreviewCount, type Preview } from '#credentials/batch/standing.js';
import type { Batch, BatchEngine } from './batch.js';
import { groupsOf, standingsOf, type RefusedRow } from './rows.js';

/** How a preview is made. */
export interface PreviewOptions {
  /** Who will approve; earlier approvals are told apart where it is said. */
  readonly by?: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly signal: AbortSignal;
  readonly onRows?: (rows: number) => void;
  readonly onBad?: (row: RefusedRow) => void;
}

/** What issuing a batch would do, row by row; nothing is written. @throws ProofmarkError USAGE; the signal's reason */
export const previewBatch = async (engine: BatchEngine, batch: Batch, { by, now, signal, onRows, onBad }: PreviewOptions): Promise<Preview> => {
  const count = new PreviewCount();
  for await (const { good, bad } of groupsOf(engine, batch, now)) {
    signal.throwIfAborted();
    const standings = await standingsOf(engine, batch.badge.live.rule.badge, by, good);
    good.forEach(({ entry }, i) => count.good(standings[i] ?? 'new', entry.name !== undefined));
    for (const row of bad) {
      count.bad(row);
      onBad?.(row);
    }
    onRows?.(count.preview.rows);
  }
  return count.preview;
};
