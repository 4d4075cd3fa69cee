import { openEngine } from '#engine/composition.js';
import type { EngineConfig } from '#engine/config.js';
import { letterContent } from '#engine/letters.js';
import { UNENTITLED } from '#domain/dead-letter.js';
import type { ReadModelReader, Row } from '#projections/read-model.js';
import { requireData } from './data-directory.js';
import { EXIT } from './exit-codes.js';
import { withReadView } from './read-view.js';

const PAGE = 500;
const RAW_SHOWN = 160;

async function* letters(readModels: ReadModelReader, tenant: string, filter: LetterFilter): AsyncGenerator<Row> {
  const where = {
    tenant,
    ...(filter.state !== undefined && { status: filter.state }),
    ...(filter.reason !== undefined && { reason: filter.reason }),
  };
  for (let after: Row | undefined; ; ) {
    const rows = await readModels.find('dead_letter', { where, orderBy: ['position'], limit: PAGE, ...(after && { after }) });
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = { position: last['position'], letter: last['letter'] };
  }
}

export interface LetterFilter {
  readonly state?: 'open' | 'replayed' | 'erased';
  readonly reason?: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Lists dead letters, oldest first, with reason, origin and the delivery itself. */
export const listDeadLetters = async (config: EngineConfig, filter: LetterFilter, ndjson: boolean): Promise<number> =>
  withReadView(config, async (view) => {
    const { readModels } = view;
    const byReason = new Map<string, number>();
    for await (const row of letters(readModels, config.tenant, filter)) {
      const reason = text(row['reason']);
      byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
      const content = await letterContent(view, config.tenant, text(row['letter']));
      if (ndjson) {
        console.log(JSON.stringify({ ...row, ...content }));
        continue;
      }
      console.log(`${text(row['letter'])}  ${text(row['status']).padEnd(8)} ${reason.padEnd(16)} ${text(row['origin'])}`);
      console.log(`    ${text(row['detail'])}`);
      const raw = (content?.raw ?? '(erased)').replaceAll(/[^\P{C}]/gu, '·');
      console.log(`    ${raw.slice(0, RAW_SHOWN)}${raw.length > RAW_SHOWN ? ' …' : ''}`);
    }
    if (byReason.size === 0) console.error('No dead letter matches.');
    else if (!ndjson) for (const [reason, count] of byReason) console.log(`${count} × ${reason}`);
    return EXIT.ok;
  });

/**
 * Sends dead letters through intake again: one by its id, or all open ones that match. What its sender was not entitled to send goes
 * along only where its reason is named.
 */
export const replayDeadLetters = async (config: EngineConfig, letter: string | undefined, filter: LetterFilter): Promise<number> => {
  requireData(config);
  const engine = await openEngine(config);
  try {
    await engine.followers.settle();
    const ids: string[] = [];
    if (letter !== undefined) ids.push(letter);
    else {
      for await (const row of letters(engine.readModels, config.tenant, { ...filter, state: 'open' })) {
        if (filter.reason !== undefined || !(UNENTITLED as readonly unknown[]).includes(row['reason'])) ids.push(text(row['letter']));
      }
    }
    let replayed = 0;
    for (const id of ids) {
      const result = await engine.intake.replay(id);
      if (result.outcome === 'rejected') console.log(`${id} still ${result.reason}: ${result.detail}`);
      else {
        replayed += 1;
        console.log(`${id} ${result.outcome}`);
      }
    }
    await engine.followers.settle();
    console.log(`${replayed} of ${ids.length} replayed.`);
    return replayed === ids.length ? EXIT.ok : EXIT.deadLetters;
  } finally {
    await engine.close();
  }
};
