import type { Places } from '#credentials/batch/mapping.js';
import type { RowProblem } from '#credentials/batch/row-problem.js';
import { PreviewCount, type Preview, type Standing } from '#credentials/batch/standing.js';
import type { Batch, BatchEngine } from './batch.js';
import { groupsOf, standingsOf, type RefusedRow, type RowGroup } from './rows.js';

/** Where a row of a file stands; whom it names is what the file says. */
export interface PreviewedRow {
  readonly line: number;
  readonly standing: Standing | 'bad';
  /** The id or the e-mail address; of a bad row as far as it can be told. */
  readonly who?: string;
  readonly name?: string;
  /** Why a row is bad. */
  readonly problems?: readonly RowProblem[];
}

/** How a preview is made. */
export interface PreviewOptions {
  /** Who will approve; earlier approvals are told apart where it is said. */
  readonly by?: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly signal: AbortSignal;
  readonly onRows?: (rows: number) => void;
  readonly onBad?: (row: RefusedRow) => void;
  /** Takes each row with where it stands, some at a time, in the order of the file; it is waited for. */
  readonly onGroup?: (rows: readonly PreviewedRow[]) => Promise<void>;
}

/** So much of what a bad row holds is told, to find it by. */
const LONGEST = 80;

const previewed = ({ good, bad }: RowGroup, standings: readonly Standing[], { learner, email, name }: Places): readonly PreviewedRow[] => {
  const told = (cells: readonly string[], ...places: readonly (number | undefined)[]): string | undefined => {
    const [found] = places.flatMap((place) => (place === undefined ? [] : cells[place]?.trim() || []));
    return found && [...found].slice(0, LONGEST).join('');
  };
  return [
    ...good.map(({ entry: { line, recipient, name: of } }, i): PreviewedRow => ({ line, standing: standings[i] ?? 'new', who: 'learner' in recipient ? recipient.learner : recipient.email, ...(of !== undefined && { name: of }) })),
    ...bad.map(({ line, problems, cells }): PreviewedRow => {
      const [who, of] = [told(cells, learner, email), told(cells, name)];
      return { line, standing: 'bad', problems, ...(who !== undefined && { who }), ...(of !== undefined && { name: of }) };
    }),
  ].sort((one, other) => one.line - other.line);
};

/** What issuing a batch would do, row by row; nothing is written. @throws ProofmarkError USAGE; the signal's reason */
export const previewBatch = async (engine: BatchEngine, batch: Batch, { by, now, signal, onRows, onBad, onGroup }: PreviewOptions): Promise<Preview> => {
  const count = new PreviewCount();
  for await (const group of groupsOf(engine, batch, now)) {
    const { good, bad } = group;
    signal.throwIfAborted();
    const standings = await standingsOf(engine, batch.badge.live.rule.badge, by, good);
    good.forEach(({ entry }, i) => count.good(standings[i] ?? 'new', entry.name !== undefined));
    for (const row of bad) {
      count.bad(row);
      onBad?.(row);
    }
    await onGroup?.(previewed(group, standings, batch.places));
    onRows?.(count.preview.rows);
  }
  return count.preview;
};
