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
const WAIT_MS = 900_000;
/** So many differences are told, so that a report stays readable. */
const SHOWN = 3;

/** Whole rows as text, in one order whoever gives them. */
const textsOf = async (reader: ReadModelReader, name: string): Promise<readonly string[]> =>
  (await reader.find(name, {})).map((row: Row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();

/** Where two sets of read models differ; empty where they are the same, row for row. Not in pages: FerretDB reads all for each of them. */
export const differences = async (shown: ReadModelReader, wanted: ReadModelReader): Promise<readonly unknown[]> => {
  const found: unknown[] = [];
  for (const { name } of COLLECTIONS) {
    const [left, right] = [await textsOf(shown, name), await textsOf(wanted, name)];
    const [those, these] = [new Set(right), new Set(left)];
    found.push(...left.filter((text) => !those.has(text)).slice(0, SHOWN).map((shownRow) => ({ name, shownRow })));
    found.push(...right.filter((text) => !these.has(text)).slice(0, SHOWN).map((wantedRow) => ({ name, wantedRow })));
    if (left.length !== right.length) found.push({ name, shown: left.length, wanted: right.length });
  }
  return found;
};

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
