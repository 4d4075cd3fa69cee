import { ProofmarkError } from '#domain/errors.js';
import type { LearnerFactEvent } from '#domain/learning-event.js';
import { hashId } from '#domain/ids.js';
import { readLogEvent } from '#domain/log-event.js';
import type { DeliveryRejected } from '#domain/dead-letter.js';
import { deadLetterStream, learnerStream } from '#domain/streams.js';
import type { Delivery } from './delivery.js';
import { InMemoryLog } from './in-memory-log.js';
import { createIntake, type IntakeOptions } from './intake.js';
import { createOuladReader } from './oulad-format.js';
import { openLetter, readLetter, shownContent } from './letter-content.js';
import { readProofmark } from './proofmark-format.js';
import { forgetfulVault, InMemoryRecords, secretsOf } from '#vault/in-memory.js';
import { vaultOn } from '#vault/sealed-vault.js';

const NOW = Date.UTC(2026, 2, 1);

const graded = (values: Partial<Record<keyof LearnerFactEvent, unknown>> = {}) => ({
  id: 'e1',
  source: 'lms',
  type: 'AssignmentGraded',
  learner: 'ada',
  course: 'algebra',
  activity: 'a1',
  time: '2026-02-01',
  score: 50,
  max: 100,
  ...values,
});

const delivery = (raw: string | Uint8Array): Delivery => ({ raw, format: 'proofmark', origin: 'test', mapped: readProofmark(raw) });
const deliver = (values?: Parameters<typeof graded>[0]): Delivery => delivery(JSON.stringify(graded(values)));

/** One for all, as a data directory has one. */
const seals = forgetfulVault();

