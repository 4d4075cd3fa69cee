import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { AS_ADMIN } from '#engine/http/admin-under-test.js';
import { installedBrowser } from './browser.js';
import { startEngine, type EngineProcess } from './fault/engine-process.js';

/*
 * The pages in a real browser, against the real engine: people come in by an invitation, as they do in a school.
 */

const executablePath = installedBrowser();
if (executablePath === undefined) console.warn('No browser is installed (Chromium on the PATH, or PROOFMARK_BROWSER): the tests of the pages are skipped.');
const withBrowser = executablePath === undefined ? describe.skip : describe;

const RULES = {
  'first-mission': `
badge: first-mission
name: { en: First Mission, ko: 첫 미션 }
criteria-text: { en: One mission done., ko: 미션 하나를 완료했습니다. }
issuer: academy
course: C1
decides: as-soon-as-met
when-corrected: revoke
criteria: { count: { of: missions, at-least: 1 } }
`,
  'five-missions': `
badge: five-missions
name: { en: Five Missions, ko: 미션 다섯 }
criteria-text: { en: Five missions done., ko: 미션 다섯 개를 완료했습니다. }
issuer: academy
course: C1
decides: as-soon-as-met
when-corrected: revoke
criteria: { count: { of: missions, at-least: 5 } }
`,
};
const WORDS = {
  en: { path: 'My growth path', earned: 'Earned (1)', missing: '4 more completed missions', badge: 'First Mission', criteria: 'What had to be met, and what was', data: 'My data', name: 'Name', save: 'Save', saved: 'Saved', consent: 'My name on the public pages of my badges', valid: 'Valid', none: 'Nothing of this kind yet.', attendance: 'Attendance' },
  ko: { path: '나의 성장 경로', earned: '획득한 배지 (1)', missing: '완료한 미션 4개 더 필요', badge: '첫 미션', criteria: '필요했던 조건과 실제 결과', data: '내 정보', name: '이름', save: '저장', saved: '저장했습니다', consent: '배지 공개 페이지에 내 이름 표시', valid: '유효', none: '이 종류의 기록은 아직 없습니다.', attendance: '출석' },
} as const;
const OPERATION = {
  en: {
    notYours: 'Not its source', replay: 'Send again', recorded: 'Recorded now.', reason: 'Reason', malformed: 'Unreadable', raw: 'What was sent', all: /^Send all again: Unreadable/, account: 'Sent 1 again: 0 recorded, 0 recorded before, 1 not taken and still open.',
    rebuild: 'Rebuild: Rules', rebuildAct: 'Rebuild', rebuilt: 'Rebuilt', approver: 'Not their approval', forbidden: 'You may not send this again: an approval counts for who gives it',
    newKey: 'New key', label: 'What it is for', sources: 'Sources', send: 'Send learning events', create: 'Make the key', once: 'This is shown once.', kept: 'I have kept it', revoke: 'Revoke', why: 'Why, for the record', forGood: 'Revoke for good', revoked: /revoked keys?$/, covers: /^The newest checkpoint covers|^No checkpoint yet/,
  },
  ko: {
    notYours: '허용되지 않은 출처', replay: '다시 보내기', recorded: '기록했습니다.', reason: '사유', malformed: '읽을 수 없음', raw: '받은 원본', all: /^‘읽을 수 없음’ 모두 다시 보내기/, account: '1건을 다시 보냈습니다. 기록 0건, 이미 기록됨 0건, 실패하여 미처리로 남음 1건.',
    rebuild: '다시 만들기: 규칙', rebuildAct: '다시 만들기', rebuilt: '다시 만들었습니다', approver: '본인이 아닌 승인', forbidden: '다시 보낼 수 없습니다: 승인은 승인하는 본인의 것이어야 하므로',
    newKey: '새 키', label: '용도', sources: '출처', send: '학습 기록 보내기', create: '키 만들기', once: '지금 한 번만 보여 드립니다.', kept: '보관했습니다', revoke: '폐기', why: '폐기 사유(기록에 남습니다)', forGood: '영구 폐기', revoked: /^폐기된 키/, covers: /^최신 체크포인트가|^아직 체크포인트가 없습니다/,
  },
} as const;
const LANGUAGES = ['en', 'ko'] as const;
const MINUTES = 60_000;
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

