import { issuer, NOW, portsWith, signed, statusList, unsigned } from './badges-under-test.js';
import { verifyProof } from '../data-integrity.js';
import { BUNDLED_CONTEXTS } from '../json-ld/contexts.js';
import { isJsonObject, type JsonObject } from '../json-ld/json.js';
import { publicKeyOfMultikey } from '../multikey.js';
import { ACCEPTED_CONTEXTS } from './contexts.js';
import { verifyBadge } from './verify-badge.js';

/*
 * A Data Integrity signature covers what a document means. Whoever holds an expired or revoked badge may write the same meaning so
 * that a program that reads the JSON no longer sees the date or the status, and the signature still holds.
 */

const key = publicKeyOfMultikey((issuer.document['verificationMethod'] as readonly { publicKeyMultibase: string }[])[0]?.publicKeyMultibase ?? '') ?? new Uint8Array();

const LATER = Date.parse('2030-01-01T00:00:00Z');
const without = (document: JsonObject, name: string): JsonObject => Object.fromEntries(Object.entries(document).filter(([member]) => member !== name));

const related = (): JsonObject => {
  const document = unsigned();
  const subject = document['credentialSubject'] as JsonObject;
  const achievement = { ...(subject['achievement'] as JsonObject), related: [{ id: document['id'], type: ['Related'] }] };
  return { ...document, credentialSubject: { ...subject, achievement } };
};
const movedInto = (document: JsonObject, name: string): JsonObject => {
  const subject = document['credentialSubject'] as JsonObject;
  const achievement = subject['achievement'] as JsonObject;
  const node = { id: document['id'], type: ['Related', 'VerifiableCredential', 'OpenBadgeCredential'], [name]: document[name] };
  return { ...without(document, name), credentialSubject: { ...subject, achievement: { ...achievement, related: [node] } } };
};

const DATE = 'http://www.w3.org/2001/XMLSchema#dateTime';
const VALID_UNTIL = 'https://www.w3.org/2018/credentials#validUntil';

const HIDDEN: readonly (readonly [string, () => JsonObject, (signed: JsonObject) => JsonObject])[] = [
  ['an IRI for a term', unsigned, (badge) => ({ ...without(badge, 'validUntil'), [VALID_UNTIL]: { '@type': DATE, '@value': badge['validUntil'] } })],
  [
    'a term of its own',
    unsigned,
    (badge) => ({ ...without(badge, 'validUntil'), '@context': [...(badge['@context'] as readonly unknown[]), { until: { '@id': VALID_UNTIL, '@type': DATE } }], until: badge['validUntil'] }),
  ],
  [
    'a context inside',
    unsigned,
    (badge) => ({
      ...without(badge, 'validUntil'),
      '@included': [{ '@context': { until: { '@id': VALID_UNTIL, '@type': DATE } }, id: badge['id'], until: badge['validUntil'] }],
    }),
  ],
  ['an included node', unsigned, (badge) => ({ ...without(badge, 'validUntil'), '@included': [{ id: badge['id'], type: ['VerifiableCredential'], validUntil: badge['validUntil'] }] })],
  ['another place where the credential is named', related, (badge) => movedInto(badge, 'validUntil')],
  ['another place, for its status', related, (badge) => movedInto(badge, 'credentialStatus')],
];

describe('a signed badge that hides a part of itself', () => {
  it.each(HIDDEN)('behind %s keeps its signature, and is refused', async (_how, original, hide) => {
    const badge = await signed(original());
    const lists = [await statusList('revocation', [1]), await statusList('suspension')];
    expect(['expired', 'revoked']).toContain((await verifyBadge(JSON.stringify(badge), portsWith(lists), LATER)).verdict);
    const hiding = hide(badge);
    // What a verifier would see that looks at the signature alone.
    expect(await verifyProof(hiding, (hiding['proof'] as readonly unknown[])[0], key)).toEqual({ verified: true });
    const report = await verifyBadge(JSON.stringify(hiding), portsWith(lists), LATER);
    expect(['invalid', 'unsupported']).toContain(report.verdict);
    expect(report.badge).toBeUndefined();
    expect(report.checks.find(({ check }) => check === 'contexts')?.result).toBe('failed');
  });

  it('takes what is left where nothing is hidden', async () => {
    expect((await verifyBadge(JSON.stringify(await signed(related())), portsWith([await statusList('revocation'), await statusList('suspension')]), NOW)).verdict).toBe('valid');
  });
});

/** The names under which a context gives each meaning, in all its scopes, types aside. */
const namesIn = (context: unknown, prefixes: ReadonlyMap<string, string>, into: Map<string, Set<string>>): void => {
  if (Array.isArray(context)) context.forEach((one) => namesIn(one, prefixes, into));
  if (!isJsonObject(context)) return;
  for (const [term, definition] of Object.entries(context)) {
    const id = isJsonObject(definition) ? definition['@id'] : definition;
    if (typeof id === 'string' && !term.startsWith('@')) {
      const [prefix = '', rest = ''] = id.split(/:(.*)/s);
      const iri = prefixes.has(prefix) ? `${prefixes.get(prefix)}${rest}` : id;
      into.set(iri, (into.get(iri) ?? new Set()).add(term));
    }
    if (isJsonObject(definition)) {
      expect(Object.keys(definition).filter((member) => ['@nest', '@reverse', '@index', '@prefix', '@import'].includes(member))).toEqual([]);
      namesIn(definition['@context'], prefixes, into);
    }
  }
};

describe('the accepted contexts', () => {
  it('have one name for each meaning that is asked for', () => {
    const names = new Map<string, Set<string>>();
    for (const context of ACCEPTED_CONTEXTS) {
      const terms = (BUNDLED_CONTEXTS.get(context) as JsonObject)['@context'];
      const prefixes = new Map(Object.entries(isJsonObject(terms) ? terms : {}).flatMap(([term, iri]) => (typeof iri === 'string' ? [[term, iri] as const] : [])));
      namesIn(terms, prefixes, names);
    }
    const vc = 'https://www.w3.org/2018/credentials#';
    for (const meaning of ['validFrom', 'validUntil', 'credentialStatus', 'credentialSubject', 'issuer', 'evidence']) {
      expect([meaning, ...(names.get(vc + meaning) ?? [])]).toEqual([meaning, meaning]);
    }
    const aliased = [...names].filter(([, terms]) => terms.size > 1).map(([, terms]) => [...terms].map((term) => term.toLowerCase()));
    // Open Badges names some properties like the types that they lead to; "creator" leads to a Profile and "geo" to coordinates.
    expect(aliased.filter((terms) => new Set(terms).size > 1 && !terms.includes('profile') && !terms.includes('geo') && !terms.includes('id') && !terms.includes('type'))).toEqual([]);
  });
});
