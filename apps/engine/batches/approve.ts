import { approvalEvent, type Approving } from '#credentials/batch/approvable.js';
import type { Delivery } from '#intake/delivery.js';
import { readProofmark } from '#intake/proofmark-format.js';
import type { Batch, BatchEngine } from './batch.js';
import { groupsOf, standingsOf, type KnownRow, type RefusedRow } from './rows.js';

/** How rows are approved. */
export interface ApproveOptions {
  readonly by: string;
  readonly reason?: string;
  /** For rows without a date, epoch milliseconds. */
  readonly time: number;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly signal: AbortSignal;
  readonly onRows?: (rows: number) => void;
  readonly onBad?: (row: RefusedRow) => void;
}

/** What became of the rows. */
export interface Approved {
  readonly rows: number;
  /** Approvals that were recorded now. */
  readonly recorded: number;
  readonly bad: number;
}

const deliveryOf = (approving: Approving, { entry, learner }: KnownRow): Delivery => {
  const raw = JSON.stringify(approvalEvent(approving, learner, entry));
  return { raw, format: 'proofmark', origin: 'batch', mapped: readProofmark(raw) };
};

/**
 * Records the approvals of a batch's good rows, some at a time; each is durable when it is counted. Who has the badge, or
 * was approved by the same person before, is passed over, so that a repeated batch records nothing.
 * @throws ProofmarkError as intake does; the signal's reason
 */
export const approveBatch = async (engine: BatchEngine, batch: Batch, options: ApproveOptions): Promise<Approved> => {
  const { by, reason, time, now, signal, onRows, onBad } = options;
  const { badge, course } = batch.badge.live.rule;
  const approving: Approving = { tenant: engine.config.tenant, badge, course, by, time, ...(reason !== undefined && { reason }) };
  let [rows, recorded, refused] = [0, 0, 0];
  const refuse = (row: RefusedRow): void => {
    refused += 1;
    onBad?.(row);
  };
  for await (const { good, bad } of groupsOf(engine, batch, now)) {
    signal.throwIfAborted();
    const standings = await standingsOf(engine, badge, by, good);
    const fresh = good.filter((_row, i) => standings[i] === 'new');
    const receipts = fresh.length === 0 ? [] : await engine.intake.submit(fresh.map((row) => deliveryOf(approving, row)));
    receipts.forEach((receipt, i) => {
      if (receipt.outcome !== 'rejected') recorded += 1;
      else refuse({ line: fresh[i]?.entry.line ?? 0, problems: [{ en: receipt.detail, ko: receipt.detail }], cells: [], letter: receipt.letter });
    });
    bad.forEach(refuse);
    rows += good.length + bad.length;
    onRows?.(rows);
  }
  return { rows, recorded, bad: refused };
};