const open = (options: Partial<IntakeOptions> & { store?: InMemoryLog } = {}) => {
  const log = options.store ?? new InMemoryLog(() => NOW);
  let ids = 0;
  const intake = createIntake({ seals, tenant: 't', now: () => NOW, newId: () => `${ids++}`, readers: { proofmark: readProofmark }, ...options, store: log });
  return { log, intake };
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Waits until so many append calls are held back. */
const held = async (log: InMemoryLog, calls: number): Promise<void> => {
  while (log.pending < calls) await turn();
};

/** What becomes of a promise, readable at once. */
const watch = <T>(promise: Promise<T>) => {
  const state: { value?: T; error?: unknown; done: boolean } = { done: false };
  promise.then(
    (value) => Object.assign(state, { value, done: true }),
    (error: unknown) => Object.assign(state, { error, done: true }),
  );
  return state;
};

const scores = (log: InMemoryLog): readonly unknown[] =>
  log.events.filter(({ stream }) => stream === learnerStream('t', 'ada')).map(({ json }) => (JSON.parse(json) as { score: unknown }).score);
const letters = (log: InMemoryLog): readonly DeliveryRejected[] =>
  log.events.filter(({ type }) => type === 'DeliveryRejected').map(({ type, schema, json }) => readLogEvent(type, schema, json) as DeliveryRejected);

/** Dead letters with what was sent. */
const opened = (log: InMemoryLog) =>
  Promise.all(letters(log).map(async (letter) => {
    const raw = await openLetter(seals, await readLetter(log, 't', letter.letter));
    return { ...letter, ...(raw !== undefined && shownContent(raw)) };
  }));

describe('intake', () => {
  it('records, knows duplicates within and across batches and after a restart, and counts', async () => {
    const { log, intake } = open();
    expect(await intake.submit([deliver(), deliver(), deliver({ id: 'e2' })])).toEqual([
      { outcome: 'recorded', position: 2 },
      { outcome: 'duplicate', position: 2 },
      { outcome: 'recorded', position: 2 },
    ]);
    expect((await intake.submit([deliver()]))[0]).toEqual({ outcome: 'duplicate', position: 2 });
    expect((await open({ store: log }).intake.submit([deliver()]))[0]).toEqual({ outcome: 'duplicate', position: 2 });
    expect(intake.account).toEqual({ sent: 4, recorded: 2, duplicates: 2, deadLettered: 0, derived: 0, byReason: {} });
  });

  it('stores the event without its type, under the type and schema beside it', async () => {
    const { log, intake } = open();
    await intake.submit([deliver()]);
    expect(log.events[0]).toMatchObject({ type: 'AssignmentGraded', schema: 1, stream: 'learner-t.ada', revision: 0 });
    expect(JSON.parse(log.events[0]?.json ?? '')).toEqual({ ...graded({ time: Date.UTC(2026, 1, 1) }), type: undefined });
  });

  it('appends all streams of a batch in one call', async () => {
    const { log, intake } = open();
    await intake.submit([deliver(), deliver({ learner: 'bob' }), delivery('{')]);
    expect([log.calls, log.events.length]).toEqual([1, 3]);
  });

  it.each([
    ['malformed', '{'],
    ['invalid', JSON.stringify(graded({ score: -1 }))],
    ['future', JSON.stringify(graded({ time: '2026-03-01T00:06:00Z' }))],
    ['future', JSON.stringify({ id: 'c', source: 'lms', type: 'FactReplaced', target: 'e1', learner: 'ada', changes: { time: '2027-01-01' } })],
  ])('keeps what is %s as a dead letter, once however often it is sent', async (reason, raw) => {
    let now = NOW; // a second letter at another time is the same letter
    const { log, intake } = open({ now: () => now++ });
    const [first, , again] = [await intake.submit([delivery(raw), delivery(raw)]), await intake.submit([delivery(raw)])].flat();
    expect(first).toMatchObject({ outcome: 'rejected', reason });
    expect(again).toEqual(first);
    expect(await opened(log)).toMatchObject([{ reason, raw, encoding: 'utf8', format: 'proofmark', origin: 'test', tenant: 't' }]);
    expect(intake.account).toMatchObject({ sent: 3, deadLettered: 3, byReason: { [reason]: 3 } });
  });

  it('takes a clock that is a little ahead', async () => {
    const { intake } = open();
    expect((await intake.submit([deliver({ time: '2026-03-01T00:05:00Z' })]))[0]?.outcome).toBe('recorded');
  });

  it('keeps conflicting content as a dead letter', async () => {
    const { log, intake } = open();
    const [, receipt] = await intake.submit([deliver(), deliver({ score: 60 })]);
    expect(receipt).toMatchObject({ outcome: 'rejected', reason: 'conflict', letter: letters(log)[0]?.letter });
    expect(scores(log)).toEqual([50]);
  });

  it('keeps the bytes of what is not UTF-8', async () => {
    const { log, intake } = open();
    await intake.submit([delivery(Uint8Array.of(0xff, 0x00, 0x7b))]);
    expect(await opened(log)).toMatchObject([{ encoding: 'base64', raw: '/wB7' }]);
  });

  it('keeps the start of what is too large, cut between characters, and tells its length and hash', async () => {
    const { log, intake } = open();
    const [receipt] = await intake.submit([delivery(`x${'é'.repeat(600_000)}`)]);
    expect(receipt).toMatchObject({ outcome: 'rejected', reason: 'too-large', detail: expect.stringMatching(/1200001 bytes.*sha256 of the whole: [0-9a-f]{64}/) as string });
    expect((await opened(log))[0]?.raw).toBe(`x${'é'.repeat(32_767)}`);
  });

  it('asks whether the sender may report it', async () => {
    const { intake } = open({
      mayReport: ({ source }) => (source === 'lms' ? undefined : { reason: 'forbidden-source', detail: `source: "${source}" is not yours` }),
    });
    const receipts = await intake.submit([deliver(), deliver({ source: 'other' })]);
    expect(receipts).toMatchObject([{ outcome: 'recorded' }, { outcome: 'rejected', reason: 'forbidden-source' }]);
  });

  it('speaks of the own event where a delivery gives several, and counts the others apart', async () => {
    const { log, intake } = open();
    const read = createOuladReader();
    const row = { id: 'en:1', type: 'enrolment', learner: 'ada', course: 'AAA-2013J', day: 0, time: '2013-10-01' };
    const receipts = await intake.submit([{ raw: JSON.stringify(row), format: 'oulad', origin: 'test', mapped: read(row) }]);
    expect(receipts).toMatchObject([{ outcome: 'recorded' }]);
    expect(log.events.map(({ type }) => type)).toEqual(['CourseOpened', 'Enrolled']);
    expect(intake.account).toMatchObject({ sent: 1, recorded: 1, derived: 1 });
  });

  it('reads each stream once, and forgets the least used when it remembers too many ids', async () => {
    const { log, intake } = open({ maxCachedEvents: 4 });
    await Promise.all([intake.submit([deliver()]), intake.submit([deliver()])]);
    expect(log.reads).toBe(1);
    await intake.submit(['bob', 'cy', 'di'].map((learner) => deliver({ learner })));
    await intake.submit([deliver({ learner: 'di' })]);
    expect(log.reads).toBe(4);
    expect((await intake.submit([deliver()]))[0]?.outcome).toBe('duplicate');
    expect(log.reads).toBe(5);
  });
});

describe('dead letters', () => {
  const bad = (note: string): Delivery => delivery(JSON.stringify({ ...graded({ score: -1 }), note }));

  it('seal what was sent: neither it nor a hash of it that could be guessed is in the log', async () => {
    const { log, intake } = open();
    const [receipt] = await intake.submit([delivery('{"name":"Kim Minji"')]);
    const [letter] = letters(log);
    expect(JSON.stringify(log.events)).not.toContain('Minji');
    const former = hashId('letter', 't', 'malformed', 'proofmark', 'utf8', '{"name":"Kim Minji"');
    expect(JSON.stringify(log.events)).not.toContain(former);
    expect(receipt).toMatchObject({ letter: letter?.letter });
    // Who has another key ring does not find it by guessing.
    const guess = open({ seals: vaultOn(new InMemoryRecords(), secretsOf('a guess')) });
    expect(await guess.intake.submit([delivery('{"name":"Kim Minji"')])).not.toMatchObject([{ letter: letter?.letter }]);
  });

  it.each([
    ['no JSON', '{"name": Kim Minji}'],
    ['no JSON, with words of the parser in it', '"Minji", JSON at position 12'],
    ['no object', '"Minji"'],
    ['a field that is none', JSON.stringify({ ...graded(), 'Kim Minji': 'Minji' })],
    ['a long text', JSON.stringify(graded({ title: 'Minji '.repeat(100) }))],
    ['a role', JSON.stringify(graded({ kind: ['Minji'], status: 'Minji', tags: 'Minji', timezone: 'Minji', time: 'Minji', type: 'Minji' }))],
    ['attributes', JSON.stringify(graded({ attributes: { Minji: {} } }))],
    ['an id with an address', JSON.stringify(graded({ id: 'minji@school.example', score: 60 }))],
  ])('do not quote what was sent: %s', async (_what, raw) => {
    const { intake } = open();
    await intake.submit([deliver({ id: 'minji@school.example' })]);
    const [receipt] = await intake.submit([delivery(raw)]);
    expect(receipt).toMatchObject({ outcome: 'rejected' });
    expect(receipt?.outcome === 'rejected' ? receipt.detail : 'Minji').not.toMatch(/minji/i);
  });

  it('have one commit of keys for a batch, and it is durable before they are', async () => {
    const records = new InMemoryRecords();
    const { log, intake } = open({ seals: forgetfulVault(records) });
    const order: string[] = [];
    const claim = records.claim.bind(records);
    records.claim = async (keys) => {
      const claimed = await claim(keys);
      order.push(`keys ${keys.length}`);
      return claimed;
    };
    log.fate = () => {
      order.push('log');
      return 'works';
    };
    await intake.submit([bad('a'), deliver(), bad('b'), bad('a')]);
    expect(order).toEqual(['keys 2', 'log']);
    expect(records.commits).toBe(1);
  });

  it('are not acknowledged where their keys cannot be kept, and nothing of their batch is', async () => {
    const records = new InMemoryRecords();
    records.claim = () => Promise.reject(new ProofmarkError('STORE_FULL', 'no room'));
    const { log, intake } = open({ seals: forgetfulVault(records) });
    await expect(intake.submit([deliver(), bad('a')])).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect([log.events, intake.account.sent]).toEqual([[], 0]);
    expect(await intake.submit([deliver()])).toMatchObject([{ outcome: 'recorded' }]);
  });

  it('keep the order of what is recorded beside them', async () => {
    const records = new InMemoryRecords();
    const claim = records.claim.bind(records);
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    records.claim = async (keys) => {
      await gate;
      return claim(keys);
    };
    const { log, intake } = open({ seals: forgetfulVault(records) });
    const first = intake.submit([deliver({ score: 1, version: 1 }), bad('a')]);
    const second = intake.submit([deliver({ score: 2, version: 2 })]);
    await turn();
    letGo();
    await Promise.all([first, second]);
    expect(scores(log)).toEqual([1, 2]);
  });

  it('whose key is gone say so, cannot be replayed, and are kept anew when they come again', async () => {
    const vault = forgetfulVault();
    const { log, intake } = open({ seals: vault });
    const [receipt] = await intake.submit([bad('a')]);
    const letter = receipt?.outcome === 'rejected' ? receipt.letter : '';
    await vault.erase([{ tenant: 't', kind: 'letter', id: letter }]);
    expect(await openLetter(vault, await readLetter(log, 't', letter))).toBeUndefined();
    expect(await intake.replay(letter)).toMatchObject({ outcome: 'rejected', reason: 'erased' });
    expect(await intake.submit([bad('a')])).toMatchObject([{ outcome: 'rejected', letter, position: 2 }]);
    expect(await openLetter(vault, await readLetter(log, 't', letter))).toBe(bad('a').raw);
    await intake.submit([bad('a')]);
    expect(log.events).toHaveLength(2);
  });

  it('of earlier versions are found again, and read', async () => {
    const { log, intake } = open();
    const raw = bad('a').raw as string;
    const id = hashId('letter', 't', 'invalid', 'proofmark', 'utf8', raw);
    const json = JSON.stringify({ letter: id, tenant: 't', reason: 'invalid', detail: 'd', raw, encoding: 'utf8', format: 'proofmark', origin: 'test', rejectedAt: 1 });
    await log.append([{ stream: deadLetterStream(id), expected: 'no-stream', events: [{ id: 'former', type: 'DeliveryRejected', schema: 1, json }] }]);
    const receipts = await intake.submit([bad('a'), bad('b')]);
    expect(receipts).toMatchObject([{ letter: id, position: 1 }, { outcome: 'rejected', position: 2 }]);
    expect(await openLetter(seals, await readLetter(log, 't', id))).toBe(raw);
    expect(letters(log)).toHaveLength(2);
  });
});

describe('intake with several submits under way', () => {
  it('writes to other streams while one is being written, and acknowledges a duplicate only when its original is durable', async () => {
    const { log, intake } = open();
    log.hold();
    const first = watch(intake.submit([deliver()]));
    const second = watch(intake.submit([deliver(), deliver({ learner: 'bob' })]));
    const third = watch(intake.submit([deliver()]));
    await held(log, 2);
    await turn();
    expect([first.done, second.done, third.done]).toEqual([false, false, false]);
    log.release();
    while (!third.done) await turn();
    expect([first, second, third].map(({ value }) => value?.map(({ outcome }) => outcome))).toEqual([['recorded'], ['duplicate', 'recorded'], ['duplicate']]);
    expect(log.calls).toBe(2);
  });

  it('decides on what is durable after an append that failed', async () => {
    const { log, intake } = open();
    log.fate = (call) => (call === 0 ? { fails: 'STORE_FULL', written: false } : 'works');
    const outcomes = await Promise.allSettled([
      intake.submit([deliver()]),
      intake.submit([deliver(), deliver({ score: 60 }), deliver({ id: 'e2' })]),
      intake.submit([deliver(), deliver({ learner: 'bob' })]),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'STORE_FULL' } },
      { status: 'fulfilled', value: [{ outcome: 'recorded' }, { reason: 'conflict' }, { outcome: 'recorded' }] },
      { status: 'fulfilled', value: [{ outcome: 'duplicate' }, { outcome: 'recorded' }] },
    ]);
    expect(intake.account).toMatchObject({ sent: 5, recorded: 3, duplicates: 1, deadLettered: 1 });
  });

  it('leaves no dead letter for a conflict with what never became durable', async () => {
    const { log, intake } = open();
    log.fate = (call) => (call === 0 ? { fails: 'STORE_FAILED', written: false } : 'works');
    const [lost, receipts] = await Promise.allSettled([intake.submit([deliver()]), intake.submit([deliver({ score: 60 })])]);
    expect(lost.status).toBe('rejected');
    expect(receipts).toMatchObject({ value: [{ outcome: 'recorded' }] });
    expect([scores(log), letters(log)]).toEqual([[60], []]);
  });

  it('finds what was written although the answer was lost', async () => {
    const { log, intake } = open();
    log.fate = (call) => (call === 0 ? { fails: 'STORE_FAILED', written: true } : 'works');
    await expect(intake.submit([deliver()])).rejects.toThrow(ProofmarkError);
    expect(await intake.submit([deliver()])).toMatchObject([{ outcome: 'duplicate' }]);
    expect(intake.account.sent).toBe(1);
  });

  it('keeps the order of versions when another writer came first', async () => {
    const { log, intake } = open();
    await intake.submit([deliver({ id: 'e0', score: 0 })]);
    await open({ store: log }).intake.submit([deliver({ id: 'other', score: 1 })]);
    log.hold();
    const version = (n: number) => watch(intake.submit([deliver({ version: n, score: 10 * n })]));
    const early = [version(1), version(2)];
    await held(log, 1);
    const late = [version(3)];
    log.release(1);
    await turn();
    late.push(version(4));
    log.release();
    while (![...early, ...late].every(({ done }) => done)) await turn();
    expect([...early, ...late].map(({ value }) => value?.[0]?.outcome)).toEqual(['recorded', 'recorded', 'recorded', 'recorded']);
    expect(scores(log)).toEqual([0, 1, 10, 20, 30, 40]);
  });

  it('gives up when other writers come first each time', async () => {
    const { log, intake } = open();
    let others = 0;
    const busy = Object.create(log) as InMemoryLog;
    busy.append = async (appends) => {
      const other = { id: `x${others}`, type: 'Enrolled', schema: 1, json: `{"id":"x${others++}","source":"sis","time":1}` };
      await log.append([{ stream: learnerStream('t', 'ada'), expected: 'any', events: [other] }]);
      return log.append(appends);
    };
    await expect(open({ store: busy }).intake.submit([deliver()])).rejects.toMatchObject({ code: 'CONCURRENT_CHANGE' });
    expect(await intake.submit([deliver()])).toMatchObject([{ outcome: 'recorded' }]);
  });

  it('goes on after a stream could not be read', async () => {
    const { log, intake } = open();
    const stream = learnerStream('t', 'bob');
    await log.append([{ stream, expected: 'any', events: [{ id: 'x', type: 'Enrolled', schema: 99, json: '{}' }] }]);
    await expect(intake.submit([deliver({ learner: 'bob' })])).rejects.toMatchObject({ code: 'UNKNOWN_EVENT_VERSION' });
    expect(await intake.submit([deliver()])).toMatchObject([{ outcome: 'recorded' }]);
  });
});

