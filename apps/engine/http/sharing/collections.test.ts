import { showCollection } from '../../privacy/shared-collection.js';
import { grade, serverUnderTest, type Answer, type ServerUnderTest } from '../server-under-test.js';

const BASE = 'https://badges.school.example';
const NOBODY = { authorization: '' };
const LINKEDIN = { ...NOBODY, 'user-agent': 'LinkedInBot/1.0 (compatible; Mozilla/5.0; +http://www.linkedin.com)' };
const OTHER = 'saebyeok';

let server: ServerUnderTest;
let ann: Record<string, string>;
let bob: Record<string, string>;
/** Awards of ann's, by badge. */
let awards: Readonly<Record<string, string>>;
let bobs: string;

const signedIn = async (learner: string, at = ''): Promise<Record<string, string>> => {
  const { headers } = await server.post(`${at}/sign-in/demo`, { role: 'learner', learner }, NOBODY);
  return { ...NOBODY, 'sec-fetch-site': 'same-origin', cookie: String(headers['set-cookie']).split(';')[0] ?? '' };
};
const show = (chosen: unknown, who = ann, learner = 'ann'): Promise<Answer> => server.post(`/v1/learners/${learner}/collection`, { awards: chosen }, who);
const withdraw = (): Promise<Answer> => server.post('/v1/learners/ann/collection/withdraw', {}, ann);
const pathOf = ({ body }: Answer): string => new URL(String(body['url'])).pathname;
const awardOf = async (learner: string, badge: string): Promise<string> => (await server.engine.readModels.find('award', { where: { learner, badge } }))[0]?.['award'] as string;

beforeAll(async () => {
  server = await serverUnderTest({ demo: true, publicUrl: BASE, tenants: [{ tenant: OTHER, rulesDirs: [] }] });
  const present = (learner: string) => [1, 2, 3].map((n) => ({ id: `${learner}-s${n}`, source: 'lms', type: 'AttendanceMarked', learner, course: 'C1', activity: `s${n}`, status: 'present', time: `2026-03-0${n}T09:00:00Z` }));
  await server.post('/v1/events', ['ann', 'bob'].flatMap((learner) => [grade(`${learner}1`, learner, 'a1', 90), grade(`${learner}2`, learner, 'a2', 80), ...present(learner)]));
  await server.engine.followers.settle();
  [ann, bob] = [await signedIn('ann'), await signedIn('bob')];
  awards = { essays: await awardOf('ann', 'essays'), present: await awardOf('ann', 'present') };
  bobs = await awardOf('bob', 'essays');
}, 120_000);
afterAll(() => server.close());