withBrowser('a learner', () => {
  const root = mkdtempSync(join(tmpdir(), 'proofmark-pages-'));
  const [data, rules] = [join(root, 'data'), join(root, 'rules')];
  let engine: EngineProcess;
  let browser: Browser;
  let people = 0;

  const post = async (path: string, body: unknown): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await fetch(`${engine.url}${path}`, { method: 'POST', headers: { ...AS_ADMIN, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect([path, answer.ok]).toEqual([path, true]);
    return (await answer.json()) as Readonly<Record<string, unknown>>;
  };
  const mission = (learner: string, n: number) => ({ id: `${learner}-m${n}`, source: 'lms', type: 'MissionCompleted', learner, course: 'C1', activity: `m${n}`, time: `2026-03-0${n}T09:00:00Z` });

  /** Somebody who was invited, has chosen a password, and is at their growth path. */
  const comeIn = async (learner: string, locale: 'en' | 'ko', options: Parameters<Browser['newContext']>[0] = {}): Promise<{ readonly page: Page; readonly context: BrowserContext; readonly wrong: string[] }> => {
    const { invitation } = await post('/v1/access/people', { roles: ['learner'], learner });
    const context = await browser.newContext({ locale, ...options });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('pageerror', ({ message }) => wrong.push(message));
    page.on('console', (message) => void (message.type() === 'error' && wrong.push(`${message.text()} ${message.location().url}`)));
    const { pathname, search } = new URL(String(invitation));
    await page.goto(`${engine.url}${pathname}${search}`);
    await page.fill('input[name=login]', `person-${++people}`);
    await page.fill('input[name=password]', 'a sentence that is long enough');
    await page.click('form button');
    await page.waitForURL((url) => !url.pathname.includes('welcome'));
    await page.goto(`${engine.url}/app/learners/${learner}`);
    return { page, context, wrong };
  };

  beforeAll(async () => {
    mkdirSync(rules);
    for (const [name, text] of Object.entries(RULES)) writeFileSync(join(rules, `${name}.yaml`), text);
    engine = await startEngine(data, rules);
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    for (const learner of ['ada-en', 'ada-ko', 'eve']) await post('/v1/events', [mission(learner, 1)]);
  }, 2 * MINUTES);
  afterAll(async () => {
    await browser?.close();
    await engine?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it.each(LANGUAGES)('sees what is earned and what is missing, the story of a badge, and a new badge as it comes (%s)', async (language) => {
    const words = WORDS[language];
    const learner = `ada-${language}`;
    const { page, context, wrong } = await comeIn(learner, language);
    await page.getByRole('heading', { name: words.path }).waitFor();
    await page.getByRole('region', { name: words.earned }).waitFor();
    expect(await page.getByText(words.missing).first().isVisible()).toBe(true);
    expect(await page.locator('html').getAttribute('lang')).toBe(language);

    // What is filtered stands in the address.
    await page.getByRole('button', { name: words.attendance, exact: true }).click();
    await page.getByText(words.none).waitFor();
    expect(new URL(page.url()).search).toBe('?of=attendance');

    await page.getByRole('link', { name: words.badge }).first().click();
    await page.getByRole('heading', { name: words.criteria }).waitFor();
    expect(await page.getByText(words.valid, { exact: true }).isVisible()).toBe(true);
    await page.goBack();

    // The page is open, and the fifth mission comes in.
    await page.getByRole('region', { name: words.earned }).waitFor();
    await post('/v1/events', [2, 3, 4, 5].map((n) => mission(learner, n)));
    await page.getByRole('region', { name: words.earned.replace('1', '2') }).waitFor();
    expect(wrong).toEqual([]);
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('says who they are and what may be done with it (%s)', async (language) => {
    const words = WORDS[language];
    const learner = `ada-${language}`;
    const { page, context, wrong } = await comeIn(learner, language);
    await page.getByRole('link', { name: words.data }).click();
    await page.getByLabel(words.name, { exact: true }).fill('Ada <b>Lovelace</b>');
    await page.getByRole('button', { name: words.save }).click();
    await page.getByText(words.saved).waitFor();
    // By keyboard alone.
    const consent = page.getByRole('switch', { name: words.consent });
    await consent.focus();
    await page.keyboard.press('Space');
    await page.getByRole('switch', { name: words.consent, checked: true }).waitFor();
    const answer = await fetch(`${engine.url}/v1/learners/${learner}/profile`, { headers: AS_ADMIN });
    expect(await answer.json()).toMatchObject({ name: 'Ada <b>Lovelace</b>', consents: { 'public-name': { given: true } } });
    expect(wrong).toEqual([]);
    await context.close();
  }, 2 * MINUTES);

  it('erases themselves, but only once they have typed who that is', async () => {
    const { page, context } = await comeIn('eve', 'en');
    await page.getByRole('link', { name: 'My data' }).click();
    await page.getByRole('button', { name: 'Erase my data…' }).click();
    const forGood = page.getByRole('button', { name: 'Erase for good' });
    await page.getByLabel(/^Type eve/).fill('ev');
    expect(await forGood.isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Erase my data…' }).click();
    await page.getByLabel(/^Type eve/).fill('eve');
    await forGood.click();
    await page.getByText('Everything is erased.').waitFor();
    expect((await fetch(`${engine.url}/v1/learners/eve/growth-path`, { headers: AS_ADMIN })).status).toBe(404);
    await context.close();
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 360]] as const)('reads pages in which a machine finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const learner = `ada-${language}`;
    const { page, context } = await comeIn(learner, language, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    const award = (await (await fetch(`${engine.url}/v1/awards?learner=${learner}`, { headers: AS_ADMIN })).json()) as { readonly items: readonly { readonly id: string }[] };
    for (const path of ['', 'badges', `learners/${learner}`, `learners/${learner}/data`, `awards/${award.items[0]?.id ?? ''}`]) {
      await page.goto(`${engine.url}/app/${path}`);
      await page.waitForLoadState('networkidle');
      await page.evaluate(axeSource);
      const found = await page.evaluate<{ readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[] }>('axe.run()');
      expect([path, found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])]).toEqual([path, []]);
      // Nothing has to be scrolled sideways.
      expect([path, await page.evaluate('document.documentElement.scrollWidth <= innerWidth')]).toEqual([path, true]);
    }
    await context.close();
  }, 2 * MINUTES);
});

withBrowser('who operates the engine', () => {
  const root = mkdtempSync(join(tmpdir(), 'proofmark-operation-'));
  const rules = join(root, 'rules');
  let engine: EngineProcess;
  let browser: Browser;
  let narrowKey = '';
  let people = 0;

  const post = async (path: string, body: unknown, headers: Readonly<Record<string, string>> = AS_ADMIN): Promise<Response> =>
    fetch(`${engine.url}${path}`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const made = async (path: string, body: unknown): Promise<Readonly<Record<string, unknown>>> => (await (await post(path, body)).json()) as Readonly<Record<string, unknown>>;
  const letters = async (asked: string): Promise<readonly { readonly detail: string; readonly preview: string }[]> =>
    ((await (await fetch(`${engine.url}/v1/dead-letters?${asked}`, { headers: AS_ADMIN })).json()) as { readonly items: readonly { readonly detail: string; readonly preview: string }[] }).items;
  const mission = (id: string, source: string) => ({ id, source, type: 'MissionCompleted', learner: 'ada', course: 'C1', activity: 'm1', time: '2026-03-01T09:00:00Z' });

  const comeIn = async (roles: readonly string[], locale: 'en' | 'ko', options: Parameters<Browser['newContext']>[0] = {}): Promise<{ readonly page: Page; readonly context: BrowserContext; readonly wrong: string[] }> => {
    const { invitation } = await made('/v1/access/people', { roles });
    const context = await browser.newContext({ locale, ...options });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('pageerror', ({ message }) => wrong.push(message));
    const { pathname, search } = new URL(String(invitation));
    await page.goto(`${engine.url}${pathname}${search}`);
    await page.fill('input[name=login]', `operator-${++people}`);
    await page.fill('input[name=password]', 'a sentence that is long enough');
    await page.click('form button');
    await page.waitForURL((url) => !url.pathname.includes('welcome'));
    await page.goto(`${engine.url}/app/operation`);
    return { page, context, wrong };
  };

  beforeAll(async () => {
    mkdirSync(rules);
    for (const [name, text] of Object.entries(RULES)) writeFileSync(join(rules, `${name}.yaml`), text);
    engine = await startEngine(join(root, 'data'), rules);
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    narrowKey = String((await made('/v1/access/keys', { label: 'narrow', actions: ['event:send'], sources: ['lms'] }))['secret']);
    // One that fails each time, and holds what a page would run if it took it for more than text.
    await post('/v1/events', '{ "id": "cut", "activity": "<img src=x onerror=\'document.title=`owned`\'>", ');
  }, 2 * MINUTES);
  afterAll(async () => {
    await browser?.close();
    await engine?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it.each(LANGUAGES)('sees what is not quiet, sends a dead letter again, and builds a read model anew (%s)', async (language) => {
    const words = OPERATION[language];
    await post('/v1/events', [mission(`other-${language}`, `hall-${language}`)], { authorization: `Bearer ${narrowKey}` });
    const { page, context, wrong } = await comeIn(['operator'], language);
    await page.getByText(words.covers).waitFor();
    // Keys of programs are none of an operator's.
    expect(await page.getByRole('button', { name: words.newKey }).count()).toBe(0);

    await page.getByRole('button', { name: words.notYours }).click();
    await page.getByRole('region', { name: words.raw }).getByText(`hall-${language}`).waitFor();
    await page.getByRole('button', { name: words.replay, exact: true }).click();
    await page.getByText(words.recorded).waitFor();
    expect((await letters('state=replayed')).map(({ preview }) => preview)).toContainEqual(expect.stringContaining(`hall-${language}`));

    // What is filtered and open stands in the address; what was sent is text.
    await page.getByLabel(words.reason).selectOption('malformed');
    await page.getByRole('button', { name: words.malformed }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('reason')).toBe('malformed');
    await page.getByRole('button', { name: new RegExp(`^${words.malformed}`) }).click();
    await page.getByRole('region', { name: words.raw }).getByText('onerror').waitFor();
    await page.reload();
    await page.getByRole('region', { name: words.raw }).getByText('onerror').waitFor();
    expect([await page.title(), await page.locator('main img').count()]).toEqual([expect.not.stringContaining('owned'), 0]);

    await page.getByRole('button', { name: words.all }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: words.replay, exact: true }).click();
    await page.getByText(words.account).waitFor();

    await page.getByRole('button', { name: words.rebuild }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: words.rebuildAct, exact: true }).click();
    await page.getByText(words.rebuilt).waitFor();
    expect(wrong).toEqual([]);
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('as an administrator makes a key, uses it, and revokes it (%s)', async (language) => {
    const words = OPERATION[language];
    const { page, context, wrong } = await comeIn(['admin'], language);
    await page.getByRole('button', { name: words.newKey }).click();
    await page.getByLabel(words.label).fill(`hall of ${language}`);
    await page.getByLabel(words.sources, { exact: true }).fill(`gate-${language}, door-${language}`);
    await page.getByLabel(words.send).check();
    await page.getByRole('button', { name: words.create }).click();
    await page.getByText(words.once).waitFor();
    const secret = (await page.locator('code', { hasText: /^pmk/ }).first().textContent()) ?? '';
    const sends = async (n: number): Promise<number> => (await post('/v1/events', [mission(`${language}-${n}`, `gate-${language}`)], { authorization: `Bearer ${secret}` })).status;
    expect(await sends(1)).toBe(200);
    await page.getByRole('button', { name: words.kept }).click();
    expect(await page.getByText(secret).count()).toBe(0);

    const named = language === 'en' ? `${words.revoke} hall of en` : `hall of ko ${words.revoke}`;
    await page.getByRole('button', { name: named }).click();
    await page.getByLabel(words.why).fill('The hall is closed.');
    await page.getByRole('button', { name: words.forGood }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.getByText(words.revoked).waitFor();
    expect(await sends(2)).toBe(401);
    expect(wrong).toEqual([]);
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('is told in words what they may not send again (%s)', async (language) => {
    const words = OPERATION[language];
    const { page, context } = await comeIn(['admin', 'operator'], language);
    // In their own name, with somebody else as who approves.
    await page.evaluate(`fetch('${engine.url}/v1/events', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ id: 'approval-${language}', source: 'desk', type: 'ApprovalGiven', learner: 'ada', course: 'C1', badge: 'first-mission', approver: 'somebody-else', time: '2026-03-02T09:00:00Z' }]) })`);
    await page.goto(`${engine.url}/app/operation?reason=forbidden-approver`);
    await page.getByRole('button', { name: words.approver }).first().click();
    await page.getByRole('button', { name: words.replay, exact: true }).click();
    await page.getByText(words.forbidden).waitFor();
    await context.close();
  }, 2 * MINUTES);

  it('is not for who neither operates nor administers', async () => {
    const { page, context } = await comeIn(['auditor'], 'en');
    await page.getByText('Your role does not open this page.').waitFor();
    expect(await page.getByRole('link', { name: 'Operation' }).count()).toBe(0);
    await context.close();
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 360]] as const)('reads a page in which a machine finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const words = OPERATION[language];
    const { page, context } = await comeIn(['admin', 'operator'], language, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    const free = async (what: string): Promise<void> => {
      await page.evaluate(axeSource);
      const found = await page.evaluate<{ readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[] }>('axe.run()');
      expect([what, found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])]).toEqual([what, []]);
      expect([what, await page.evaluate('document.documentElement.scrollWidth <= innerWidth')]).toEqual([what, true]);
    };
    await page.getByRole('button', { name: words.malformed }).click();
    await page.getByRole('region', { name: words.raw }).waitFor();
    await page.getByRole('button', { name: words.newKey }).click();
    await free('the page');
    await page.getByRole('button', { name: words.rebuild }).click();
    await page.getByRole('alertdialog').waitFor();
    await free('a question');
    await context.close();
  }, 2 * MINUTES);
});
