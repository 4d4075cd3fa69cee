// How fast credentials are signed (beside the stock stack and bare signatures), issued anew, verified and printed: "npm run bench:credentials".
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Command } from 'commander';
import { credentialUnderTest, ISSUER } from '#credentials/credential-under-test.js';
import { signDocument, type SigningOptions } from '#credentials/data-integrity.js';
import { CanonicalTemplates } from '#credentials/json-ld/canonical-templates.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { publicKeyOfJwk } from '#credentials/multikey.js';
import { ed25519Signer, jwtSignatures } from '#credentials/node-signers.js';
import { signVcJwt, type JwtSigner } from '#credentials/vc-jwt.js';
import { didDocument, stockSigner, stockVerdict } from '../../test/credentials/stock.js';
import { machine, machineLine } from '../machine.js';
import { reached, spread, table, type Figure } from '../report.js';
import { workDirectory } from '../work-directory.js';
import { certificateSeconds } from './certificates.js';
import { measureIssued } from './issued.js';
import { wholeNumber } from '../whole-number.js';

const METHOD = `${ISSUER}#k1`;
const CREATED = '2026-06-20T09:00:00Z';
const AT = '2026-06-30T00:00:00Z';
const WARM_UP = 2_000;
const EVERY = 1_000;
const [STORED, VERIFICATIONS, CERTIFICATES] = [10_000, 5_000, 500];

interface Options {
  readonly credentials: number;
  readonly rounds: number;
  readonly quick?: true;
  readonly dir: string;
  readonly json?: string;
}

const options = new Command('npm run bench:credentials --')
  .description('Measures how many credentials are signed per second of processor time, in one process, beside the stock stack and bare Ed25519; then how fast they are issued anew, verified by code, and printed as certificates.')
  .option('--credentials <n>', 'how many are signed in a round', wholeNumber, 20_000)
  .option('--rounds <n>', 'how often each thing is measured', wholeNumber, 3)
  .option('--quick', 'few credentials, one round: shows that it works, measures nothing')
  .option('--dir <directory>', 'where a directory for the event log is made', tmpdir())
  .option('--json <file>', 'also write all figures to a file')
  .parse()
  .opts<Options>();
const { credentials, rounds } = options.quick ? { credentials: 2_000, rounds: 1 } : options;
const share = options.quick ? 0.2 : 1;

