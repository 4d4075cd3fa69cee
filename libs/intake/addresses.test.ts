import fc from 'fast-check';
import { cloudEventType, readCloudEvent } from './cloud-event.js';
import type { Delivery } from './delivery.js';
import { InMemoryLog } from './in-memory-log.js';
import { createIntake } from './intake.js';
import { createOuladReader } from './oulad-format.js';
import { readProofmark } from './proofmark-format.js';
import { forgetfulVault } from '#vault/in-memory.js';

const open = (learnerOfEmail = async (emails: readonly string[]) => emails.map((email) => `mail-${Buffer.from(email).toString('hex')}`)) => {
  const log = new InMemoryLog();
  let ids = 0;
  return { log, intake: createIntake({ store: log, seals: forgetfulVault(), tenant: 't', now: () => Date.UTC(2026, 3, 1), newId: () => `${ids++}`, learnerOfEmail }) };
};
const event = { id: 'e1', source: 'lms', type: 'MissionCompleted', learner: 'ada@school.example', course: 'c', activity: 'm1', time: '2026-03-01' };
const own = (values: object = {}): Delivery => {
  const raw = JSON.stringify({ ...event, ...values });
  return { raw, format: 'proofmark', origin: 'test', mapped: readProofmark(raw) };
};
const allBytes = (log: InMemoryLog): string => log.events.map(({ stream, json }) => `${stream} ${json}`).join('\n');
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('e-mail addresses in place of learner ids', () => {
  const { id, learner, course, activity, time } = event;
  const cloud = JSON.stringify({ specversion: '1.0', id, source: 'lms', type: cloudEventType(event.type), time, data: { learner, course, activity } });
  const row = JSON.stringify({ id: 'en:1', type: 'enrolment', learner, course, day: 0, time: '2013-10-01' });

  it.each<[string, Delivery]>([
    ['an event', own()],
    ['written otherwise', own({ learner: 'ADA@School.Example' })],
    ['in full width', own({ learner: 'ada＠school.example' })],
    ['a correction', own({ type: 'FactRetracted', target: 'e0', activity: undefined })],
    ['a new value', own({ type: 'FactReplaced', target: 'e0', activity: undefined, changes: { kind: 'quiz' } })],
    ['a CloudEvent', { raw: cloud, format: 'cloudevent', origin: 'test', mapped: readCloudEvent(cloud) }],
    ['OULAD', { raw: row, format: 'oulad', origin: 'test', mapped: createOuladReader()(row) }],
  ])('never get into the log: %s', async (_what, delivery) => {
    const { log, intake } = open();
    expect(await intake.submit([delivery])).toMatchObject([{ outcome: 'recorded' }]);
    expect(allBytes(log)).not.toMatch(/[@＠]|school\.example/i);
    expect(allBytes(log)).toContain(`mail-${Buffer.from('ada@school.example').toString('hex')}`);
  });

  it('never get into the log, whatever they are', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.emailAddress(), { minLength: 1, maxLength: 5 }), async (emails) => {
        const { log, intake } = open();
        const receipts = await intake.submit(emails.map((email, i) => own({ id: `e${i}`, learner: email })));
        for (const [i, receipt] of receipts.entries()) {
          // What is an address to the generator alone is an id like another: one that a quote or a bracket is in.
          if (receipt.outcome === 'recorded' && !/["(),:;<>[\\\]]/.test(emails[i] ?? '')) expect(allBytes(log)).not.toContain(emails[i]);
        }
      }),
    ));

  it('stand for one learner, however they are written, and repeated events are duplicates', async () => {
    const { log, intake } = open();
    await intake.submit([own(), own({ learner: 'ADA@school.example' })]);
    expect(await intake.submit([own({ learner: 'Ada@School.example' })])).toMatchObject([{ outcome: 'duplicate' }]);
    expect(log.events).toHaveLength(1);
  });

  it('keep the order of the calls while learners are looked up', async () => {
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const { log, intake } = open(async (emails) => {
      await gate;
      return emails.map(() => 'ada');
    });
    const calls = [intake.submit([own({ version: 1 })]), intake.submit([own({ learner: 'ada', version: 2, kind: 'late' })])];
    await turn();
    expect(log.events).toHaveLength(0);
    letGo();
    await Promise.all(calls);
    expect(log.events.map(({ json }) => (JSON.parse(json) as { version: number }).version)).toEqual([1, 2]);
  });

  it('are not acknowledged where they cannot be kept, and nobody after them waits for good', async () => {
    let fails = true;
    const { log, intake } = open(async (emails) => {
      if (fails) throw new Error('no room');
      return emails.map(() => 'ada');
    });
    await expect(intake.submit([own()])).rejects.toThrow('no room');
    expect(log.events).toEqual([]);
    fails = false;
    expect(await intake.submit([own()])).toMatchObject([{ outcome: 'recorded' }]);
  });

  it('cost nothing where there are none', async () => {
    const { log, intake } = open(() => Promise.reject(new Error('nobody asked')));
    expect(await intake.submit([own({ learner: 'ada' }), own({ learner: 'someone@nowhere' })])).toMatchObject([{ outcome: 'recorded' }, { outcome: 'recorded' }]);
    expect(log.events).toHaveLength(2);
  });
});

describe('events about who is erased', () => {
  it('are not recorded, and nothing of them is kept', async () => {
    const log = new InMemoryLog();
    const intake = createIntake({ store: log, seals: forgetfulVault(), tenant: 't', now: () => Date.UTC(2026, 3, 1), newId: () => 'x', isErased: (learner) => learner === 'ada' });
    const receipts = await intake.submit([own({ learner: 'ada', title: 'Ada Lovelace' }), own({ learner: 'bob' }), own({ type: 'FactRetracted', learner: 'ada', target: 'e0', activity: undefined })]);
    expect(receipts).toMatchObject([{ outcome: 'rejected', reason: 'erased' }, { outcome: 'recorded' }, { outcome: 'rejected', reason: 'erased' }]);
    expect(allBytes(log)).not.toContain('Lovelace');
    expect(log.events.filter(({ type }) => type === 'DeliveryRejected').map(({ json }) => (JSON.parse(json) as { content: object }).content)).toEqual([{ kept: 'nothing' }, { kept: 'nothing' }]);
    expect(intake.account).toMatchObject({ sent: 3, recorded: 1, deadLettered: 2, byReason: { erased: 2 } });
  });
});
