import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { credentialUnderTest } from '#credentials/credential-under-test.js';
import { openBadge, languagesOf } from '#credentials/document/open-badge.js';
import { statementUnderTest, wordsUnderTest } from '#credentials/document/statement-under-test.js';
import { canonicalize } from '#credentials/json-ld/canonical.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { readInput } from '#credentials/verify/read-input.js';
import { offlineIssuers } from '#credentials/verify/resolve-issuer.js';
import { baseFlaw, openBadgeFlaw } from '#credentials/verify/schema.js';
import { verifyBadge } from '#credentials/verify/verify-badge.js';
import type { CheckName, Verdict } from '#credentials/verify/report.js';
import { describeWithSharedData, SHARED_DATA } from './shared-data.js';

/*
 * What others say that a badge is: examples of 1EdTech's public validator, inputs of the W3C's test suite, and the published JSON Schema.
 */

const STANDARDS = join(SHARED_DATA, 'standards');
const NOW = Date.parse('2026-09-01T00:00:00Z');
const json = (path: string): JsonObject => JSON.parse(readFileSync(join(STANDARDS, path), 'utf8')) as JsonObject;

// The examples name their keys by what they are; a verifier must have them from the issuer nevertheless.
const KEYS = ['z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi', 'z6Mknyb2Gb4NxzW3xSr9ChTtdQZ1zs77piQ3r9SaJ9vMzmrs', 'z6MkrvfzkMnvCroEUP2DVc9SHPE48CRsvHiVSusHioxTYu1x'];
const profile = (id: string, jwks: readonly unknown[]): JsonObject => ({
  id,
  verificationMethod: KEYS.map((key) => ({ id: `${id}#${key}`, type: 'Multikey', controller: id, publicKeyMultibase: key })),
  assertionMethod: KEYS.map((key) => `${id}#${key}`),
  jwks: { keys: jwks },
});
const ISSUERS = ['https://example.com/issuers/876543', 'https://1edtech.edu/issuers/565049', 'https://example.edu/issuers/565049'];

type Expected = readonly [file: string, verdict: Verdict, check?: CheckName | undefined, reason?: string | undefined];
const EXAMPLES: readonly Expected[] = [
  ['simple.json', 'valid'],
  ['simple.1ob', 'valid'],
  ['simple-json.png', 'valid'],
  ['simple-json.svg', 'valid'],
  // Their tokens lack "sub", which the specification asks for.
  ['simple-jwt.png', 'invalid', 'proof', 'claims-differ'],
  ['simple-jwt.svg', 'invalid', 'proof', 'claims-differ'],
  ['simple-context-alias.json', 'valid'],
  ['simple-context-version.json', 'valid'],
  ['simple-did-web-method.json', 'valid'],
  ['simple-multiple-proofs.json', 'valid'],
  ['complete.json', 'cannot-be-told', 'revocation', 'status-other-kind'],
  ['simple-did-key-method.json', 'unsupported', 'key', 'issuer-unsupported'],
  ['endorsement-valid.json', 'unsupported', 'input', 'endorsement'],
  ['complete_v1.json', 'unsupported', 'input', 'old-data-model'],
  ['credential-status-revoked.json', 'unsupported', 'input', 'old-data-model'],
  ['simple-eddsa-2022.json', 'unsupported', 'input', 'old-data-model'],
  ['simple.jwt', 'unsupported', 'input', 'old-data-model'],
  ['simple-jwt_v1.png', 'unsupported', 'input', 'old-data-model'],
  ['simple-jwt_v1.svg', 'unsupported', 'input', 'old-data-model'],
  ['simple_v1.json', 'unsupported', 'input', 'old-data-model'],
  ['velocity.jwt', 'unsupported', 'input', 'old-data-model'],
  ['simple-noproof.json', 'invalid', 'proof', 'not-signed'],
  ['simple-err-context.json', 'invalid', 'schema', 'schema-broken'],
  ['simple-err-credential-subject-identifier-type.json', 'invalid', 'schema', 'schema-broken'],
  ['simple-err-credential-subject-result-type.json', 'invalid', 'schema', 'schema-broken'],
  ['simple-err-evidence-type.json', 'invalid', 'schema', 'schema-broken'],
  ['simple-err-issued.json', 'invalid', 'dates', 'not-yet-valid'],
  ['simple-err-issuer-parentorg-type.json', 'invalid', 'schema', 'schema-broken'],
  ['simple-err-issuer.json', 'invalid', 'schema', 'schema-broken'],
  ['simple-err-proof-method-unknown-did-method.json', 'invalid', 'key', 'key-of-another'],
  ['simple-err-proof-method.json', 'invalid', 'key', 'key-not-listed'],
  ['simple-err-type.json', 'invalid', 'schema', 'schema-broken'],
];

