import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AS_ADMIN } from '#engine/http/admin-under-test.js';
import { openLocalKeys } from '#credentials/keys/local-keys.js';
import { openEmbeddedReader } from '#event-store/embedded.js';
import { openEmbeddedReadModels } from '#projections/embedded.js';
import { openEmbeddedVaultReader } from '#vault/embedded.js';
import { learnerSubject } from '#vault/profiles.js';
import { proofmark } from '../cli.js';
import { zipEntries } from '../zip-entries.js';
import { appears, startEngine, type EngineProcess } from './engine-process.js';

/* Somebody is erased for good, with the real programs: their name and address are looked for in every byte of every file. */

const NAME = 'Canaria Birdsong-Vogelsang';
const EMAIL = 'canaria.birdsong@nest.example';
const RULES = {
  'workshop.yaml': `
badge: workshop
name: { en: Data Workshop }
criteria-text: { en: Took part in the whole workshop }
decides: as-soon-as-met
when-corrected: review
criteria: { approval: { by: 1 } }
`,
  'mission.yaml': `
badge: mission
name: { en: Mission }
criteria-text: { en: Completed a mission }
course: C1
decides: as-soon-as-met
when-corrected: keep
criteria:
  count: { of: missions, at-least: 1 }
`,
};
const SLOW_MACHINE_MS = 300_000;
const UNKNOWN = '0000000000000000';

/** How a text may be written: as it is, in UTF-16, in hex, and in base64 wherever it begins. */
const formsOf = (text: string): readonly Buffer[] => {
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, 'utf16le');
  const base64 = [0, 1, 2].flatMap((before) => [utf8, utf16].map((bytes) => {
    // What stands beside it decides the first and the last characters.
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').replace(/=+$/, '');
    return encoded.slice(before === 0 ? 0 : before + 1, -1);
  }));
  return [utf8, utf16, Buffer.from(utf16).swap16(), ...[utf8.toString('hex'), utf8.toString('hex').toUpperCase(), ...base64].map((one) => Buffer.from(one))];
};
const FORMS = [NAME, EMAIL].flatMap(formsOf);

const filesIn = async (dir: string): Promise<readonly string[]> =>
  (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));

/** The files in which some form of the name or the address is found. */
const tracesIn = async (dir: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const file of await filesIn(dir)) {
    const bytes = await readFile(file);
    if (FORMS.some((form) => bytes.includes(form))) found.push(file.slice(dir.length + 1));
  }
  return found;
};

let dir: string;
let data: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'proofmark-erasure-'));
  data = join(dir, 'data');
  await mkdir(join(dir, 'rules'));
  for (const [file, text] of Object.entries(RULES)) await writeFile(join(dir, 'rules', file), text);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const cli = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await proofmark(...args, '--data', data, '--rules', join(dir, 'rules'));
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
};
const post = async ({ url }: EngineProcess, path: string, body: string, type = 'application/json') => {
  const answer = await fetch(url + path, { method: 'POST', body, headers: { ...AS_ADMIN, 'content-type': type } });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
};
const mission = (id: string, learner: string) => ({ id, source: 'lms', type: 'MissionCompleted', learner, course: 'C1', activity: 'm1', time: '2026-03-02T10:00:00Z' });

const batchIsDone = async ({ url }: EngineProcess, id: string): Promise<void> => {
  for (;;) {
    const { state } = (await (await fetch(`${url}/v1/batches/${id}`, { headers: AS_ADMIN })).json()) as { readonly state: string };
    if (state === 'done') return;
    if (state === 'failed') throw new Error('the batch failed');
    await sleep(20);
  }
};

