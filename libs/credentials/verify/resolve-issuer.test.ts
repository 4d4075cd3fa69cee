import { issuer, NOW, other, portsWith, signed, unsigned } from './badges-under-test.js';
import type { JsonObject } from '../json-ld/json.js';
import { controllerKeys, isWithdrawn, jwksKeys } from './issuer-keys.js';
import { firstOf, isUnresolved, offlineIssuers } from './resolve-issuer.js';
import { verifyBadge } from './verify-badge.js';

const methods = issuer.document['verificationMethod'] as readonly JsonObject[];
const keyIds = (document: JsonObject) => controllerKeys(issuer.did, document)?.map(({ id }) => id);

describe('the keys of an issuer', () => {
  it('are those that it lists for assertions as its own', () => {
    expect(keyIds(issuer.document)).toEqual([`${issuer.did}#k1`, `${issuer.did}#k2`]);
    expect(keyIds({ ...issuer.document, assertionMethod: [`${issuer.did}#k2`] })).toEqual([`${issuer.did}#k2`]);
    expect(keyIds({ ...issuer.document, assertionMethod: undefined, authentication: issuer.document['assertionMethod'] })).toEqual([]);
    expect(keyIds({ ...issuer.document, verificationMethod: methods.map((one) => ({ ...one, controller: other.did })) })).toEqual([]);
    expect(keyIds({ ...issuer.document, verificationMethod: methods.map(({ controller: _, ...one }) => one) })).toEqual([]);
  });

  it('may stand in the list itself, or be named relative to the document', () => {
    const relative = methods.map((one) => ({ ...one, id: String(one['id']).replace(issuer.did, '') }));
    expect(keyIds({ id: issuer.did, verificationMethod: relative, assertionMethod: ['#k1'] })).toEqual([`${issuer.did}#k1`]);
    expect(keyIds({ id: issuer.did, assertionMethod: relative })).toEqual([`${issuer.did}#k1`, `${issuer.did}#k2`]);
  });

  it('are not those of a document of somebody else', () => {
    expect(controllerKeys(other.did, issuer.document)).toBeUndefined();
    expect(controllerKeys(issuer.did, { ...issuer.document, id: [issuer.did] })).toBeUndefined();
  });

  it('are read from whatever somebody publishes without harm', () => {
    for (const strange of [undefined, null, 7, 'x', [], {}, [null], [[]], [{ id: 7 }], [{ id: '#k', controller: issuer.did, publicKeyMultibase: 7 }], [{ id: '#k', controller: issuer.did, publicKeyJwk: [] }]]) {
      expect(keyIds({ id: issuer.did, verificationMethod: strange, assertionMethod: ['#k'] })).toEqual([]);
      expect(keyIds({ id: issuer.did, verificationMethod: [], assertionMethod: strange })).toEqual([]);
      expect(jwksKeys(strange)).toEqual([]);
    }
  });

  it('lose their private part, and those for encryption are left out', () => {
    const jwk = { ...issuer.p256.export({ format: 'jwk' }), kid: 'a' };
    expect(jwk).toHaveProperty('d');
    expect(jwksKeys({ keys: [jwk, { ...jwk, use: 'enc' }] }).map((key) => [key.name, Object.keys(key.jwk).sort()])).toEqual([['a', ['crv', 'kty', 'x', 'y']]]);
  });

  it('are withdrawn from the time on that the issuer says', () => {
    const key = (until: readonly unknown[]) => ({ jwk: {}, until });
    expect([[], ['2026-09-01T00:00:01Z'], ['2026-09-01T00:00:00Z'], ['soon'], [7]].map((until) => isWithdrawn(key(until), NOW))).toEqual([false, false, true, true, true]);
  });
});

describe('issuers', () => {
  it('with a did:key are their own document', async () => {
    const name = String(methods[0]?.['publicKeyMultibase']);
    const did = `did:key:${name}`;
    const { credentialStatus: _, ...plain } = unsigned();
    const document = { ...plain, issuer: { id: did, type: ['Profile'], name: 'A key' } };
    const badge = await signed(document, { ...issuer, did, method: `${did}#${name}` });
    expect((await verifyBadge(JSON.stringify(badge), portsWith([], []), NOW)).verdict).toBe('valid');
    const anothers = await signed(document, other, `${did}#${name}`);
    expect((await verifyBadge(JSON.stringify(anothers), portsWith([], []), NOW)).verdict).toBe('invalid');
  });

  it.each(['urn:uuid:00000000-0000-4000-8000-000000000001', 'did:example:1', 'did:key:zDnaeucDGfhXHoJVqot3p21RuupNJ2fZrs8Lb1GV83VnSo2jR', 'did:web:a/../b', 'ftp://x/', 'https://u:p@school.example/', 'https://school.example/#k'])(
    'with the id %s have no keys to look up',
    async (id) => expect(await offlineIssuers([{ id }])(id)).toMatchObject({ reason: 'issuer-unsupported' }),
  );

  it('are asked for one place after the other, until one knows', async () => {
    const resolve = firstOf(offlineIssuers([]), offlineIssuers([issuer.document]));
    const found = await resolve(issuer.did);
    expect(isUnresolved(found) ? found : found.keys.length).toBe(2);
    expect(await resolve(other.did)).toMatchObject({ reason: 'issuer-unknown' });
  });
});
