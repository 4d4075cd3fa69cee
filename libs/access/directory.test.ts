import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiKey } from '#domain/api-key.js';
import { account } from '#domain/account.js';
import { accountStream, apiKeyStream } from '#domain/streams.js';
import { openEmbedded } from '#event-store/embedded.js';
import type { EventStore } from '#event-store/event-store.js';
import { execute } from '#event-store/execute.js';
import { openDirectory, type AccessDirectory } from './directory.js';

describe('the access directory', () => {
  let dir: string;
  let store: EventStore;
  let directory: AccessDirectory;
  const newId = randomUUID;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'proofmark-access-'));
    store = await openEmbedded({ dir });
    await execute(store, apiKey, apiKeyStream('t', 'k1'), { type: 'Issue', tenant: 't', key: 'k1', hash: 'h1', label: 'first', actions: ['event:send'], by: 'p', at: 1 }, { newId });
    directory = await openDirectory(store);
  });
  afterEach(async () => {
    await directory.close();
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('knows what stood in the log when it was opened', () => {
    expect(directory.key('k1')).toMatchObject({ status: 'active', hash: 'h1' });
    expect(directory.key('k2')).toBeUndefined();
  });

  it('follows the log', async () => {
    const { position } = await execute(store, apiKey, apiKeyStream('t', 'k1'), { type: 'Revoke', tenant: 't', key: 'k1', reason: 'lost', by: 'p', at: 2 }, { newId });
    await directory.reached(position);
    expect(directory.key('k1')).toMatchObject({ status: 'revoked' });
  });

  it('knows all that stands in the log, whatever was written last', async () => {
    const { position } = await execute(store, apiKey, apiKeyStream('t', 'k2'), { type: 'Issue', tenant: 't', key: 'k2', hash: 'h2', label: 'second', actions: ['event:send'], by: 'p', at: 2 }, { newId });
    await store.append([{ stream: 'learner-t.ann', expected: 'no-stream', events: [{ id: newId(), type: 'X', schema: 1, json: '{}' }] }]);
    await directory.caughtUp();
    expect(directory.key('k2')).toMatchObject({ status: 'active' });
    await directory.caughtUp();
    expect(await store.head()).toBeGreaterThan(position);
  });

  it('waits for what the log has not told yet', async () => {
    await directory.close();
    let tell = (): void => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    const slow = await openDirectory({
      head: () => store.head(),
      readAll: (options) => store.readAll(options),
      async *subscribe(options) {
        await told;
        yield* store.subscribe(options);
      },
    });
    await execute(store, apiKey, apiKeyStream('t', 'k1'), { type: 'Revoke', tenant: 't', key: 'k1', reason: 'lost', by: 'p', at: 2 }, { newId });
    const caughtUp = slow.caughtUp().then(() => slow.key('k1')?.status);
    expect(slow.key('k1')?.status).toBe('active');
    tell();
    expect(await caughtUp).toBe('revoked');
    await slow.close();
  });

  it('reads no part of the log twice to catch up', async () => {
    await directory.close();
    const asked: number[] = [];
    const counting = await openDirectory({
      head: () => store.head(),
      subscribe: (options) => store.subscribe(options),
      readAll: (options) => {
        asked.push(options.after);
        return store.readAll(options);
      },
    });
    asked.length = 0;
    for (let i = 0; i < 3; i++) {
      await store.append([{ stream: 'learner-t.ann', expected: 'any', events: [{ id: newId(), type: 'X', schema: 1, json: '{}' }] }]);
      await counting.caughtUp();
    }
    expect(asked).toEqual([...new Set(asked)]);
    await counting.close();
  });

  it('lists by tenant, the latest first', async () => {
    await execute(store, account, accountStream('t', 'p1'), { type: 'Open', tenant: 't', account: 'p1', roles: ['admin'], courses: [], by: 'p1', at: 1 }, { newId });
    await execute(store, account, accountStream('u', 'p2'), { type: 'Open', tenant: 'u', account: 'p2', roles: ['admin'], courses: [], by: 'p2', at: 2 }, { newId });
    const { position } = await execute(store, account, accountStream('t', 'p3'), { type: 'Open', tenant: 't', account: 'p3', roles: ['learner'], courses: [], learner: 'ann', by: 'p1', at: 3 }, { newId });
    await directory.reached(position);
    expect(directory.accounts('t').map((one) => one.account)).toEqual(['p3', 'p1']);
    expect(directory.accounts('u').map((one) => one.account)).toEqual(['p2']);
    expect(directory.keys('u')).toEqual([]);
  });

  it('says so when it does not know any more', async () => {
    await directory.close();
    const broken = await openDirectory({ head: () => store.head(), readAll: (options) => store.readAll(options), subscribe: () => { throw new Error('gone'); } });
    expect(() => broken.key('k1')).toThrow(/not known any more.*gone/);
    await expect(broken.reached(99)).rejects.toThrow(/gone/);
    await execute(store, apiKey, apiKeyStream('t', 'k1'), { type: 'Revoke', tenant: 't', key: 'k1', reason: 'lost', by: 'p', at: 2 }, { newId });
    await expect(broken.caughtUp()).rejects.toThrow(/gone/);
    await broken.close();
  });
});
