import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeOn } from '../../test/engines/describe-on.js';
import { operateEventStore, type EventStoreOperations } from '../../test/engines/eventstore-operations.js';
import { startEventStore } from '../../test/engines/eventstore.js';
import { startTcpProxy, type TcpProxy } from '../../test/engines/tcp-proxy.js';
import { describeUnless } from '../../test/where-possible.js';
import { eventStoreContract, namesOf, take, testAppend, testEvent } from './contract.js';
import type { AppendResult, EventStore, ExpectedRevision, RecordedEvent } from './event-store.js';
import { openEventStoreDB } from './eventstoredb.js';

const uri = process.env['EVENTSTORE_URI'] ?? '';
const suite = (name: string, tests: () => void): void => describeOn(['EVENTSTORE_URI'], name, tests);
// A certificate names the server, not the proxy before it.
const proxied = (name: string, tests: () => void): void =>
  uri === '' || uri.includes('tls=false') ? suite(name, tests) : describeUnless('EVENTSTORE_URI has TLS, so that no proxy can stand in between', name, tests);

/**
 * The contract wants an empty store for each case, and a server has one log for all. So each case sees what was
 * appended since it began, under names of streams that only it has. Nobody else may write to the server meanwhile.
 */
const sinceNow = async (store: EventStore): Promise<EventStore> => {
  const start = await store.head();
  const suffix = `~${randomUUID()}`;
  const shown = (event: RecordedEvent): RecordedEvent => ({ ...event, stream: event.stream.slice(0, -suffix.length) });
  const after = (position: number): number => Math.max(position, start);
  return {
    append: (appends) => store.append(appends.map((append) => ({ ...append, stream: `${append.stream}${suffix}` }))),
    readStream: async (stream, options) => (await store.readStream(`${stream}${suffix}`, options)).map(shown),
    readAll: async (options) => (await store.readAll({ ...options, after: after(options.after) })).map(shown),
    subscribe: async function* (options) {
      for await (const batch of store.subscribe({ ...options, after: after(options.after) })) yield batch.map(shown);
    },
    head: () => store.head(),
    health: () => store.health(),
    close: () => store.close(),
  };
};

/** Waits for something that must come about. */
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  const end = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('It did not come about within a minute.');
    await sleep(5);
  }
};
const only = (results: readonly AppendResult[]): AppendResult => {
  const [result] = results;
  if (!result || results.length > 1) throw new Error(`${results.length} results`);
  return result;
};
const fresh = (category: string): string => `${category}-${randomUUID()}`;

