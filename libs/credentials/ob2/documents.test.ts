import { createHash } from 'node:crypto';
import { credentialUnderTest } from '../credential-under-test.js';
import type { JsonObject } from '../json-ld/json.js';
import { assertion, badgeClass, issuerProfile, recipientOf, revokedAssertion } from './documents.js';

const BASE = 'https://badges.school.example';
const PLACE = { base: BASE, issuer: 'seoul' };
const CODE = '0123456789ABCDEF';
const DOCUMENT = credentialUnderTest();
const SUBJECT = DOCUMENT['credentialSubject'] as JsonObject;
const made = assertion({ base: BASE, badge: 'event-sourcing', code: CODE, document: DOCUMENT });
const badge = badgeClass(PLACE, 'event-sourcing', { ...(SUBJECT['achievement'] as JsonObject), related: [{ id: 'x', type: ['Related'], inLanguage: 'ko', version: '3' }] });
const issuer = issuerProfile(PLACE, { name: { en: 'Seoul School', ko: '서울 학교' }, email: 'b@school.example', image: 'https://school.example/logo.png' }, 'ko');

/** The members of Open Badges 2.0 that a thing must have, as its specification's tables say. */
const REQUIRED: readonly (readonly [JsonObject, readonly string[]])[] = [
  [made, ['@context', 'type', 'id', 'recipient', 'badge', 'verification', 'issuedOn']],
  [badge, ['@context', 'type', 'id', 'name', 'description', 'image', 'criteria', 'issuer']],
  [issuer, ['@context', 'type', 'id', 'name', 'url', 'email']],
];
const IRI = /^(https?:|urn:uuid:)/;
const DATETIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

describe('an award in Open Badges 2.0', () => {
  it('has what the specification requires, in its context', () => {
    for (const [node, names] of REQUIRED) {
      for (const name of names) expect(node[name]).toBeDefined();
      expect(node['@context']).toBe('https://w3id.org/openbadges/v2');
      expect(node['id']).toMatch(/^https:\/\/badges\.school\.example\/ob2\//);
    }
    expect([made['type'], badge['type'], issuer['type']]).toEqual(['Assertion', 'BadgeClass', 'Issuer']);
  });

  it('is hosted where its issuer says, and leads to its badge and issuer', () => {
    expect(made).toMatchObject({ id: `${BASE}/ob2/assertions/${CODE}`, verification: { type: 'HostedBadge' }, badge: badge['id'] });
    expect(badge['issuer']).toBe(issuer['id']);
    expect(String(made['id']).startsWith(String((issuer['verification'] as JsonObject)['startsWith']))).toBe(true);
  });

  it('names its recipient by a salted hash of the pseudonym', () => {
    const { type, hashed, salt, identity } = made['recipient'] as Record<string, string | boolean>;
    expect([type, hashed, typeof salt]).toEqual(['id', true, 'string']);
    expect(identity).toBe(`sha256$${createHash('sha256').update(`${String(SUBJECT['id'])}${String(salt)}`).digest('hex')}`);
    expect(identity).toMatch(/^sha256\$[0-9a-f]{64}$/);
    expect(JSON.stringify(made)).not.toContain(SUBJECT['id']);
    expect(recipientOf('a', 'b')['identity']).not.toBe(recipientOf('a', 'c')['identity']);
  });

  it('repeats what the signed document states', () => {
    expect(made).toMatchObject({ issuedOn: DOCUMENT['awardedDate'], expires: DOCUMENT['validUntil'] });
    expect(made['issuedOn']).toMatch(DATETIME);
    const [evidence, stated] = [made['evidence'], DOCUMENT['evidence']] as [readonly JsonObject[], readonly JsonObject[]];
    expect(evidence.map(({ name, narrative }) => [name, narrative])).toEqual(stated.map(({ name, narrative }) => [name, narrative]));
    for (const { id } of evidence) if (id !== undefined) expect(id).toMatch(IRI);
  });

  it('says for which period a badge that recurs was earned, and what was asked for', () => {
    const monthly = { ...DOCUMENT, description: 'Do much.', credentialSubject: { ...SUBJECT, narrative: 'Earned for March 2026.' } };
    expect(assertion({ base: BASE, badge: 'event-sourcing', code: CODE, document: monthly })['narrative']).toBe('Earned for March 2026.\n\nDo much.');
  });

  it('says what the badge is', () => {
    expect(badge).toMatchObject({
      name: 'Practitioner of event sourcing', '@language': 'en', version: '3', tags: ['event sourcing', 'databases', 'TypeScript'], image: { id: `${BASE}/badges/event-sourcing/image.png` },
      criteria: { narrative: expect.stringContaining('Attend at least 90 %') as string }, related: [{ id: `${BASE}/ob2/badges/event-sourcing/3/ko`, '@language': 'ko' }],
    });
    expect(badge['alignment']).toHaveLength(3);
    for (const one of badge['alignment'] as readonly JsonObject[]) expect(one).toMatchObject({ type: 'AlignmentObject', targetName: expect.any(String) as string, targetUrl: expect.stringMatching(IRI) as string });
  });

  it('says who the issuer is, in a language', () => {
    expect(issuer).toMatchObject({ name: '서울 학교', url: `${BASE}/issuers/seoul`, image: 'https://school.example/logo.png' });
    expect(issuerProfile(PLACE, { name: { en: 'S' }, image: './logo.png' }, 'en')).not.toHaveProperty('image');
  });

  it('says of one that does not count little more than that', () => {
    expect(revokedAssertion(BASE, CODE, 'why')).toEqual({ '@context': 'https://w3id.org/openbadges/v2', type: 'Assertion', id: made['id'], revoked: true, revocationReason: 'why' });
  });
});
