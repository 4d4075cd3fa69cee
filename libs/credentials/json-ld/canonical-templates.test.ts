import fc from 'fast-check';
import { credentialUnderTest, USUAL, type CredentialParts } from '../credential-under-test.js';
import { CanonicalTemplates } from './canonical-templates.js';
import { canonicalize } from './canonical.js';
import type { JsonObject } from './json.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60);

/** Text of all kinds that people and machines write, and some that only the latter do. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  { weight: 3, arbitrary: fc.constantFrom('', ' ', '"', '\\', '\\"', '\\n', '\n', '\r\n', '\t', '\b\f', '\u0000\u001f\u007f\u0080', '한국어 배지', '🙂', 'ｆ', '\u202edlrow\u202c', '<b>', '@en', '"@en', '"^^<urn:x>', '_:b0', 'urn:proofmark-leaf:3;', ' .\n') },
  { weight: 1, arbitrary: fc.array(fc.constantFrom('a', 'b', '"', '\\', '\ud83d', '\ude42', '\ue000', '\u2028'), { maxLength: 4 }).map((units) => units.join('')) },
);
const words = text.map((value) => value.slice(0, 40));

const parts: fc.Arbitrary<CredentialParts> = fc.record({
  number: fc.nat(5),
  evidence: fc.array(fc.record({ name: words, narrative: words }), { maxLength: 3 }),
  results: fc.array(fc.record({ value: words }), { maxLength: 2 }),
  tags: fc.array(fc.oneof(words, fc.constantFrom('a', 'b')), { maxLength: 4 }),
  name: words,
  alignments: fc.array(words, { maxLength: 2 }),
  expires: fc.boolean(),
});

const odd = fc.oneof(
  fc.constantFrom('', '#', 'relative', '//x', 'https://x', 'https:x', 'HTTPS://x', 'http://x/ü한', 'https://x/ y', 'https://x/\u00a0', 'https://x/\u3000', 'https://x/<', 'https://x/"', 'https://x/\\', 'https://x/{}', 'https://x/|^`', 'urn:', 'urn:x', 'did:', 'data:,x', 'mailto:a@b', 'tel:1', 'xsd:date', 'cred:x', '_:b0', '_:c14n0', '@id', '@type', 'id', 'type', 'name', 'VerifiableCredential', 'https://x/🙂', 'https://x/\ud800', 'https://x/%22', 'https://x/\u007f'),
  words,
  words.map((value) => `https://x/${value}`),
  words.map((value) => `urn:${value}`),
);

/** The same with ids of the kinds that may occur, and of those that must not, and with values that are no text. */
const tampered = fc.tuple(parts, fc.option(odd), fc.option(odd), fc.option(odd), fc.option(fc.constantFrom<unknown>(3, 2.5, 1e21, true, null, ['x', 7], { id: 'urn:x' }, {}, [], { '@value': 'x', '@language': 'ko' }))).map(
  ([made, id, evidence, issuer, value]): JsonObject => {
    const document: { [key: string]: unknown } = { ...credentialUnderTest(made) };
    if (id !== null) document['id'] = id;
    if (issuer !== null) document['issuer'] = issuer;
    if (value !== null) document['name'] = value;
    if (evidence !== null && Array.isArray(document['evidence'])) document['evidence'] = (document['evidence'] as JsonObject[]).map((item, i) => (i === 0 ? { ...item, id: evidence } : item));
    return document;
  },
);

const template = new CanonicalTemplates();
const sameAsStock = async (document: JsonObject, templates = template): Promise<void> => {
  const expected = await canonicalize(document);
  // The second time there is a template, where there can be one.
  expect(await templates.canonicalize(document)).toEqual(expected);
  expect(await templates.canonicalize(document)).toEqual(expected);
};

describe('a canonical form that is filled in', () => {
  it('is that of the stock library for credentials with any texts', async () => {
    await fc.assert(
      fc.asyncProperty(parts, (made) => sameAsStock(credentialUnderTest(made))),
      { numRuns: RUNS },
    );
    expect(template.counts.filled).toBeGreaterThan(RUNS * 0.5);
  });

  it('is that of the stock library, or refused like there, with any ids and other values', async () => {
    await fc.assert(
      fc.asyncProperty(tampered, (document) => sameAsStock(document)),
      { numRuns: RUNS },
    );
  });

  it('comes from a template that was made for another document', async () => {
    const templates = new CanonicalTemplates();
    await templates.canonicalize(credentialUnderTest());
    for (let number = 2; number < 12; number++) {
      const document = credentialUnderTest({ number, name: `Badge "${number}"\n` });
      expect(await templates.canonicalize(document)).toEqual(await canonicalize(document));
    }
    expect(templates.counts).toEqual({ filled: 10, documents: 11 });
  });

  it('says the same thing once', async () => {
    const templates = new CanonicalTemplates();
    const document = (tags: readonly string[]): JsonObject => credentialUnderTest({ tags });
    await templates.canonicalize(document(['a', 'b', 'c']));
    for (const tags of [['a', 'a', 'a'], ['c', 'b', 'a'], ['b', 'a', 'b']]) {
      expect(await templates.canonicalize(document(tags))).toEqual(await canonicalize(document(tags)));
    }
    expect(templates.counts.filled).toBe(3);
  });

  it('holds where two nodes turn out to be one', async () => {
    const templates = new CanonicalTemplates();
    const document = (second: string): JsonObject => ({
      ...credentialUnderTest(),
      evidence: [
        { id: 'urn:x:1', type: ['Evidence'], name: 'One', genre: 'g' },
        { id: second, type: ['Evidence'], name: 'Two', genre: 'g' },
      ],
    });
    await templates.canonicalize(document('urn:x:2'));
    expect(await templates.canonicalize(document('urn:x:1'))).toEqual(await canonicalize(document('urn:x:1')));
    expect(templates.counts.filled).toBe(1);
  });

  it('says where the order of code points is another', async () => {
    const templates = new CanonicalTemplates();
    await templates.canonicalize(credentialUnderTest({ tags: ['a', 'b'] }));
    expect(await templates.canonicalize(credentialUnderTest({ tags: ['🙂', 'ｆ'] }))).toHaveProperty('inCodePoints');
    expect(templates.counts.filled).toBe(1);
  });

  it('is there for proofs, whose node has no id', async () => {
    const templates = new CanonicalTemplates();
    const proof = (created: string): JsonObject => ({
      '@context': credentialUnderTest()['@context'],
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      created,
      verificationMethod: 'did:web:badges.school.example:issuers:seoul#k1',
      proofPurpose: 'assertionMethod',
    });
    await templates.canonicalize(proof('2026-01-01T00:00:00Z'));
    expect(await templates.canonicalize(proof('2026-01-02T00:00:00Z'))).toEqual(await canonicalize(proof('2026-01-02T00:00:00Z')));
    expect(templates.counts.filled).toBe(1);
  });
});

