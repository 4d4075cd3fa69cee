import type { EngineConfig } from '#engine/config.js';
import type { Row } from '#projections/read-model.js';
import { askedLearner } from './asked-learner.js';
import { EXIT } from './exit-codes.js';
import { withReadView } from './read-view.js';

export interface AwardsOptions {
  readonly config: EngineConfig;
  readonly badge?: string;
  readonly state?: string;
  readonly learner?: string;
  readonly ndjson: boolean;
}

const PAGE = 1000;

const iso = (time: unknown): string => new Date(Number(time)).toISOString();

const asJson = (row: Row): string =>
  JSON.stringify({
    award: row['award'],
    learner: row['learner'],
    badge: row['badge'],
    course: row['course'],
    state: row['status'],
    earnedAt: iso(row['earnedAt']),
    decidedAt: iso(row['decidedAt']),
    rule: { version: row['ruleVersion'], hash: row['ruleHash'] },
    cause: row['cause'],
  });

/** Prints the awards, one a line, ordered by award id. */
export const printAwards = async ({ config, badge, state, learner, ndjson }: AwardsOptions): Promise<number> =>
  withReadView(config, async ({ readModels }) => {
    const where = {
      tenant: config.tenant,
      ...(badge !== undefined && { badge }),
      ...(state !== undefined && { status: state }),
      ...(learner !== undefined && { learner: await askedLearner(config, learner) }),
    };
    let count = 0;
    for (let after: Row | undefined; ; ) {
      const rows = await readModels.find('award', { where, orderBy: ['award'], limit: PAGE, ...(after && { after }) });
      for (const row of rows) {
        count += 1;
        if (ndjson) console.log(asJson(row));
        else console.log([row['learner'], row['badge'], row['status'], iso(row['earnedAt'])].map((cell) => (cell as string).padEnd(24)).join(' ').trimEnd());
      }
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) break;
      after = { award: last['award'] };
    }
    if (count === 0) console.error('No award matches.');
    return EXIT.ok;
  });
