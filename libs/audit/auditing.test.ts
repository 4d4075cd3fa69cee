import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';
import { ProofmarkError } from '#domain/errors.js';
import { headOf, records } from './audit-under-test.js';
import type { CheckpointKeys } from './audit-key.js';
import { Auditing, CHECKPOINTS_DIR, type AuditingOptions, type AuditStatus } from './auditing.js';
import { CheckpointFiles, keysIn, notesIn } from './checkpoint-files.js';
import { openCheckpoint, type SignedCheckpoint } from './checkpoint.js';
import { keyRing } from './key-ring-under-test.js';
import { LEAVES_FILE } from './tree-files.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-auditing-'));
afterAll(() => rmSync(root, { recursive: true }));
let dirs = 0;
const newDir = (): string => join(root, `${++dirs}`);

/** A log that somebody can change, and that counts what is read of it. */
class Log implements Pick<EventStore, 'readAll' | 'head'> {
  events: readonly RecordedEvent[] = [];
  read = 0;
  async readAll({ after, limit }: { readonly after: number; readonly limit: number }): Promise<readonly RecordedEvent[]> {
    const found = this.events.filter(({ position }) => position > after).slice(0, limit);
    this.read += found.length;
    return found;
  }
  async head(): Promise<number> {
    return this.events.at(-1)?.position ?? 0;
  }
}

interface Audit {
  readonly auditing: Auditing;
  readonly said: string[];
  /** Resolves when the status is so. */
  until(is: (status: AuditStatus) => boolean): Promise<AuditStatus>;
  stop(): Promise<AuditStatus>;
}
const start = (log: Log, dir: string, options: Partial<AuditingOptions> = {}): Audit => {
  const end = new AbortController();
  const said: string[] = [];
  const waiting = new Set<() => void>();
  const auditing = new Auditing({
    store: log, dir, keys: keyRing(), address: 'http://school.example/badges/', now: () => 1_790_000_000_000, random: (length) => new Uint8Array(length).fill(7), intervalMs: 0, lookMs: 1, signal: end.signal,
    onProgress: () => {
      for (const look of waiting) look();
    },
    log: (message) => void said.push(message),
    ...options,
  });
  const run = auditing.run();
  return {
    auditing,
    said,
    until: (is) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!is(auditing.status)) return;
          waiting.delete(look);
          resolve(auditing.status);
        };
        waiting.add(look);
        look();
      }),
    stop: async () => {
      end.abort();
      await run;
      return auditing.status;
    },
  };
};
const checkpointsIn = async (dir: string): Promise<readonly SignedCheckpoint[]> => {
  const files = new CheckpointFiles(join(dir, CHECKPOINTS_DIR));
  const found: SignedCheckpoint[] = [];
  for await (const { opened } of files.all(await files.keys())) {
    if (typeof opened === 'string') throw new Error(opened);
    found.push(opened);
  }
  return found;
};
const hasCheckpoint = (size: number) => ({ checkpoint }: AuditStatus): boolean => checkpoint?.size === size;

