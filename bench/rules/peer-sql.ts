import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCorrection } from '#domain/learning-event.js';
import { openDatabase, type Statement } from '#event-store/sqlite.js';
import type { CriterionNode } from '#rules/criterion.js';
import { leavesOf } from '#rules/evaluate.js';
import type { Criterion } from '#rules/rule.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { Contender } from './contender.js';
import { contextOf } from './workload.js';

const COMMIT_EVERY = 1000;

const TABLE = `
  CREATE TABLE events (
    id TEXT PRIMARY KEY, learner TEXT NOT NULL, course TEXT NOT NULL, type TEXT NOT NULL, time INTEGER NOT NULL,
    day INTEGER NOT NULL, week INTEGER NOT NULL, activity TEXT, status TEXT, kind TEXT, tags TEXT, score REAL, max REAL
  ) WITHOUT ROWID;
  CREATE INDEX by_course ON events (learner, course, type);`;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const among = (texts: readonly string[]): string => `(${texts.map(quoted).join(', ')})`;
const COLUMNS: Readonly<Record<string, string>> = { activity: 'activity', 'course-day': 'day', 'course-week': 'week' };

const query = ({ selects: [select], keyword, settings }: CriterionNode): string => {
  if (!select) throw new Error(`"${keyword}" selects nothing`);
  const { type, activities, tag, kind, statuses, fromDay, toDay } = select;
  const where = [`learner = ?1 AND course = ?2 AND type = ${quoted(type)}`];
  if (activities) where.push(`activity IN ${among(activities)}`);
  if (tag !== undefined) where.push(`instr(tags, ${quoted(`|${tag}|`)})`);
  if (kind !== undefined) where.push(`kind = ${quoted(kind)}`);
  if (statuses) where.push(`status IN ${among(statuses)}`);
  if (fromDay !== undefined) where.push(`day >= ${fromDay}`);
  if (toDay !== undefined) where.push(`day <= ${toDay}`);
  const from = `FROM events WHERE ${where.join(' AND ')}`;
  if (keyword === 'none') return `NOT EXISTS (SELECT 1 ${from})`;
  const least = Number(settings['at-least']);
  if (keyword === 'mean') return `ifnull((SELECT avg(score * 100 / max) ${from}), -1) >= ${least}`;
  const distinct = settings['distinct'] as string | undefined;
  return `(SELECT count(${distinct === undefined ? '*' : `DISTINCT ${COLUMNS[distinct]}`}) ${from}) >= ${least}`;
};

const condition = (criterion: Criterion): string => {
  if ('leaf' in criterion) return query(criterion.leaf);
  const parts = criterion.parts.map((part) => `(${condition(part)})`);
  if (criterion.group === 'not') return `NOT (${parts.join(' OR ')})`;
  return parts.join(criterion.group === 'all' ? ' AND ' : ' OR ');
};

interface Query {
  readonly badge: string;
  readonly sticky: boolean;
  readonly statement: Statement;
}

/** A table of events in a write-ahead-logged file; after each event, each open rule that looks at its type is queried. */
export const sqlRequery = (rules: readonly LiveRule[]): Contender => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-bench-sql-'));
  const db = openDatabase(join(dir, 'events.db'), { pragmas: { journal_mode: 'WAL', synchronous: 'NORMAL' } });
  db.exec(TABLE);
  const insert = db.prepare('INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const queries = new Map<string, Query[]>();
  for (const { rule } of rules) {
    const statement = db.prepare(`SELECT ${condition(rule.criteria)}`);
    for (const type of new Set(leavesOf(rule.criteria).flatMap(({ selects }) => selects.map(({ type }) => type)))) {
      const key = `${rule.course} ${type}`;
      const query: Query = { badge: rule.badge, sticky: rule.decides.mode === 'as-soon-as-met', statement };
      queries.set(key, [...(queries.get(key) ?? []), query]);
    }
  }
  const met = new Set<string>();
  let [taken, changes] = [0, 0];
  const commit = (): void => {
    if (db.isTransaction) db.exec('COMMIT');
  };
  return {
    consume: (event) => {
      if (isCorrection(event)) return;
      if (!db.isTransaction) db.exec('BEGIN');
      const { id, learner, course, type, time, activity, status, kind, tags, score, max } = event;
      const day = contextOf(course).calendar?.dayOf(time) ?? 0;
      const marks = tags ? `|${tags.join('|')}|` : null;
      const added = insert.run(
        id, learner, course, type, time, day, Math.floor(day / 7), activity ?? null, status ?? null, kind ?? null, marks, score ?? null, max ?? null,
      ) as { readonly changes: number };
      if (added.changes > 0) {
        for (const { badge, sticky, statement } of queries.get(`${course} ${type}`) ?? []) {
          const pair = `${learner} ${badge}`;
          if (sticky && met.has(pair)) continue;
          const [holds] = statement.get(learner, course) as readonly [number];
          if ((holds === 1) === met.has(pair)) continue;
          changes += 1;
          if (holds === 1) met.add(pair);
          else met.delete(pair);
        }
      }
      taken += 1;
      if (taken % COMMIT_EVERY === 0) commit();
    },
    settle: commit,
    met: () => [...met],
    counts: () => ({ changes }),
    close: () => {
      db.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};
