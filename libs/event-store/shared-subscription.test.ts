import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { namesOf, testAppend } from './contract.js';
import { openEmbedded, type EmbeddedEventStore } from './embedded.js';
import type { EventStore, RecordedEvent } from './event-store.js';
import { MAX_AHEAD, shareSubscription, type SharedLog } from './shared-subscription.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-'));
afterAll(() => rmSync(root, { recursive: true }));
let dirs = 0;
let store: EmbeddedEventStore;
let shared: SharedLog;
let stops: AbortController[] = [];
beforeEach(async () => {
  store = await openEmbedded({ dir: join(root, `${++dirs}`) });
  shared = shareSubscription(store, 2);
  stops = [];
});
afterEach(async () => {
  for (const stop of stops) stop.abort();
  await store.close();
});

let appended = 0;
const append = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await store.append([testAppend('course-t.c', 'any', `event ${++appended}`)]);
};

/** Subscribes and gives one batch at a time. */
const join_ = (after: number, batchSize = 2, log: EventStore = shared) => {
  const stop = new AbortController();
  stops.push(stop);
  const iterator = log.subscribe({ after, batchSize, signal: stop.signal })[Symbol.asyncIterator]();
  return {
    stop,
    next: () => iterator.next(),
    batch: async (): Promise<readonly RecordedEvent[]> => {
      const result: IteratorResult<readonly RecordedEvent[], unknown> = await iterator.next();
      if (result.done) throw new Error('the subscription has ended');
      return result.value;
    },
    leave: () => iterator.return?.(undefined),
  };
};
type Joined = ReturnType<typeof join_>;

/** Reads up to a position; the batches. */
const readTo = async (follower: Joined, position: number): Promise<(readonly RecordedEvent[])[]> => {
  const batches: (readonly RecordedEvent[])[] = [];
  for (let last = 0; last < position; last = batches.at(-1)?.at(-1)?.position ?? 0) batches.push(await follower.batch());
  return batches;
};
const positions = (batches: readonly (readonly RecordedEvent[])[]): number[] => batches.flat().map(({ position }) => position);
const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('a shared subscription', () => {
  it('hands the same arrays to all', async () => {
    await append(7);
    const [a, b] = [join_(0), join_(0)];
    const [ofA, ofB] = await Promise.all([readTo(a, 7), readTo(b, 7)]);
    expect(positions(ofA)).toEqual(range(1, 7));
    expect(ofA.length).toBe(ofB.length);
    ofA.forEach((batch, i) => expect(ofB[i]).toBe(batch));
  });

  it.each([[0, 5], [5, 0], [3, 4], [9, 2], [10, 10], [0, 9]])('gives each what is after its own position while appends go on: %s and %s', async (from, other) => {
    await append(10);
    const [a, b] = [join_(from, 3), join_(other, 3)];
    const writing = append(30);
    const [ofA, ofB] = await Promise.all([readTo(a, 40), readTo(b, 40)]);
    await writing;
    expect(positions(ofA)).toEqual(range(from + 1, 40));
    expect(positions(ofB)).toEqual(range(other + 1, 40));
    for (const batch of [...ofA, ...ofB]) expect(batch.length).toBeGreaterThan(0);
  });

  it('does not begin before all have subscribed, and then reads nothing twice', async () => {
    await append(2);
    const reads: number[] = [];
    shared = shareSubscription({ ...store, subscribe: (options) => (reads.push(options.after), store.subscribe(options)) }, 2);
    const a = join_(1);
    const first = a.batch();
    await setImmediate();
    expect(reads).toEqual([]);
    const b = join_(0);
    expect(positions([await first])).toEqual([2]);
    expect(positions([await b.batch()])).toEqual([1, 2]);
    expect(reads).toEqual([0]);
  });

  it('reads no more than a few batches ahead of the slowest', async () => {
    await append(40);
    let read = 0;
    const counted = async function* (batches: AsyncIterable<readonly RecordedEvent[]>): AsyncGenerator<readonly RecordedEvent[]> {
      for await (const batch of batches) {
        read += 1;
        yield batch;
      }
    };
    shared = shareSubscription({ ...store, subscribe: (options) => counted(store.subscribe(options)) }, 2);
    const [fast, slow] = [join_(0, 1), join_(0, 1)];
    await slow.batch();
    const reading = readTo(fast, 40);
    while (read < 1 + MAX_AHEAD) await setImmediate();
    for (let turn = 0; turn < 50; turn++) await setImmediate(); // it would go on if it could
    expect(read).toBe(1 + MAX_AHEAD);
    expect(positions(await readTo(slow, 40))).toEqual(range(2, 40));
    expect(positions(await reading)).toEqual(range(1, 40));
  });

  it.each(['leaves', 'is stopped', 'is stopped and never asks again'])('goes on for the other where one %s', async (how) => {
    await append(20);
    const [a, b] = [join_(0, 1), join_(0, 1)];
    await a.batch();
    const ofB = [await b.batch(), await b.batch()]; // so that a is the slower one
    for (let turn = 0; turn < 50; turn++) await setImmediate(); // as much is read ahead as may be
    if (how === 'leaves') await a.leave();
    else a.stop.abort();
    if (how === 'is stopped') expect(await a.next()).toMatchObject({ done: true });
    const writing = append(10);
    expect(positions([...ofB, ...(await readTo(b, 30))])).toEqual(range(1, 30));
    await writing;
  });

  it('ends the reading when all have left', async () => {
    await append(1);
    const signals: AbortSignal[] = [];
    shared = shareSubscription({ ...store, subscribe: (options) => (signals.push(options.signal), store.subscribe(options)) }, 2);
    const [a, b] = [join_(0), join_(0)];
    await Promise.all([a.batch(), b.batch()]);
    await a.leave();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await b.leave();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('passes a failure of the store to all, after what was read before it', async () => {
    await append(2);
    const [a, b] = [join_(0), join_(0)];
    await Promise.all([a.batch(), b.batch()]);
    const failures = [a, b].map((follower) => expect(follower.next()).rejects.toMatchObject({ code: 'STORE_CLOSED' }));
    await store.close();
    await Promise.all(failures);
    expect(await a.next()).toMatchObject({ done: true });
  });

  it('ends for one that is stopped while another is still waited for', async () => {
    const a = join_(0);
    const next = a.next();
    a.stop.abort();
    expect(await next).toMatchObject({ done: true });
  });

  it('begins without one that is dismissed', async () => {
    await append(2);
    const a = join_(0);
    const first = a.batch();
    shared.dismiss();
    expect(positions([await first])).toEqual([1, 2]);
  });

  it('lets who comes later read for itself', async () => {
    await append(3);
    const [a, b] = [join_(0, 3), join_(0, 3)];
    const [ofA, ofB] = await Promise.all([a.batch(), b.batch()]);
    const late = join_(1, 3);
    expect(namesOf(await late.batch())).toEqual(namesOf(ofA.slice(1)));
    expect(positions([ofB])).toEqual([1, 2, 3]);
  });
});
