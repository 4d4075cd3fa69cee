import { NOW, portsWith } from './badges-under-test.js';
import type { JsonObject } from '../json-ld/json.js';
import { verifyBadge } from './verify-badge.js';

const BASE = 'https://badges.school.example';
const assertion = (more: JsonObject = {}): JsonObject => ({
  '@context': 'https://w3id.org/openbadges/v2',
  id: `${BASE}/assertions/1`,
  type: 'Assertion',
  recipient: { type: 'email', hashed: true, identity: 'sha256$00' },
  badge: `${BASE}/classes/1`,
  issuedOn: '2026-06-20T09:00:00Z',
  verification: { type: 'HostedBadge' },
  ...more,
});
const badgeClass: JsonObject = { '@context': 'https://w3id.org/openbadges/v2', id: `${BASE}/classes/1`, type: 'BadgeClass', name: 'Event sourcing', issuer: `${BASE}/issuer` };
const profile: JsonObject = { '@context': 'https://w3id.org/openbadges/v2', id: `${BASE}/issuer`, type: 'Issuer', name: 'Seoul School' };

/** Verifies an assertion where these documents are published. */
const verify = (given: JsonObject, ...published: readonly JsonObject[]) => {
  const texts = new Map(published.map((one) => [one['id'], JSON.stringify(one)]));
  const loadHosted = async (address: string) => {
    const text = texts.get(address);
    return text === undefined ? ({ reason: 'unknown', detail: address } as const) : { text };
  };
  return verifyBadge(JSON.stringify(given), { ...portsWith([]), loadHosted }, NOW);
};
const verdict = async (given: JsonObject, ...published: readonly JsonObject[]) => {
  const report = await verify(given, ...published);
  return [report.verdict, report.checks.find(({ check }) => check === 'proof')?.reason];
};

describe('a hosted assertion of Open Badges 2.0', () => {
  it('is valid where its issuer publishes it', async () => {
    expect(await verify(assertion(), assertion(), badgeClass, profile)).toMatchObject({
      verdict: 'valid', badge: { name: 'Event sourcing', issuer: { id: `${BASE}/issuer`, name: 'Seoul School' } },
    });
  });

  it('says nothing by itself', async () => {
    expect(await verdict(assertion())).toEqual(['cannot-be-told', 'hosted-unavailable']);
    expect(await verdict(assertion(), assertion())).toEqual(['cannot-be-told', 'hosted-unavailable']);
    expect((await verifyBadge(JSON.stringify(assertion()), portsWith([]), NOW)).verdict).toBe('cannot-be-told');
  });

  it('is not what somebody made of it', async () => {
    const changed = assertion({ recipient: { type: 'email', hashed: true, identity: 'sha256$11' } });
    expect(await verdict(changed, assertion(), badgeClass, profile)).toEqual(['invalid', 'hosted-otherwise']);
  });

  it('may not stand anywhere', async () => {
    const elsewhere = assertion({ id: 'https://badges.school.example.evil/1' });
    expect(await verdict(elsewhere, elsewhere, badgeClass, profile)).toEqual(['invalid', 'hosted-elsewhere']);
    const allowing = (verification: JsonObject): JsonObject => ({ ...profile, verification });
    expect(await verdict(elsewhere, elsewhere, badgeClass, allowing({ startsWith: 'https://badges.school.example' }))).toEqual(['invalid', 'hosted-elsewhere']);
    expect(await verdict(elsewhere, elsewhere, badgeClass, allowing({ allowedOrigins: ['badges.school.example.evil'] }))).toEqual(['valid', 'hosted-same']);
    expect(await verdict(assertion(), assertion(), badgeClass, allowing({ startsWith: `${BASE}/assertions/` }))).toEqual(['valid', 'hosted-same']);
    expect(await verdict(assertion(), assertion(), badgeClass, allowing({ startsWith: `${BASE}/other/` }))).toEqual(['invalid', 'hosted-elsewhere']);
  });

  it('can be revoked, and expire', async () => {
    const { verdict: found, checks } = await verify(assertion(), assertion({ revoked: true, revocationReason: 'A slip.' }), badgeClass, profile);
    expect([found, checks.find(({ check }) => check === 'revocation')?.detail]).toEqual(['revoked', 'A slip.']);
    const old = assertion({ expires: '2026-07-01T00:00:00Z' });
    expect((await verify(old, old, badgeClass, profile)).verdict).toBe('expired');
  });

  it('has what an assertion must have', async () => {
    for (const member of ['id', 'recipient', 'badge', 'issuedOn', 'verification']) {
      const given = Object.fromEntries(Object.entries(assertion()).filter(([key]) => key !== member));
      const { verdict: found, checks } = await verify(given, assertion(), badgeClass, profile);
      expect([found, checks[1]?.reason, checks[1]?.detail]).toEqual(['invalid', 'schema-broken', expect.stringContaining(member)]);
    }
  });
});
