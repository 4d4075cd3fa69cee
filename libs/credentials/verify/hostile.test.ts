import { createHmac, createPublicKey, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { isJsonObject, type JsonObject } from '../json-ld/json.js';
import { statusListCredential, statusBits, MIN_ENTRIES } from '../status-list.js';
import { inPng, inSvg, issuer, NOW, other, part, pngWith, portsWith, signed, statusList, textChunk, token, unsigned } from './badges-under-test.js';
import { CHECKS, type Report } from './report.js';
import { REASONS } from './reasons.js';
import { verifyBadge, type VerifyPorts } from './verify-badge.js';

/*
 * Forged and malformed badges: never valid, never thrown at, always with a clear report. All issuers are known and all lists are there,
 * so that nothing but the forgery stands in the way.
 */

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 700);
/** Other suites may have the machine as well. */
const PATIENCE_MS = 300_000;
const json = (value: unknown): string => JSON.stringify(value);

/** Counts what a badge makes the verifier ask for. */
const counting = (ports: VerifyPorts) => {
  const asked = { issuers: 0, lists: 0 };
  return {
    asked,
    ports: {
      resolveIssuer: (id: string) => (asked.issuers++, ports.resolveIssuer(id)),
      loadStatusList: (address: string) => (asked.lists++, ports.loadStatusList(address)),
    } satisfies VerifyPorts,
  };
};

const BIDI = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\u200b\u0000-\u0008]/;

/** What holds of every report about something that is not a badge of its issuer. */
const expectRefused = (report: Report, what: string): void => {
  const { verdict, words, checks, badge } = report;
  if (!['invalid', 'unsupported', 'cannot-be-told'].includes(verdict)) throw new Error(`${verdict}: ${what}`);
  expect(badge).toBeUndefined();
  expect(checks.map(({ check }) => check)).toEqual([...CHECKS]);
  expect(checks.some(({ result }) => result !== 'passed')).toBe(true);
  for (const text of [words, ...checks.map((one) => one.words)]) expect(text.en.length > 10 && text.ko.length > 3).toBe(true);
  for (const { detail = '' } of checks) expect(detail.length <= 301 && !BIDI.test(detail)).toBe(true);
};

let lists: readonly string[] = [];
let badge: JsonObject = {};
let jwt = '';
const seen = new Map<string, number>();
let tried = 0;

