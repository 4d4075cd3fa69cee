// How near the embedded event store comes to a bare insert loop with the same tables, on this machine, in this run.
// Usage: node dist/bench/event-store.js [events] [streams] [events per call]
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '#event-store/embedded.js';
import type { Append, NewEvent } from '#event-store/event-store.js';
import { prepareLog } from '#event-store/log-schema.js';
import { openDatabase } from '#event-store/sqlite.js';

const [events = 200_000, streams = 28_000, perCall = 1_000] = process.argv.slice(2).map(Number);

const json = (i: number): string =>
  JSON.stringify({
    tenant: 'open', course: 'AAA-2013J', learner: `l${i % streams}`, source: 'lms', id: `e-${i}`, version: 1,
    time: 1_700_000_000_000 + i, activity: `assignment-${i % 12}`, score: i % 100, of: 100, attempt: 1, detail: 'x'.repeat(60),
  });
const streamOf = (i: number): number => (i * 7919) % streams;
const inDirectory = async (work: (dir: string) => Promise<number> | number): Promise<number> => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-bench-'));
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
};
const perSecond = (count: number, since: number): number => Math.round((count * 1000) / (performance.now() - since));

/** Inserts prepared rows, a commit every `perCall`: what the disk and SQLite give at best. */
const rawLoop = (dir: string): number => {
  const path = join(dir, 'raw.db');
  const db = openDatabase(path, { pragmas: { page_size: 8192, journal_mode: 'WAL', synchronous: 'FULL', wal_autocheckpoint: 8192, cache_size: -65536 } });
  prepareLog(db, path);
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const revisions = new Int32Array(streams).fill(-1);
  const id = new Uint8Array(16);
  const texts = Array.from({ length: events }, (_, i) => json(i));
  const start = performance.now();
  for (let i = 0; i < events; ) {
    db.exec('BEGIN IMMEDIATE');
    for (let k = 0; k < perCall && i < events; k++, i++) {
      const stream = streamOf(i);
      const revision = (revisions[stream] = (revisions[stream] ?? 0) + 1);
      insert.run(i + 1, stream, revision, 1, 1_700_000_000_000, 1, null, id, texts[i] ?? '');
    }
    db.exec('COMMIT');
  }
  const rate = perSecond(events, start);
  db.close();
  return rate;
};

/** Appends with exact expected revisions; `ahead` calls are under way at a time. */
const throughPort = async (dir: string, ahead: number): Promise<number> => {
  const store = await openEmbedded({ dir });
  const revisions = new Map<number, number>();
  const calls: Append[][] = [];
  for (let i = 0; i < events; ) {
    const byStream = new Map<number, NewEvent[]>();
    for (let k = 0; k < perCall && i < events; k++, i++) {
      const stream = streamOf(i);
      const list = byStream.get(stream) ?? [];
      byStream.set(stream, list);
      list.push({ id: randomUUID(), type: 'AttendanceMarked', schema: 1, json: json(i) });
    }
    calls.push(
      Array.from(byStream, ([stream, list]): Append => {
        const last = revisions.get(stream) ?? -1;
        revisions.set(stream, last + list.length);
        return { stream: `learner-open.l${stream}`, expected: last < 0 ? 'no-stream' : last, events: list };
      }),
    );
  }
  const start = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let call = calls[next++]; call; call = calls[next++]) {
      for (const { outcome } of await store.append(call)) if (outcome !== 'appended') throw new Error(outcome);
    }
  };
  await Promise.all(Array.from({ length: ahead }, lane));
  const rate = perSecond(events, start);
  const read = performance.now();
  let after = 0;
  for (let batch = await store.readAll({ after, limit: 1000 }); batch.length > 0; batch = await store.readAll({ after, limit: 1000 })) {
    after = batch.at(-1)?.position ?? after;
  }
  console.log(`  (reading it back: ${perSecond(events, read).toLocaleString('en')} events/s)`);
  await store.close();
  return rate;
};

const report = (name: string, rate: number, raw: number): void =>
  console.log(`${name.padEnd(44)}${rate.toLocaleString('en').padStart(9)} events/s  ${(rate / raw).toFixed(2)} of raw`);

console.log(`${events} events on ${streams} streams, ${perCall} a call`);
const raw = await inDirectory(rawLoop);
report('raw insert loop', raw, raw);
for (const ahead of [1, 2, 4]) {
  report(`append(), ${ahead} call(s) under way`, await inDirectory((dir) => throughPort(dir, ahead)), raw);
}
report('raw insert loop, again', await inDirectory(rawLoop), raw);