/** An engine on which somebody is known in every way in which somebody can be, and others beside. */
const plant = async (): Promise<void> => {
  const engine = await startEngine(data, join(dir, 'rules'));
  try {
    expect((await post(engine, '/v1/events', JSON.stringify([mission('m-1', EMAIL), mission('m-2', 'somebody-else')]))).status).toBe(200);
    const bad = [{ ...mission('m-3', EMAIL), title: NAME.repeat(20) }, { ...mission('m-4', 'x'), source: `of ${NAME}` }];
    await post(engine, '/v1/events', JSON.stringify(bad));
    await post(engine, '/v1/events', `{"learner": "x", "name": "${NAME}`);
    await post(engine, '/v1/events', JSON.stringify({ ...mission('m-5', 'somebody-else'), score: 'x' }));
    const uploaded = await post(engine, '/v1/batches?badge=workshop', `Name,Email\n${NAME},${EMAIL}\nOther Person,other@nest.example\n`, 'text/csv');
    const id = String(uploaded.body['id']);
    expect((await post(engine, `/v1/batches/${id}/issue`, JSON.stringify({ confirm: uploaded.body['confirm'] }))).status).toBe(202);
    await batchIsDone(engine, id);
  } finally {
    await engine.kill();
  }
  await cli('learner', 'profile', EMAIL, '--name', NAME, '--email', EMAIL, '--language', 'ko', '--consent', 'public-name');
};

const codesOf = async (learner: string): Promise<readonly string[]> => {
  const models = openEmbeddedReadModels({ dir: data, readOnly: true });
  const rows = await models.find('credential', { where: { tenant: 'default', learner } });
  await models.close();
  return rows.map(({ code }) => code as string);
};
const profileOf = async (learner: string) => JSON.parse(await cli('learner', 'profile', learner)) as Readonly<Record<string, unknown>> & { readonly learner: string };
/** What the vault itself still has, with the key ring that is there: of the learner, and how many keys of dead letters. */
const vaultHas = async (learner: string) => {
  const vault = openEmbeddedVaultReader(data, await openLocalKeys({ dir: join(data, 'keys'), readOnly: true }));
  const [kept, learners, letters] = [await vault.get(learnerSubject('default', learner)), await vault.list('default', 'learner', { limit: 9 }), await vault.list('default', 'letter', { limit: 9 })];
  await vault.close();
  return { kept, known: learners.includes(learner), letters: letters.length };
};
const lettersOf = async () =>
  (await cli('dead-letters', 'list', '--ndjson')).split('\n').filter(Boolean).map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
const learnersInLog = async (): Promise<readonly string[]> => {
  const store = await openEmbeddedReader(data);
  const streams = (await store.readAll({ after: 0, limit: 10_000 })).map(({ stream }) => stream);
  await store.close();
  return [...new Set(streams.filter((stream) => stream.startsWith('learner-')))];
};