beforeAll(async () => {
  lists = [await statusList('revocation'), await statusList('suspension')];
  badge = await signed(unsigned());
  jwt = await token(unsigned());
});
afterAll(() => {
  console.log(`${tried} forged or malformed badges: ${[...seen].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${reason} ${count}`).join(', ')}`);
  expect(Object.prototype).not.toHaveProperty('polluted');
});

const refuse = async (input: Uint8Array | string): Promise<Report> => {
  const { ports, asked } = counting(portsWith(lists));
  const report = await verifyBadge(input, ports, NOW);
  tried++;
  const reason = report.checks.find(({ reason: one }) => ['invalid', 'unsupported', 'maker-unknown'].includes(REASONS[one].effect ?? ''))?.reason ?? 'none';
  seen.set(reason, (seen.get(reason) ?? 0) + 1);
  expectRefused(report, typeof input === 'string' ? input.slice(0, 3_000) : Buffer.from(input).toString('latin1').slice(0, 300));
  // Not the issuer's: so nothing is fetched from the addresses in it, and its issuer is looked up once at most.
  expect(asked.lists).toBe(0);
  expect(asked.issuers).toBeLessThanOrEqual(1);
  return report;
};

const placesIn = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
  typeof value !== 'object' || value === null ? [path] : [path, ...Object.entries(value).flatMap(([key, member]) => placesIn(member, [...path, key]))];

const valueAt = (value: unknown, path: readonly string[]): unknown => path.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], value);

/** A copy in which what is at a place is replaced; left out where there is nothing to put there. */
const replaced = (original: JsonObject, path: readonly string[], by: unknown): JsonObject => {
  const copy = structuredClone(original) as Record<string, unknown>;
  const at = valueAt(copy, path.slice(0, -1)) as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  if (by !== undefined) at[last] = by;
  else if (Array.isArray(at)) at.splice(Number(last), 1);
  else delete at[last];
  return copy;
};

const STRANGE = [
  7, -1, 1.5, 1e300, true, 'x', '', 'https://evil.example/', 'did:web:badges.other.example:issuers:other', '\u202egpj', '2026-06-20T09:00:00Z', ['x', 'y'], { id: 'https://evil.example/' },
  { '@id': 'https://evil.example/' }, { '@value': 'x' }, [[['x']]],
];

describe('forged badges', () => {
  it('with anything in them changed, left out or put in', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom('change', 'leave-out', 'replace', 'rename', 'add'), fc.nat(), fc.constantFrom(...STRANGE), async (where, how, at, strange) => {
        const places = placesIn(badge).filter(({ length }) => length > 0);
        const path = places[where % places.length] ?? [];
        const value = valueAt(badge, path);
        let forged = badge;
        if (how === 'leave-out') forged = replaced(badge, path, undefined);
        else if (how === 'replace') forged = replaced(badge, path, strange);
        else if (how === 'change' && typeof value === 'string' && value !== '') {
          const index = at % value.length;
          forged = replaced(badge, path, `${value.slice(0, index)}${value[index] === 'e' ? 'a' : 'e'}${value.slice(index + 1)}`);
        } else if (how === 'rename' && !Array.isArray(valueAt(badge, path.slice(0, -1)))) {
          forged = replaced(replaced(badge, path, undefined), [...path.slice(0, -1), `${path.at(-1)}${at % 2 === 0 ? 'X' : ''}Y`], value);
        } else if (how === 'add' && isJsonObject(value)) forged = replaced(badge, [...path, ['name', 'evil', 'validUntil', 'constructor', 'toString', '@graph', 'hasOwnProperty'][at % 7] ?? ''], strange);
        fc.pre(json(forged) !== json(badge));
        await refuse(json(forged));
      }),
      { numRuns: RUNS },
    ), PATIENCE_MS);

  it('with bytes changed, cut off or doubled', () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom('json', 'jwt', 'svg', 'png'), fc.constantFrom('flip', 'cut', 'double', 'insert'), fc.nat(), fc.nat(255), async (form, how, where, byte) => {
        const carried = form === 'jwt' ? jwt : json(badge);
        const bytes = Buffer.from(form === 'png' ? inPng(carried) : form === 'svg' ? inSvg(carried) : carried);
        // Of an image only the badge in it is signed.
        const first = form === 'png' || form === 'svg' ? bytes.indexOf(carried) : 0;
        const at = first + (where % Buffer.byteLength(carried));
        const edits: Record<typeof how, readonly Uint8Array[]> = {
          flip: [bytes.subarray(0, at), Buffer.from([(bytes[at] ?? 0) ^ (1 + (byte % 127))]), bytes.subarray(at + 1)],
          cut: [bytes.subarray(0, at)],
          double: [bytes.subarray(0, at), bytes.subarray(first, at), bytes.subarray(at)],
          insert: [bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)],
        };
        const forged = Buffer.concat(edits[how]);
        const same = (text: string): boolean => {
          try {
            return json(JSON.parse(text)) === json(badge);
          } catch {
            return text.trim() === jwt;
          }
        };
        // A blank between two members changes nothing, in JSON and around a token.
        fc.pre(form === 'png' || !same(form === 'svg' ? (/CDATA\[([^]*)\]\]/.exec(forged.toString())?.[1] ?? '') : forged.toString()));
        fc.pre(!forged.equals(bytes));
        await refuse(forged);
      }),
      { numRuns: RUNS },
    ), PATIENCE_MS);

  const publicPem = createPublicKey(issuer.p256).export({ format: 'pem', type: 'spki' });
  const publicJwk = createPublicKey(issuer.p256).export({ format: 'jwk' });
  const strangeJwk = createPublicKey(other.p256).export({ format: 'jwk' });
  const es256 = (input: string, key = other.p256): string => sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  const hmac = (input: string, secret: string | Buffer): string => createHmac('sha256', secret).update(input).digest('base64url');

  it('as tokens with every header that somebody may try', () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({
          alg: fc.constantFrom('none', 'None', 'NONE', '', 'HS256', 'HS512', 'ES256', 'RS256', 'ES384', 'PS256', 'EdDSA', 'ES256K', undefined, 7, ['ES256']),
          kid: fc.constantFrom(undefined, issuer.jwtKeyId, other.jwtKeyId, `${issuer.did}#k2`, `${issuer.did}#k1`, `${other.did}#k2`, 'k2', '../k2', 'https://evil.example/issuers/seoul/keys/k2', 7),
          more: fc.constantFrom({}, { jwk: strangeJwk }, { jwk: publicJwk }, { jku: 'https://evil.example/jwks' }, { x5c: ['AA=='] }, { x5u: 'https://evil.example/x' }, { crit: ['exp'], exp: 1 }, { b64: false, crit: ['b64'] }, { zip: 'DEF' }, { cty: 'JWT' }),
          signature: fc.constantFrom('none', 'hmac-pem', 'hmac-jwk', 'hmac-x', 'stranger', 'original', 'empty', 'zeros'),
        }),
        fc.constantFrom('same', 'subject', 'issuer', 'vc', 'status', 'name'),
        async ({ alg, kid, more, signature }, change) => {
          const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as JsonObject;
          const changed: Record<typeof change, JsonObject> = {
            same: claims,
            subject: { ...claims, sub: 'urn:uuid:evil', credentialSubject: { ...(claims['credentialSubject'] as JsonObject), id: 'urn:uuid:evil' } },
            issuer: { ...claims, iss: other.did, issuer: other.did },
            vc: { ...claims, vc: { ...unsigned(), name: 'Other' } },
            status: Object.fromEntries(Object.entries(claims).filter(([key]) => key !== 'credentialStatus')),
            name: { ...claims, name: 'Doctor' },
          };
          const input = `${part({ ...(alg !== undefined && { alg }), ...(kid !== undefined && { kid }), typ: 'JWT', ...more })}.${part(changed[change])}`;
          const signatures: Record<typeof signature, string> = {
            none: '',
            'hmac-pem': hmac(input, publicPem),
            'hmac-jwk': hmac(input, json(publicJwk)),
            'hmac-x': hmac(input, Buffer.from(publicJwk.x ?? '', 'base64url')),
            stranger: es256(input),
            original: jwt.split('.')[2] ?? '',
            empty: 'AA',
            zeros: Buffer.alloc(64).toString('base64url'),
          };
          const forged = `${input}.${signatures[signature]}`;
          // Somebody who signs in his own name, with his own key, forges nothing.
          fc.pre(!(change === 'issuer' && signature === 'stranger'));
          await refuse(forged);
        },
      ),
      { numRuns: RUNS },
    ), PATIENCE_MS);

  it('of somebody else, under the issuer’s name or key', async () => {
    const proofOf = (document: JsonObject): unknown => (document['proof'] as readonly unknown[])[0];
    const { proof: _, ...plain } = badge;
    const strange = await signed(plain, other);
    const cases: readonly (readonly [string, unknown])[] = [
      ['key-of-another', strange],
      ['wrong-signature', await signed(plain, other, issuer.method)],
      ['key-of-another', { ...badge, proof: [proofOf(badge), proofOf(strange)] }],
      ['key-of-another', { ...badge, proof: [proofOf(strange), proofOf(badge)] }],
      ['wrong-signature', { ...badge, proof: [proofOf(badge), { ...(proofOf(badge) as JsonObject), created: '2026-06-21T09:00:00Z' }] }],
      ['key-of-another', { ...badge, issuer: { ...(badge['issuer'] as JsonObject), id: other.did } }],
      ['not-signed', plain],
      ['schema-broken', { ...badge, proof: [] }],
      ['schema-broken', { ...badge, proof: null }],
      ['too-many-proofs', { ...badge, proof: Array.from({ length: 9 }, () => proofOf(badge)) }],
      ['proof-unsupported', { ...badge, proof: [{ ...(proofOf(badge) as JsonObject), cryptosuite: 'eddsa-jcs-2022' }] }],
      ['proof-malformed', { ...badge, proof: [{ ...(proofOf(badge) as JsonObject), proofPurpose: 'authentication' }] }],
      ['schema-broken', { ...badge, proof: [{ ...(proofOf(badge) as JsonObject), verificationMethod: (issuer.document['verificationMethod'] as readonly unknown[])[0] }] }],
      ['key-not-listed', { ...badge, proof: [{ ...(proofOf(badge) as JsonObject), verificationMethod: `${issuer.did}#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi` }] }],
      ['key-unsuitable', { ...badge, proof: [{ ...(proofOf(badge) as JsonObject), verificationMethod: `${issuer.did}#k2` }] }],
    ];
    for (const [reason, forged] of cases) expect((await refuse(json(forged))).checks.map((one) => one.reason)).toContain(reason);
  });
});

