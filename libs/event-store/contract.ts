import fc from 'fast-check';
import { hashUuid } from '#domain/ids.js';
import { categoryOf } from '#domain/streams.js';
import type { Append, AppendResult, EventStore, ExpectedRevision, NewEvent, RecordedEvent, SubscribeOptions } from './event-store.js';

/** An event for tests; the same name gives the same id. */
export const testEvent = (name: string): NewEvent => ({
  id: hashUuid(name),
  type: 'AttendanceMarked',
  schema: 1,
  json: JSON.stringify({ name, text: 'é 漢字 🎓 "quoted"' }),
});

/** Names of the events of a test, as `testEvent` was given them. */
export const namesOf = (events: readonly RecordedEvent[]): string[] =>
  events.map(({ json }) => (JSON.parse(json) as { name: string }).name);

/** An append of test events. */
export const testAppend = (stream: string, expected: ExpectedRevision, ...names: string[]): Append => ({
  stream,
  expected,
  events: names.map(testEvent),
});

/** Reads a subscription until it has given so many events, then ends it. */
export const take = async (store: EventStore, count: number, options: Omit<SubscribeOptions, 'signal'>): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  const enough = new AbortController();
  for await (const batch of store.subscribe({ ...options, signal: enough.signal })) {
    expect(batch.length).toBeGreaterThan(0);
    events.push(...batch);
    if (events.length >= count) enough.abort();
  }
  return events;
};

