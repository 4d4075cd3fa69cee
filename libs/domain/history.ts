import { applies, correctionOf, type Correction } from './correction.js';
import type { ReportedFact } from './fact.js';
import type { CorrectionEvent } from './learning-event.js';
import { compareVersions, supersedes } from './versions.js';

const NO_CORRECTIONS: readonly never[] = [];

/** A fact that was corrected, or whose correction came before it. */
export class History {
  /** What holds of it. */
  current: ReportedFact | undefined;
  #report: ReportedFact | undefined;
  /** Older versions first; one of each id. */
  #corrections: readonly Correction[] = NO_CORRECTIONS;

  constructor(
    readonly source: string,
    readonly eventId: string,
    /** Of the identity, see fact-hash.ts. */
    readonly hash: number,
    report: ReportedFact | undefined,
  ) {
    this.#report = report;
    this.current = report;
  }

  /** The newest version of the fact, without corrections. */
  get report(): ReportedFact | undefined {
    return this.#report;
  }

  /** Whether it is of the event of a source. */
  isOf(source: string, eventId: string): boolean {
    return this.eventId === eventId && this.source === source;
  }

  /** Takes a newer version of the fact in. */
  renew(report: ReportedFact): void {
    this.#report = report;
    this.current = corrected(report, this.#corrections);
  }

  /** Takes a correction in; false where it is known, or older than what is known of it. */
  correct(event: CorrectionEvent): boolean {
    const correction = correctionOf(event);
    const known = this.#corrections.find(({ id }) => id === correction.id);
    if (known && !supersedes(correction, known)) return false;
    this.#corrections = this.#corrections.filter((other) => other !== known).concat(correction).sort(compareVersions);
    this.current = this.#report && corrected(this.#report, this.#corrections);
    return true;
  }
}

/** The fact after the corrections; undefined where it is retracted. */
const corrected = (report: ReportedFact, corrections: readonly Correction[]): ReportedFact | undefined => {
  const all = corrections.every((correction) => applies(correction, report.version));
  const applied = all ? corrections : corrections.filter((correction) => applies(correction, report.version));
  if (applied.at(-1)?.retracts) return undefined;
  return applied.length === 0 ? report : report.corrected(applied);
};