describe('malformed input', () => {
  const deep = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);
  const withText = (mark: string, text: string): string => json(badge).replace(mark, text + mark);

  it.each<readonly [string, string, () => Uint8Array | string]>([
    ['a hundred megabytes', 'too-large', () => new Uint8Array(100_000_000)],
    ['a hundred megabytes of JSON', 'too-large', () => `{"a":"${'x'.repeat(100_000_000)}"}`],
    ['more JSON than any badge has', 'too-large', () => json({ ...badge, x: 'x'.repeat(1_000_000) })],
    ['an image larger than badges are, with a badge', 'too-large', () => pngWith(textChunk('x', new Uint8Array(2_000_000)), textChunk('openbadgecredential', Buffer.from(json(badge))))],
    ['nothing', 'not-recognized', () => ''],
    ['nothing in bytes', 'not-recognized', () => new Uint8Array()],
    ['a number', 'not-recognized', () => '7'],
    ['a list', 'not-recognized', () => json([badge])],
    ['bytes that are no text', 'not-text', () => Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['UTF-16', 'not-text', () => Buffer.from(`\ufeff${json(badge)}`, 'utf16le')],
    ['half a character', 'out-of-bounds', () => withText('"description"', '"x":"\\ud800",')],
    ['a text without an end', 'not-json', () => '{"a":"'],
    ['deep lists', 'out-of-bounds', () => `{"a":${deep('[', ']', 400_000)}}`],
    ['deep objects', 'out-of-bounds', () => deep('{"a":', '}', 100_000)],
    ['deep and without an end', 'out-of-bounds', () => `{"a":${'['.repeat(900_000)}`],
    ['many values', 'out-of-bounds', () => json({ ...badge, x: Array.from({ length: 100_000 }, () => 0) })],
    ['two of one member', 'duplicate-key', () => withText('"name"', '"name":"Doctor",')],
    ['two of one member, one of them escaped', 'duplicate-key', () => withText('"name"', '"\\u006eame":"Doctor",')],
    ['two subjects', 'duplicate-key', () => json(badge).replace('"credentialSubject"', '"credentialSubject":{"id":"urn:evil"},"credentialSubject"')],
    ['a member for prototypes', 'forbidden-key', () => withText('"name"', '"__proto__":{"polluted":true},')],
    ['a member for prototypes, escaped', 'forbidden-key', () => withText('"name"', '"__proto\\u005f_":{"polluted":true},')],
    ['a constructor', 'term-unknown', () => json(badge).replace('"awardedDate"', '"constructor":{"prototype":{"polluted":true}},"awardedDate"')],
    ['an unknown vocabulary', 'context-unknown', () => json({ ...badge, '@context': [...(badge['@context'] as readonly unknown[]), 'https://evil.example/context'] })],
    ['a vocabulary of the old data model beside the new', 'context-unknown', () => json({ ...badge, '@context': [...(badge['@context'] as readonly unknown[]), 'https://w3id.org/security/suites/ed25519-2020/v1'] })],
    ['a vocabulary that gives its terms another meaning', 'context-inline', () => json({ ...badge, '@context': [...(badge['@context'] as readonly unknown[]), { name: 'https://evil.example/name' }] })],
    ['vocabularies in the wrong order', 'schema-broken', () => json({ ...badge, '@context': [...(badge['@context'] as readonly unknown[])].reverse() })],
    ['a page', 'malformed-image', () => '<!DOCTYPE html><html><script>alert(1)</script></html>'],
    ['a token of two parts', 'not-recognized', () => jwt.split('.').slice(0, 2).join('.')],
    ['a token with padding', 'not-recognized', () => jwt.replace('.', '=.')],
    ['a token whose parts are no JSON', 'malformed-jwt', () => 'AAAA.BBBB.CCCC'],
    ['a token with other bits at the end of a part', 'malformed-jwt', () => {
      // 16 bytes leave four bits of the last character unused.
      const header = Buffer.from('{"alg":"ES256" }').toString('base64url');
      return `${header.slice(0, -1)}${String.fromCharCode(header.charCodeAt(header.length - 1) + 1)}.${jwt.split('.')[1] ?? ''}.AA`;
    }],
    ['a token with two algorithms', 'duplicate-key', () => `${Buffer.from('{"alg":"none","alg":"ES256"}').toString('base64url')}.${jwt.split('.')[1] ?? ''}.${jwt.split('.')[2] ?? ''}`],
    ['a token with deep claims', 'out-of-bounds', () => `${jwt.split('.')[0] ?? ''}.${Buffer.from(`{"a":${deep('[', ']', 200_000)}}`).toString('base64url')}.AA`],
  ])('%s is told as %s', async (_what, reason, input) => {
    expect((await refuse(input())).checks.map((one) => one.reason)).toContain(reason);
  });

  it.each<readonly [string, string, () => Uint8Array | string]>([
    ['a PNG without a badge', 'no-badge-in-image', () => pngWith()],
    ['a PNG with two badges', 'malformed-image', () => pngWith(textChunk('openbadgecredential', Buffer.from(json(badge))), textChunk('openbadgecredential', Buffer.from(json(badge))))],
    ['a PNG whose text inflates to 500 MB', 'malformed-image', () => pngWith(textChunk('openbadgecredential', Buffer.alloc(500_000_000), true))],
    ['a PNG whose chunk says it is 4 GB long', 'malformed-image', () => Buffer.concat([inPng('x').subarray(0, 33), Buffer.from('fffffff0', 'hex'), Buffer.from('iTXt')])],
    ['a PNG of nothing but its signature', 'malformed-image', () => inPng('x').subarray(0, 8)],
    ['a PNG with 100,000 chunks', 'malformed-image', () => pngWith(...Array.from({ length: 100_000 }, () => textChunk('x', new Uint8Array())).slice(0, 60_000))],
    ['a PNG whose badge is changed under its checksum', 'malformed-image', () => {
      const png = inPng(json(badge));
      const at = png.indexOf('Practitioner');
      png[at] = (png[at] ?? 0) ^ 1;
      return png;
    }],
    ['an SVG without a badge', 'no-badge-in-image', () => '<svg xmlns="http://www.w3.org/2000/svg"><text>{"a":1}</text></svg>'],
    ['an SVG that defines entities', 'malformed-image', () => `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>${inSvg('&b;').replace('<?xml version="1.0"?>', '')}`],
    ['an SVG that refers to an entity', 'malformed-image', () => inSvg(json(badge)).replace('<![CDATA[', '&lol;<![CDATA[')],
    ['an SVG that reads a file', 'malformed-image', () => `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>`],
    ['an SVG with two badges', 'malformed-image', () => inSvg(json(badge)).replace('<path', '<openbadges:credential verify="x"/><path')],
    ['an SVG with its badge in another namespace', 'no-badge-in-image', () => inSvg(json(badge)).replace('https://purl.imsglobal.org/ob/v3p0', 'https://evil.example/')],
    ['an SVG in a comment', 'no-badge-in-image', () => inSvg(json(badge)).replace('<openbadges:credential>', '<!--<openbadges:credential>').replace('</openbadges:credential>', '</openbadges:credential>-->')],
    ['a deep SVG', 'malformed-image', () => `<svg>${'<g>'.repeat(100_000)}`],
    ['an SVG without an end', 'malformed-image', () => `<svg ${' '.repeat(1_000_000)}`],
    ['an SVG of opening brackets', 'malformed-image', () => `<svg>${'<'.repeat(1_000_000)}`],
    ['an SVG of quotation marks', 'malformed-image', () => `<svg ${'a="'.repeat(300_000)}`],
    ['an SVG of ampersands', 'malformed-image', () => inSvg('').replace('<![CDATA[]]>', '&'.repeat(1_000_000))],
    ['an SVG of attributes', 'malformed-image', () => `<svg ${'a '.repeat(500_000)}>`],
  ])('%s is told as %s', async (_what, reason, input) => {
    expect((await refuse(input())).checks.map((one) => one.reason)).toContain(reason);
  });

  it('of other kinds is told apart', async () => {
    const told = async (document: JsonObject): Promise<string | undefined> => (await refuse(json(document))).checks[0]?.reason;
    const of = (...type: readonly string[]): JsonObject => ({ ...badge, type: ['VerifiableCredential', ...type] });
    expect(await told(of('EndorsementCredential'))).toBe('endorsement');
    expect(await told(of('ClrCredential'))).toBe('clr');
    expect(await told(of('BitstringStatusListCredential'))).toBe('status-list');
    expect(await told({ '@context': badge['@context'], type: 'VerifiablePresentation', verifiableCredential: [badge] })).toBe('presentation');
    expect(await told({ '@context': badge['@context'], type: 'EnvelopedVerifiableCredential', id: `data:application/vc+jwt,${jwt}` })).toBe('enveloped');
    expect(await told({ '@context': 'https://w3id.org/openbadges/v2', type: 'BadgeClass' })).toBe('part-of-open-badge-2');
    expect(await told({ '@context': 'https://w3id.org/openbadges/v2', type: 'Assertion', verification: { type: 'SignedBadge' } })).toBe('signed-open-badge-2');
    expect(await told({ '@context': 'https://w3id.org/openbadges/v1', type: 'Assertion' })).toBe('open-badge-1');
    expect(await told({ uid: '1', verify: { type: 'hosted' } })).toBe('open-badge-1');
    expect(await told({ hello: 'world' })).toBe('other-json');
  });
});

