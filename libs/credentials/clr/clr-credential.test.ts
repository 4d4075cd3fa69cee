import { credentialUnderTest, ISSUER } from '../credential-under-test.js';
import type { JsonObject } from '../json-ld/json.js';
import { clrCredential, type Transcript } from './clr-credential.js';

const TRANSCRIPT: Transcript = {
  id: 'urn:uuid:00000000-0000-4000-8000-000000000001', issuer: { id: ISSUER, type: ['Profile'], name: 'Seoul School' }, subject: 'urn:uuid:00000000-0000-8000-8000-000000000002',
  credentials: [1, 2, 3].map((number) => credentialUnderTest({ number })), language: 'ko', issuedAt: Date.UTC(2026, 5, 30, 12, 0, 0, 500),
};
const heldBy = (clr: JsonObject): readonly JsonObject[] => (clr['credentialSubject'] as JsonObject)['verifiableCredential'] as readonly JsonObject[];

describe('a transcript', () => {
  const clr = clrCredential(TRANSCRIPT);

  it('is a ClrCredential with all that CLR 2.0 requires', () => {
    expect(clr['@context']).toEqual([
      'https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
    ]);
    expect(clr).toMatchObject({
      id: TRANSCRIPT.id, type: ['VerifiableCredential', 'ClrCredential'], name: '배지 취득 기록', issuer: { id: ISSUER, type: ['Profile'] }, validFrom: '2026-06-30T12:00:00Z',
      credentialSubject: { id: TRANSCRIPT.subject, type: ['ClrSubject'] },
    });
    expect(clr).not.toHaveProperty('partial');
  });

  it('holds the signed credentials as they are', () => expect(heldBy(clr)).toEqual(TRANSCRIPT.credentials));

  it('leaves out what does not fit, and says so', () => {
    const big = credentialUnderTest({ number: 4, evidence: [{ name: 'long', narrative: '가'.repeat(333_333) }] });
    const partial = clrCredential({ ...TRANSCRIPT, credentials: [...TRANSCRIPT.credentials, big, ...TRANSCRIPT.credentials] });
    expect(partial['partial']).toBe(true);
    expect(heldBy(partial)).toEqual([...TRANSCRIPT.credentials, ...TRANSCRIPT.credentials]);
  });
});