describe('the audit', () => {
  it('records what is in the log and what comes, signs it, and once more at a stop', async () => {
    const [log, dir, keys] = [new Log(), newDir(), keyRing()];
    log.events = records(300, 2);
    const audit = start(log, dir, { keys });
    await audit.until(hasCheckpoint(300));
    log.events = records(301, 2);
    await audit.until(hasCheckpoint(301));
    log.events = records(302, 2);
    expect(await audit.stop()).toEqual({ state: 'running', position: 604, checkpoint: { size: 302, position: 604, time: 1_790_000_000_000 } });
    const kept = await checkpointsIn(dir);
    expect(kept.map(({ size, root, position, chain }) => ({ size, root, position, chain }))).toEqual([300, 301, 302, 302].map((size) => headOf(records(size, 2))));
    expect(kept[0]?.origin).toBe('school.example/badges/log-key-0');
    const again = start(log, dir, { keys });
    expect((await again.stop()).checkpoint?.size).toBe(302);
    expect(await checkpointsIn(dir)).toHaveLength(4); // nothing has come
  });

  it('signs no sooner than the interval, and where the clock was put back', async () => {
    const [log, dir] = [new Log(), newDir()];
    let now = 1_790_000_000_000;
    log.events = records(1);
    const audit = start(log, dir, { now: () => now, intervalMs: 60_000 });
    await audit.until(hasCheckpoint(1));
    log.events = records(2);
    now += 59_999;
    await audit.until(({ position }) => position === 2);
    expect(audit.auditing.status.checkpoint?.size).toBe(1);
    now += 1;
    await audit.until(hasCheckpoint(2));
    log.events = records(3);
    now -= 3_600_000;
    await audit.until(hasCheckpoint(3));
    await audit.stop();
    expect((await checkpointsIn(dir)).map(({ time }) => time - 1_790_000_000_000)).toEqual([0, 60_000, -3_540_000, -3_540_000]);
  });

  it('takes what others have read, whatever it overlaps, and reads by itself only what does not follow', async () => {
    const [log, dir] = [new Log(), newDir()];
    const events = records(50, 3);
    log.events = events.slice(0, 10);
    const audit = start(log, dir, { lookMs: 60_000 });
    await audit.until(({ position }) => position === 30);
    log.events = events;
    for (const [from, to] of [[0, 10], [5, 20], [5, 12], [30, 40], [20, 45]] as const) audit.auditing.offer(events[from - 1]?.position ?? 0, events.slice(from, to));
    expect((await audit.stop()).position).toBe(150);
    expect(log.read).toBe(10 + 5);
    expect((await checkpointsIn(dir)).at(-1)).toMatchObject(headOf(events));
  });

  it.each([
    ['a record was altered', (events: readonly RecordedEvent[]) => events.map((event) => (event.position === 290 ? { ...event, json: '{}' } : event)), 'the record at position 290 is not the one'],
    ['its end was cut off', (events: readonly RecordedEvent[]) => events.slice(0, 299), 'the log ends at position 299, and records up to position 300 were in it'],
    ['another log is there', () => records(400).map((event) => ({ ...event, recordedAt: 0 })), 'is not the one that was recorded'],
  ])('is parked, and changes nothing, where %s', async (_what, change, why) => {
    const [log, dir, keys] = [new Log(), newDir(), keyRing()];
    log.events = records(300);
    await start(log, dir, { keys }).stop();
    const before = [readFileSync(join(dir, LEAVES_FILE), 'hex'), readdirSync(join(dir, CHECKPOINTS_DIR))];
    log.events = change(log.events);
    const audit = start(log, dir, { keys });
    const { reason } = await audit.until(({ state, position }) => state === 'parked' || position > 0);
    expect(reason).toContain(why);
    expect(audit.said).toEqual([reason]);
    audit.auditing.offer(300, records(301).slice(300));
    expect((await audit.stop()).state).toBe('parked');
    expect([readFileSync(join(dir, LEAVES_FILE), 'hex'), readdirSync(join(dir, CHECKPOINTS_DIR))]).toEqual(before);
  });

  it('is parked where the kept tree is not the one that was signed', async () => {
    const [log, dir, keys] = [new Log(), newDir(), keyRing()];
    log.events = records(30);
    await start(log, dir, { keys }).stop();
    truncateSync(join(dir, LEAVES_FILE), 29 * 48);
    const { reason } = await start(log, dir, { keys }).until(({ state }) => state === 'parked');
    expect(reason).toContain('ends after 29 records, and its newest checkpoint is over 30');
  });

  it('waits for its key, records meanwhile, and says so', async () => {
    const [log, dir, keys] = [new Log(), newDir(), keyRing()];
    keys.locked = true;
    log.events = records(5);
    const audit = start(log, dir, { keys });
    expect(await audit.until(({ state, position }) => state === 'waiting' && position === 5)).toMatchObject({ reason: 'no key key-0' });
    log.events = records(6);
    expect(await audit.until(({ position }) => position === 6)).toMatchObject({ state: 'waiting', reason: 'no key key-0' });
    keys.locked = false;
    await audit.until(hasCheckpoint(6));
    expect(await audit.stop()).toEqual({ state: 'running', position: 6, checkpoint: { size: 6, position: 6, time: 1_790_000_000_000 } });
    expect(audit.said).toEqual(['The audit waits: no key key-0']);
  });

  it('is parked, and breaks nobody who reads, where a record cannot be taken in', async () => {
    const [log, dir] = [new Log(), newDir()];
    log.events = records(5);
    const audit = start(log, dir);
    await audit.until(hasCheckpoint(5));
    audit.auditing.offer(5, [{ ...records(6)[5], revision: 1e300 } as RecordedEvent]);
    expect((await audit.until(({ state }) => state === 'parked')).reason).toContain('out of range');
    expect((await audit.stop()).position).toBe(5);
    expect((await checkpointsIn(dir)).map(({ size }) => size)).toEqual([5, 5]);
  });

  it('begins when it can, where its key cannot be made yet', async () => {
    const [log, dir, keys] = [new Log(), newDir(), keyRing()];
    let locked = true;
    const create: CheckpointKeys['create'] = (algorithm) => (locked ? Promise.reject(new ProofmarkError('STORE_FULL', 'no space left')) : keys.create(algorithm));
    log.events = records(5);
    const audit = start(log, dir, { keys: { create, sign: (kid, bytes) => keys.sign(kid, bytes) } });
    expect(await audit.until(({ state }) => state === 'waiting')).toMatchObject({ reason: 'no space left' });
    locked = false;
    await audit.until(hasCheckpoint(5));
    expect((await audit.stop()).state).toBe('running');
  });

  it('waits for another that writes its directory', async () => {
    const [log, dir, keys] = [new Log(), newDir(), keyRing()];
    log.events = records(5);
    const first = start(log, dir, { keys });
    await first.until(hasCheckpoint(5));
    const second = start(log, dir, { keys });
    await second.until(({ state, reason }) => state === 'waiting' && (reason ?? '').includes('already being written'));
    await first.stop();
    expect(await second.until(({ state, position }) => state === 'running' && position === 5)).not.toHaveProperty('reason');
    await second.stop();
  });

  it('goes on from a checkpoint that a crash has torn', async () => {
    const [log, dir, keys] = [new Log(), newDir(), keyRing()];
    const day = join(dir, CHECKPOINTS_DIR, '2026-09-21.notes');
    log.events = records(5);
    await start(log, dir, { keys }).stop();
    const [note = ''] = notesIn(readFileSync(day));
    for (let length = 1; length < note.length + 1; length++) {
      writeFileSync(day, `${note}\n${note}`.slice(0, note.length + 1 + length));
      expect((await new CheckpointFiles(join(dir, CHECKPOINTS_DIR)).newest(keysIn(readFileSync(join(dir, CHECKPOINTS_DIR, 'verifier-keys'), 'utf8')) ?? []))?.size).toBe(5);
    }
    log.events = records(6);
    await start(log, dir, { keys }).stop();
    expect((await checkpointsIn(dir)).map(({ size }) => size)).toEqual([5, 6, 6]);
  });
});

