import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CSV_LIMITS } from '#credentials/batch/csv-limits.js';
import type { CsvSource } from '#credentials/batch/csv-text.js';
import { openEngine } from '../composition.js';
import { loadConfig } from '../config.js';
import { mapBatch, openBatch } from './batch.js';
import { previewBatch } from './preview.js';

const RULE = `
badge: workshop
name: { en: Data Workshop }
criteria-text: { en: Took part }
decides: as-soon-as-met
when-corrected: review
criteria: { approval: { by: 1 } }
`;
const MEGABYTE = 1024 * 1024;
const NOTE = '비고 '.repeat(60);

/** What is held, and not what waits to be collected: that depends on when the collector comes by. */
const held = (): number => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
};

/** As many rows as there may be, about 45 MB; every thousandth is bad. */
const large: CsvSource = {
  open: async function* () {
    yield Buffer.from('id,이름,비고\n');
    for (let from = 0; from < CSV_LIMITS.rows; from += 100) {
      yield Buffer.from(Array.from({ length: 100 }, (_none, i) => `${(from + i) % 1000 === 0 ? '' : `e${from + i}`},"이름 ${from + i}",${NOTE}\n`).join(''));
    }
  },
};

describe('a preview of 100,000 rows', () => {
  it('takes memory for a few of them', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'proofmark-preview-'));
    writeFileSync(join(dir, 'workshop.yaml'), RULE);
    const engine = await openEngine(loadConfig({}, { dataDir: join(dir, 'data'), rulesDirs: [dir] }));
    try {
      await engine.publishRules();
      await engine.followers.settle();
      const opened = await openBatch(engine, 'workshop', large);
      const batch = mapBatch(opened, { reason: '' });
      const before = held();
      let peak = 0;
      let calls = 0;
      const preview = await previewBatch(engine, batch, {
        by: 'hr',
        now: Date.now(),
        signal: new AbortController().signal,
        onRows: () => {
          if (calls++ % 10 === 0) peak = Math.max(peak, held());
        },
      });
      expect(preview).toMatchObject({ rows: 100_000, new: 99_900, bad: 100 });
      expect(calls).toBeGreaterThan(10);
      // All rows at once take more than 60; what is kept is who was seen.
      expect((peak - before) / MEGABYTE).toBeLessThan(30);
    } finally {
      await engine.close();
      rmSync(dir, { recursive: true, force: true });
    }
  }, 240_000);
});
