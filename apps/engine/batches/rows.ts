import { approvalId, BATCH_SOURCE } from '#credentials/batch/approvable.js';
import { RowCheck, type Entry } from '#credentials/batch/check.js';
import { rowsOf } from '#credentials/batch/csv.js';
import { learnerOf } from '#credentials/batch/recipient.js';
import type { RowProblem } from '#credentials/batch/row-problem.js';
import { standingOf, type KnownOfRow, type Standing } from '#credentials/batch/standing.js';
import type { AwardState } from '#domain/award.js';
import { applyEvent, emptyFactBook, retractedFacts } from '#domain/facts.js';
import { awardId } from '#domain/ids.js';
import { factId, type LearningEvent } from '#domain/learning-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { learnerStream } from '#domain/streams.js';
import type { Batch, BatchEngine } from './batch.js';

/** A good row and whom it is about. */
export interface KnownRow {
  readonly entry: Entry;
  readonly learner: string;
  readonly award: string;
}

/** A row that cannot be acted upon. */
export interface RefusedRow {
  readonly line: number;
  readonly problems: readonly RowProblem[];
  readonly cells: readonly string[];
  /** The dead letter that keeps its approval, where intake refused that. */
  readonly letter?: string;
}

/** Some rows of a file, told apart. */
export interface RowGroup {
  readonly good: readonly KnownRow[];
  readonly bad: readonly RefusedRow[];
}

const GROUP = 500;

/** The rows of a batch, in groups of a bounded size, checked at a moment (epoch milliseconds). @throws ProofmarkError USAGE */
export async function* groupsOf({ keys, config: { tenant } }: BatchEngine, { badge, file, places }: Batch, now: number): AsyncGenerator<RowGroup> {
  const check = new RowCheck({ places, zone: badge.zone, now });
  let good: KnownRow[] = [];
  let bad: RefusedRow[] = [];
  for await (const rows of rowsOf(file)) {
    for (const row of rows) {
      const checked = check.check(row);
      if (checked.ok) {
        const learner = await learnerOf(checked.entry.recipient, tenant, keys);
        good.push({ entry: checked.entry, learner, award: awardId(tenant, learner, badge.live.rule.badge, '') });
      } else bad.push(checked);
      if (good.length + bad.length < GROUP) continue;
      yield { good, bad };
      [good, bad] = [[], []];
    }
  }
  if (good.length + bad.length > 0) yield { good, bad };
}

const approvalOf = async ({ store }: BatchEngine, tenant: string, learner: string, id: string): Promise<KnownOfRow['approval']> => {
  const recorded = await store.readStream(learnerStream(tenant, learner));
  if (!recorded.some(({ json }) => json.includes(id))) return 'none';
  const book = emptyFactBook();
  for (const { type, schema, json } of recorded) applyEvent(book, readLogEvent(type, schema, json) as LearningEvent);
  return retractedFacts(book).includes(factId(BATCH_SOURCE, id)) ? 'withdrawn' : 'given';
};

/** Where each good row stands; without a name of who approves, earlier approvals are not looked for. */
export const standingsOf = async (engine: BatchEngine, badge: string, by: string | undefined, rows: readonly KnownRow[]): Promise<readonly Standing[]> => {
  const { tenant } = engine.config;
  const found = rows.length === 0 ? [] : await engine.readModels.find('award', { where: { award: { in: rows.map(({ award }) => award) } } });
  const states = new Map(found.map(({ award, status }) => [award as string, status as AwardState]));
  const standings: Standing[] = [];
  for (const { learner, award } of rows) {
    const state = states.get(award);
    const approval = state !== undefined || by === undefined ? 'none' : await approvalOf(engine, tenant, learner, approvalId({ tenant, badge, by }, learner));
    standings.push(standingOf({ award: state, approval }));
  }
  return standings;
};