describe('replaying a dead letter', () => {
  const ahead = JSON.stringify(graded({ time: '2026-03-01T01:00:00Z' }));

  it('records what is right by now, and says so once', async () => {
    let now = NOW;
    const { log, intake } = open({ now: () => now });
    const [receipt] = await intake.submit([delivery(ahead)]);
    const letter = receipt?.outcome === 'rejected' ? receipt.letter : '';
    expect(await intake.replay(letter)).toMatchObject({ outcome: 'rejected', reason: 'future' });
    now += 7_200_000;
    expect(await intake.replay(letter)).toMatchObject({ outcome: 'recorded' });
    expect(await intake.replay(letter)).toMatchObject({ outcome: 'duplicate' });
    expect((await log.readStream(deadLetterStream(letter))).map(({ type }) => type)).toEqual(['DeliveryRejected', 'DeliveryReplayed']);
    expect(intake.account).toMatchObject({ sent: 1, deadLettered: 1 });
  });

  it('records an approval under its badge and approver, and knows it again', async () => {
    let now = NOW;
    const { log, intake } = open({ now: () => now });
    const about = { id: 'ok-1', source: 'lms', learner: 'ada', course: 'algebra' };
    const approval = { ...about, type: 'ApprovalGiven', badge: 'steady', approver: 'mentor', time: '2026-03-01T01:00:00Z' };
    const [receipt] = await intake.submit([delivery(JSON.stringify(approval))]);
    now += 7_200_000;
    expect(await intake.replay(receipt?.outcome === 'rejected' ? receipt.letter : '')).toMatchObject({ outcome: 'recorded' });
    const [recorded] = await log.readStream(learnerStream('t', 'ada'));
    expect(JSON.parse(recorded?.json ?? '')).toEqual({ ...about, activity: 'steady', occurrence: 'mentor', time: Date.parse(approval.time) });
    const reordered = Object.fromEntries(Object.entries(approval).reverse());
    const again = [reordered, { ...approval, approver: 'other' }].map((event) => delivery(JSON.stringify(event)));
    expect(await intake.submit(again)).toMatchObject([{ outcome: 'duplicate' }, { outcome: 'rejected', reason: 'conflict' }]);
  });

  it('leaves no second letter when it fails for another reason', async () => {
    const { log, intake } = open({ readers: {} });
    const [receipt] = await intake.submit([delivery(ahead)]);
    const letter = receipt?.outcome === 'rejected' ? receipt.letter : '';
    expect(await intake.replay(letter)).toMatchObject({ outcome: 'rejected', reason: 'malformed', detail: 'no reader for the format "proofmark"' });
    expect(log.events).toHaveLength(1);
  });

  it('knows no letter of another tenant', async () => {
    const { log, intake } = open();
    const [receipt] = await intake.submit([delivery('{')]);
    const letter = receipt?.outcome === 'rejected' ? receipt.letter : '';
    await expect(open({ store: log, tenant: 'other' }).intake.replay(letter)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('cannot replay what was kept in part', async () => {
    const { intake } = open();
    const [receipt] = await intake.submit([delivery('x'.repeat(2_000_000))]);
    expect(await intake.replay(receipt?.outcome === 'rejected' ? receipt.letter : '')).toMatchObject({ outcome: 'rejected', reason: 'too-large' });
  });
});
