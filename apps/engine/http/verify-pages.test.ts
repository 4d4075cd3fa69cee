import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { showCode } from '#credentials/code.js';
import { serverUnderTest, type ServerUnderTest } from './server-under-test.js';

const BASE = 'https://badges.school.example';
const NOBODYS = '0000000000000000';
const NAME = `<script>alert(1)</script> "R&D" 'x'`;
const SHOWN = '&lt;script&gt;alert(1)&lt;/script&gt; &quot;R&amp;D&quot; &#39;x&#39;';
const RULE = `
badge: hostile
name: { en: ${JSON.stringify(NAME)}, ko: "</title><b>출석</b>" }
criteria-text: { en: "<img src=x onerror=alert(1)>" }
competency: { en: "\\"><script>alert(2)</script>" }
course: C1
decides: as-soon-as-met
when-corrected: review
criteria:
  count: { of: attendance, status: [present], at-least: 2 }
`;
let dir: string;
let server: ServerUnderTest;
let code: string;
let suspended: string;
let revoked: string;

const present = (learner: string, n: number) => ({ id: `${learner}-${n}`, source: 'lms', type: 'AttendanceMarked', learner, course: 'C1', activity: `<s${n}>`, status: 'present', time: `2026-03-0${n}T09:00:00Z` });
const codeOf = async (learner: string): Promise<string> => (await server.engine.readModels.find('credential', { where: { tenant: 'default', learner } }))[0]?.['code'] as string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'proofmark-pages-'));
  writeFileSync(join(dir, 'hostile.yaml'), RULE);
  server = await serverUnderTest({ publicUrl: BASE, rulesDirs: [dir] });
  await server.post('/v1/events', ['ada', 'bob', 'cho'].flatMap((learner) => [1, 2].map((n) => present(learner, n))));
  await server.engine.followers.settle();
  [code, suspended, revoked] = [await codeOf('ada'), await codeOf('bob'), await codeOf('cho')];
  await server.post('/v1/events', [{ id: 'fix-bob', source: 'lms', type: 'FactReplaced', target: 'bob-1', learner: 'bob', time: '2026-03-09', changes: { status: 'absent' } }]);
  const award = (await server.engine.readModels.find('award', { where: { learner: 'cho' } }))[0]?.['award'] as string;
  await server.post(`/v1/awards/${award}/review`, { decision: 'revoke', reason: 'a test' });
  await server.engine.followers.settle();
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