suite('EventStoreDB', () => {
  eventStoreContract('EventStoreDB', async () => sinceNow(await openEventStoreDB({ uri })));

  let store: EventStore;
  let operations: EventStoreOperations;
  beforeAll(async () => {
    store = await openEventStoreDB({ uri });
    operations = operateEventStore(uri);
  });
  afterAll(async () => {
    await store.close();
    await operations.close();
  });

  describe('a database that others look after', () => {
    it('is read and appended to behind what was truncated', async () => {
      const stream = fresh('learner');
      await store.append([testAppend(stream, 'no-stream', 'a', 'b', 'c', 'd')]);
      const start = (await store.readStream(stream))[1]?.position ?? 0;
      await operations.truncate(stream, 2);
      expect((await store.readStream(stream)).map(({ revision }) => revision)).toEqual([2, 3]);
      expect(namesOf(await store.readStream(stream, { from: 1, limit: 2 }))).toEqual(['c', 'd']);
      await operations.scavenge();
      expect(only(await store.append([testAppend(stream, 3, 'e')]))).toMatchObject({ outcome: 'appended', revision: 4 });
      expect(only(await store.append([testAppend(stream, 'any', 'f')]))).toMatchObject({ outcome: 'appended', revision: 5 });
      expect(only(await store.append([testAppend(stream, 'any', 'd', 'e')]))).toMatchObject({ outcome: 'already-appended', revision: 4 });
      expect(only(await store.append([testAppend(stream, 'no-stream', 'a', 'b')]))).toEqual({ outcome: 'wrong-expected-revision', actual: 5 });
      // From the position of an event that may be gone.
      const events = await take(store, 4, { after: start, categories: ['learner'] });
      expect(events.map(({ revision }) => revision)).toEqual([2, 3, 4, 5]);
      expect(await store.readAll({ after: start, limit: 10 })).toEqual(events);
    });

    it('is appended to where all that a stream had was truncated', async () => {
      const stream = fresh('clock');
      await store.append([testAppend(stream, 'no-stream', 'a', 'b')]);
      await operations.truncate(stream, 10);
      expect(await store.readStream(stream)).toEqual([]);
      const other = await openEventStoreDB({ uri });
      expect(only(await other.append([testAppend(stream, 'any', 'c')]))).toMatchObject({ outcome: 'appended', revision: 2 });
      await other.close();
    });

    it('leaves out what another application wrote, and says so where it stands in a stream of ours', async () => {
      const stream = fresh('award');
      const before = await store.head();
      await operations.appendForeign(fresh('order'));
      await store.append([testAppend(stream, 'no-stream', 'a')]);
      const { position } = (await store.readStream(stream))[0] ?? {};
      await operations.appendForeign(fresh('order'));
      expect(await store.head()).toBe(position);
      expect(namesOf(await store.readAll({ after: before, limit: 1 }))).toEqual(['a']);
      expect(namesOf(await take(store, 1, { after: before }))).toEqual(['a']);
      await operations.appendForeign(stream);
      await expect(store.readStream(stream)).rejects.toMatchObject({ code: 'STORE_CORRUPT', message: expect.stringContaining('did not write') as string });
    });
  });

  describe('what is appended', () => {
    it('is refused where the server takes no more at once, and the others are not', async () => {
      const [large, small] = [fresh('learner'), fresh('learner')];
      const event = { ...testEvent('large'), json: JSON.stringify('x'.repeat(2 * 1024 * 1024)) };
      await expect(store.append([{ stream: large, expected: 'no-stream', events: [event] }, testAppend(small, 'no-stream', 'a')])).rejects.toMatchObject({ code: 'USAGE' });
      expect(await store.readStream(large)).toEqual([]);
      expect(namesOf(await store.readStream(small))).toEqual(['a']);
    });

    it('is read as it was written, to the byte, with its id in lower case', async () => {
      const stream = fresh('learner');
      const json = '{ "b":1.0, "a":12345678901234567890,\n "10":"\\u00e9", "9":"é漢🎓" }';
      const id = randomUUID().toUpperCase();
      await store.append([{ stream, expected: 'no-stream', events: [{ id, type: 'T', schema: 12, json }] }]);
      expect(await store.readStream(stream)).toMatchObject([{ id: id.toLowerCase(), type: 'T', schema: 12, json, stream, revision: 0 }]);
      expect(only(await store.append([{ stream, expected: 'no-stream', events: [{ id, type: 'T', schema: 12, json }] }])).outcome).toBe('already-appended');
      expect(only(await store.append([{ stream, expected: 'any', events: [{ id, type: 'T', schema: 12, json }] }])).outcome).toBe('already-appended');
    });

    it('counts as appended before by a store that was opened since', async () => {
      const stream = fresh('award');
      const first = only(await store.append([testAppend(stream, 'no-stream', 'a', 'b')]));
      for (const expected of ['no-stream', 'any'] as const) {
        const other = await openEventStoreDB({ uri });
        expect(only(await other.append([testAppend(stream, expected, 'a', 'b')]))).toEqual({ ...first, outcome: 'already-appended' });
        await other.close();
      }
    });

    it('is refused where it is not an append', async () => {
      const bad = [
        { stream: 'award-a', expected: 'any' as const, events: [] },
        { ...testAppend('', 'any', 'x') },
        { ...testAppend('$system', 'any', 'x') },
        { ...testAppend('award-a', -3, 'x') },
        { stream: 'award-a', expected: 'any' as const, events: [{ ...testEvent('x'), id: 'no-uuid' }] },
      ];
      for (const append of bad) await expect(store.append([append])).rejects.toMatchObject({ code: 'USAGE' });
    });

    it('goes in at any place once, whoever else appends there', async () => {
      const stream = fresh('engagement');
      const other = await openEventStoreDB({ uri });
      const names = Array.from({ length: 60 }, (_, i) => `${i}`);
      await Promise.all(names.flatMap((name) => [store, other].map((each) => each.append([testAppend(stream, 'any', name)]))));
      expect(namesOf(await store.readStream(stream)).sort()).toEqual([...names].sort());
      await other.close();
    });
  });

  describe('an address', () => {
    it.each(['', 'mongodb://secret@here', 'esdb://user:secret@', 'esdb://user:secret@127.0.0.1:1?tls=maybe', 'esdb://user:secret@127.0.0.1:1?tlss=false'])('that is none is refused without its password: %s', async (address) => {
      const refused = openEventStoreDB({ uri: address });
      await expect(refused).rejects.toMatchObject({ code: 'USAGE', message: expect.not.stringContaining('secret') as string });
    });
  });

  proxied('a connection that is cut', () => {
    let proxy: TcpProxy;
    let through: EventStore;
    beforeEach(async () => {
      const { hostname, port } = new URL(uri.replace(/^esdb/, 'http'));
      proxy = await startTcpProxy(hostname, Number(port));
      through = await openEventStoreDB({ uri: `esdb://127.0.0.1:${proxy.port}?tls=false` });
    });
    afterEach(async () => {
      await through.close();
      await proxy.close();
    });

    const CUTS = 50;
    it(`${CUTS} times loses nothing, doubles nothing and skips nothing`, async () => {
      const start = await store.head();
      const streams = Array.from({ length: 8 }, () => fresh('learner'));
      const anywhere = fresh('engagement');
      let cuts = 0;
      let appended = 0;
      const done = new AbortController();
      const received: RecordedEvent[] = [];
      const following = (async () => {
        for await (const batch of through.subscribe({ after: start, batchSize: 7, categories: ['learner', 'engagement'], signal: done.signal })) received.push(...batch);
      })();
      const lane = async (stream: string, at: (i: number) => ExpectedRevision): Promise<number> => {
        let i = 0;
        for (; cuts < CUTS; i++) {
          expect(only(await through.append([testAppend(stream, at(i), `${stream} ${i}`)]))).toMatchObject({ outcome: 'appended', revision: i });
          appended += 1;
        }
        return i;
      };
      const cutting = (async () => {
        for (let seen = appended, connections = proxy.accepted(); cuts < CUTS; cuts++) {
          // Both the appends and the connection have got somewhere since the last cut.
          await until(() => appended >= seen + 9 && proxy.accepted() >= connections);
          [seen, connections] = [appended, proxy.accepted() + 1];
          proxy.cut();
        }
      })();
      const counts = await Promise.all([...streams.map((stream) => lane(stream, (i) => (i === 0 ? 'no-stream' : i - 1))), lane(anywhere, () => 'any')]);
      await cutting;
      const total = counts.reduce((sum, count) => sum + count, 0);
      await until(() => received.length >= total);
      done.abort();
      await following;
      for (const [k, stream] of [...streams, anywhere].entries()) {
        expect(namesOf(await store.readStream(stream))).toEqual(Array.from({ length: counts[k] ?? 0 }, (_, i) => `${stream} ${i}`));
      }
      expect(received).toEqual(await store.readAll({ after: start, limit: total + 1 }));
    }, 120_000);

    it.each<ExpectedRevision>(['no-stream', 0, 'any'])('before the answer comes: what was appended at %s is not appended again', async (expected) => {
      for (let round = 0; round < 10; round++) {
        const stream = fresh('award');
        if (expected === 0) await through.append([testAppend(stream, 'no-stream', 'first')]);
        const place = expected === 0 ? 1 : 0;
        proxy.swallow();
        // The place of an append to any revision has to be read first, which needs the answers.
        if (expected === 'any') {
          proxy.resume();
          await through.append([testAppend(stream, 'any', 'known')]);
          proxy.swallow();
        }
        const appending = through.append([testAppend(stream, expected, 'a', 'b')]);
        await until(async () => namesOf(await store.readStream(stream)).includes('b'));
        proxy.cut();
        proxy.resume();
        const last = (await store.readStream(stream)).at(-1);
        expect(only(await appending)).toEqual({ outcome: 'appended', revision: last?.revision, position: last?.position });
        expect(namesOf(await store.readStream(stream, { from: expected === 'any' ? 1 : place }))).toEqual(['a', 'b']);
      }
    });

    it('gives appends up that nobody answers, and sends them again', async () => {
      const impatient = await openEventStoreDB({ uri: `esdb://127.0.0.1:${proxy.port}?tls=false`, silence: 200 });
      const stream = fresh('award');
      proxy.swallow();
      const appending = impatient.append([testAppend(stream, 'no-stream', 'a')]);
      await until(() => !impatient.health().writable);
      proxy.cut();
      proxy.resume();
      expect(only(await appending)).toMatchObject({ outcome: 'appended', revision: 0 });
      expect(impatient.health()).toEqual({ writable: true });
      expect(await store.readStream(stream)).toHaveLength(1);
      await impatient.close();
    });

    it('and does not come back is told, and works again when it does', async () => {
      const impatient = await openEventStoreDB({ uri: `esdb://user:secret@127.0.0.1:${proxy.port}?tls=false`, patience: 300 });
      const stream = fresh('award');
      await impatient.append([testAppend(stream, 'no-stream', 'a')]);
      proxy.refuse();
      const message = expect.stringMatching(/^(?!.*secret).*127\.0\.0\.1:\d+ cannot be reached .* send it again as it was/) as string;
      await expect(impatient.append([testAppend(stream, 0, 'b')])).rejects.toMatchObject({ code: 'STORE_FAILED', message });
      await expect(impatient.readStream(stream)).rejects.toMatchObject({ code: 'STORE_FAILED' });
      expect(impatient.health()).toMatchObject({ writable: false, reason: expect.stringContaining('cannot be reached') as string });
      await expect(openEventStoreDB({ uri: `esdb://127.0.0.1:${proxy.port}?tls=false`, patience: 100 })).rejects.toMatchObject({ code: 'STORE_FAILED' });
      proxy.resume();
      // Without being asked anything.
      await until(() => impatient.health().writable);
      expect(only(await impatient.append([testAppend(stream, 0, 'b')]))).toMatchObject({ outcome: 'appended', revision: 1 });
      await impatient.close();
    });

    it('can be closed while it is gone', async () => {
      const waiting = expect(take(through, 1, { after: await through.head() })).rejects.toMatchObject({ code: 'STORE_CLOSED' });
      proxy.refuse();
      const reading = expect(through.readStream('award-none')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
      await until(() => !through.health().writable);
      await through.close();
      await Promise.all([waiting, reading]);
    });

    it('is not waited for without end by closing', async () => {
      const patient = await openEventStoreDB({ uri: `esdb://127.0.0.1:${proxy.port}?tls=false`, patience: Infinity });
      proxy.refuse();
      const appending = expect(patient.append([testAppend(fresh('award'), 'no-stream', 'a')])).rejects.toMatchObject({ code: 'STORE_FAILED' });
      await patient.close();
      await appending;
    });
  });

  // A server of its own, to be killed: the stand-in, also where another server is named.
  describe('a server that is killed and started again (the stand-in)', () => {
    it('is gone on with by appends and subscriptions, and doubles nothing that it has forgotten', async () => {
      const dir = mkdtempSync(join(tmpdir(), 'proofmark-'));
      const server = await startEventStore(dir);
      const own = await openEventStoreDB({ uri: server.address });
      const stream = 'learner-t.a';
      await own.append([testAppend('clock-t.c', 'any', 'closed')]);
      const start = await own.head();
      const following = take(own, 300, { after: start });
      for (let round = 0; round < 3; round++) {
        const first = round * 100;
        const append = (i: number): Promise<readonly AppendResult[]> => own.append([testAppend(stream, i === 0 ? 'no-stream' : i - 1, `${i}`)]);
        for (let i = first; i < first + 50; i++) await append(i);
        const killed = server.kill();
        const appending = append(first + 50);
        await killed;
        await server.start();
        expect(only(await appending)).toMatchObject({ outcome: 'appended', revision: first + 50 });
        for (let i = first + 51; i < first + 100; i++) await append(i);
        const other = await openEventStoreDB({ uri: server.address });
        expect(only(await other.append([testAppend('clock-t.c', 'any', 'closed')]))).toMatchObject({ outcome: 'already-appended', revision: 0 });
        await other.close();
      }
      expect(namesOf(await following)).toEqual(Array.from({ length: 300 }, (_, i) => `${i}`));
      expect(await own.readStream('clock-t.c')).toHaveLength(1);
      await own.close();
      await server.stop();
      rmSync(dir, { recursive: true });
    });
  });
});
