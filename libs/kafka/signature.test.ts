import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { KnownKey } from '#access/directory.js';
import { InMemoryLog } from '#intake/in-memory-log.js';
import { createIntake } from '#intake/intake.js';
import { readCloudEvent } from '#intake/cloud-event.js';
import type { Receipt } from '#intake/delivery.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { forgetfulVault } from '#vault/in-memory.js';
import { contentOf, deliveryOf } from './delivery.js';
import type { Headers, KafkaMessage } from './message.js';
import { claimOf, judge, signedPartsOf, UNSIGNED, type Judgement, type Signer } from './signature.js';

const TENANT = 't';
const [SECRET, BEFORE, FOREIGN] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const EVENT = { id: 'e1', source: 'lms', type: 'AssignmentGraded', learner: 'ada', course: 'C1', activity: 'a', time: '2026-02-01', score: 1, max: 1 };
const BODY = JSON.stringify(EVENT);

const sign = (lines: readonly string[], body: string, secret: Uint8Array = SECRET): string => `v1,${createHmac('sha256', secret).update(`${lines.join('\n')}\n${body}`).digest('base64')}`;
const LINES = ['proofmark-event-1', TENANT, 'C1', 'e1'];
const GOOD = sign(LINES, BODY);

const KEY: KnownKey = { status: 'active', tenant: TENANT, key: 'k1', grant: { label: 'lms', actions: ['event:send'] }, hash: 'h', issuedAt: 1, issuedBy: 'p', holders: ['p'], former: [] };
const granted = (grant: Partial<KnownKey['grant']>): KnownKey => ({ ...KEY, grant: { ...KEY.grant, ...grant } });

interface Given {
  readonly value?: string | null;
  readonly headers?: Headers;
  readonly kafkaKey?: string;
  readonly known?: KnownKey | undefined;
  readonly secrets?: Signer['secrets'];
  readonly required?: boolean;
}

const signed = (signatures: string, key = 'k1'): Headers => ({ 'proofmark-key': Buffer.from(key), 'proofmark-signature': Buffer.from(signatures) });

const deliver = (given: Given) => {
  const { value = BODY, headers = {}, kafkaKey = 't:ada', secrets = [SECRET], required = false } = given;
  const message: KafkaMessage = { key: Buffer.from(kafkaKey), value: value === null ? null : Buffer.from(value), headers, offset: '1', timestamp: '0' };
  const content = contentOf(message);
  const claim = claimOf(headers);
  const parts = signedPartsOf(message, content.mapped, TENANT);
  const judged = (): Judgement | undefined => {
    if (claim.by === 'nobody') return required ? UNSIGNED : undefined;
    return parts && judge(claim, parts, { known: 'known' in given ? given.known : KEY, secrets });
  };
  return deliveryOf(message, { topic: 'a', partition: 0 }, { tenant: TENANT, rule: 'learner' }, content, judged());
};

const seals = forgetfulVault();
const opened = (isErased?: (learner: string) => boolean) => {
  const log = new InMemoryLog(() => 0);
  return { log, intake: createIntake({ store: log, seals, tenant: TENANT, now: () => Date.UTC(2026, 2, 1), newId: randomUUID, readers: { proofmark: readProofmark, cloudevent: readCloudEvent }, ...(isErased && { isErased }) }) };
};
const receiptOf = async (given: Given): Promise<Receipt> => {
  const [receipt] = await opened().intake.submit([deliver(given)]);
  if (!receipt) throw new Error('no receipt');
  return receipt;
};
const wordOf = (receipt: Receipt): string => (receipt.outcome === 'rejected' ? receipt.reason : receipt.outcome);

