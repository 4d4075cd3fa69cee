import type { Credential } from '#domain/credential-event.js';
import { newCode } from '../code.js';
import { credentialUnderTest } from '../credential-under-test.js';
import { editionIn, sharedCredential, statusAtTime } from './shared-credential.js';

const BASE = 'https://badges.school.example';
const CODE = newCode(new Uint8Array(10).fill(9));
const CREDENTIAL: Credential = {
  tenant: 't', issuer: 'seoul', award: 'a1', badge: 'event-sourcing', learner: 'ada', code: CODE, serial: 1, status: 'active', entry: { list: 1, index: 7 }, trace: {}, kid: 'k',
  editions: { en: credentialUnderTest(), ko: credentialUnderTest({ name: '이벤트 소싱 실무' }) }, former: [], signedBasis: 1, basis: 1, stated: '', issuedAt: Date.UTC(2026, 5, 20, 9), changedAt: Date.UTC(2026, 5, 21, 9),
};
const UNTIL = Date.UTC(2029, 5, 30);
const show = (credential: Credential, now: number, language?: string) => sharedCredential(credential, { base: BASE, now, ...(language !== undefined && { language }) });

describe('a shared credential', () => {
  it('counts until it expires, is suspended or is revoked', () => {
    expect([statusAtTime(CREDENTIAL, UNTIL - 1), statusAtTime(CREDENTIAL, UNTIL)]).toEqual(['active', 'expired']);
    expect(statusAtTime({ ...CREDENTIAL, editions: { en: credentialUnderTest({ expires: false }) } }, UNTIL)).toBe('active');
    for (const status of ['suspended', 'revoked'] as const) {
      expect(statusAtTime({ ...CREDENTIAL, status }, UNTIL)).toBe(status);
      expect(show({ ...CREDENTIAL, status }, 0)).not.toHaveProperty('share');
    }
    expect(show(CREDENTIAL, UNTIL)).toMatchObject({ status: 'expired', validUntil: '2029-06-30T00:00:00Z', share: expect.anything() as unknown });
  });

  it('says when it expires to LinkedIn, in the language that is shared', () => {
    const fields = (language?: string) => new URL(show(CREDENTIAL, 0, language).share?.linkedIn.addToProfile ?? '').searchParams;
    expect([fields('ko').get('name'), fields('ko').get('expirationYear'), fields('ko').get('expirationMonth'), fields('ko').get('issueMonth')]).toEqual(['이벤트 소싱 실무', '2029', '6', '6']);
    expect([fields().get('name'), fields('fr').get('name'), fields('__proto__').get('name')]).toEqual(Array(3).fill('Practitioner of event sourcing'));
  });

  it('says nothing of whose it is', () => {
    const subject = editionIn(CREDENTIAL, 'en')['credentialSubject'] as { readonly id: string };
    for (const secret of [CREDENTIAL.learner, subject.id, '"award"']) expect(JSON.stringify(show(CREDENTIAL, 0))).not.toContain(secret);
  });
});