/** Runs something so many times and says how often a second of processor time is enough for it. */
const rate = async (times: number, once: (i: number) => unknown): Promise<number> => {
  const cpu = process.cpuUsage();
  for (let i = 0; i < times; i++) {
    const pending = once(i);
    if (pending instanceof Promise) await pending;
  }
  const { user, system } = process.cpuUsage(cpu);
  return times / ((user + system) / 1e6);
};

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const rawKey = publicKeyOfJwk(publicKey.export({ format: 'jwk' })) ?? new Uint8Array();
const issuer = didDocument(ISSUER, METHOD, rawKey);
const templates = new CanonicalTemplates();
const signing: SigningOptions = { signer: ed25519Signer(privateKey), verificationMethod: METHOD, created: CREATED, canonicalize: templates.canonicalize };
const stock = await stockSigner(issuer, METHOD, privateKey.export({ format: 'jwk' }), CREATED);
const jwtSigner = (algorithm: 'ES256' | 'RS256', key: KeyObject): JwtSigner => ({
  algorithm,
  keyId: 'https://badges.school.example/issuers/seoul/keys/k2',
  sign: jwtSignatures(algorithm, key),
});
const es256 = jwtSigner('ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const rs256 = jwtSigner('RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

const values = { ours: [] as number[], untemplated: [] as number[], stock: [] as number[], raw: [] as number[], es256: [] as number[], rs256: [] as number[] };
const wrong: string[] = [];
let verified = 0;

const verify = async (signed: JsonObject): Promise<void> => {
  const verdict = await stockVerdict(signed, issuer, AT);
  if (verdict === 'verified') verified += 1;
  else wrong.push(`${String(signed['id'])}: ${verdict}`);
};

/** Bare signatures before and after, so that a machine that changes its speed does less harm. */
const bare = (): Promise<number> => {
  const message = Buffer.alloc(64, 7);
  return rate(credentials, () => sign(null, message, privateKey));
};

const round = async (from: number): Promise<void> => {
  const documents = Array.from({ length: credentials }, (_, i) => credentialUnderTest({ number: from + i + 1 }));
  const document = (i: number): JsonObject => documents[i % credentials] ?? {};
  const before = await bare();
  const kept: JsonObject[] = [];
  values.ours.push(
    await rate(credentials, async (i) => {
      const signed = await signDocument(document(i), signing);
      if (i % EVERY === 0) kept.push(signed);
    }),
  );
  values.raw.push((before + (await bare())) / 2);
  for (const signed of kept) await verify(signed);
  const few = Math.max(100, Math.floor(credentials / 50));
  values.stock.push(await rate(few, (i) => stock(document(i))));
  const { canonicalize: _, ...plain } = signing;
  values.untemplated.push(await rate(few, (i) => signDocument(document(i), plain)));
  values.es256.push(await rate(credentials / 4, (i) => signVcJwt(document(i), es256)));
  values.rs256.push(await rate(credentials / 20, (i) => signVcJwt(document(i), rs256)));
};

const on = machine();
console.log(machineLine(on));
for (let i = 0; i < WARM_UP; i++) await signDocument(credentialUnderTest({ number: i + 1 }), signing);
for (let i = 0; i < 50; i++) await stock(credentialUnderTest({ number: i + 1 }));
for (let i = 0; i < rounds; i++) {
  console.error(`round ${i + 1} of ${rounds} …`);
  await round(WARM_UP + i * credentials);
}

console.error('credentials in a log …');
const issued = await workDirectory(options.dir).fresh((dir) => measureIssued(dir, STORED * share, VERIFICATIONS * share));
if (issued.wrong > 0) wrong.push(`${issued.wrong} stored credentials were not issued anew or did not verify`);
console.error('certificates …');
const printed = await certificateSeconds(CERTIFICATES * share);

const ratio = (a: readonly number[], b: readonly number[]): readonly number[] => a.map((value, i) => value / (b[i] ?? NaN));
const figures: readonly Figure[] = [
  { name: 'eddsa-rdfc-2022, ours', unit: 'credentials/s', values: values.ours },
  { name: 'without templates', unit: 'credentials/s', values: values.untemplated },
  { name: 'stock @digitalbazaar/vc', unit: 'credentials/s', values: values.stock },
  { name: 'bare Ed25519, 64 bytes', unit: 'signatures/s', values: values.raw },
  { name: 'ours / stock', unit: 'ratio', values: ratio(values.ours, values.stock), goal: { least: 30 } },
  { name: 'ours / bare Ed25519', unit: 'ratio', values: ratio(values.ours, values.raw), goal: { least: 0.15 } },
  { name: 'VC-JWT, ES256', unit: 'credentials/s', values: values.es256 },
  { name: 'VC-JWT, RS256', unit: 'credentials/s', values: values.rs256 },
  { name: `${(STORED * share).toLocaleString('en')} issued anew`, unit: 's', values: [issued.reissueSeconds], goal: { most: 30 } },
  { name: 'verified by code, p50', unit: 'ms', values: [issued.p50] },
  { name: 'verified by code, p99', unit: 'ms', values: [issued.p99], goal: { most: 20 } },
  { name: 'its processor time', unit: 'ms', values: [issued.processor] },
  { name: `${CERTIFICATES * share} PDF and ${CERTIFICATES * share} PNG, 2 threads`, unit: 's', values: [printed.seconds], goal: { most: 30 } },
  { name: 'their processor time', unit: 's', values: [printed.processor] },
];
console.log(`\n${table(figures)}`);
const size = JSON.stringify(await signDocument(credentialUnderTest(), signing)).length;
console.log('\nRates are per second of processor time, all threads of the process together: what one core does. Times are on the clock.');
console.log(`A signed credential has ${size.toLocaleString('en')} characters. The stock stack verified every ${EVERY.toLocaleString('en')}th: ${verified} of ${verified + wrong.length}.`);
if (options.quick) console.log('\nThis was a quick run: it shows that everything works, not how fast it is.');
if (options.json !== undefined) {
  const results = figures.map((figure) => ({ ...figure, ...spread(figure.values), reached: reached(figure) }));
  writeFileSync(options.json, `${JSON.stringify({ machine: on, at: new Date().toISOString(), quick: options.quick === true, figures: results, verified, wrong }, null, 2)}\n`);
}
if (wrong.length > 0 || verified === 0 || templates.counts.filled < credentials * rounds) {
  console.error(`\nWrong: ${wrong[0] ?? 'credentials went the slow way'}`);
  process.exitCode = 1;
}
