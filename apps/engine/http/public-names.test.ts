import { learnerSubject } from '#vault/profiles.js';
import { publicName } from '../privacy/public-name.js';
import { grade, serverUnderTest, type ServerUnderTest } from './server-under-test.js';

const NAME = 'Ann O\'Nymous-Example';
const SHOWN = 'Ann O&#39;Nymous-Example';
const NOBODY = { authorization: '' };
const LINKEDIN = { ...NOBODY, 'user-agent': 'LinkedInBot/1.0 (compatible; Mozilla/5.0; +http://www.linkedin.com)' };

let server: ServerUnderTest;
let dir: string;
const codes: Record<string, string> = {};
let ann: Record<string, string>;
let bob: Record<string, string>;

const signedIn = async (learner: string): Promise<Record<string, string>> => {
  const { headers } = await server.post('/sign-in/demo', { role: 'learner', learner }, NOBODY);
  return { ...NOBODY, 'sec-fetch-site': 'same-origin', cookie: String(headers['set-cookie']).split(';')[0] ?? '' };
};
const consent = async (to: string, given: boolean, who = ann, learner = 'ann') => (await server.post(`/v1/learners/${learner}/consents`, { to, given }, who)).status;
const named = async (name: string): Promise<number> => (await server.post('/v1/learners/ann/profile', { name }, ann)).status;
const page = (learner: string, headers: Record<string, string> = NOBODY) => server.get(`/v/${codes[learner]}`, headers);
const json = async (learner: string): Promise<readonly unknown[]> => {
  const [shared, verified, posted] = [
    await server.get(`/v1/credentials/${codes[learner]}`, NOBODY), await server.get(`/v1/verify/${codes[learner]}`, NOBODY),
    await server.post('/v1/verify', codes[learner], { ...NOBODY, 'content-type': 'text/plain' }),
  ];
  return [shared.body['holder'], ...[verified, posted].map(({ body }) => (body['credential'] as Record<string, unknown>)['holder'])];
};
const expectNobody = async (learner: string): Promise<void> => {
  const { status, text, headers } = await page(learner);
  expect([status, headers['cache-control'], text.includes('names nobody'), /<bdi>|Ann|Example/.test(text.replace(/placeholder="[^"]*"/g, ''))]).toEqual([200, 'no-cache', true, false]);
  expect(await json(learner)).toEqual([undefined, undefined, undefined]);
};

beforeAll(async () => {
  server = await serverUnderTest({ demo: true, publicUrl: 'https://badges.school.example' });
  dir = server.engine.config.rulesDirs[0] ?? '';
  await server.post('/v1/events', ['ann', 'bob'].flatMap((learner) => [grade(`${learner}1`, learner, 'a1', 90), grade(`${learner}2`, learner, 'a2', 80)]));
  await server.engine.followers.settle();
  for (const { learner, code } of await server.engine.readModels.find('credential', {})) codes[learner as string] = code as string;
  [ann, bob] = [await signedIn('ann'), await signedIn('bob')];
}, 120_000);
afterAll(() => server.close());

describe('the name on public pages', () => {
  it('is not there because it is known, nor by another consent', async () => {
    expect(await named(NAME)).toBe(200);
    for (const to of ['linkedin', 'cohort-statistics']) expect(await consent(to, true)).toBe(200);
    await expectNobody('ann');
    expect((await page('ann', LINKEDIN)).text).not.toContain('Ann');
    for (const to of ['linkedin', 'cohort-statistics']) expect(await consent(to, false)).toBe(200);
  });

  it('is nobody else\'s to show', async () => {
    expect(await consent('public-name', true, bob)).toBe(404);
    expect(await consent('public-name', true, NOBODY)).toBe(401);
    await expectNobody('ann');
  });

  it('is there while its holder wants it, said to be signed by nobody, kept by nobody on the way, and on no other badge', async () => {
    expect(await consent('public-name', true)).toBe(200);
    const { text, headers } = await page('ann');
    expect(text).toContain(`Shown by its holder as <strong><bdi>${SHOWN}</bdi></strong>`);
    expect(text).toContain('It is not part of the signed badge');
    expect(text).not.toContain('names nobody');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', vary: 'accept-language, user-agent' });
    expect((await server.get(`/v/${codes['ann']}?lang=ko`, NOBODY)).text).toContain(`<bdi>${SHOWN}</bdi>`);
    expect(await json('ann')).toEqual([{ name: NAME }, { name: NAME }, { name: NAME }]);
    expect((await server.get(`/v1/credentials/${codes['ann']}`, NOBODY)).headers['cache-control']).toBe('no-store');
    await expectNobody('bob');
  });

  it('is in nothing that is signed, or that others keep', async () => {
    const code = codes['ann'] ?? '';
    const url = encodeURIComponent(`https://badges.school.example/v/${code}`);
    const paths = [
      `/credentials/${code}/en?format=json`, `/credentials/${code}/en?format=jwt`, `/credentials/${code}/trace`, `/credentials/${code}/en/badge.svg`, `/ob2/assertions/${code}`, `/oembed?url=${url}`,
      '/v1/learners/ann/transcript',
    ];
    for (const path of paths) {
      const { status, text } = await server.get(path);
      expect([path, status, /Nymous/.test(text)]).toEqual([path, 200, false]);
      for (const part of text.split(/[^\w-]/)) expect([path, Buffer.from(part, 'base64url').toString().includes('Nymous')]).toEqual([path, false]);
    }
    expect(JSON.stringify((await server.get(`/v1/credentials/${code}`)).body['share'])).not.toContain('Nymous');
  });

  it('is in the preview that LinkedIn fetches where the holder consents to that as well, and in no other', async () => {
    const title = (text: string): string => /<meta property="og:title" content="([^"]*)">/.exec(text)?.[1] ?? '';
    expect(title((await page('ann', LINKEDIN)).text)).toBe('Essays · default');
    expect(await consent('linkedin', true)).toBe(200);
    expect(title((await page('ann', LINKEDIN)).text)).toBe(`${SHOWN}: Essays · default`);
    for (const agent of ['facebookexternalhit/1.1', 'Slackbot-LinkExpanding 1.0', 'Mozilla/5.0']) expect([agent, title((await page('ann', { ...NOBODY, 'user-agent': agent })).text)]).toEqual([agent, 'Essays · default']);
    expect(await consent('linkedin', false)).toBe(200);
    expect(title((await page('ann', LINKEDIN)).text)).toBe('Essays · default');
    // The button names nobody and needs no consent.
    const { linkedIn } = (await server.get(`/v1/credentials/${codes['ann']}`, NOBODY)).body['share'] as { linkedIn: Record<string, string> };
    expect(linkedIn['addToProfile']).not.toContain('Nymous');
  });

  it('is text, however it is meant, and one line', async () => {
    for (const [name, shown, plain] of [
      ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;', '<script>alert(1)</script>'],
      ['"><img src=x onerror=alert(1)>', '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;', '"><img src=x onerror=alert(1)>'],
      ['\u202egnp.exe \u2066Ann\u2069\u200b', 'gnp.exe Ann', 'gnp.exe Ann'],
      ['김 하나', '김 하나', '김 하나'],
      ['x'.repeat(200), `${'x'.repeat(80)}…`, `${'x'.repeat(80)}…`],
    ] as const) {
      expect([name, await named(name)]).toEqual([name, 200]);
      const { text } = await page('ann');
      expect(text).toContain(`<bdi>${shown}</bdi>`);
      expect(text).not.toMatch(/<script|<img src=x|[\u202a-\u202e\u2066-\u2069]/);
      expect(await json('ann')).toEqual([{ name: plain }, { name: plain }, { name: plain }]);
    }
    expect(await named('x'.repeat(10_000))).toBe(400);
    // Also where it came into the vault by another way.
    await server.engine.vault.put([{ subject: learnerSubject('default', 'ann'), fields: { name: `\u202e${'<b>'.repeat(5_000)}\n\n` } }]);
    expect(/<bdi>(.*)<\/bdi>/.exec((await page('ann')).text)?.[1]).toBe(`${'&lt;b&gt;'.repeat(26)}&lt;b…`);
    await server.engine.vault.put([{ subject: learnerSubject('default', 'ann'), fields: { name: '\u200b\u3164' } }]);
    await expectNobody('ann');
    expect(await named(NAME)).toBe(200);
  });

  it('is not there while the badge does not count', async () => {
    await server.post('/v1/events', { id: 'fix', source: 'lms', type: 'FactReplaced', target: 'ann1', learner: 'ann', time: '2026-03-09', changes: { score: 10 } });
    await server.engine.followers.settle();
    expect((await page('ann')).text).not.toContain('Nymous');
    await server.post('/v1/events', { id: 'fix2', source: 'lms', type: 'FactReplaced', target: 'ann1', learner: 'ann', time: '2026-03-10', version: 2, changes: { score: 95 } });
    await server.engine.followers.settle();
    expect((await page('ann')).text).toContain('Nymous');
  });

  it('is not another school\'s learner\'s, who has the same id there', async () => {
    const two = await serverUnderTest({ rulesDirs: [dir], tenants: [{ tenant: 'other', rulesDirs: [dir] }] });
    try {
      for (const root of ['', '/t/other']) await two.post(`${root}/v1/events`, [grade('x1', 'ann', 'a1', 90), grade('x2', 'ann', 'a2', 80)]);
      await two.engine.followers.settle();
      await two.post('/v1/learners/ann/profile', { name: NAME });
      await two.post('/v1/learners/ann/consents', { to: 'public-name', given: true });
      const rows = await two.engine.readModels.find('credential', {});
      const shows = await Promise.all(rows.map(async ({ tenant, code }) => [tenant, (await two.get(`${tenant === 'other' ? '/t/other' : ''}/v/${code as string}`)).text.includes('Nymous')]));
      expect(shows.sort()).toEqual([['default', true], ['other', false]]);
    } finally {
      await two.close();
    }
  }, 120_000);

  it('is gone with the answer that says that it is withdrawn', async () => {
    expect((await page('ann')).text).toContain('Nymous');
    expect(await consent('public-name', false)).toBe(200);
    await expectNobody('ann');
    expect(await consent('public-name', true)).toBe(200);
  });

  it('is gone with its holder', async () => {
    expect((await page('ann')).text).toContain('Nymous');
    expect(await server.post('/v1/learners/ann/erase', { confirm: 'ann', reason: 'I leave' }, ann)).toMatchObject({ status: 200 });
    const [gone, unknown] = [await page('ann'), await server.get('/v/0000000000000000', NOBODY)];
    expect([gone.status, gone.text]).toEqual([404, unknown.text]);
    for (const path of [`/v1/credentials/${codes['ann']}`, `/v1/verify/${codes['ann']}`]) {
      const { status, text } = await server.get(path, NOBODY);
      expect([path, status, text.includes('Nymous')]).toEqual([path, 404, false]);
    }
    // Also while an erasure is under way, or where somebody keeps a name for the id anew: the consent stays in the log.
    await server.engine.vault.put([{ subject: learnerSubject('default', 'ann'), fields: { name: NAME } }]);
    expect(await publicName(server.engine, { tenant: 'default', learner: 'ann', status: 'active' })).toBeUndefined();
  });
});
