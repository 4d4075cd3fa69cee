import { credentialUnderTest } from '../credential-under-test.js';
import { COLLECTIONS } from './bounds.js';
import { canonicalize } from './canonical.js';
import { BUNDLED_CONTEXTS, contextsWith } from './contexts.js';
import { isPlainIri } from './template.js';
import type { JsonObject } from './json.js';

const V2 = 'https://www.w3.org/ns/credentials/v2';
const ANY = { '@vocab': 'https://terms.example/' };
const about = (rest: JsonObject): JsonObject => ({ '@context': [V2, ANY], id: 'urn:a:b', ...rest });
const refusal = async (document: JsonObject): Promise<string> => {
  const canonical = await canonicalize(document);
  return 'refused' in canonical ? `${canonical.refused}: ${canonical.detail}` : canonical.nquads;
};

describe('the canonical form', () => {
  it('is one sorted line for each statement', async () => {
    expect(await canonicalize({ '@context': V2, id: 'urn:a:b', type: 'VerifiableCredential', name: 'A "name"\n', description: '한국어 🙂' })).toEqual({
      nquads: [
        '<urn:a:b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://www.w3.org/2018/credentials#VerifiableCredential> .\n',
        '<urn:a:b> <https://schema.org/description> "한국어 🙂" .\n',
        '<urn:a:b> <https://schema.org/name> "A \\"name\\"\\n" .\n',
      ].join(''),
    });
  });

  it('has no node without an id for our own credentials', async () => {
    const canonical = await canonicalize(credentialUnderTest());
    expect(canonical).toHaveProperty('nquads');
    expect(JSON.stringify(canonical)).not.toContain('_:');
  });

  it('says where the order of code points is another', async () => {
    const canonical = await canonicalize(about({ tag: ['🙂', 'ｆ'] }));
    expect(canonical).toEqual({
      nquads: '<urn:a:b> <https://terms.example/tag> "🙂" .\n<urn:a:b> <https://terms.example/tag> "ｆ" .\n',
      inCodePoints: '<urn:a:b> <https://terms.example/tag> "ｆ" .\n<urn:a:b> <https://terms.example/tag> "🙂" .\n',
    });
    expect(await canonicalize(about({ tag: ['🙂', '😀', 'a'] }))).not.toHaveProperty('inCodePoints');
  });
});

describe('contexts', () => {
  it('are bundled for what Open Badges need', () => {
    expect([...BUNDLED_CONTEXTS.keys()]).toEqual(
      expect.arrayContaining([
        V2,
        'https://www.w3.org/2018/credentials/v1',
        'https://purl.imsglobal.org/spec/ob/v3p0/context.json',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
        'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
      ]),
    );
  });

  it.each(['https://w3id.org/unheard/of/v1', 'http://127.0.0.1/context.json', 'file:///etc/passwd', 'https://www.w3.org/ns/credentials/v2#'])(
    'that are not bundled are never looked for: %s',
    async (url) => {
      expect(await refusal({ '@context': [V2, url], id: 'urn:a:b', type: 'VerifiableCredential' })).toBe(`unknown-context: ${url}`);
    },
  );

  it('that somebody adds are not there for others', async () => {
    const url = 'https://context.example/v1';
    const document = { '@context': [V2, url], id: 'urn:a:b', colour: 'red' };
    const contexts = contextsWith(new Map([[url, { '@context': { colour: 'https://terms.example/colour' } }]]));
    expect(await canonicalize(document, { contexts })).toEqual({ nquads: '<urn:a:b> <https://terms.example/colour> "red" .\n' });
    expect(await refusal(document)).toBe(`unknown-context: ${url}`);
  });

  it('cannot be replaced', async () => {
    const contexts = contextsWith(new Map([[V2, { '@context': { name: 'https://terms.example/other' } }]]));
    expect(await canonicalize({ '@context': V2, id: 'urn:a:b', name: 'x' }, { contexts })).toEqual({ nquads: '<urn:a:b> <https://schema.org/name> "x" .\n' });
  });

  it('have no term and no prefix that is like an id, so that templates may take ids as they are', () => {
    const keys = (value: unknown): readonly string[] => (typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, inner]) => [key, ...keys(inner)]) : []);
    const terms = [...BUNDLED_CONTEXTS.values()].flatMap(keys);
    expect(terms.length).toBeGreaterThan(500);
    expect(terms.filter((term) => isPlainIri(term) || ['http', 'https', 'did', 'urn', 'mailto', 'data'].includes(term))).toEqual([]);
  });
});

