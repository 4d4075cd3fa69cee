import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivery } from '#intake/delivery.js';
import { createIntake, type Intake } from '#intake/intake.js';
import { forgetfulVault } from '#vault/in-memory.js';
import { readLines } from '#intake/line-source.js';
import { createOuladReader } from '#intake/oulad-format.js';
import { ForgetfulLog } from './forgetful-log.js';

// What intake itself costs: the log is a stand-in that forgets what it is given, so nothing waits for a disk.

// A copy elsewhere may be named as the first argument.
const FILE = process.argv[2] ?? join(import.meta.dirname, '../../../shared/data/oulad/events.ndjson.gz');
const BATCH = 1000;

const timed = async (what: string, run: () => Promise<number>): Promise<void> => {
  const start = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const rows = await run();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  const rate = Math.round(rows / seconds).toLocaleString('en');
  console.log(`${what.padEnd(44)} ${rate.padStart(10)} rows/s  (${rows} rows, ${seconds.toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} s of CPU)`);
};

const eachLine = async (use: (raw: string) => void): Promise<number> => {
  let rows = 0;
  for await (const { lines } of readLines(FILE, { batchSize: BATCH })) {
    for (const { raw } of lines) if (typeof raw === 'string') use(raw);
    rows += lines.length;
  }
  return rows;
};

const importAll = async (intake: Intake): Promise<number> => {
  const read = createOuladReader();
  const before = intake.account.sent;
  const underWay: Promise<unknown>[] = [];
  for await (const { lines } of readLines(FILE, { batchSize: BATCH })) {
    const deliveries = lines.map(({ raw, line }): Delivery => ({ raw, format: 'oulad', origin: `line ${line}`, mapped: read(raw) }));
    underWay.push(intake.submit(deliveries));
    if (underWay.length >= 4) await underWay.shift();
  }
  await Promise.all(underWay);
  return intake.account.sent - before;
};

if (!existsSync(FILE)) {
  console.log(`intake: skipped, there is no ${FILE}`);
} else {
  await timed('split into lines', () => eachLine(() => undefined));
  await timed('split, JSON.parse', () => eachLine((raw) => void JSON.parse(raw)));
  const rows: unknown[] = [];
  await eachLine((raw) => rows.push(JSON.parse(raw)));
  const reader = createOuladReader();
  await timed('map (parsed rows to events)', async () => {
    for (const row of rows) if (!reader(row).ok) throw new Error('a row was not read');
    return rows.length;
  });
  rows.length = 0;
  const intake = createIntake({ store: new ForgetfulLog(), seals: forgetfulVault(), tenant: 'bench', now: Date.now, newId: randomUUID });
  await timed('split, parse, map, decide', () => importAll(intake));
  await timed('the same again: all duplicates', () => importAll(intake));
  console.log(`account: ${JSON.stringify(intake.account)}; heap ${Math.round(process.memoryUsage().heapUsed / 1e6)} MB`);
}