describe("a learner's collection", () => {
  it('shows nothing before its learner says so', async () => {
    expect((await server.get('/v1/learners/ann/collection', ann)).body).toEqual({ shared: false, awards: [] });
    expect((await withdraw()).body).toEqual({ shared: false, awards: [] });
  });

  it('is its learner\'s alone to make, to see and to withdraw: no administrator\'s, no program\'s, no other learner\'s', async () => {
    const { body: { secret } } = await server.post('/v1/access/keys', { label: 'portal', actions: ['learner:own', 'learner:read'] });
    expect((await server.post('/v1/access/keys', { label: 'portal', actions: ['collection:share'] })).status).toBe(400);
    const others: readonly (readonly [Record<string, string>, number])[] = [[bob, 404], [NOBODY, 401], [{}, 403], [{ authorization: `Bearer ${String(secret)}` }, 403], [await signedIn('ann', `/t/${OTHER}`), 401]];
    for (const [who, status] of others) {
      expect((await show([awards['essays']], who)).status).toBe(status);
      expect((await server.get('/v1/learners/ann/collection', who)).status).toBe(status);
      expect((await server.post('/v1/learners/ann/collection/withdraw', {}, who)).status).toBe(status);
    }
    expect((await server.get('/v1/learners/ann/collection', ann)).body).toMatchObject({ shared: false });
  });

  it.each([
    ['none', () => []],
    ['no list', () => 'essays'],
    ['one that is another learner\'s', () => [bobs]],
    ['one that nobody has', () => [awards['essays'], 'x']],
    ['one twice', () => [awards['essays'], awards['essays']]],
    ['more than anybody chooses', () => Array.from({ length: 51 }, (_one, i) => `a${i}`)],
  ])('takes own awards and nothing else: %s', async (_what, chosen) => {
    expect((await show(chosen())).status).toBe(400);
    expect((await server.get('/v1/learners/ann/collection', ann)).body).toMatchObject({ shared: false });
  });

  it('is a page without script and without a name, with what previews read, which leads to each badge', async () => {
    const shown = await show([awards['present'], awards['essays']]);
    expect(shown).toMatchObject({ status: 200, body: { shared: true, awards: [awards['present'], awards['essays']], url: expect.stringMatching(/^https:\/\/badges\.school\.example\/c\/[0-9A-Z]{16}$/) as string } });
    const { status, text, headers } = await server.get(pathOf(shown), NOBODY);
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(text.indexOf('Present')).toBeGreaterThan(0);
    expect(text.indexOf('>Present<')).toBeLessThan(text.indexOf('>Essays<'));
    expect(text).not.toMatch(/<script|\bann\b|lms/i);
    expect(text.match(/Valid</g)).toHaveLength(2);
    const url = String(shown.body['url']);
    for (const meta of [
      '<meta property="og:title" content="A collection of badges">', `<meta property="og:url" content="${url}">`, `<meta property="og:image" content="${url}/picture.png?lang=en">`, '<meta property="og:image:width" content="1200">',
      '<meta property="og:type" content="website">', '<meta property="og:description" content="2 badges: Present, Essays">', '<meta name="twitter:card" content="summary_large_image">', '<meta name="robots" content="noindex">',
    ]) expect(text).toContain(meta);
    for (const [, path = ''] of text.matchAll(/href="(\/v\/[^"]+)"/g)) expect((await server.get(path, NOBODY)).status).toBe(200);
    expect((await server.get(`${pathOf(shown)}?lang=ko`, NOBODY)).text).toContain('배지 모음');
    const picture = await server.app.nest.inject({ method: 'GET', url: `${pathOf(shown)}/picture.png` });
    expect([picture.statusCode, picture.headers['content-type'], picture.rawPayload.readUInt32BE(16), picture.rawPayload.readUInt32BE(20)]).toEqual([200, 'image/png', 1200, 630]);
  });

  it('keeps its link when the choice changes', async () => {
    const before = await show([awards['present'], awards['essays']]);
    const after = await show([awards['essays']]);
    expect(pathOf(after)).toBe(pathOf(before));
    const { text } = await server.get(pathOf(after), NOBODY);
    expect([text.includes('>Essays<'), text.includes('>Present<')]).toEqual([true, false]);
  });

  it('has the learner\'s name while they consent, and not longer', async () => {
    const path = pathOf(await show([awards['essays']]));
    const consent = (to: string, given: boolean) => server.post('/v1/learners/ann/consents', { to, given }, ann);
    await server.post('/v1/learners/ann/profile', { name: 'Ann <b>Lee</b>' }, ann);
    expect((await server.get(path, NOBODY)).text).not.toContain('Lee');
    await consent('public-name', true);
    expect((await server.get(path, NOBODY)).text).toContain('Badges of <bdi>Ann &lt;b&gt;Lee&lt;/b&gt;</bdi>');
    // Who asks for a preview is told the name where the learner has agreed to that.
    expect((await server.get(path, LINKEDIN)).text).toContain('<meta property="og:title" content="A collection of badges">');
    await consent('linkedin', true);
    expect((await server.get(path, LINKEDIN)).text).toContain('<meta property="og:title" content="Badges of Ann &lt;b&gt;Lee&lt;/b&gt;">');
    expect((await server.get(path, NOBODY)).text).toContain('<meta property="og:title" content="A collection of badges">');
    await consent('public-name', false);
    expect((await server.get(path, LINKEDIN)).text).not.toContain('Lee');
  });

  it('says of a badge that is suspended meanwhile that it is, and takes none anew that does not count', async () => {
    const path = pathOf(await show([awards['essays'], awards['present']]));
    await server.post('/v1/events', { id: 'fix', source: 'lms', type: 'FactReplaced', target: 'ann1', learner: 'ann', time: '2026-03-09', changes: { score: 10 } });
    await server.engine.followers.settle();
    const { text } = await server.get(path, NOBODY);
    expect(text).toMatch(/>Essays<[\s\S]*Suspended: somebody is looking into it[\s\S]*>Present<[\s\S]*Valid</);
    // Nobody is named beside a badge that does not count now.
    await server.post('/v1/learners/ann/consents', { to: 'public-name', given: true }, ann);
    expect((await server.get(path, NOBODY)).text).not.toContain('Lee');
    expect((await show([awards['present'], awards['essays']])).status).toBe(200);
    expect((await show([awards['present']])).status).toBe(200);
    expect((await server.get(path, NOBODY)).text).toContain('Lee');
    await server.post('/v1/learners/ann/consents', { to: 'public-name', given: false }, ann);
    expect((await show([awards['present'], awards['essays']])).status).toBe(400);
  });

  it('is withdrawn with the answer; its link is dead for good, and is not that of the next one', async () => {
    const path = pathOf(await show([awards['present']]));
    // The read model still has it: the log decides.
    expect(await withdraw()).toMatchObject({ status: 200, body: { shared: false, awards: [] } });
    for (const dead of [path, `${path}/picture.png`]) expect((await server.get(dead, NOBODY)).status).toBe(404);
    expect((await server.get(path, NOBODY)).text).toContain('its holder shows it no more');
    const next = pathOf(await show([awards['present']]));
    expect([next === path, (await server.get(path, NOBODY)).status, (await server.get(next, NOBODY)).status]).toEqual([false, 404, 200]);
  });

  it('is not there under the address of another school', async () => {
    const path = pathOf(await show([awards['present']]));
    expect((await server.get(`/t/${OTHER}${path}`, NOBODY)).status).toBe(404);
    expect((await server.get(`/t/${OTHER}${path}/picture.png`, NOBODY)).status).toBe(404);
    expect((await server.get(path, NOBODY)).status).toBe(200);
  });

  it('goes when its learner is erased, and none comes after', async () => {
    const path = pathOf(await show([bobs], bob, 'bob'));
    expect((await server.get(path, NOBODY)).status).toBe(200);
    expect((await server.post('/v1/learners/bob/erase', { confirm: 'bob', reason: 'asked' }, bob)).status).toBe(200);
    expect((await server.get(path, NOBODY)).status).toBe(404);
    expect(await server.engine.readModels.find('shared_collection', { where: { learner: 'bob' } })).toEqual([]);
    // Something that was under way when the erasure came: the log has it, and nobody sees it.
    await showCollection(server.engine, 'bob', [bobs], Date.now());
    await server.engine.followers.settle();
    expect(await server.engine.readModels.find('shared_collection', { where: { learner: 'bob' } })).toEqual([]);
    expect((await server.get(path, NOBODY)).status).toBe(404);
  });
});
