import { randomBytes } from 'node:crypto';
import { readLogEvent } from '#domain/log-event.js';
import type { DeliveryRejected } from '#domain/dead-letter.js';
import { ProofmarkError } from '#domain/errors.js';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';
import { MAX_RAW_BYTES, type Delivery } from '#intake/delivery.js';
import { ClusterUnderTest, describeKafka, grade, sent, until } from './cluster-under-test.js';
import { headerText, type OutMessage } from './message.js';

const all = (store: EventStore, ...categories: string[]): Promise<readonly RecordedEvent[]> => store.readAll({ after: 0, limit: 1_000_000, categories });
const idsIn = async (store: EventStore): Promise<readonly string[]> => (await all(store, 'learner', 'course')).map(({ json }) => (JSON.parse(json) as { id: string }).id).sort();

describeKafka('events from Kafka', () => {
  let cluster: ClusterUnderTest;
  beforeEach(() => {
    cluster = new ClusterUnderTest();
  });
  afterEach(() => cluster.end());

  const topicsOf = async (partitions: number, config?: Readonly<Record<string, string>>) => ({
    learning: [await cluster.topic('learning-events', partitions, config)],
    deadLetters: await cluster.topic('dead-letters', partitions, config),
  });

  it('records plain JSON and CloudEvents in both content modes, from several topics', async () => {
    const second = await cluster.topic('learning-events-2', 3);
    const { learning, deadLetters } = await topicsOf(3);
    const { id: _id, source: _source, type: _type, time: _time, ...data } = grade('ada', 'ce');
    const attributes = { specversion: '1.0', source: 'lms', type: 'proofmark.assignment-graded', time: '2026-02-01T00:00:00Z' };
    await cluster.produce(learning[0] ?? '', [
      sent(grade('ada', 'plain')),
      { key: 't:ada', headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' }, value: JSON.stringify({ ...attributes, id: 'structured', data }) },
      {
        key: 't:ada', value: JSON.stringify(data),
        headers: { 'content-type': 'application/json', ce_id: 'binary', ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value])) },
      },
      { key: null, value: JSON.stringify(grade('bob', 'without-key')) },
    ]);
    await cluster.produce(second, [sent(grade('ada', 'other-topic'))]);
    const store = await cluster.store();
    const intake = cluster.intake(store);
    const source = cluster.source(intake, { learning: [...learning, second], deadLetters });
    await until('all is recorded', () => intake.account.sent === 5);
    expect(intake.account).toMatchObject({ recorded: 5, duplicates: 0, deadLettered: 0 });
    expect(await idsIn(store)).toEqual(['binary', 'other-topic', 'plain', 'structured', 'without-key']);
    expect(source.status().learning).toMatchObject({ state: 'reading', assigned: { [second]: [0, 1, 2] } });
    await source.stop();
    expect(await cluster.lag(...learning, second)).toBe(0);
    expect(source.status().learning.state).toBe('stopped');
  });

  it('keeps what cannot be recorded in the dead-letter topic, with its reason and place, in order, and goes on', async () => {
    const large = { 'max.message.bytes': '4000000' };
    const { learning, deadLetters } = await topicsOf(2, large);
    const long = 'x'.repeat(MAX_RAW_BYTES + 1);
    const poison: readonly (readonly [string, OutMessage])[] = [
      ['malformed', { key: 't:ada', value: '{', headers: { traceparent: 'abc' } }],
      ['invalid', { key: 't:ada', value: JSON.stringify({ ...grade('ada', 'bad'), score: -1 }) }],
      ['malformed', { key: 't:ada', value: null }],
      ['malformed', { key: 't:ada', value: Buffer.from([0xff, 0xfe, 0x00]) }],
      ['too-large', { key: 't:ada', value: long }],
      ['invalid', sent(grade('ada', 'foreign'), 'other')],
      ['invalid', { ...sent(grade('ada', 'wrong-key')), key: 't:bob' }],
      ['malformed', { key: 't:ada', value: '{}', headers: { 'content-type': 'application/cloudevents-batch+json' } }],
      ['malformed', { key: 't:ada', value: '{}', headers: { ce_specversion: '0.3', ce_id: '1' } }],
      ['conflict', sent(grade('ada', 'good-0', { score: 0.5 }))],
    ];
    const partition = 1;
    await cluster.produce(learning[0] ?? '', poison.flatMap(([, message], i) => [{ ...sent(grade('ada', `good-${i}`)), partition }, { ...message, partition }]));
    const store = await cluster.store();
    const intake = cluster.intake(store);
    const source = cluster.source(intake, { learning, deadLetters });
    await until('all is dealt with', () => intake.account.sent === 2 * poison.length);
    await source.stop();
    expect(intake.account).toMatchObject({ recorded: poison.length, duplicates: 0, deadLettered: poison.length });

    const letters = await cluster.read(deadLetters);
    expect(letters.map(({ headers }) => headerText(headers, 'proofmark-reason'))).toEqual(poison.map(([reason]) => reason));
    expect(letters.map(({ headers }) => headerText(headers, 'proofmark-source-offset'))).toEqual(poison.map((_, i) => `${2 * i + 1}`));
    expect(letters.map(({ key }) => String(key))).toEqual(poison.map(([, { key }]) => String(key)));
    expect(new Set(letters.map((letter) => letter.partition))).toEqual(new Set([partition]));
    const [first] = letters;
    expect(String(first?.value)).toBe('{');
    expect(headerText(first?.headers, 'traceparent')).toBe('abc');
    expect(headerText(first?.headers, 'proofmark-source-topic')).toBe(learning[0]);
    expect(headerText(first?.headers, 'proofmark-source-partition')).toBe('1');
    expect(headerText(first?.headers, 'proofmark-detail')).toMatch(/not JSON/);
    expect(letters[2]?.value).toBeNull();
    expect(letters[4]?.value).toHaveLength(64 * 1024);
    expect(headerText(letters[4]?.headers, 'proofmark-bytes')).toBe(String(long.length));
    // Each is in the log as well, where it can be replayed.
    const kept = (await all(store, 'deadletter')).map(({ type, schema, json }) => readLogEvent(type, schema, json) as DeliveryRejected);
    expect(kept.map(({ letter }) => letter).sort()).toEqual(letters.map(({ headers }) => headerText(headers, 'proofmark-letter')).sort());
    expect(kept.find(({ detail }) => detail.includes('tenant of this engine'))?.format).toBe('kafka-foreign');
  });

  it('keeps letters that are longer than the dead-letter topic takes', async () => {
    const learning = [await cluster.topic('learning-events', 1, { 'max.message.bytes': '2000000' })];
    const deadLetters = await cluster.topic('dead-letters', 1, { 'max.message.bytes': '200000' });
    await cluster.produce(learning[0] ?? '', [
      { key: 't:ada', value: 'short' },
      { key: 't:ada', value: randomBytes(900_000) },
      { key: 't:ada', value: 'x', headers: { much: 'y'.repeat(300_000) } },
    ]);
    const intake = cluster.intake(await cluster.store());
    const source = cluster.source(intake, { learning, deadLetters });
    await until('all is dealt with', () => intake.account.sent === 3);
    await source.stop();
    const letters = await cluster.read(deadLetters);
    expect(letters.map(({ value }) => value?.length)).toEqual([5, 64 * 1024, 1]);
    expect(letters.map(({ headers }) => headerText(headers, 'proofmark-source-offset'))).toEqual(['0', '1', '2']);
  });

  it('reads the course topic whole before learning events, at each start, without tombstones', async () => {
    const course = await cluster.topic('course-events', 2, { 'cleanup.policy': 'compact' });
    const { learning, deadLetters } = await topicsOf(2);
    const opened = (name: string) => ({ id: name, source: 'lms', type: 'CourseOpened', course: name, time: '2026-01-01' });
    const courses = Array.from({ length: 50 }, (_, i) => `course-${i}`);
    await cluster.produce(course, [
      ...courses.map((name) => ({ key: `t:${name}:${name}`, value: JSON.stringify(opened(name)) })),
      { key: 't:gone', value: null },
      { key: 't:bad', value: '{' },
    ]);
    await cluster.produce(learning[0] ?? '', [sent(grade('ada', 'a1'))]);
    const store = await cluster.store();
    for (const start of [1, 2]) {
      const intake = cluster.intake(store);
      const order: string[] = [];
      const submit = (deliveries: readonly Delivery[]) => {
        order.push(...deliveries.map(({ origin }) => (origin.includes('course-events') ? 'course' : 'learning')));
        return intake.submit(deliveries);
      };
      const source = cluster.source({ submit }, { learning, deadLetters, course });
      await source.ready;
      expect(source.status().course?.caughtUp).toBe(true);
      expect(intake.account).toMatchObject(start === 1 ? { recorded: expect.any(Number) as number, deadLettered: 1 } : { recorded: 0, duplicates: 50, deadLettered: 1 });
      if (start === 1) await until('the learning event is recorded', () => intake.account.sent === 52);
      expect(order.slice(0, 51)).toEqual(Array.from({ length: 51 }, () => 'course'));
      await source.stop();
    }
    expect(await idsIn(store)).toEqual([...courses, 'a1'].sort());
    expect(await cluster.read(deadLetters)).toEqual([]);
    const late = cluster.intake(store);
    const source = cluster.source(late, { learning, deadLetters, course });
    await source.ready;
    await cluster.produce(course, [{ key: 't:late', value: JSON.stringify(opened('late')) }]);
    await until('what comes later is recorded too', () => late.account.recorded === 1);
  });

  it('waits while the store cannot write, in bounded memory, skips nothing, and goes on', async () => {
    const { learning, deadLetters } = await topicsOf(4);
    const many = 8_000;
    const filler = 'f'.repeat(400);
    const message = (i: number): OutMessage => sent(grade(`l${i % 97}`, `e${i}`, { attributes: { filler } }));
    await cluster.produce(learning[0] ?? '', Array.from({ length: many }, (_, i) => message(i)));
    const store = await cluster.store();
    const intake = cluster.intake(store);
    let full = true;
    let refused = 0;
    const submit = async (deliveries: readonly Delivery[]) => {
      if (!full) return intake.submit(deliveries);
      refused++;
      throw new ProofmarkError(refused % 2 ? 'STORE_FULL' : 'CONCURRENT_CHANGE', 'The test has filled the disk.');
    };
    const maxBytes = 512 * 1024;
    const source = cluster.source({ submit }, { learning, deadLetters }, { maxBytes });
    await until('every partition was tried twice', () => refused >= 8);
    await until('the lag was seen', () => source.status().learning.lag === many);
    expect(source.status().learning).toMatchObject({ state: 'waiting', reason: 'The test has filled the disk.' });
    expect(await cluster.lag(...learning)).toBe(many);
    full = false;
    await until('all is recorded', () => intake.account.sent === many);
    expect(intake.account).toMatchObject({ recorded: many, duplicates: 0 });
    expect(source.status().learning.state).toBe('reading');
    const { mostBytesUnderWay, restarts } = source.status().learning;
    expect(mostBytesUnderWay).toBeLessThanOrEqual(2 * maxBytes);
    expect(restarts).toBe(0);
    await source.stop();
    expect(await cluster.lag(...learning)).toBe(0);
  });

  it('fetches no more while a slow store has not taken what is there, and stays a member of its group', async () => {
    const { learning, deadLetters } = await topicsOf(4);
    const many = 10_000;
    await cluster.produce(learning[0] ?? '', Array.from({ length: many }, (_, i) => sent(grade(`l${i % 97}`, `e${i}`, { attributes: { filler: 'f'.repeat(400) } }))));
    const intake = cluster.intake(await cluster.store());
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let waiting = 0;
    const submit = async (deliveries: readonly Delivery[]) => {
      waiting += deliveries.reduce((sum, { raw }) => sum + raw.length, 0);
      await held;
      return intake.submit(deliveries);
    };
    const maxBytes = 512 * 1024;
    const source = cluster.source({ submit }, { learning, deadLetters }, { maxBytes });
    await until('the store has all that it gets at once', () => waiting > 0);
    // Longer than the session of a member that sends no heartbeats.
    const from = performance.now();
    await until('a session would be over', () => performance.now() - from > 8_000);
    expect(source.status().learning.bytesUnderWay).toBeGreaterThan(0);
    expect(source.status().learning.mostBytesUnderWay).toBeLessThanOrEqual(2 * maxBytes);
    expect(waiting).toBeLessThanOrEqual(2 * maxBytes);
    release();
    await until('all is recorded', () => intake.account.sent === many);
    expect(intake.account).toMatchObject({ recorded: many, duplicates: 0 });
    expect(source.status().learning).toMatchObject({ rebalances: 1, assigned: { [learning[0] ?? '']: [0, 1, 2, 3] } });
  });

  it('takes duplicates and any order', async () => {
    const { learning, deadLetters } = await topicsOf(3);
    const events = Array.from({ length: 600 }, (_, i) => sent(grade(`l${i % 7}`, `e${i}`)));
    const shuffled = [...events, ...events, ...events].map((message, i) => ({ message, at: (i * 7_919) % 1_801 })).sort((a, b) => a.at - b.at);
    await cluster.produce(learning[0] ?? '', shuffled.map(({ message }) => message));
    const store = await cluster.store();
    const intake = cluster.intake(store);
    cluster.source(intake, { learning, deadLetters });
    await until('all is dealt with', () => intake.account.sent === 1_800);
    expect(intake.account).toMatchObject({ recorded: 600, duplicates: 1_200, deadLettered: 0 });
    expect((await idsIn(store)).length).toBe(600);
  });

  it('ends when the store is closed, and commits nothing of what it could not record', async () => {
    const { learning, deadLetters } = await topicsOf(1);
    await cluster.produce(learning[0] ?? '', [sent(grade('ada', 'a1'))]);
    const submit = async (): Promise<never> => {
      throw new ProofmarkError('STORE_CLOSED', 'The store is closed.');
    };
    const source = cluster.source({ submit }, { learning, deadLetters });
    await expect(source.done).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    expect(source.status().learning).toMatchObject({ state: 'failed', reason: 'The store is closed.' });
    expect(await cluster.lag(...learning)).toBe(1);
  });

  it.each([
    ['a topic is missing', async () => ({ learning: ['there-is-none'], deadLetters: await cluster.topic('dead-letters', 1) }), /no topic there-is-none/],
    [
      'topics do not fit together',
      async () => ({ learning: [await cluster.topic('a', 2), await cluster.topic('b', 3)], deadLetters: await cluster.topic('dead-letters', 1) }),
      /as many partitions as each other/,
    ],
  ])('does not begin where %s', async (_why, topics, message) => {
    const source = cluster.source({ submit: async () => [] }, await topics());
    await expect(source.done).rejects.toThrow(message);
    await expect(source.ready).rejects.toThrow(message);
  });

  it('stops while it waits for a cluster that does not answer', async () => {
    const lost = new ClusterUnderTest({ brokers: ['127.0.0.1:1'] });
    const source = lost.source({ submit: async () => [] }, { learning: ['a'], deadLetters: 'b' });
    await until('it says why it waits', () => source.status().learning.reason !== undefined);
    expect(source.status().learning).toMatchObject({ state: 'connecting' });
    await source.stop();
    expect(source.status().learning.state).toBe('stopped');
  });
});