/** What every page of ours is, whatever is on it. */
const expectPage = ({ headers, text }: { readonly headers: Readonly<Record<string, unknown>>; readonly text: string }, language: 'en' | 'ko', scans = false): void => {
  expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', vary: 'accept-language' });
  const policy = String(headers['content-security-policy']);
  // One page alone may look through the camera, by a script of ours.
  expect(policy.replace(scans ? "; script-src 'self'" : /$/, '')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+' 'self'; font-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'$/);
  expect(headers['permissions-policy']).toBe(`camera=(${scans ? 'self' : ''}), microphone=(), geolocation=()`);
  expect(text).toMatch(new RegExp(`^<!doctype html>\\n<html lang="${language}">`));
  expect(scans ? text.replace('<script type="module" src="/app/scan.js"></script>', '') : text).not.toMatch(/<script|javascript:|<img src=x|<b>출석/i);
  expect(text.replace(/="[^"]*"/g, '=""')).not.toMatch(/<[^>]*\son\w+=/i);
  // Nothing on it is fetched from elsewhere.
  for (const [, address] of text.matchAll(/(?:src|action)="([^"]*)"/g)) expect(address).toMatch(/^\/[^/]/);
};

describe('the page of a badge', () => {
  it('says in English and Korean that it is genuine, for what and from whom', async () => {
    const english = await server.get(`/v/${code}`);
    const korean = await server.get(`/v/${showCode(code).toLowerCase()}?lang=ko`);
    expect([english.status, korean.status]).toEqual([200, 200]);
    expectPage(english, 'en');
    expectPage(korean, 'ko');
    expect(english.text).toContain('This badge is genuine and holds.');
    expect(english.text).toContain(`<h1 lang="en">${SHOWN}</h1>`);
    expect(english.text).toContain('&quot;&gt;&lt;script&gt;alert(2)&lt;/script&gt;');
    expect(english.text).toContain('2 March 2026');
    expect(english.text).toContain(showCode(code));
    expect(korean.text).toContain('이 배지는 진본이며 유효합니다.');
    expect(korean.text).toContain('<h1 lang="ko">&lt;/title&gt;&lt;b&gt;출석&lt;/b&gt;</h1>');
    expect(korean.text).toContain('2026년 3월 2일');
    expect(english.text + korean.text).not.toMatch(/\bada\b/);
  });

  it('is in the language that a browser prefers, where nobody asks for one', async () => {
    expectPage(await server.get(`/v/${code}`, { 'accept-language': 'ko-KR,ko;q=0.9,en;q=0.8' }), 'ko');
    expectPage(await server.get(`/v/${code}?lang=en`, { 'accept-language': 'ko' }), 'en');
    expectPage(await server.get(`/v/${code}?lang=fr`), 'en');
  });

  it('leads to files that are there', async () => {
    const { text } = await server.get(`/v/${code}`);
    const files = Array.from(text.matchAll(/href="(\/credentials\/[^"]+)"/g), ([, address]) => address as string);
    expect(files).toHaveLength(6);
    for (const file of [...files, `/badges/hostile/image.svg?lang=en`]) expect((await server.get(file)).status).toBe(200);
  });

  it('says to who shows a link to it what it is, with a picture', async () => {
    const { text } = await server.get(`/v/${code}?lang=ko`);
    const tags = Array.from(text.matchAll(/<meta (?:property|name)="([^"]+)" content="([^"]*)">/g), ([, name = '', content = '']) => [name, content] as const);
    const meta: Readonly<Record<string, string>> = Object.fromEntries(tags);
    expect(meta).toMatchObject({
      'og:type': 'website', 'og:url': `${BASE}/v/${code}`, 'og:locale': 'ko_KR', 'og:locale:alternate': 'en_US', 'og:title': '&lt;/title&gt;&lt;b&gt;출석&lt;/b&gt; · default',
      'og:description': expect.stringMatching(/\S/) as string, 'og:site_name': 'Proofmark', 'og:image': `${BASE}/badges/hostile/image.png?size=1024&amp;lang=ko`, 'og:image:width': '1024', 'og:image:height': '1024', 'og:image:alt': '&lt;/title&gt;&lt;b&gt;출석&lt;/b&gt;',
      'twitter:card': 'summary', 'twitter:title': meta['og:title'] ?? '', 'twitter:description': meta['og:description'] ?? '', 'twitter:image': meta['og:image'] ?? '', description: meta['og:description'] ?? '', robots: 'noindex',
    });
    // Absolute, and there, as large as it is said to be.
    const picture = await server.app.nest.inject({ method: 'GET', url: (meta['og:image'] ?? '').replace(BASE, '').replaceAll('&amp;', '&') });
    expect([picture.statusCode, picture.headers['content-type'], picture.rawPayload.readUInt32BE(16), picture.rawPayload.readUInt32BE(20)]).toEqual([200, 'image/png', 1024, 1024]);
    expect(text).toContain('type="application/json+oembed"');
  });

  it('says of one that was revoked or suspended that it does not count', async () => {
    const [one, other] = [await server.get(`/v/${revoked}`), await server.get(`/v/${suspended}?lang=ko`)];
    expectPage(one, 'en');
    expectPage(other, 'ko');
    expect(one.text).toMatch(/class="verdict bad" role="status">.*This badge was issued and then revoked\./);
    expect(other.text).toMatch(/class="verdict unsure" role="status">.*일시 정지/);
    for (const { text } of [one, other]) {
      expect(text).toContain('<details open>');
      expect(text).not.toMatch(/class="verdict good"/);
    }
  });

  it('answers a slip and a code that nobody has alike', async () => {
    const slip = code.slice(0, -1) + (code.endsWith('0') ? '1' : '0');
    const [wrong, unknown] = [await server.get(`/v/${slip}`), await server.get(`/v/${NOBODYS}`)];
    expect([wrong.status, unknown.status]).toEqual([404, 404]);
    expect(wrong.text).toBe(unknown.text);
    expectPage(unknown, 'en');
    expectPage(await server.get('/v/%3Cscript%3E?lang=ko'), 'ko');
  });
});

describe('the page where badges are verified', () => {
  const upload = async (parts: FormData, lang = 'en') => {
    const encoded = new Request('http://x', { method: 'POST', body: parts });
    const answer = await server.app.nest.inject({
      method: 'POST', url: `/verify?lang=${lang}`, headers: { 'content-type': encoded.headers.get('content-type') ?? '' }, payload: Buffer.from(await encoded.arrayBuffer()),
    });
    return { status: answer.statusCode, headers: answer.headers, text: answer.body };
  };
  const withFile = (content: Uint8Array | string, name = 'badge.png'): FormData => {
    const form = new FormData();
    form.set('file', new Blob([typeof content === 'string' ? content : new Uint8Array(content)]), name);
    return form;
  };

  it('has a form for a code and one for a file', async () => {
    for (const lang of ['en', 'ko'] as const) {
      const answer = await server.get(`/verify?lang=${lang}`);
      expect(answer.status).toBe(200);
      expectPage(answer, lang, true);
      expect(answer.text.match(/<form /g)).toHaveLength(2);
      expect(answer.text.match(/<label for="(?:code|file)">/g)).toHaveLength(2);
    }
  });

  it('leads from a code to its page, and says where it has a slip in it', async () => {
    const found = await server.get(`/verify?lang=ko&code=${showCode(code)}`);
    expect([found.status, found.headers['location']]).toEqual([303, `/v/${code}?lang=ko&via=code`]);
    const slip = await server.get('/verify?code=%3Cscript%3Ealert(1)%3C%2Fscript%3E');
    expect(slip.status).toBe(400);
    expectPage(slip, 'en', true);
    expect(slip.text).toContain('role="alert"');
  });

  it('reads a baked picture that somebody uploads', async () => {
    const png = (await server.app.nest.inject({ method: 'GET', url: `/credentials/${code}/en/badge.png` })).rawPayload;
    const answer = await upload(withFile(png), 'ko');
    expect(answer.status).toBe(200);
    expectPage(answer, 'ko');
    expect(answer.text).toContain('이 배지는 진본이며 유효합니다.');
    expect(answer.text).toContain(`<h1>${SHOWN}</h1>`);
  });

  it('shows nothing of a file that nobody has signed', async () => {
    for (const file of ['just a text', `{"name":"<b>출석</b>","type":["VerifiableCredential","OpenBadgeCredential"]}`, '']) {
      const answer = await upload(withFile(file, '"><script>.png'));
      expectPage(answer, 'en');
      expect([answer.status, /class="verdict (?:bad|unsure)"/.test(answer.text), answer.text.includes('출석')]).toEqual([file === '' ? 400 : 200, true, false]);
    }
  });

  it('says where no file came', async () => {
    const without = new FormData();
    without.set('file', 'a text in its place');
    const other = new FormData();
    other.set('other', new Blob(['x']), 'x.png');
    for (const form of [without, other]) expect((await upload(form)).status).toBe(400);
    for (const [payload, type] of [['--x--', 'multipart/form-data; boundary=y'], ['x', 'multipart/form-data'], ['x', 'text/plain'], ['', 'multipart/form-data; boundary=x']] as const) {
      const answer = await server.app.nest.inject({ method: 'POST', url: '/verify', headers: { 'content-type': type }, payload });
      expect([type, answer.statusCode]).toEqual([type, 400]);
      expect(answer.body).toContain('role="alert"');
    }
  });
});
