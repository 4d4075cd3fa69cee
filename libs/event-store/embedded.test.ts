import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { eventStoreContract, namesOf, take, testAppend } from './contract.js';
import { attachEmbedded, openEmbedded, openEmbeddedReader } from './embedded.js';
import { openLogReader } from './log-reader.js';
import { logExists, logFile } from './log-schema.js';
import { isSupported, openDatabase } from './sqlite.js';
import { verifyLog } from './verify.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-'));
afterAll(() => rmSync(root, { recursive: true }));
let dirs = 0;
const newDir = (): string => join(root, `${++dirs}`);

eventStoreContract('embedded', () => openEmbedded({ dir: newDir() }));
eventStoreContract('embedded, another thread\'s client', async () => {
  const owner = await openEmbedded({ dir: newDir() });
  const client = await attachEmbedded(owner.share());
  return { ...client, close: () => client.close().then(() => owner.close()) };
});

describe('the embedded event store', () => {
  it('holds what it held when it is opened again', async () => {
    const dir = newDir();
    const first = await openEmbedded({ dir });
    await first.append([testAppend('course-t.c', 'no-stream', 'a', 'b')]);
    const events = await first.readAll({ after: 0, limit: 10 });
    await first.close();
    const second = await openEmbedded({ dir });
    expect(await second.readAll({ after: 0, limit: 10 })).toEqual(events);
    expect(await second.append([testAppend('course-t.c', 1, 'c')])).toEqual([{ outcome: 'appended', revision: 2, position: 3 }]);
    await second.close();
  });

  it('is refused to a second writer in the same process, until the first closes', async () => {
    const dir = newDir();
    const first = await openEmbedded({ dir });
    await expect(openEmbedded({ dir })).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    await first.append([testAppend('award-a', 'no-stream', 'a')]);
    await first.close();
    await (await openEmbedded({ dir })).close();
  });

  it('rejects what does not fit its quota, reads on, and recovers by itself', async () => {
    const store = await openEmbedded({ dir: newDir(), maxBytes: 400_000 });
    const big = { ...testAppend('learner-t.big', 'any', 'big'), events: [{ ...testAppend('x', 'any', 'big').events[0], json: JSON.stringify('x'.repeat(600_000)) }] };
    await store.append([testAppend('learner-t.a', 'no-stream', 'a')]);
    const full = expect(store.append([big as ReturnType<typeof testAppend>])).rejects.toMatchObject({ code: 'STORE_FULL' });
    await full;
    expect(store.health()).toMatchObject({ writable: false, reason: expect.stringContaining('no space left') as string });
    expect(namesOf(await store.readAll({ after: 0, limit: 10 }))).toEqual(['a']);
    expect(await store.append([testAppend('learner-t.a', 0, 'b')])).toEqual([{ outcome: 'appended', revision: 1, position: 2 }]);
    expect(store.health()).toEqual({ writable: true });
    await store.close();
  });

  it('tells the clients in other threads when it closes', async () => {
    const store = await openEmbedded({ dir: newDir() });
    const client = await attachEmbedded(store.share());
    const waiting = expect(take(client, 1, { after: 0 })).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await store.close();
    await waiting;
    await expect(client.append([testAppend('award-a', 'any', 'a')])).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    expect(client.health().writable).toBe(false);
    expect(() => store.share()).toThrow('closed');
    await client.close();
  });

  it('refuses an append that is not one', async () => {
    const store = await openEmbedded({ dir: newDir() });
    const [event] = testAppend('x', 'any', 'x').events;
    if (!event) throw new Error('no event');
    await expect(store.append([{ stream: 'award-a', expected: 'any', events: [] }])).rejects.toMatchObject({ code: 'USAGE' });
    await expect(store.append([{ stream: '', expected: 'any', events: [event] }])).rejects.toMatchObject({ code: 'USAGE' });
    await expect(store.append([{ stream: 'award-a', expected: -3, events: [event] }])).rejects.toMatchObject({ code: 'USAGE' });
    await expect(store.append([{ stream: 'award-a', expected: 'any', events: [{ ...event, id: 'no-uuid' }] }])).rejects.toMatchObject({ code: 'USAGE' });
    expect(await store.head()).toBe(0);
    await store.close();
  });

  it('is not there yet while somebody has only begun to make it', async () => {
    const dir = newDir();
    mkdirSync(dir, { recursive: true });
    const begun = openDatabase(logFile(dir)); // its first page is written before its tables
    begun.exec('PRAGMA journal_mode = WAL');
    expect(logExists(dir)).toBe(true);
    await expect(openEmbeddedReader(dir)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    begun.exec('CREATE TABLE other (a)');
    begun.close();
    await expect(openEmbeddedReader(dir)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('can be read without an engine, never written', async () => {
    const dir = newDir();
    await expect(openEmbeddedReader(dir)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const store = await openEmbedded({ dir });
    await store.append([testAppend('award-a', 'no-stream', 'a')]);
    await store.close();
    const reader = await openEmbeddedReader(dir);
    expect(namesOf(await reader.readStream('award-a'))).toEqual(['a']);
    await expect(reader.append([testAppend('award-a', 'any', 'b')])).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    await reader.close();
  });
});

describe('a damaged log', () => {
  const intact = newDir();
  const file = (dir: string): string => join(dir, 'events.db');
  const streams = ['learner-t.a', 'learner-t.b', 'course-t.c', 'award-x'];
  beforeAll(async () => {
    const store = await openEmbedded({ dir: intact });
    for (let i = 0; i < 80; i++) await store.append([testAppend(streams[i % 4] ?? '', 'any', `event ${i}`)]);
    await store.close();
  });
  const copyWith = (change: (bytes: Buffer) => void, dir = newDir()): string => {
    mkdirSync(dir, { recursive: true });
    copyFileSync(file(intact), file(dir));
    const bytes = readFileSync(file(dir));
    change(bytes);
    writeFileSync(file(dir), bytes);
    return dir;
  };
  /** Everything that a reader of the log can see. */
  const contents = (dir: string): unknown => {
    const reader = openLogReader(dir);
    try {
      return [
        reader.head(),
        reader.readAll({ after: 0, limit: 1_000 }),
        ...streams.map((stream) => reader.readStream(stream)),
        ...['learner', 'course', 'award'].map((category) => reader.readAll({ after: 0, limit: 1_000, categories: [category] })),
      ];
    } finally {
      reader.close();
    }
  };

  it('is not opened where its first page is not that of an event log', async () => {
    await expect(openEmbedded({ dir: copyWith((bytes) => bytes.fill('damage', 0, 60)) })).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('Restore it from a backup') as string,
    });
    await expect(openEmbedded({ dir: copyWith((bytes) => bytes.writeUInt32BE(7, 68)) })).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    await expect(openEmbedded({ dir: copyWith((bytes) => bytes.writeUInt32BE(99, 60)) })).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' });
  });

  it('is noticed when an altered event is read', async () => {
    const dir = copyWith((bytes) => bytes.write('EVENT', bytes.indexOf('event 41')));
    const store = await openEmbedded({ dir });
    await expect(store.readAll({ after: 0, limit: 100 })).rejects.toMatchObject({ code: 'STORE_CORRUPT', message: expect.stringContaining('position 42') as string });
    expect(await store.readAll({ after: 0, limit: 41 })).toHaveLength(41);
    await store.close();
  });

  it('ends the writing of every client once one has read it', async () => {
    const dir = copyWith((bytes) => bytes.write('EVENT', bytes.indexOf('event 41')));
    const owner = await openEmbedded({ dir });
    const reader = await attachEmbedded(owner.share());
    expect(await owner.append([testAppend('course-t.before', 'no-stream', 'a')])).toMatchObject([{ outcome: 'appended' }]);
    await expect(reader.readAll({ after: 0, limit: 100 })).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    for (const client of [reader, owner]) {
      await expect(client.append([testAppend('course-t.after', 'no-stream', 'a')])).rejects.toMatchObject({ code: 'STORE_CORRUPT', message: expect.stringContaining('position 42') as string });
      expect(client.health()).toMatchObject({ writable: false, reason: expect.stringContaining('is damaged') as string });
    }
    expect(await owner.readStream('course-t.after')).toEqual([]);
    await reader.close();
    await owner.close();
    const again = await openEmbedded({ dir });
    expect(again.health()).toEqual({ writable: true });
    await again.close();
  });

  // PROOFMARK_FLIPS=10000 runs the full number.
  const flips = Number(process.env['PROOFMARK_FLIPS'] ?? 400);
  it(`shows each of ${flips} flipped bits to the full check, unless it changes nothing that can be read`, async () => {
    const whole = JSON.stringify(contents(intact));
    const unnoticed: number[] = [];
    expect(verifyLog(intact)).toEqual({ events: 80, streams: expect.any(Number) as number, problems: [] });
    const size = readFileSync(file(intact)).length;
    const dir = newDir();
    let noticed = 0;
    for (let flip = 0; flip < flips; flip++) {
      // A step that shares no factor with the size spreads the flips over the whole file.
      const bit = (flip * 2_654_435_761) % (size * 8);
      copyWith((bytes) => (bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))), dir);
      // Lets the driver free the connections of the round before.
      await setImmediate();
      if (verifyLog(dir).problems.length > 0) noticed++;
      else if (JSON.stringify(contents(dir)) !== whole) unnoticed.push(bit);
    }
    expect(unnoticed).toEqual([]);
    expect(noticed).toBeGreaterThan(0);
  }, 60_000 + flips * 20);
});

describe('the SQLite driver', () => {
  it.each([['3.51.2', false], ['3.51.3', true], ['3.50.9', false], ['3.53.0', true], ['4.0.0', true]])('is supported with SQLite %s: %s', (version, supported) =>
    expect(isSupported(version)).toBe(supported),
  );
});
