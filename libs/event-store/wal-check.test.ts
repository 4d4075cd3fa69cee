import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { testAppend } from './contract.js';
import { openEmbedded, type EmbeddedEventStore } from './embedded.js';
import { openLogReader } from './log-reader.js';
import { openLogWriter } from './log-writer.js';

const PAGE = 8_192;
const FRAME = PAGE + 24;
const root = mkdtempSync(join(tmpdir(), 'proofmark-'));
const live = join(root, 'live');
const files = ['events.db', 'events.db-wal'] as const;
const COMMITS = 12;

describe('a write-ahead log that was not copied into the database', () => {
  let store: EmbeddedEventStore;
  beforeAll(async () => {
    store = await openEmbedded({ dir: live });
    for (let i = 0; i < COMMITS; i++) await store.append([testAppend('learner-t.a', 'any', `${i}`)]);
  });
  afterAll(async () => {
    await store.close();
    rmSync(root, { recursive: true });
  });

  /** What the disk holds while the store is open, changed, and then opened: the head, or the error code. */
  const openChanged = (change: (wal: string) => void): number | string => {
    const copy = mkdtempSync(join(root, 'copy-'));
    for (const file of files) copyFileSync(join(live, file), join(copy, file));
    change(join(copy, 'events.db-wal'));
    try {
      const writer = openLogWriter({ dir: copy, now: () => 0 });
      writer.close(true);
      const reader = openLogReader(copy);
      const events = reader.readStream('learner-t.a');
      reader.close();
      expect(events.map(({ revision }) => revision)).toEqual(Array.from({ length: writer.head() }, (_, i) => i));
      return writer.head();
    } catch (thrown) {
      return thrown instanceof ProofmarkError ? thrown.code : messageOf(thrown);
    }
  };
  const flip = (at: number) => (wal: string): void => {
    const bytes = readFileSync(wal);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(wal, bytes);
  };
  const size = (): number => readFileSync(join(live, 'events.db-wal')).length;

  it('is taken up whole where it is whole', () => expect(openChanged(() => undefined)).toBe(COMMITS));

  it('ends before what was torn off it', () => {
    const heads: (number | string)[] = [];
    for (let length = size(); length > 0; length -= 1_999) heads.push(openChanged((wal) => truncateSync(wal, length)));
    // Every length gives a prefix, and each byte less can only shorten it.
    expect(heads).toEqual([...heads].map(Number).sort((a, b) => b - a));
    expect(heads[0]).toBe(COMMITS);
    expect(heads).toContain(0);
  });

  it('is refused where acknowledged commits stand behind a flipped bit', () => {
    const frames = (size() - 32) / FRAME;
    expect(frames).toBeGreaterThan(COMMITS);
    expect(openChanged(flip(5))).toBe('STORE_CORRUPT');
    for (let frame = 0; frame < 8; frame++) {
      for (const at of [0, 4, 9, 17, 24, 24 + PAGE / 2]) {
        expect([frame, at, openChanged(flip(32 + frame * FRAME + at))]).toEqual([frame, at, 'STORE_CORRUPT']);
      }
    }
  });
});
