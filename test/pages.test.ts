import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page, type Response } from 'playwright-core';
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

  it('loads little: 200 kB of script for the growth path, none to verify a badge', async () => {
    const { page, context } = await comeIn('ada-en', 'en');
    const scripts: Response[] = [];
    page.on('response', (response) => void (response.request().resourceType() === 'script' && scripts.push(response)));
    const sizeOf = async (path: string): Promise<number> => {
      scripts.length = 0;
      await page.goto('about:blank');
      await page.goto(`${engine.url}${path}`);
      await page.waitForLoadState('networkidle');
      return scripts.reduce((sum, response) => sum + Number(response.headers()['content-length']), 0);
    };
    const { items } = (await (await fetch(`${engine.url}/v1/awards?learner=ada-en`, { headers: AS_ADMIN })).json()) as { readonly items: readonly { readonly credential?: string }[] };
    const growthPath = await sizeOf('/app/learners/ada-en');
    expect(growthPath).toBeGreaterThan(10_000);
    expect(growthPath).toBeLessThan(200_000);
    expect(await sizeOf(`/v/${items.find(({ credential }) => credential !== undefined)?.credential ?? ''}`)).toBe(0);
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
