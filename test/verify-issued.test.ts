import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AS_ADMIN } from '#engine/http/admin-under-test.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { proofmark, type Run } from './cli.js';
import { appears, headOf, startEngine, type EngineProcess } from './fault/engine-process.js';

/*
 * "proofmark verify" beside a running engine, with what it has issued: by code, and offline with what was downloaded.
 */

const BASE = 'https://badges.school.example';
const RULE = `
badge: two-missions
name: { en: Two Missions, ko: 미션 둘 }
criteria-text: { en: Two missions done., ko: 미션 두 개를 완료합니다. }
issuer: academy
course: C1
decides: as-soon-as-met
when-corrected: review
criteria:
  count: { of: missions, at-least: 2 }
`;
const mission = (learner: string, n: number) => ({ id: `${learner}-m${n}`, source: 'lms', type: 'MissionCompleted', learner, course: 'C1', activity: `m${n}`, time: `2026-03-0${n}T09:00:00Z` });

describe('proofmark verify, of what an engine has issued', () => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-verify-issued-'));
  const dataDir = join(dir, 'data');
  let engine: EngineProcess;
  beforeAll(async () => {
    writeFileSync(join(dir, 'two-missions.yaml'), RULE);
    writeFileSync(join(dir, 'events.jsonl'), ['ada', 'bob'].flatMap((learner) => [mission(learner, 1), mission(learner, 2)]).map((event) => JSON.stringify(event)).join('\n'));
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'public-url'), `${BASE}\n`);
    expect((await proofmark('import', join(dir, 'events.jsonl'), '--data', dataDir, '--rules', dir)).code).toBe(0);
    engine = await startEngine(dataDir, dir);
  }, 120_000);
  afterAll(async () => {
    await engine.kill();
    rmSync(dir, { recursive: true, force: true });
  });

  const json = async (path: string): Promise<JsonObject> => (await (await fetch(engine.url + path, { headers: AS_ADMIN })).json()) as JsonObject;
  const awardOf = async (learner: string, position = 0): Promise<JsonObject> =>
    ((await json(`/v1/awards?learner=${learner}${position > 0 ? `&minPosition=${position}` : ''}`)) as { readonly items: readonly [JsonObject] }).items[0];
  const saved = async (path: string, name: string): Promise<string> => {
    const answer = await fetch(engine.url + path, { headers: AS_ADMIN });
    expect([path, answer.status]).toEqual([path, 200]);
    writeFileSync(join(dir, name), Buffer.from(await answer.arrayBuffer()));
    return join(dir, name);
  };
  const code = async (learner: string): Promise<string> => String((await awardOf(learner))['credential']);
  const trusted = async (): Promise<readonly string[]> => [
    '--issuer', await saved('/issuers/academy/did.json', 'did.json'),
    '--status', await saved('/issuers/academy/status/1/revocation', 'revocation.json'), await saved('/issuers/academy/status/1/suspension', 'suspension.json'),
  ];
  const byCode = async (typed: string): Promise<Run> => proofmark('verify', typed, '--engine', engine.url);

  it('by its code, as somebody reads it from paper', async () => {
    const typed = (await code('ada')).toLowerCase().replace(/(.{4})(?=.)/g, '$1-');
    expect(await byCode(typed)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^valid: [^]*Two Missions[^]*✓ recorded /) as string });
  });

  it.each(['json', 'jwt', 'png', 'svg'])('offline, in %s', async (form) => {
    const at = `/credentials/${await code('ada')}/ko`;
    const paths: Readonly<Record<string, string>> = { json: at, jwt: `${at}?format=jwt`, png: `${at}/badge.png`, svg: `${at}/badge.svg` };
    const { code: exit, stdout } = await proofmark('verify', await saved(paths[form] ?? '', `badge.${form}`), ...(await trusted()));
    expect([exit, stdout]).toEqual([0, expect.stringMatching(/^valid: [^]*미션 둘[^]*✓ revocation /)]);
  });

  it('with a byte changed is invalid', async () => {
    const text = JSON.stringify(await json(`/credentials/${await code('ada')}/en`));
    writeFileSync(join(dir, 'changed.json'), text.replace('Reached 2; needed 2.', 'Reached 3; needed 2.'));
    expect(text).toContain('Reached 2; needed 2.');
    const { code: exit, stdout } = await proofmark('verify', join(dir, 'changed.json'), ...(await trusted()));
    expect([exit, stdout]).toEqual([10, expect.stringMatching(/^invalid: [^]*✗ proof /)]);
  });

  it('revoked is told from the engine, and offline from the list of that moment', async () => {
    const own = await code('bob');
    const badge = await saved(`/credentials/${own}/en`, 'bob.json');
    const before = await trusted();
    expect((await proofmark('verify', badge, ...before)).code).toBe(0);
    const head = await headOf(dataDir);
    const { id: award } = await awardOf('bob');
    const review = await fetch(`${engine.url}/v1/awards/${String(award)}/review`, {
      method: 'POST', headers: { ...AS_ADMIN, 'content-type': 'application/json' }, body: JSON.stringify({ decision: 'revoke', reason: 'not his work' }),
    });
    expect([review.status, await review.text()]).toEqual([200, expect.anything()]);
    expect(await awardOf('bob', await appears(dataDir, 'CredentialRevoked', head))).toMatchObject({ state: 'revoked' });
    expect((await byCode(own)).code).toBe(13);
    expect((await proofmark('verify', badge, ...(await trusted()))).code).toBe(13);
    expect((await byCode(await code('ada'))).code).toBe(0);
  });
});