/** Where in the document the schema must find fault. */
const PATHS: Readonly<Record<string, RegExp>> = {
  'simple-err-context.json': /^@context/,
  'simple-err-credential-subject-identifier-type.json': /identifier\[0\]\.type/,
  'simple-err-credential-subject-result-type.json': /result\[/,
  'simple-err-evidence-type.json': /^evidence\[/,
  'simple-err-issuer-parentorg-type.json': /^issuer\.parentOrg\.type/,
  'simple-err-issuer.json': /"issuer"/,
  'simple-err-type.json': /^type /,
};

describeWithSharedData('the examples of the public validator', () => {
  // Read when the tests run, since the data may be absent.
  const jwks = (): readonly unknown[] =>
    ['png', 'svg'].map((format) => {
      const read = readInput(readFileSync(join(STANDARDS, `ob30/simple-jwt.${format}`)));
      return 'secured' in read && read.secured.kind === 'jwt' ? read.secured.header['jwk'] : undefined;
    });
  const verify = (file: string, keys = jwks()) =>
    verifyBadge(readFileSync(join(STANDARDS, 'ob30', file)), {
      resolveIssuer: offlineIssuers(ISSUERS.map((id) => profile(id, keys))),
      loadStatusList: async () => ({ text: readFileSync(join(STANDARDS, 'ob30/bit-string-list/testlist'), 'utf8') }),
    }, NOW);

  it('are all in the table', () => {
    const files = readdirSync(join(STANDARDS, 'ob30')).filter((name) => name.includes('.'));
    expect(EXAMPLES.map(([file]) => file).sort()).toEqual(files.sort());
  });

  it.each(EXAMPLES.map(([file, verdict, check, reason]) => ({ file, verdict, check, reason })))('$file is $verdict', async ({ file, verdict, check, reason }) => {
    const report = await verify(file);
    expect([report.verdict, ...report.checks.filter((one) => one.check === check).map((one) => one.reason)]).toEqual([verdict, ...(reason === undefined ? [] : [reason])]);
    const path = PATHS[file];
    if (path) expect(report.checks.find((one) => one.check === 'schema')?.detail).toMatch(path);
    if (file.includes('-err-')) expect(report.badge).toBeUndefined();
  });

  it('with a key in the token are not verified with it', async () => {
    const report = await verify('simple-jwt.png', []);
    expect(report.checks.find(({ check }) => check === 'key')?.reason).toBe('key-not-listed');
  });

  it.each(['credential-status-revoked.json', 'credential-status-revoked-blank-nodes.json'])('%s does not count while its list names another address as its own', async (file) => {
    const report = await verify(`bit-string-list/${file}`);
    expect([report.verdict, report.checks.find(({ check }) => check === 'proof')?.reason]).toEqual(['cannot-be-told', 'proof-verified']);
    expect(report.checks.find(({ check }) => check === 'revocation')).toMatchObject({ reason: 'list-untrusted', detail: 'it is the list of another address' });
  });
});

describeWithSharedData('the inputs of the W3C’s test suite', () => {
  const files = (): readonly string[] => readdirSync(join(STANDARDS, 'vcdm2-inputs'));
  // The suite lets an issuer put itself in.
  const input = (file: string): JsonObject => ({ issuer: 'https://issuer.example/1', ...json(`vcdm2-inputs/${file}`) });

  it('that are right pass the base rules', async () => {
    const right = files().filter((name) => name.endsWith('-ok.json'));
    expect(right.length).toBeGreaterThan(10);
    for (const file of right) {
      expect([file, await baseFlaw(input(file))]).toEqual([file, undefined]);
      const canonical = await canonicalize(input(file));
      // The context of the examples is not bundled, which is a refusal of its own.
      expect('refused' in canonical ? canonical.refused : 'canonical').toMatch(/^(canonical|unknown-context)$/);
    }
  });

  it('that are wrong fail them, or have no meaning', async () => {
    const wrong = files().filter((name) => /-fail(-or-inject)?\.json$/.test(name));
    expect(wrong.length).toBeGreaterThan(15);
    for (const file of wrong) {
      const canonical = await canonicalize(input(file));
      expect([file, (await baseFlaw(input(file))) ?? ('refused' in canonical && canonical.refused === 'not-json-ld' ? 'no meaning' : undefined)]).toEqual([file, expect.any(String)]);
    }
  });
});

const published = (): ((document: JsonObject) => boolean) => {
  const ajv = new Ajv2019({ strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(json('ob_v3p0_achievementcredential_schema.json'));
  return (document) => validate(document);
};

describeWithSharedData('the published schema', () => {
  it('takes every badge that this repository’s rules give, in each language, and so does ours', async () => {
    const takes = published();
    const proof = [{ type: 'DataIntegrityProof', created: '2026-09-01T00:00:00Z', cryptosuite: 'eddsa-rdfc-2022', proofPurpose: 'assertionMethod', proofValue: 'z', verificationMethod: 'did:web:x#k' }];
    let documents = 0;
    for (const file of readdirSync('rules').filter((name) => /^[^.]+\.yaml$/.test(name))) {
      const said = statementUnderTest(readFileSync(join('rules', file), 'utf8'), NOW, { period: { name: wordsUnderTest('March 2026'), days: { from: '2026-03-01', to: '2026-03-31' } } });
      for (const language of languagesOf(said.rule)) {
        const document = { ...openBadge(said, language, languagesOf(said.rule)), proof };
        expect([file, language, await openBadgeFlaw(document), takes(document)]).toEqual([file, language, undefined, true]);
        documents++;
      }
    }
    expect(documents).toBeGreaterThan(30);
  });

  it('and ours agree on badges of which something is missing or of another type', async () => {
    const takes = published();
    const original = { ...credentialUnderTest(), proof: [{ type: 'DataIntegrityProof' }] };
    const paths = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
      typeof value !== 'object' || value === null ? [path] : [path, ...Object.entries(value).flatMap(([key, member]) => paths(member, [...path, key]))];
    const places = paths(original).filter(({ length }) => length > 0);
    const differences = new Set<string>();
    let refused = 0;
    for (const place of places) {
      for (const change of [undefined, 7, 'text', [], {}, ['text'], [{}], null, true]) {
        const document = structuredClone(original) as JsonObject;
        let at = document as Record<string, unknown>;
        for (const step of place.slice(0, -1)) at = at[step] as Record<string, unknown>;
        const last = place.at(-1) ?? '';
        if (change !== undefined) at[last] = change;
        else if (Array.isArray(at)) at.splice(Number(last), 1);
        else delete at[last];
        const theirs = takes(document);
        if (!theirs) refused++;
        const ours = await openBadgeFlaw(document);
        if (theirs !== (ours === undefined)) differences.add(`${place.join('.').replace(/\.\d+/g, '[]')}: ${ours === undefined ? 'ours takes it' : ours.replace(/^\S+ /, '')}`);
      }
    }
    expect(refused).toBeGreaterThan(900);
    // Ids are URLs, of which the published schema only says so in words; a list of proofs is not empty; there may be several statuses, or an empty
    // list of them, and none needs an id (VCDM 2.0, section 4.10).
    expect([...differences].filter((one) => !one.endsWith('must be a URL')).sort()).toEqual([
      'credentialStatus.id: ours takes it', 'credentialStatus: ours takes it', 'proof: must NOT have fewer than 1 items', 'proof[]: must NOT have fewer than 1 items',
    ]);
  });
});