describe('somebody who is erased', () => {
  it('is in no byte of any file, neither then nor after a restore of a backup from before', async () => {
    await plant();
    const { learner, ...profile } = await profileOf(EMAIL);
    expect(profile).toMatchObject({ name: NAME, email: EMAIL, language: 'ko', consents: { 'public-name': { given: true } } });
    expect(learner).toMatch(/^mail-[0-9a-f]{32}$/);
    // Commands that read find the learner by the address, too.
    expect(JSON.parse(await cli('explain', '--learner', EMAIL, '--badge', 'mission', '--json'))).toMatchObject({ learner });
    expect((await cli('awards', '--learner', EMAIL)).split(/\s+/)[0]).toBe(learner);
    expect((await learnersInLog()).some((stream) => stream.endsWith(`.${learner}`))).toBe(true);
    const codes = await codesOf(learner);
    expect(codes).toHaveLength(2);
    // Until then it is in the batch's files alone, and what is sealed opens.
    expect((await tracesIn(data)).map((file) => file.replace(/^batches\/[^/]+\//, 'batches/ID/')).sort()).toEqual(['batches/ID/archive.zip', 'batches/ID/rows.ndjson', 'batches/ID/upload.csv']);
    expect((await lettersOf()).filter(({ raw }) => String(raw).includes(NAME))).toHaveLength(3);

    await cli('learner', 'export', EMAIL, '--zip', join(dir, 'export.zip'));
    const exported = zipEntries(await readFile(join(dir, 'export.zip')));
    expect(String(exported.get('profile.json'))).toContain(NAME);
    expect(String(exported.get('dead-letters.json'))).toContain(NAME);
    expect(String(exported.get('events.ndjson'))).toContain('MissionCompleted');
    expect([...exported.keys()].filter((path) => path.startsWith('awards/'))).toHaveLength(2);

    expect(await vaultHas(learner)).toEqual({ kept: expect.objectContaining({ name: NAME }) as object, known: true, letters: 4 });
    const backup = join(dir, 'backup');
    expect(await proofmark('backup', backup, '--data', data)).toMatchObject({ code: 0, stderr: '' });
    await cp(join(data, 'keys/passphrase'), join(dir, 'passphrase'));
    const erased = await cli('learner', 'erase', EMAIL, '--by', 'office', '--yes');
    expect(erased).toContain('Erased: 2 awards taken back, 2 credentials revoked, 3 dead letters shredded, 1 batches removed.');
    expect(erased).not.toContain(NAME);
    await cp(join(data, 'erasures.ndjson'), join(dir, 'kept.ndjson'));
    expect(await tracesIn(data)).toEqual([]);
    expect(await profileOf(EMAIL)).toEqual({ learner, consents: {} });
    expect(await vaultHas(learner)).toEqual({ kept: undefined, known: false, letters: 1 });
    const letters = await lettersOf();
    expect(letters.filter(({ status, raw }) => status === 'erased' && raw === undefined)).toHaveLength(3);
    expect(letters.filter(({ status, raw }) => status === 'open' && typeof raw === 'string')).toHaveLength(1);
    expect(await codesOf(learner)).toEqual([]);

    const engine = await startEngine(data, join(dir, 'rules'));
    try {
      for (const path of ['/v/CODE', '/v1/credentials/CODE', '/credentials/CODE', '/ob2/assertions/CODE']) {
        const [gone, unknown] = await Promise.all([...codes.slice(0, 1), UNKNOWN].map(async (code) => {
          const answer = await fetch(engine.url + path.replace('CODE', code), { headers: AS_ADMIN });
          return { status: answer.status, text: (await answer.text()).replaceAll(code, 'CODE') };
        }));
        expect(gone?.status).toBe(unknown?.status);
        expect(gone?.status).toBe(404);
      }
      const again = await post(engine, '/v1/events', JSON.stringify([{ ...mission('m-9', EMAIL), title: NAME }]));
      expect(again.body).toMatchObject({ results: [{ outcome: 'rejected', reason: 'erased' }] });
    } finally {
      await engine.kill();
    }
    expect(await tracesIn(data)).toEqual([]);
    expect(await vaultHas(learner)).toEqual({ kept: undefined, known: false, letters: 1 });

    await rm(data, { recursive: true });
    expect(await proofmark('restore', backup, '--data', data)).toMatchObject({ code: 0 });
    await cp(join(dir, 'passphrase'), join(data, 'keys/passphrase'));
    expect(await tracesIn(data)).not.toEqual([]);
    expect((await profileOf(EMAIL))['name']).toBe(NAME);
    expect(await cli('erasures', 'replay', join(dir, 'kept.ndjson'))).toContain('1 learners were erased again');
    expect(await tracesIn(data)).toEqual([]);
    expect(await vaultHas(learner)).toEqual({ kept: undefined, known: false, letters: 1 });
    expect((await lettersOf()).filter(({ raw }) => String(raw).includes(NAME))).toEqual([]);
    expect(await cli('erasures', 'replay', join(dir, 'kept.ndjson'))).toContain('erased already');
  }, SLOW_MACHINE_MS);

  it('is erased when the engine starts, where that was asked for and a crash or a restore came in between', async () => {
    await plant();
    const { learner } = await profileOf(EMAIL);
    await writeFile(join(data, 'erasures.ndjson'), `${JSON.stringify({ tenant: 'default', learner, at: 1 })}\n{"tenant":"defa`);
    const engine = await startEngine(data, join(dir, 'rules'));
    try {
      expect(await appears(data, 'LearnerErasureCompleted', 0)).toBeGreaterThan(0);
    } finally {
      await engine.kill();
    }
    expect(await tracesIn(data)).toEqual([]);
    expect(await vaultHas(learner)).toEqual({ kept: undefined, known: false, letters: 1 });
    expect(await codesOf(learner)).toEqual([]);
  }, SLOW_MACHINE_MS);
});