describe('the copy of the checkpoints', () => {
  const notesOf = (dir: string): readonly string[] => readdirSync(dir).filter((name) => name.endsWith('.notes')).flatMap((name) => notesIn(readFileSync(join(dir, name))));

  it('gets each checkpoint, the keys and the newest', async () => {
    const [log, dir, copyTo, keys] = [new Log(), newDir(), newDir(), keyRing()];
    log.events = records(5);
    await start(log, dir, { copyTo, keys }).stop();
    log.events = records(6);
    await start(log, dir, { copyTo, keys }).stop();
    const [key] = keysIn(readFileSync(join(copyTo, 'verifier-keys'), 'utf8')) ?? [];
    if (!key) throw new Error('no key');
    const sizes = [...notesOf(copyTo), readFileSync(join(copyTo, 'latest'), 'utf8')].map((note) => (openCheckpoint(note, [key]) as SignedCheckpoint).size);
    expect(sizes).toEqual([5, 6, 6]);
  });

  it('that cannot be written is told, stops nothing, and is brought up to date when it can', async () => {
    const [log, dir, copyTo] = [new Log(), newDir(), newDir()];
    writeFileSync(copyTo, 'in the way');
    log.events = records(5);
    const audit = start(log, dir, { copyTo });
    expect((await audit.until(({ copyProblem }) => copyProblem !== undefined)).copyProblem).toContain('EEXIST');
    log.events = records(6);
    expect(await audit.until(hasCheckpoint(6))).toMatchObject({ state: 'running' });
    expect(audit.said).toHaveLength(1);
    rmSync(copyTo);
    await audit.until(({ copyProblem }) => copyProblem === undefined);
    await audit.stop();
    expect(notesOf(copyTo)).toEqual(notesOf(join(dir, CHECKPOINTS_DIR)));
  });

  it('goes on after a note that was torn there, and is never written over where it has what is not here', async () => {
    const [log, dir, copyTo, keys] = [new Log(), newDir(), newDir(), keyRing()];
    const day = join(copyTo, '2026-09-21.notes');
    log.events = records(5);
    await start(log, dir, { copyTo, keys }).stop();
    truncateSync(day, 100);
    log.events = records(6);
    await start(log, dir, { copyTo, keys }).stop();
    expect(notesOf(copyTo)).toEqual(notesOf(join(dir, CHECKPOINTS_DIR)));
    appendFileSync(day, 'more');
    const there = readFileSync(day, 'utf8');
    log.events = records(7);
    const { copyProblem, checkpoint } = await start(log, dir, { copyTo, keys }).stop();
    expect(copyProblem).toContain('has checkpoints that');
    expect(checkpoint?.size).toBe(7);
    expect(readFileSync(day, 'utf8')).toBe(there);
    rmSync(join(dir, CHECKPOINTS_DIR, '2026-09-21.notes'));
    expect((await start(log, dir, { copyTo, keys }).stop()).copyProblem).toContain('of a day of which there are none');
  });
});
