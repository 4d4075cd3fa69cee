import { setImmediate } from 'node:timers/promises';
import { testEvent } from './contract.js';
import type { RecordedEvent } from './event-store.js';
import { ServerLost } from './eventstoredb-client.js';
import { openReach, type Reach } from './eventstoredb-reach.js';
import { type ScriptedRead, ScriptedServer } from './eventstoredb-script.js';
import { subscribeTo } from './eventstoredb-subscription.js';
import { ProofmarkError } from '#domain/errors.js';

const BATCH = 3;
let server: ScriptedServer;
let reach: Reach;
let end: AbortController;
let closing: AbortController;
beforeEach(() => {
  server = new ScriptedServer();
  reach = openReach(60_000, () => undefined);
  end = new AbortController();
  closing = new AbortController();
});
afterEach(() => reach.giveUp());

const subscribe = (after = 0, categories?: readonly string[]): AsyncGenerator<readonly RecordedEvent[], void> =>
  subscribeTo(server, reach, { after, batchSize: BATCH, signal: end.signal, ...(categories && { categories }) }, closing.signal, () => undefined);
const live = async (number: number): Promise<ScriptedRead> => {
  while (server.live.length < number) await setImmediate();
  const found = server.live[number - 1];
  if (!found) throw new Error('no read');
  return found;
};
const give = (read: ScriptedRead, ...positions: number[]): void => {
  for (const position of positions) read.handler.event({ ...testEvent(`${position}`), stream: 'a-1', revision: position, position, recordedAt: 0 }, position);
};
const positionsOf = async (batches: AsyncGenerator<readonly RecordedEvent[], void>): Promise<readonly number[]> => ((await batches.next()).value ?? []).map(({ position }) => position);

describe('a subscription to EventStoreDB', () => {
  it('is made anew after the last event that came, and after the last checkpoint', async () => {
    const batches = subscribe(7, ['a']);
    const next = positionsOf(batches);
    const first = await live(1);
    expect(first.query).toEqual({ all: { commit: 7, prepare: 7 }, limit: 'live', categories: ['a'] });
    give(first, 8, 9);
    expect(await next).toEqual([8, 9]);
    first.handler.ended(new ServerLost('cut'));
    expect(reach.health().writable).toBe(false);
    const second = await live(2);
    expect(second.query).toMatchObject({ all: { commit: 9, prepare: 9 } });
    // The next event begins exactly where the checkpoint is.
    second.handler.reached({ commit: 40, prepare: 0 });
    expect(reach.health().writable).toBe(true);
    second.handler.ended();
    const third = await live(3);
    expect(third.query).toMatchObject({ all: { commit: 40, prepare: 0 } });
    give(third, 40, 41);
    expect(await positionsOf(batches)).toEqual([40, 41]);
  });

  it('hands out what has come, up to a batch, and what came before a loss', async () => {
    const batches = subscribe();
    const next = positionsOf(batches);
    const first = await live(1);
    give(first, 1, 2, 3, 4, 5);
    first.handler.event(undefined, 6); // somebody else's
    first.handler.ended(new ServerLost('cut'));
    expect([await next, await positionsOf(batches)]).toEqual([[1, 2, 3], [4, 5]]);
    expect((await live(2)).query).toMatchObject({ all: { commit: 6, prepare: 6 } });
  });

  it('keeps the server waiting while the consumer is slow, also a new one', async () => {
    const batches = subscribe();
    const next = positionsOf(batches);
    const first = await live(1);
    give(first, 1);
    expect(await next).toEqual([1]);
    give(first, 2, 3, 4, 5, 6);
    expect(first.paused).toBe(false);
    give(first, 7);
    expect(first.paused).toBe(true);
    first.handler.ended(new ServerLost('cut'));
    const second = await live(2);
    expect(second.paused).toBe(true);
    expect(await positionsOf(batches)).toEqual([2, 3, 4]);
    expect(second.paused).toBe(false);
    expect(await positionsOf(batches)).toEqual([5, 6, 7]);
  });

  it('ends when it is aborted, and fails when the store closes or the server refuses', async () => {
    const aborted = subscribe();
    const next = aborted.next();
    end.abort();
    expect(await next).toMatchObject({ done: true });
    expect((await live(1)).cancelled).toBe(true);
    end = new AbortController();
    const refused = subscribe().next();
    (await live(2)).handler.ended(new ProofmarkError('STORE_FAILED', 'no access'));
    await expect(refused).rejects.toMatchObject({ code: 'STORE_FAILED' });
    const closed = subscribe().next();
    closing.abort();
    await expect(closed).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    expect((await live(3)).cancelled).toBe(true);
  });

  it('is not made anew once it has ended', async () => {
    const batches = subscribe();
    const next = batches.next();
    (await live(1)).handler.ended(new ServerLost('cut'));
    end.abort();
    await next;
    await reach.pause(0);
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    expect(server.live).toHaveLength(1);
  });
});
