// A program: an engine goes through the demo term, and everybody verifies what strangers can download of it. It prints one line of JSON.
// It is none of the tests' own processes, since their kind of module is a hundred times slower for JSON-LD.
import { existsSync, readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { issuerDid } from '#credentials/document/addresses.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { readLogEvent } from '#domain/log-event.js';
import { seededRandom } from '#engine/demo/random.js';
import type { EventStore } from '#event-store/event-store.js';
import { changedJson, changedToken } from './changed-byte.js';
import { demoSamples, download, type Sample } from './demo-samples.js';
import { demoServer } from './demo-server.js';
import { stockVerdict } from './stock.js';
import { onlyFetchFrom, PUBLISHED_SCHEMA, type Web } from './verifier-core.js';
import { HOLDS, verifiersOf, type Form, type Verifier } from './verifiers.js';

const BASE = 'https://badges.hanbit-academy.example';
const ISSUER = 'hanbit-academy';

/** What a verifier said. */
export interface Tally {
  readonly verifier: string;
  readonly genuine: number;
  /** Genuine ones that it does not accept, and why. */
  readonly refused: readonly string[];
  readonly changed: number;
  /** Changed ones that it accepts. */
  readonly letThrough: readonly string[];
}

/** What the program prints. */
export interface Findings {
  readonly samples: readonly Pick<Sample, 'badge' | 'language' | 'earned'>[];
  readonly tallies: readonly Tally[];
  /** Status lists by their addresses, as the stock verifier sees them. */
  readonly lists: Readonly<Record<string, string>>;
  /** What each says of a credential that was revoked, by verifier. */
  readonly revoked: Readonly<Record<string, string>>;
  /** How many documents the log has, and what the published schema has against them; absent where it is not here. */
  readonly schema?: { readonly documents: number; readonly flaws: readonly string[] };
  /** Addresses that genuine ones made somebody ask and that are not the engine's. */
  readonly elsewhere: readonly string[];
}

interface Case {
  readonly label: string;
  readonly form: Form;
  readonly earned: boolean;
  readonly bytes: Uint8Array;
  readonly changed: boolean;
}

const casesOf = (seed: number) => ({ badge, language, earned, json, jwt, png, svg }: Sample): readonly Case[] => {
  const cases = (form: Form, bytes: Uint8Array, changed: readonly Buffer[]): readonly Case[] => {
    const label = `${badge} ${language} ${earned ? 'earned' : 'made'} ${form}`;
    return [
      { label, form, earned, bytes, changed: false },
      ...changed.map((other) => {
        const at = other.findIndex((byte, i) => byte !== bytes[i]);
        return { label: `${label}, byte ${at}: ${other.toString('latin1', at - 40, at + 20)}`, form, earned, bytes: other, changed: true };
      }),
    ];
  };
  const random = seededRandom(seed, `${badge} ${language} ${earned}`);
  return [
    ...cases('json', json, earned ? changedJson(json, random) : []),
    ...cases('jwt', Buffer.from(jwt), earned ? changedToken(jwt, random) : []),
    ...(png ? cases('png', png, changedJson(png, random).slice(-1)) : []),
    ...(svg ? cases('svg', svg, changedJson(svg, random).slice(-1)) : []),
  ];
};

const tally = async ({ name, forms, hasLog, verify }: Verifier, all: readonly Case[], changing: (changed: boolean) => void): Promise<Tally> => {
  const cases = all.filter(({ form, earned }) => forms.includes(form) && (earned || !hasLog));
  const said = async (changed: boolean) => {
    changing(changed);
    const asked = cases.filter((one) => one.changed === changed);
    const answers = await verify(asked.map(({ bytes }) => bytes));
    return asked.map(({ label }, i) => ({ label, answer: answers[i] ?? 'no answer' }));
  };
  const [genuine, changed] = [await said(false), await said(true)];
  return {
    verifier: name,
    genuine: genuine.length,
    refused: genuine.filter(({ answer }) => answer !== HOLDS).map(({ label, answer }) => `${label}: ${answer}`),
    changed: changed.length,
    letThrough: changed.filter(({ answer }) => answer === HOLDS).map(({ label }) => label),
  };
};

/** Every document that was ever signed, by its stream and language. */
async function* everyDocument(store: EventStore): AsyncGenerator<readonly [name: string, document: object]> {
  for (let after = 0; ; ) {
    const page = await store.readAll({ after, limit: 500, categories: ['credential'] });
    for (const { type, schema, json, stream, position } of page) {
      const event = readLogEvent(type, schema, json);
      if (event.type !== 'CredentialIssued' && event.type !== 'CredentialRenewed') continue;
      for (const [language, document] of Object.entries(event.editions)) yield [`${event.badge} ${language} ${stream}@${position}`, document];
    }
    const last = page.at(-1);
    if (!last) return;
    after = last.position;
  }
}

const schemaFindings = async (store: EventStore): Promise<Findings['schema']> => {
  if (!existsSync(PUBLISHED_SCHEMA)) return undefined;
  const ajv = new Ajv2019({ strict: false });
  addFormats.default(ajv);
  const holds = ajv.compile(JSON.parse(readFileSync(PUBLISHED_SCHEMA, 'utf8')) as object);
  let documents = 0;
  const flaws: string[] = [];
  for await (const [name, document] of everyDocument(store)) {
    documents++;
    if (!holds(document)) flaws.push(`${name}: ${ajv.errorsText(holds.errors)}`);
  }
  return { documents, flaws };
};

const server = await demoServer(BASE);
try {
  const elsewhere = new Set<string>();
  let changed = false;
  const kept = new Map<string, Promise<unknown>>();
  const web: Web = async (url) => {
    if (!url.startsWith(`${BASE}/`)) {
      if (!changed) elsewhere.add(url);
      return undefined;
    }
    const found = kept.get(url) ?? download(server, url.slice(BASE.length)).then((bytes) => JSON.parse(bytes.toString()) as unknown, () => undefined);
    kept.set(url, found);
    return found;
  };
  const { engine } = server;
  const samples = await demoSamples(server);
  const did = issuerDid(BASE, ISSUER);
  onlyFetchFrom(web, [did], new Date().toISOString());
  const verifiers = verifiersOf(server, did, web);
  const cases = samples.flatMap(casesOf(Number(process.argv[2])));
  const tallies: Tally[] = [];
  for (const verifier of verifiers) tallies.push(await tally(verifier, cases, (now) => (changed = now)));
  changed = false;

  const didDocument = (await web(`${BASE}/issuers/${ISSUER}/did.json`)) as JsonObject;
  const lists = Object.fromEntries(await Promise.all(['revocation', 'suspension'].map(async (purpose) => {
    const address = `${BASE}/issuers/${ISSUER}/status/1/${purpose}`;
    return [address, await stockVerdict((await web(address)) as JsonObject, didDocument, new Date().toISOString())] as const;
  })));
  const [taken] = await engine.readModels.find('credential', { where: { tenant: engine.config.tenant, status: 'revoked' }, limit: 1 });
  const revoked = await download(server, `/credentials/${taken?.['code'] as string}/en`);
  const opinions = verifiers.filter(({ name }) => ['our verifier', 'the engine, with its log', '@digitalcredentials/verifier-core'].includes(name));
  const schema = await schemaFindings(engine.store);
  const findings: Findings = {
    samples: samples.map(({ badge, language, earned }) => ({ badge, language, earned })),
    tallies,
    lists,
    revoked: Object.fromEntries(await Promise.all(opinions.map(async ({ name, verify }) => [name, (await verify([revoked]))[0] ?? ''] as const))),
    ...(schema && { schema }),
    elsewhere: [...elsewhere],
  };
  console.log(JSON.stringify(findings));
} finally {
  await server.close();
}
