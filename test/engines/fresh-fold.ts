import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '#event-store/event-store.js';
import { ALL_PROJECTIONS } from '#projections/all.js';
import { openEmbeddedReadModels } from '#projections/embedded.js';
import { projectionProgress } from '#projections/progress.js';
import type { ReadModelReader, Row } from '#projections/read-model.js';
import { runProjections } from '#projections/runner.js';

const COLLECTIONS = ALL_PROJECTIONS.flatMap(({ collections }) => collections);
const PAGE = 5000;
const WAIT_MS = 900_000;

/** Collections and their rows that two readers show differently: at most so many of each, so that a report stays readable. */
const SHOWN = 3;

async function* pages(reader: ReadModelReader, name: string, key: readonly string[]): AsyncGenerator<readonly Row[]> {
  for (let after: Row | undefined; ; ) {
    const rows = await reader.find(name, { orderBy: key, limit: PAGE, ...(after && { after }) });
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = Object.fromEntries(key.map((column) => [column, last[column]]));
  }
}

/** Where two sets of read models differ; empty where they are the same, row for row. */
export const differences = async (shown: ReadModelReader, wanted: ReadModelReader): Promise<readonly unknown[]> => {
  const found: unknown[] = [];
  for (const { name, key } of COLLECTIONS) {
    const [left, right] = [pages(shown, name, key), pages(wanted, name, key)];
    for (;;) {
      const [a, b] = [await left.next(), await right.next()];
      if (a.done && b.done) break;
      const [these, those] = [a.done ? [] : a.value, b.done ? [] : b.value];
      for (let i = 0; i < Math.max(these.length, those.length); i++) {
        const [shownRow, wantedRow] = [these[i], those[i]];
        const same = JSON.stringify(sorted(shownRow)) === JSON.stringify(sorted(wantedRow));
        if (!same && found.length < SHOWN) found.push({ name, shownRow, wantedRow });
      }
    }
  }
  return found;
};

const sorted = (row: Row | undefined): readonly unknown[] => Object.entries(row ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

/** Folds a log into new, embedded read models and hands them over. */
export const withFreshFold = async <T>(store: EventStore, use: (fresh: ReadModelReader) => Promise<T>): Promise<T> => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-fresh-'));
  const readModels = openEmbeddedReadModels({ dir });
  const end = new AbortController();
  const progress = projectionProgress();
  const { done } = runProjections({ store, readModels, projections: ALL_PROJECTIONS, signal: end.signal, onProgress: progress.report });
  try {
    const head = (await store.readAll({ after: 0, limit: 1 })).length > 0 ? await store.head() : 0;
    for (const { name } of ALL_PROJECTIONS) {
      if (!(await progress.waitFor(name, head, WAIT_MS))) throw new Error(`"${name}" was not folded within ${WAIT_MS} ms.`);
    }
    return await use(readModels);
  } finally {
    end.abort();
    await done;
    await readModels.close();
    rmSync(dir, { recursive: true, force: true });
  }
};
