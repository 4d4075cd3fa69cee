import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import { openEmbeddedReader } from '#event-store/embedded.js';
import type { EventStore } from '#event-store/event-store.js';
import { proofmark, start } from './cli.js';
import { describeWithSharedData } from './shared-data.js';
import { CORRECTIONS, EVENTS, linesOf, readTruth, sha256, TRUTH_BADGES, TRUTH_RULES, truthOf, type Phase } from './truth/expected.js';

/*
 * Three rules over 665,236 real learning events, against what SQL over the original tables gives: the same learners
 * (P1: on the same days) before and after 28,904 corrections, in order, shuffled with duplicates, and across kills.
 */

const KILLS = 20;
const MINUTES = 60_000;

interface AwardLine {
  readonly learner: string;
  readonly earnedAt: string;
  readonly cause: { readonly kind: string; readonly events: readonly string[] };
}

const awards = async (dir: string, badge: string, state: string): Promise<readonly AwardLine[]> => {
  const run = await proofmark('awards', '--badge', badge, '--state', state, '--ndjson', '--data', dir, '--rules', TRUTH_RULES);
  expect(run.code).toBe(0);
  return run.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as AwardLine);
};

/** A backtest of each rule on what is recorded gives the very learners that awarding gave. */
const expectBacktests = async (dir: string, phase: Phase): Promise<void> => {
  for (const badge of TRUTH_BADGES) {
    const run = await proofmark('rules', 'backtest', `${TRUTH_RULES}/${badge}.yaml`, '--json', '--limit', '100000', '--data', dir, '--rules', TRUTH_RULES);
    expect(run.code).toBe(0);
    const { earned, first } = JSON.parse(run.stdout) as { readonly earned: number; readonly first: readonly AwardLine[] };
    const { learners, sha256: hash } = readTruth(badge, phase);
    expect({ badge, earned, hash: sha256(first.map(({ learner }) => learner)) }).toEqual({ badge, earned: learners, hash });
  }
};

const expectTruth = async (dir: string, phase: Phase): Promise<void> => {
  for (const badge of TRUTH_BADGES) {
    const truth = readTruth(badge, phase);
    expect({ badge, ...truthOf(await awards(dir, badge, 'active'), truth) }).toEqual({ badge, ...truth });
  }
};

const count = (stdout: string, what: string): number =>
  Number(new RegExp(`^${what} +([\\d,]+)`, 'm').exec(stdout)?.[1]?.replaceAll(',', ''));

const importInto = async (dir: string, ...files: readonly string[]): Promise<string> => {
  const run = await proofmark('import', ...files, '--format', 'oulad', '--data', dir, '--rules', TRUTH_RULES);
  expect(run.stderr).not.toContain('proofmark:');
  expect(run.code).toBe(0);
  const [sent, recorded, duplicates, letters] = ['sent', 'recorded', 'duplicates', 'dead letters'].map((what) => count(run.stdout, what));
  expect(sent).toBe((recorded ?? NaN) + (duplicates ?? NaN) + (letters ?? NaN));
  return run.stdout;
};

/** mulberry32 (public domain, by Tommy Ettinger): small, seeded, good enough to shuffle by. */
const random = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};

/** Both files in one, every tenth line twice, all shuffled: corrections before their targets among them. */
const writeShuffled = (file: string, next: () => number): number => {
  const lines = [...linesOf(EVENTS), ...linesOf(CORRECTIONS)].flatMap((line, i) => (i % 10 === 0 ? [line, line] : [line]));
  for (let i = lines.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [lines[i], lines[j]] = [lines[j] ?? '', lines[i] ?? ''];
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
  return lines.length;
};

describeWithSharedData('the three truths', () => {
  const seed = Number(process.env['TRUTH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const next = random(seed);
  let dir = '';
  beforeAll(() => console.log(`TRUTH_SEED=${seed}`));
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'proofmark-truth-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('hold in order, and after the corrections, with the lost awards revoked by them', async () => {
    await importInto(dir, EVENTS);
    await expectTruth(dir, 'base');
    await importInto(dir, CORRECTIONS);
    await expectTruth(dir, 'corrected');
    await expectBacktests(dir, 'corrected');
    const revoked = await awards(dir, 'p1', 'revoked');
    expect(revoked).toHaveLength(18);
    for (const { cause } of revoked) {
      expect(cause.kind).toBe('correction');
      expect(cause.events).toEqual([expect.stringMatching(/^oulad\/co:as:/)]);
    }
  }, 15 * MINUTES);

  it('hold when both files are shuffled together and every tenth event is sent twice', async () => {
    const file = join(dir, 'shuffled.ndjson');
    const lines = writeShuffled(file, next);
    const stdout = await importInto(join(dir, 'data'), file);
    expect(count(stdout, 'sent')).toBe(lines);
    expect(count(stdout, 'duplicates')).toBe(lines - 665_236 - 28_904);
    await expectTruth(join(dir, 'data'), 'corrected');
  }, 15 * MINUTES);

  it(`hold when the process is killed at ${KILLS} random moments and started again`, async () => {
    const file = join(dir, 'shuffled.ndjson');
    writeShuffled(file, next);
    const data = join(dir, 'data');
    const moments = Array.from({ length: KILLS }, () => Math.floor(next() * 690_000)).sort((a, b) => a - b);
    let killed = 0;
    for (const moment of moments) {
      const { child, ended } = start('import', file, '--format', 'oulad', '--data', data, '--rules', TRUTH_RULES);
      const watch = new AbortController();
      const over = await Promise.race([ended, untilHead(data, moment, watch.signal)]);
      watch.abort();
      expect(over).toBeUndefined(); // it must still be at work when it is killed
      child.kill('SIGKILL');
      const { signal } = await ended;
      if (signal === 'SIGKILL') killed += 1;
    }
    expect(killed).toBe(KILLS);
    await importInto(data, file);
    await expectTruth(data, 'corrected');
    await expectEachAwardedOnce(data);
  }, 30 * MINUTES);
});

/** However often deciding was cut off and begun again: no award stream says twice that a badge was awarded. */
const expectEachAwardedOnce = async (dir: string): Promise<void> => {
  const log = await openEmbeddedReader(dir);
  try {
    const awarded = new Map<string, number>();
    for (let after = 0; ; ) {
      const page = await log.readAll({ after, limit: 5000, categories: ['award'] });
      for (const { stream, type } of page) if (type === 'BadgeAwarded') awarded.set(stream, (awarded.get(stream) ?? 0) + 1);
      const last = page.at(-1);
      if (!last) break;
      after = last.position;
    }
    expect(awarded.size).toBeGreaterThan(1000);
    expect([...awarded.values()].filter((times) => times !== 1)).toEqual([]);
  } finally {
    await log.close();
  }
};

/** Resolves when the log of a data directory has grown beyond a position, as another process sees it. */
const untilHead = async (dir: string, position: number, signal: AbortSignal): Promise<undefined> => {
  while (!signal.aborted) {
    const log = await logOf(dir);
    try {
      if (log && (await log.head()) > position) return undefined;
    } finally {
      await log?.close();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return undefined;
};

const logOf = async (dir: string): Promise<EventStore | undefined> => {
  try {
    return await openEmbeddedReader(dir);
  } catch (error) {
    if (error instanceof ProofmarkError && error.code === 'NOT_FOUND') return undefined; // it has only begun
    throw error;
  }
};