describe('status lists that are hostile', () => {
  const bomb = (): string => `u${gzipSync(Buffer.alloc(256 * 1024 * 1024), { level: 9 }).toString('base64url')}`;
  const listWith = async (encodedList: unknown): Promise<string> => {
    const list = 'https://badges.school.example/issuers/seoul/status/1/revocation';
    const document = statusListCredential({ list, issuer: issuer.did, purpose: 'revocation' }, statusBits(MIN_ENTRIES, []), { validFrom: '2026-08-31T00:00:00Z' });
    return json(await signed({ ...document, credentialSubject: { ...(document['credentialSubject'] as JsonObject), encodedList } }));
  };

  it.each<readonly [string, () => unknown]>([
    ['inflates to 256 MB', bomb],
    ['is not compressed', () => 'uAAAA'],
    ['is in no base', () => 'xH4sIAAA'],
    ['is too short', () => `u${gzipSync(Buffer.alloc(8)).toString('base64url')}`],
    ['is a number', () => 7],
  ])('tell nothing: one that %s', async (_what, encoded) => {
    const list = await listWith(encoded());
    const report = await verifyBadge(json(badge), portsWith([list, lists[1] ?? '']), NOW);
    expect([report.verdict, report.checks.find(({ check }) => check === 'revocation')?.reason]).toEqual(['cannot-be-told', 'list-unreadable']);
  });

  it('are looked up as often as a badge names them, and no more than eight of them', async () => {
    const entry = unsigned()['credentialStatus'] as JsonObject;
    const { ports, asked } = counting(portsWith(lists));
    const many = await signed({ ...unsigned(), credentialStatus: Array.from({ length: 9 }, (_none, i) => ({ ...entry, id: `${String(entry['id'])}-${i}` })) });
    expect((await verifyBadge(json(many), ports, NOW)).verdict).toBe('cannot-be-told');
    expect(asked).toEqual({ issuers: 1, lists: 0 });
  });
});
