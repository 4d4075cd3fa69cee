import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isSignedInQueue, type QueuedMessage } from './queue-signature.js';

const SECRET = randomBytes(32);
const sign = (content: string, secret: Uint8Array = SECRET): string => `v1,${createHmac('sha256', secret).update(content).digest('base64')}`;
const message: QueuedMessage = { tenant: 't', course: 'C1', id: '1', body: Buffer.from('{"id":"1"}') };
const SIGNED = sign('proofmark-event-1\nt\nC1\n1\n{"id":"1"}');

describe('a signed message in a queue', () => {
  it('is bound to its tenant, course and id, and to its bytes', () => {
    expect(isSignedInQueue(message, SIGNED, [SECRET])).toBe(true);
    for (const changed of [{ tenant: 'u' }, { course: 'C2' }, { course: '' }, { id: '2' }, { body: Buffer.from('{"id":"1" }') }, { attributes: [] }]) {
      expect([changed, isSignedInQueue({ ...message, ...changed }, SIGNED, [SECRET])]).toEqual([changed, false]);
    }
  });

  it('is one by any of the secrets, with other signatures beside', () => {
    expect(isSignedInQueue(message, `v1a,xxx ${sign('x')} ${SIGNED}`, [randomBytes(32), SECRET])).toBe(true);
    for (const signatures of ['', ' ', 'v1,', 'v1', SIGNED.replace('v1', 'v2'), SIGNED.slice(0, -4), SIGNED.slice(3)]) expect([signatures, isSignedInQueue(message, signatures, [SECRET])]).toEqual([signatures, false]);
    expect(isSignedInQueue(message, SIGNED, [randomBytes(32)])).toBe(false);
    expect(isSignedInQueue(message, SIGNED, [])).toBe(false);
  });

  it('is bound to what is said beside the bytes', () => {
    const binary = { ...message, attributes: ['a', 'b', ''] };
    const signed = sign('proofmark-binary-event-1\nt\nC1\n1\na\nb\n\n{"id":"1"}');
    expect(isSignedInQueue(binary, signed, [SECRET])).toBe(true);
    for (const changed of [{ attributes: ['a', '', 'b'] }, { attributes: ['a', 'b', 'c'] }, { attributes: ['a', 'b'] }]) expect([changed, isSignedInQueue({ ...binary, ...changed }, signed, [SECRET])]).toEqual([changed, false]);
    expect(isSignedInQueue(message, signed, [SECRET])).toBe(false);
  });

  it('is none where a line could be taken for two', () => {
    const lines = 'proofmark-binary-event-1\nt\nC1\n1\na\nb\nc\nd\n{"id":"1"}';
    for (const attributes of [['a\nb', 'c', 'd'], ['a', 'b\nc', 'd'], ['a', 'b', 'c\nd']]) expect(isSignedInQueue({ ...message, attributes }, sign(lines), [SECRET])).toBe(false);
  });

  it('is the one that the page of the engines shows', () => {
    const page = readFileSync('docs/engines.md', 'utf8');
    const secret = Buffer.from(/`whsec_([^`]+)`/.exec(page)?.[1] ?? '', 'base64');
    const [plain = '', binary = ''] = [...page.matchAll(/^\{"(?:id|learner)":.*\}$/gm)].map(([value]) => value);
    const [first = '', second = ''] = [...page.matchAll(/`(v1,[^`]{40,})`/g)].map(([, signature = '']) => signature);
    const about = { tenant: 'default', course: 'sql-basics', id: 'g-1017' };
    expect(secret).toHaveLength(32);
    expect(isSignedInQueue({ ...about, body: Buffer.from(plain) }, first, [secret])).toBe(true);
    expect(isSignedInQueue({ ...about, attributes: ['proofmark.assignment-graded', 'lms', '2026-09-14T10:20:00+09:00'], body: Buffer.from(binary) }, second, [secret])).toBe(true);
  });
});
