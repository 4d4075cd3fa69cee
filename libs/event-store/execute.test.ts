import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decider } from '#domain/decider.js';
import { ProofmarkError } from '#domain/errors.js';
import type { ClosingTimeReached } from '#domain/log-event.js';
import { openEmbedded, type EmbeddedEventStore } from './embedded.js';
import { execute } from './execute.js';

/** Counts how often a course closed; never twice at one time, at most three times. */
const closings: Decider<number, ClosingTimeReached, readonly number[]> = {
  initialState: [],
  evolve: (times, { at }) => [...times, at],
  decide: (at, times) => {
    if (times.length >= 3) throw new ProofmarkError('USAGE', 'closed too often');
    return times.includes(at) ? [] : [{ type: 'ClosingTimeReached', course: 'c', at }];
  },
};

describe('execute', () => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-'));
  let store: EmbeddedEventStore;
  beforeAll(async () => (store = await openEmbedded({ dir })));
  afterAll(async () => {
    await store.close();
    rmSync(dir, { recursive: true });
  });
  const close = (stream: string, at: number, attempts?: number) =>
    execute(store, closings, stream, at, { newId: randomUUID, ...(attempts !== undefined && { attempts }) });

  it('appends what the decider decides, and nothing where it decides nothing', async () => {
    const first = await close('course-t.a', 1);
    expect(first).toEqual({ events: [{ type: 'ClosingTimeReached', course: 'c', at: 1 }], revision: 0, position: await store.head() });
    expect(await close('course-t.a', 1)).toEqual({ ...first, events: [] });
    const recorded = await store.readStream('course-t.a');
    expect(recorded).toMatchObject([{ type: 'ClosingTimeReached', schema: 1, json: '{"course":"c","at":1}' }]);
  });

  it('passes on what the decider refuses', async () => {
    for (const at of [1, 2, 3]) await close('course-t.b', at);
    await expect(close('course-t.b', 4)).rejects.toMatchObject({ message: 'closed too often' });
  });

  it('decides anew when others were first', async () => {
    const results = await Promise.all([close('course-t.d', 1), close('course-t.d', 2), close('course-t.d', 1)]);
    expect(results.flatMap(({ events }) => events)).toHaveLength(2);
    expect(await store.readStream('course-t.d')).toHaveLength(2);
  });

  it('gives up after so many attempts', async () => {
    const overtaken = { readStream: async () => [], append: async () => [{ outcome: 'wrong-expected-revision' as const, actual: 0 }] };
    await expect(execute(overtaken, closings, 'course-t.e', 1, { newId: randomUUID, attempts: 2 })).rejects.toMatchObject({ code: 'CONCURRENT_CHANGE' });
  });
});