describe('a message of Kafka', () => {
  it.each<readonly [string, string, Given]>([
    ['signed', 'recorded', { headers: signed(GOOD) }],
    ['signed where that is required', 'recorded', { headers: signed(GOOD), required: true }],
    ['signed, its headers given as text', 'recorded', { headers: { 'proofmark-key': 'k1', 'proofmark-signature': GOOD } }],
    ['signed by a key that is kept to its course and source', 'recorded', { headers: signed(GOOD), known: granted({ courses: ['C*'], sources: ['lms'] }) }],
    ['not signed', 'recorded', {}],
    ['not signed where that is required', 'unsigned', { required: true }],
    ['not signed where that is required, and not readable', 'unsigned', { required: true, value: '{' }],
    ['not signed where that is required, by the key of another learner', 'unsigned', { required: true, kafkaKey: 't:bob' }],
    ['not signed where that is required, ahead of the clock', 'unsigned', { required: true, value: JSON.stringify({ ...EVENT, time: '2026-12-01' }) }],
    ['signed for another tenant', 'bad-signature', { headers: signed(sign(['proofmark-event-1', 'u', 'C1', 'e1'], BODY)) }],
    ['signed for another course', 'bad-signature', { headers: signed(sign(['proofmark-event-1', TENANT, 'C2', 'e1'], BODY)) }],
    ['signed for another id', 'bad-signature', { headers: signed(sign(['proofmark-event-1', TENANT, 'C1', 'e2'], BODY)) }],
    ['changed after it was signed', 'bad-signature', { headers: signed(GOOD), value: JSON.stringify({ ...EVENT, score: 0 }) }],
    ['changed in a blank', 'bad-signature', { headers: signed(GOOD), value: `${BODY} ` }],
    ['moved to another course', 'bad-signature', { headers: signed(GOOD), value: JSON.stringify({ ...EVENT, course: 'C2' }) }],
    ['signed by another key', 'bad-signature', { headers: signed(sign(LINES, BODY, FOREIGN)) }],
    ['signed by a key that nobody knows', 'bad-signature', { headers: signed(GOOD), known: undefined }],
    ['signed by a key of another tenant', 'bad-signature', { headers: signed(GOOD), known: { ...KEY, tenant: 'u' } }],
    ['signed by a revoked key', 'bad-signature', { headers: signed(GOOD), known: { ...KEY, status: 'revoked' } }],
    ['signed by a key that may not send events', 'bad-signature', { headers: signed(GOOD), known: granted({ actions: ['award:read'] }) }],
    ['signed with the new secret of two', 'recorded', { headers: signed(GOOD), secrets: [SECRET, BEFORE] }],
    ['signed with the old secret of two', 'recorded', { headers: signed(sign(LINES, BODY, BEFORE)), secrets: [SECRET, BEFORE] }],
    ['signed with both secrets', 'recorded', { headers: signed(`${sign(LINES, BODY, BEFORE)} ${GOOD}`) }],
    ['signed with an old secret whose time is over', 'bad-signature', { headers: signed(sign(LINES, BODY, BEFORE)) }],
    ['signed about a course that is not the key\'s', 'forbidden-course', { headers: signed(GOOD), known: granted({ courses: ['C2'] }) }],
    ['signed about such a course, ahead of the clock', 'forbidden-course', ahead({ courses: ['C2'] })],
    ['signed in the name of a source that is not the key\'s', 'forbidden-source', { headers: signed(GOOD), known: granted({ sources: ['lab-*'] }) }],
    ['signed about what a key for some courses may not', 'forbidden-course', approval()],
    ['with empty headers', 'bad-signature', { headers: signed('', '') }],
    ['with headers that have no value', 'bad-signature', { headers: { 'proofmark-key': null, 'proofmark-signature': null } }],
    ['with a key and no signature', 'bad-signature', { headers: { 'proofmark-key': 'k1' } }],
    ['with a signature and no key', 'bad-signature', { headers: { 'proofmark-signature': GOOD } }],
    ['with two keys', 'bad-signature', { headers: { ...signed(GOOD), 'proofmark-key': ['k1', 'k1'] } }],
    ['with two headers of signatures', 'bad-signature', { headers: { ...signed(GOOD), 'proofmark-signature': [GOOD, GOOD] } }],
    ['with a key that is not UTF-8', 'bad-signature', { headers: { ...signed(GOOD), 'proofmark-key': Buffer.from([0xff, 0xfe]) } }],
    ['with signatures that are not UTF-8', 'bad-signature', { headers: { ...signed(GOOD), 'proofmark-signature': Buffer.from([0xff, 0x20, 0x76]) } }],
    ['with endless signatures', 'bad-signature', { headers: signed(`${'v1,x '.repeat(1_000)}${GOOD}`) }],
    ['signed, and not readable', 'malformed', { headers: signed(GOOD), value: '{' }],
    ['signed, and without a value', 'malformed', { headers: signed(GOOD), value: null }],
    ['signed, by the key of another learner', 'invalid', { headers: signed(GOOD), kafkaKey: 't:bob' }],
  ])('%s is %s', async (_what, word, given) => {
    expect(wordOf(await receiptOf(given))).toBe(word);
  });

  it('says in its letter what is wrong, and repeats nothing of its headers', async () => {
    const detailOf = async (given: Given): Promise<string> => {
      const receipt = await receiptOf(given);
      return receipt.outcome === 'rejected' ? receipt.detail : '';
    };
    expect(await detailOf({ required: true })).toContain('proofmark-signature');
    expect(await detailOf({ headers: signed(GOOD, 'Ada Lovelace') })).toBe('the header proofmark-key must be there once and hold the id of an API key');
    expect(await detailOf({ headers: signed(GOOD, 'adalovelace'), known: undefined })).toBe('there is no such API key');
    expect(await detailOf({ headers: signed(GOOD), known: { ...KEY, status: 'revoked' } })).toBe('the API key k1 is revoked');
    expect(await detailOf({ headers: signed(GOOD), known: granted({ actions: [] }) })).toBe('the API key k1 may not do "event:send"');
  });
});

/** An event that a key may not report about, dated so that time alone would make it good. */
function ahead(grant: Partial<KnownKey['grant']>): Given {
  const value = JSON.stringify({ ...EVENT, time: '2026-12-01' });
  return { value, headers: signed(sign(LINES, value)), known: granted(grant) };
}