describe('a document with nodes without an id', () => {
  /** Lists are such nodes: here one for each result description. */
  const graded = (allowed: readonly (readonly string[])[], name: string, points = 5): JsonObject => {
    const document = credentialUnderTest({ ...USUAL, name });
    const subject = document['credentialSubject'] as JsonObject;
    const achievement = subject['achievement'] as JsonObject;
    const resultDescription = allowed.map((allowedValue, i) => ({ id: `urn:r:${i}`, type: ['ResultDescription'], name: `Result ${i}`, resultType: 'LetterGrade', allowedValue }));
    return { ...document, credentialSubject: { ...subject, achievement: { ...achievement, creditsAvailable: points, resultDescription } } };
  };
  const GRADES = ['A', 'B', 'C', 'D'];

  it('has a template as long as what is said about them is the same', async () => {
    const templates = new CanonicalTemplates();
    await templates.canonicalize(graded([GRADES, GRADES], 'first'));
    const same = graded([GRADES, GRADES], 'second');
    expect(await templates.canonicalize(same)).toEqual(await canonicalize(same));
    expect(templates.counts.filled).toBe(1);
    const other = graded([GRADES, [...GRADES].reverse()], 'third');
    expect(await templates.canonicalize(other)).toEqual(await canonicalize(other));
    expect(templates.counts.filled).toBe(1);
  });

  it('has another template for each number in it', async () => {
    const templates = new CanonicalTemplates();
    for (const [points, name] of [[5, 'a'], [6, 'b'], [5, 'c'], [6, 'd']] as const) {
      const document = graded([GRADES], name, points);
      expect(await templates.canonicalize(document)).toEqual(await canonicalize(document));
    }
    expect(templates.counts.filled).toBe(2);
  });

  it('has the stock form with any grades', async () => {
    const grades = fc.array(fc.array(fc.constantFrom('A', 'B', '"', '🙂'), { maxLength: 3 }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(grades, words, fc.nat(2), (allowed, name, points) => sameAsStock(graded(allowed, name, points))),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });

  it('goes the stock way when hardly a template is used again', async () => {
    const templates = new CanonicalTemplates();
    for (let points = 0; points < 40; points++) {
      const document = graded([GRADES], 'x', points);
      expect(await templates.canonicalize(document)).toEqual(await canonicalize(document));
    }
    expect(templates.counts).toEqual({ filled: 0, documents: 40 });
    // It gave up making any: a number that it would have made one for is not there either.
    await templates.canonicalize(graded([GRADES], 'x', 39));
    expect(templates.counts.filled).toBe(0);
  });
});

describe('templates', () => {
  it('are made once for documents that come at the same time', async () => {
    const templates = new CanonicalTemplates();
    const documents = Array.from({ length: 50 }, (_, number) => credentialUnderTest({ number }));
    const forms = await Promise.all(documents.map(async (document) => templates.canonicalize(document)));
    for (const [i, document] of documents.entries()) expect(forms[i]).toEqual(await canonicalize(document));
    expect(templates.counts).toEqual({ filled: 49, documents: 50 });
  });

  it('are bounded in number', async () => {
    const templates = new CanonicalTemplates({ shapes: 2, templates: 2 });
    const shaped = (tags: number): JsonObject => credentialUnderTest({ tags: Array.from({ length: tags }, (_, i) => `${i}`) });
    for (const tags of [0, 1, 2, 3, 4, 5]) await templates.canonicalize(shaped(tags));
    await templates.canonicalize(shaped(5));
    expect(templates.counts.filled).toBe(1);
    await templates.canonicalize(shaped(0));
    expect(templates.counts.filled).toBe(1);
  });

  it('are not made of a document with a context of its own', async () => {
    const document = (knows: string): JsonObject => ({
      '@context': ['https://www.w3.org/ns/credentials/v2', { did: { '@id': 'https://terms.example/', '@prefix': true }, knows: { '@id': 'https://terms.example/knows', '@type': '@id' } }],
      id: 'urn:a:b',
      knows,
    });
    const templates = new CanonicalTemplates();
    // The second is short for something else in that context, though it looks like an id.
    for (const knows of ['urn:x', 'did:x']) expect(await templates.canonicalize(document(knows))).toEqual(await canonicalize(document(knows)));
    expect(templates.counts.filled).toBe(0);
  });
});