/** What every adapter of the event store port must do; `open` gives an empty store. */
export const eventStoreContract = (name: string, open: () => Promise<EventStore>): void => {
  describe(`event store contract: ${name}`, () => {
    let store: EventStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    const append = async (...appends: Append[]): Promise<readonly AppendResult[]> => store.append(appends);
    const outcomes = async (...appends: Append[]): Promise<string[]> => (await append(...appends)).map(({ outcome }) => outcome);

    describe('expected revisions', () => {
      it('creates a stream that must not exist, once', async () => {
        expect(await append(testAppend('award-a', 'no-stream', 'a', 'b'))).toMatchObject([{ outcome: 'appended', revision: 1 }]);
        expect(await append(testAppend('award-a', 'no-stream', 'c'))).toEqual([{ outcome: 'wrong-expected-revision', actual: 1 }]);
        expect(namesOf(await store.readStream('award-a'))).toEqual(['a', 'b']);
      });

      it('appends at an exact revision only', async () => {
        await append(testAppend('award-a', 'no-stream', 'a'));
        expect(await append(testAppend('award-a', 0, 'b'))).toMatchObject([{ outcome: 'appended', revision: 1 }]);
        expect(await append(testAppend('award-a', 0, 'c'))).toEqual([{ outcome: 'wrong-expected-revision', actual: 1 }]);
        expect(await append(testAppend('award-a', 7, 'c'))).toEqual([{ outcome: 'wrong-expected-revision', actual: 1 }]);
        expect(await append(testAppend('award-b', 0, 'c'))).toEqual([{ outcome: 'wrong-expected-revision', actual: -1 }]);
      });

      it('appends anywhere when any revision will do', async () => {
        expect(await append(testAppend('award-a', 'any', 'a'))).toMatchObject([{ outcome: 'appended', revision: 0 }]);
        expect(await append(testAppend('award-a', 'any', 'b'))).toMatchObject([{ outcome: 'appended', revision: 1 }]);
      });

      it('lets exactly one of many concurrent creators win', async () => {
        const results = await Promise.all(Array.from({ length: 20 }, (_, i) => append(testAppend('award-a', 'no-stream', `creator ${i}`))));
        expect(results.flat().filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
        expect(await store.readStream('award-a')).toHaveLength(1);
      });
    });

    describe('many streams in a call', () => {
      it('answers each in order, and a refused one leaves the others', async () => {
        await append(testAppend('award-b', 'no-stream', 'b'));
        const results = await append(testAppend('award-a', 'no-stream', 'a'), testAppend('award-b', 'no-stream', 'x', 'y'), testAppend('award-c', 'any', 'c'));
        expect(results.map(({ outcome }) => outcome)).toEqual(['appended', 'wrong-expected-revision', 'appended']);
        expect(namesOf(await store.readAll({ after: -1, limit: 10 }))).toEqual(['b', 'a', 'c']);
      });

      it('shows an append to the next append of the same call', async () => {
        expect(await outcomes(testAppend('award-a', 'no-stream', 'a'), testAppend('award-a', 0, 'b'), testAppend('award-a', 0, 'c'))).toEqual([
          'appended', 'appended', 'wrong-expected-revision',
        ]);
      });

      it('answers an empty call with nothing', async () => {
        expect(await append()).toEqual([]);
      });
    });

    describe('repeated appends', () => {
      it.each<ExpectedRevision>(['no-stream', 0])('writes once with expected %s', async (expected) => {
        if (expected === 0) await append(testAppend('award-a', 'no-stream', 'first'));
        const [first] = await append(testAppend('award-a', expected, 'a', 'b'));
        await append(testAppend('award-a', 'any', 'later'));
        const before = await store.head();
        expect(await append(testAppend('award-a', expected, 'a', 'b'))).toEqual([{ ...first, outcome: 'already-appended' }]);
        expect(await store.head()).toBe(before);
      });

      it('finds a repeated append to any place wherever it stands', async () => {
        await append(testAppend('award-a', 'any', 'first'));
        const [first] = await append(testAppend('award-a', 'any', 'a', 'b'));
        await append(testAppend('award-a', 'any', 'later'));
        expect(await append(testAppend('award-a', 'any', 'a', 'b'))).toEqual([{ ...first, outcome: 'already-appended' }]);
      });

      it('repeats within one call', async () => {
        expect(await outcomes(testAppend('award-a', 'no-stream', 'a'), testAppend('award-a', 'no-stream', 'a'))).toEqual(['appended', 'already-appended']);
      });

      it('refuses what agrees with the record only in part', async () => {
        await append(testAppend('award-a', 'no-stream', 'a', 'b'));
        expect(await outcomes(testAppend('award-a', 'no-stream', 'a', 'c'))).toEqual(['wrong-expected-revision']);
        expect(await outcomes(testAppend('award-a', 'no-stream', 'a', 'b', 'c'))).toEqual(['wrong-expected-revision']);
      });

      it('takes the same id in another stream for another event', async () => {
        expect(await outcomes(testAppend('award-a', 'no-stream', 'a'), testAppend('award-b', 'no-stream', 'a'))).toEqual(['appended', 'appended']);
      });
    });

    describe('reading', () => {
      it('gives back what was appended', async () => {
        const [result] = await append({ stream: 'award-a', expected: 'no-stream', events: [{ ...testEvent('a'), type: 'Other', schema: 3 }] });
        const [event] = await store.readStream('award-a');
        expect({ ...event, id: event?.id }).toEqual({
          ...testEvent('a'), type: 'Other', schema: 3, stream: 'award-a', revision: 0,
          position: result?.outcome === 'appended' ? result.position : undefined,
          recordedAt: expect.any(Number) as number,
        });
        expect(await store.head()).toBe(event?.position);
      });

      it('reads ranges of a stream', async () => {
        await append(testAppend('award-a', 'no-stream', 'a', 'b', 'c', 'd'));
        expect(namesOf(await store.readStream('award-a', { from: 2 }))).toEqual(['c', 'd']);
        expect(namesOf(await store.readStream('award-a', { from: 1, limit: 2 }))).toEqual(['b', 'c']);
        expect(await store.readStream('award-a', { from: 4 })).toEqual([]);
        expect(await store.readStream('award-none')).toEqual([]);
      });

      it('pages through the log in order', async () => {
        for (let i = 0; i < 5; i++) await append(testAppend(`learner-t.${i}`, 'any', `a${i}`), testAppend('course-t.c', 'any', `b${i}`));
        const read: RecordedEvent[] = [];
        for (let after = -1, page; (page = await store.readAll({ after, limit: 3 })).length > 0; after = page.at(-1)?.position ?? 0) read.push(...page);
        expect(namesOf(read)).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2', 'a3', 'b3', 'a4', 'b4']);
        expect(read.map(({ position }) => position)).toEqual([...read].map(({ position }) => position).sort((a, b) => a - b));
      });

      it.each([[['learner']], [['course']], [['rule', 'course']], [['learner', 'rule']], [['none']]])('reads only the categories %s', async (categories) => {
        const streams = ['learner-t.a', 'course-t.c', 'rule-t.r', 'award-x', 'learner-t.b'];
        for (let i = 0; i < 20; i++) await append(testAppend(streams[i % 5] ?? '', 'any', `${i}`));
        const wanted = (await store.readAll({ after: 0, limit: 100 })).filter(({ stream }) => categories.includes(categoryOf(stream)));
        expect(await store.readAll({ after: 0, limit: 100, categories })).toEqual(wanted);
        const [, second] = wanted;
        expect(await store.readAll({ after: second?.position ?? 0, limit: 2, categories })).toEqual(wanted.slice(2, 4));
      });
    });

    describe('subscribing', () => {
      it('catches up, then follows appends, without gap or duplicate', async () => {
        const total = 1_200;
        const write = async (from: number, to: number): Promise<void> => {
          for (let i = from; i < to; i += 3) await append(testAppend(`learner-t.${i % 7}`, 'any', `${i}`, `${i + 1}`, `${i + 2}`));
        };
        await write(0, 600);
        const [events] = await Promise.all([take(store, total, { after: -1, batchSize: 50 }), write(600, total)]);
        expect(namesOf(events)).toEqual(Array.from({ length: total }, (_, i) => `${i}`));
      });

      it('wakes a subscription that waits at the head', async () => {
        await append(testAppend('course-t.c', 'any', 'before'));
        const after = await store.head();
        const waiting = take(store, 1, { after });
        const other = take(store, 1, { after, categories: ['course'] });
        await append(testAppend('learner-t.a', 'any', 'now'));
        await append(testAppend('course-t.c', 'any', 'then'));
        expect(namesOf(await waiting)[0]).toBe('now');
        expect(namesOf(await other)).toEqual(['then']);
      });

      it('gives two subscriptions the same', async () => {
        const both = Promise.all([take(store, 30, { after: 0 }), take(store, 30, { after: 0, batchSize: 4 })]);
        for (let i = 0; i < 30; i++) await append(testAppend('learner-t.a', 'any', `${i}`));
        const [one, two] = await both;
        expect(two).toEqual(one);
        expect(namesOf(one)).toEqual(Array.from({ length: 30 }, (_, i) => `${i}`));
      });

      it('ends when it is aborted while it waits', async () => {
        const end = new AbortController();
        const next = store.subscribe({ after: 0, signal: end.signal })[Symbol.asyncIterator]().next();
        end.abort();
        expect((await next).done).toBe(true);
      });
    });

    describe('closing', () => {
      it('finishes the appends under way and refuses later ones', async () => {
        const underWay = append(testAppend('award-a', 'no-stream', 'a'));
        await store.close();
        expect(await underWay).toMatchObject([{ outcome: 'appended' }]);
        await expect(append(testAppend('award-b', 'no-stream', 'b'))).rejects.toMatchObject({ code: 'STORE_CLOSED' });
        await expect(store.readStream('award-a')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
      });

      it('ends a subscription that waits, saying why', async () => {
        const next = store.subscribe({ after: 0, signal: new AbortController().signal })[Symbol.asyncIterator]().next();
        await Promise.all([store.close(), expect(next).rejects.toMatchObject({ code: 'STORE_CLOSED' })]);
      });
    });

    it('is healthy when nothing is wrong', () => expect(store.health()).toEqual({ writable: true }));

    it('does what a list of lists does, whatever the appends', async () => {
      const anAppend = fc.record({
        stream: fc.constantFrom('learner-a', 'award-b', 'course-c'),
        expected: fc.oneof(fc.constantFrom<ExpectedRevision>('no-stream', 'any'), fc.nat(5)),
        ids: fc.array(fc.nat(6), { minLength: 1, maxLength: 3 }),
      });
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(anAppend, { maxLength: 5 }), { maxLength: 8 }), async (calls) => {
          const prefix = `${++run}`;
          const start = await store.head();
          const streams = new Map<string, string[]>();
          const log: string[] = [];
          const answers = await Promise.all(
            calls.map((call) =>
              store.append(call.map(({ stream, expected, ids }) => testAppend(`${stream}.${prefix}`, expected, ...ids.map(String)))),
            ),
          );
          const model = calls.map((call) =>
            call.map(({ stream, expected, ids }) => {
              const names = ids.map(String);
              const standing = streams.get(stream) ?? [];
              const place =
                expected === 'any' ? standing.indexOf(names[0] ?? '') : expected === 'no-stream' ? 0 : expected + 1;
              const last = standing.length - 1;
              const repeated = place >= 0 && place !== standing.length && names.every((each, i) => standing[place + i] === each);
              if (repeated) return { outcome: 'already-appended', revision: place + names.length - 1 };
              if (!(expected === 'any' ? place < 0 : place === standing.length)) return { outcome: 'wrong-expected-revision', actual: last };
              streams.set(stream, [...standing, ...names]);
              log.push(...names);
              return { outcome: 'appended', revision: last + names.length };
            }),
          );
          expect(answers.map((call) => call.map((answer) => ('position' in answer ? { outcome: answer.outcome, revision: answer.revision } : answer)))).toEqual(model);
          for (const [stream, names] of streams) expect(namesOf(await store.readStream(`${stream}.${prefix}`))).toEqual(names);
          expect(namesOf(await store.readAll({ after: start, limit: 1_000 }))).toEqual(log);
        }),
        { numRuns: 60 },
      );
    });
  });
};