function approval(): Given {
  const value = JSON.stringify({ id: 'e1', source: 'lms', type: 'ApprovalGiven', badge: 'b', approver: 'x', learner: 'ada', course: 'C1', time: '2026-02-01' });
  return { value, headers: signed(sign(LINES, value)), known: granted({ courses: ['C1'], sources: ['lms'] }) };
}

describe('a CloudEvent', () => {
  const { id, source, type: _type, time: _time, ...data } = EVENT;
  const attributes = { specversion: '1.0', id, source, type: 'proofmark.assignment-graded', time: '2026-02-01T00:00:00Z' };

  it('in structured mode is signed over the course and id that it says, and its bytes', async () => {
    const value = JSON.stringify({ ...attributes, data });
    const headers = { 'content-type': 'application/cloudevents+json', ...signed(sign(LINES, value)) };
    expect(wordOf(await receiptOf({ value, headers }))).toBe('recorded');
    expect(wordOf(await receiptOf({ value: value.replace('"score":1', '"score":0'), headers }))).toBe('bad-signature');
  });

  const value = JSON.stringify(data);
  const binary = { ...Object.fromEntries(Object.entries(attributes).map(([name, text]) => [`ce_${name}`, Buffer.from(text)])), 'content-type': 'application/json' };
  const right = signed(sign(['proofmark-binary-event-1', TENANT, 'C1', 'e1', attributes.type, 'lms', attributes.time], value));

  it('in binary mode is signed over its type, source and time as well', async () => {
    expect(wordOf(await receiptOf({ value, headers: { ...binary, ...right } }))).toBe('recorded');
    expect(wordOf(await receiptOf({ value, headers: { ...binary, ...right, ce_traceparent: '00-1' } }))).toBe('recorded');
    for (const changed of [{ ce_id: 'e2' }, { ce_source: 'lab' }, { ce_time: '2026-02-02T00:00:00Z' }]) expect([changed, wordOf(await receiptOf({ value, headers: { ...binary, ...right, ...changed } }))]).toEqual([changed, 'bad-signature']);
    expect(wordOf(await receiptOf({ value, headers: { ...binary, ...signed(sign(LINES, value)) } }))).toBe('bad-signature');
  });

  it('cannot be made of a signed event, nor the other way round', async () => {
    const whole = JSON.stringify({ ...EVENT, type: undefined, time: undefined });
    const headers = { ...binary, ...signed(sign(LINES, whole)) };
    expect(wordOf(await receiptOf({ value: whole, headers }))).toBe('bad-signature');
    const asBinary = signed(sign(['proofmark-binary-event-1', TENANT, 'C1', 'e1', attributes.type, 'lms', attributes.time], BODY));
    expect(wordOf(await receiptOf({ value: BODY, headers: asBinary }))).toBe('bad-signature');
  });
});

describe('what nobody could tell the sender of any more', () => {
  it('is recorded no sooner when it is sent again', async () => {
    for (const given of [{ headers: signed(GOOD), kafkaKey: 't:bob' }, { headers: signed('v1,x'), kafkaKey: 't:bob' }]) {
      const { intake } = opened();
      const [receipt] = await intake.submit([deliver(given)]);
      expect(receipt).toMatchObject({ outcome: 'rejected' });
      expect(deliver(given).format).toBe('kafka-signed');
      expect(await intake.replay(receipt?.outcome === 'rejected' ? receipt.letter : '')).toMatchObject({ outcome: 'rejected', reason: 'malformed', detail: expect.stringContaining('kafka-signed') as string });
    }
    expect(deliver({ headers: signed(GOOD), kafkaKey: 'u:ada' }).format).toBe('kafka-foreign');
    expect(deliver({ kafkaKey: 't:bob' }).format).toBe('proofmark');
  });

  it('is kept nowhere where it is about somebody who is erased', async () => {
    const { intake, log } = opened((learner) => learner === 'ada');
    expect((await intake.submit([deliver({ required: true }), deliver({ headers: signed('v1,x') })])).map(wordOf)).toEqual(['erased', 'erased']);
    expect(log.events.map(({ json }) => (JSON.parse(json) as { content: unknown }).content)).toEqual([{ kept: 'nothing' }]);
  });

  it('is a duplicate where it is recorded, whatever became of the key', async () => {
    const { intake, log } = opened();
    expect((await intake.submit([deliver({ headers: signed(GOOD) })])).map(wordOf)).toEqual(['recorded']);
    const events = log.events.length;
    const again = [deliver({ headers: signed(GOOD), known: { ...KEY, status: 'revoked' } }), deliver({ required: true }), deliver({ required: true, value: JSON.stringify({ ...EVENT, score: 0.5 }) })];
    expect((await intake.submit(again)).map(wordOf)).toEqual(['duplicate', 'duplicate', 'unsigned']);
    expect(log.events.slice(events).map(({ type }) => type)).toEqual(['DeliveryRejected']);
    expect(intake.account).toMatchObject({ sent: 4, recorded: 1, duplicates: 2, deadLettered: 1, byReason: { unsigned: 1 } });
  });
});
