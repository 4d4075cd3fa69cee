import type { AwardState } from '#domain/award.js';
import type { RowProblem } from './row-problem.js';

/** Where a good row stands before it is acted upon. */
export type Standing =
  /** It gives a new approval. */
  | 'new'
  /** The learner has the badge. */
  | 'has'
  /** The approval was given before, and something else is missing. */
  | 'approved'
  /** The approval was withdrawn, or the badge taken away: a batch does not bring it back. */
  | 'stopped';

/** What is known of a row's learner. */
export interface KnownOfRow {
  readonly award: AwardState | undefined;
  readonly approval: 'none' | 'given' | 'withdrawn';
}

/** What a row means for its learner. */
export const standingOf = ({ award, approval }: KnownOfRow): Standing => {
  if (award === 'active') return 'has';
  if (award !== undefined || approval === 'withdrawn') return 'stopped';
  return approval === 'given' ? 'approved' : 'new';
};

/** A bad row, for people. */
export interface BadRow {
  readonly line: number;
  readonly problems: readonly string[];
}

/** What a batch would do. */
export interface Preview {
  readonly rows: number;
  /** New approvals, which become awards where the rule asks for nothing else. */
  readonly new: number;
  readonly has: number;
  readonly approved: number;
  readonly stopped: number;
  readonly bad: number;
  /** Good rows without a name: their certificates name nobody. */
  readonly nameless: number;
  /** The first bad rows. */
  readonly badRows: readonly BadRow[];
}

const LISTED = 50;

/** Counts rows as they come. */
export class PreviewCount {
  #counts = { rows: 0, new: 0, has: 0, approved: 0, stopped: 0, bad: 0, nameless: 0 };
  readonly #badRows: BadRow[] = [];

  good(standing: Standing, named: boolean): void {
    this.#counts.rows += 1;
    this.#counts[standing] += 1;
    if (!named) this.#counts.nameless += 1;
  }

  bad({ line, problems }: { readonly line: number; readonly problems: readonly RowProblem[] }): void {
    this.#counts.rows += 1;
    this.#counts.bad += 1;
    if (this.#badRows.length < LISTED) this.#badRows.push({ line, problems: problems.map(({ en }) => en) });
  }

  get preview(): Preview {
    return { ...this.#counts, badRows: [...this.#badRows] };
  }
}
