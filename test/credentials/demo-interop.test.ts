import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeWithSharedData } from '../shared-data.js';
import type { Findings, Tally } from './demo-verified.js';
import { describeWithPython } from './python.js';

/*
 * Every badge of the demo, in each language, as strangers download it: everybody's software accepts it and rejects it with one byte
 * changed. The work is done by a program beside this file; nothing opens a connection.
 */

const SEED = Number(process.env['INTEROP_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const BADGES = 19;
const EDITIONS = BADGES * 2;
const MINUTES = 60_000;

let findings: Findings;
beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'demo-verified.js'), String(SEED)], { maxBuffer: 2 ** 24 });
  findings = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Findings;
}, 8 * MINUTES);

const tallyOf = (name: string): Tally | undefined => findings.tallies.find(({ verifier }) => verifier === name);
const earned = (): Findings['samples'] => findings.samples.filter((sample) => sample.earned);

/** What somebody has to say: each edition that was earned in so many forms, each made one in so many, so many changes of each. */
const expectVerdicts = (name: string, { forms, made, changes }: { readonly forms: number; readonly made: number; readonly changes: number }): void =>
  expect(tallyOf(name)).toEqual({ verifier: name, genuine: earned().length * forms + EDITIONS * made, refused: [], changed: earned().length * changes, letThrough: [] });

describe(`the demo's badges (INTEROP_SEED=${SEED})`, () => {
  it('are all there in English and Korean; those that nobody earned are told', () => {
    expect(new Set(findings.samples.map(({ badge, language }) => `${badge} ${language}`)).size).toBe(EDITIONS);
    expect(findings.samples.filter((sample) => !sample.earned)).toHaveLength(EDITIONS);
    expect(earned().length).toBeGreaterThan(EDITIONS / 2);
    const missing = [...new Set(findings.samples.map(({ badge }) => badge))].filter((badge) => !earned().some((sample) => sample.badge === badge));
    if (missing.length > 0) console.warn(`nobody holds these badges of the demo, so only documents made from their rules were verified: ${missing.join(', ')}`);
  });

  it('verify by our verifier, in JSON, as tokens and baked into PNG and SVG', () => expectVerdicts('our verifier', { forms: 4, made: 2, changes: 9 }));
  it('verify by the engine with its log', () => expectVerdicts('the engine, with its log', { forms: 4, made: 0, changes: 9 }));
  it('verify by @digitalbazaar/vc', () => expectVerdicts('@digitalbazaar/vc', { forms: 1, made: 1, changes: 4 }));
  it('verify by @digitalcredentials/verifier-core', () => expectVerdicts('@digitalcredentials/verifier-core', { forms: 1, made: 1, changes: 4 }));
  it('verify by jose, with the bare key at the address in the token', () => expectVerdicts('jose', { forms: 1, made: 1, changes: 3 }));

  it('have status lists that verify, and one that was revoked is told from one that was not', () => {
    expect(Object.values(findings.lists)).toEqual(['verified', 'verified']);
    expect(findings.revoked).toMatchObject({ 'our verifier': 'revoked: revoked', 'the engine, with its log': 'revoked' });
    expect(findings.revoked['@digitalcredentials/verifier-core']).toMatch(/"revocation_status":false/);
  });

  it('make nobody ask anywhere else', () => {
    expect(findings.elsewhere).toEqual([]);
  });
});

describeWithPython('the demo’s badges in Python', () => {
  it('verify by pyld and cryptography', () => expectVerdicts('pyld and cryptography in Python', { forms: 1, made: 1, changes: 4 }));
});

describeWithSharedData('the demo’s badges and 1EdTech’s strict schema', () => {
  it('agree on every document that was signed', () => {
    expect(findings.schema?.documents).toBeGreaterThan(500);
    expect(findings.schema?.flaws).toEqual([]);
  });
});
