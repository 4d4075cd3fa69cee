import type { CorrectionEvent } from './learning-event.js';

/** What is kept of a correction. */
export interface Correction {
  /** The source's id of the event; the source is that of the corrected fact. */
  readonly id: string;
  readonly version: number | undefined;
  /** Epoch milliseconds. */
  readonly time: number | undefined;
  readonly retracts: boolean;
  readonly changes: CorrectionEvent['changes'];
}

/** What a correction event says of its target. */
export const correctionOf = ({ type, id, version, time, changes }: CorrectionEvent): Correction => ({
  id, version, time, retracts: type === 'FactRetracted', changes,
});

/** Corrections without a version always apply, others to reports up to their version. */
export const applies = (correction: Correction, version: number | undefined): boolean =>
  correction.version === undefined || version === undefined || correction.version >= version;
