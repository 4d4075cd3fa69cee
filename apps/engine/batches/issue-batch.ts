import type { Language, Template } from '#credentials/certificate/certificate.js';
import type { Batch, BatchEngine } from './batch.js';
import { approveBatch, type Approved } from './approve.js';
import { archiveBatch, type Outcome } from './archive.js';
import type { RefusedRow } from './rows.js';

/** What is said of a batch besides its rows. */
export interface IssueSettings {
  /** Who approves, for the record. */
  readonly by: string;
  readonly reason?: string;
  /** For rows without a date, epoch milliseconds; now where absent. */
  readonly time?: number;
  readonly template?: Template;
  /** For rows that name none. */
  readonly language?: Language;
}

/** What a batch is at. */
export type Stage = 'approving' | 'deciding' | 'drawing';

/** How the work is followed and ended. */
export interface IssueRun {
  /** Where the ZIP file comes; nothing is drawn where absent. */
  readonly zip?: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly signal: AbortSignal;
  readonly onStage: (stage: Stage) => void;
  readonly onRows: (rows: number) => void;
  /** A row that intake refused, or that is bad. */
  readonly onBad?: (row: RefusedRow) => void;
}

/**
 * Approves a batch's rows, waits until everything is decided and signed, and writes the archive. It can be ended at any
 * instruction and done again: each row gets one award and one credential.
 * @throws ProofmarkError as intake and the followers do; the signal's reason
 */
export const issueBatch = async (engine: BatchEngine, batch: Batch, settings: IssueSettings, run: IssueRun): Promise<{ readonly approved: Approved; readonly outcome: Outcome }> => {
  const { by, reason, time, template, language } = settings;
  const { zip, now, signal, onStage, onRows, onBad } = run;
  onStage('approving');
  const approved = await approveBatch(engine, batch, { by, now, time: time ?? now, signal, onRows, ...(reason !== undefined && { reason }), ...(onBad && { onBad }) });
  onStage('deciding');
  await engine.followers.catchUp();
  signal.throwIfAborted();
  onStage('drawing');
  const outcome = await archiveBatch(engine, batch, { now, signal, onRows, ...(zip !== undefined && { zip }), ...(template && { template }), ...(language && { language }) });
  return { approved, outcome };
};