describe('a document is refused', () => {
  it.each<[string, JsonObject, string]>([
    ['for a term without meaning', { '@context': V2, id: 'urn:a:b', colour: 'red' }, 'not-json-ld: Dropping property'],
    ['for a type without meaning', { '@context': V2, id: 'urn:a:b', type: 'Colour' }, 'not-json-ld: Relative @type'],
    ['for a relative id', { '@context': V2, id: 'a/b', name: 'x' }, 'not-json-ld: Relative @id'],
    ['for an id with a space', { '@context': V2, id: 'urn:a b', name: 'x' }, 'not-json-ld: Relative @id'],
    ['for an id that N-Quads would escape', { '@context': V2, id: 'urn:a"b', name: 'x' }, 'not-an-iri: urn:a"b'],
    ['for an id that is none', { '@context': V2, id: 'urn:a:b', type: 'VerifiableCredential', issuer: 'urn:{}' }, 'not-an-iri: urn:{}'],
    ['for another meaning of a protected term', { '@context': [V2, { name: 'https://terms.example/name' }], id: 'urn:a:b', name: 'x' }, 'not-json-ld: '],
    ['for half a surrogate pair', about({ a: 'x\ud800y' }), 'out-of-bounds: half of a surrogate pair in a text'],
    ['for half a surrogate pair in a name', about({ '\udc00': 'x' }), 'out-of-bounds: half of a surrogate pair in a name'],
    ['for too many values', about({ a: Array.from({ length: 5_000 }, (_, i) => `${i}`) }), 'out-of-bounds: more than 5000 values'],
    ['for too many contexts', { '@context': Array<string>(201).fill(V2), id: 'urn:a:b', name: 'x' }, 'out-of-bounds: more than 200 contexts'],
    ['for too many nodes without an id', about({ a: Array.from({ length: 401 }, (_, i) => ({ b: `${i}` })) }), 'too-complex: 401 nodes'],
  ])('%s', async (_, document, reason) => {
    expect((await refusal(document)).slice(0, reason.length)).toBe(reason);
  });

  it('for its depth, before anything recurses', async () => {
    let nested: unknown = 'x';
    for (let i = 0; i < 200_000; i++) nested = i % 2 ? { a: nested } : [nested];
    expect(await refusal(about({ a: nested }))).toBe('out-of-bounds: nested more than 48 deep');
  });

  const node = (name: string, links: readonly string[]): JsonObject => ({ id: `_:${name}`, p: links.map((id) => ({ id: `_:${id}` })) });
  const names = (n: number, prefix = 'n'): readonly string[] => Array.from({ length: n }, (_, i) => `${prefix}${i}`);
  it.each<[string, readonly JsonObject[]]>([
    ['everybody knows everybody', names(12).map((name, _, all) => node(name, all.filter((other) => other !== name)))],
    ['a ring', names(200).map((name, i) => node(name, [`n${(i + 1) % 200}`]))],
    ['two sides', names(24).map((name) => node(name, names(25, 'm')))],
    ['a large web', names(60).map((name) => node(name, names(30, 'm')))],
  ])('for nodes that can hardly be told apart: %s', async (_, graph) => {
    expect(await refusal({ '@context': [V2, ANY], '@graph': graph })).toMatch(/^too-complex: /);
  });

  it('with a reason of bounded length', async () => {
    expect((await refusal({ '@context': V2, id: 'urn:a:b', ['x'.repeat(100_000)]: 'y' })).length).toBeLessThan(400);
  });

  it('unless it is said that it holds many', async () => {
    const many = about(Object.fromEntries(Array.from({ length: 60 }, (_, p) => [`p${p}`, Array.from({ length: 90 }, (_, i) => `${i}`)])));
    expect(await refusal(many)).toMatch(/^out-of-bounds: /);
    expect(await canonicalize(many, { bounds: COLLECTIONS })).toHaveProperty('nquads');
  });
});
