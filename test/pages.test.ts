import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page, type Response } from 'playwright-core';
import { AS_ADMIN } from '#engine/http/admin-under-test.js';
import { installedBrowser } from './browser.js';
import { appears, startEngine, type EngineProcess } from './fault/engine-process.js';

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

/** Somebody to invite. */
interface Guest {
  readonly roles: readonly string[];
  readonly learner?: string;
}
interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly wrong: string[];
}

/** A school with its engine and a browser beside it, for the tests of one `describe`. */
const openSchool = () => {
  const root = mkdtempSync(join(tmpdir(), 'proofmark-pages-'));
  const [data, rules] = [join(root, 'data'), join(root, 'rules')];
  let engine: EngineProcess;
  let browser: Browser;
  let people = 0;

  beforeAll(async () => {
    mkdirSync(rules);
    for (const [name, text] of Object.entries(RULES)) writeFileSync(join(rules, `${name}.yaml`), text);
    engine = await startEngine(data, rules);
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  }, 2 * MINUTES);
  afterAll(async () => {
    await browser?.close();
    await engine?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const post = async (path: string, body: unknown): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await fetch(`${engine.url}${path}`, { method: 'POST', headers: { ...AS_ADMIN, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect([path, answer.ok]).toEqual([path, true]);
    return (await answer.json()) as Readonly<Record<string, unknown>>;
  };
  /** Somebody who was invited, has chosen a password, and is at a page. */
  const comeIn = async (guest: Guest, at: string, locale: 'en' | 'ko', options: Parameters<Browser['newContext']>[0] = {}): Promise<Visit> => {
    const { invitation } = await post('/v1/access/people', guest);
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
    await page.goto(`${engine.url}/app/${at}`);
    return { page, context, wrong };
  };
  return { data, post, comeIn, get: (path: string) => fetch(`${engine.url}${path}`, { headers: AS_ADMIN }), pageOf: (path: string) => `${engine.url}/app/${path}` };
};

const mission = (learner: string, n: number) => ({ id: `${learner}-m${n}`, source: 'lms', type: 'MissionCompleted', learner, course: 'C1', activity: `m${n}`, time: `2026-03-0${n}T09:00:00Z` });

/** Asks a machine for barriers in the page that is open, and that nothing has to be scrolled sideways. */
const readsWell = async (page: Page, path: string): Promise<void> => {
  await page.waitForLoadState('networkidle');
  await page.evaluate(axeSource);
  const found = await page.evaluate<{ readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[] }>('axe.run()');
  expect([path, found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])]).toEqual([path, []]);
  expect([path, await page.evaluate('document.documentElement.scrollWidth <= innerWidth')]).toEqual([path, true]);
};

withBrowser('a learner', () => {
  const { post, get, pageOf, comeIn: visit } = openSchool();
  const comeIn = (learner: string, locale: 'en' | 'ko', options: Parameters<typeof visit>[3] = {}): Promise<Visit> => visit({ roles: ['learner'], learner }, `learners/${learner}`, locale, options);

  beforeAll(async () => {
    for (const learner of ['ada-en', 'ada-ko', 'eve']) await post('/v1/events', [mission(learner, 1)]);
  }, 2 * MINUTES);

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
    const answer = await get(`/v1/learners/${learner}/profile`);
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
    expect((await get('/v1/learners/eve/growth-path')).status).toBe(404);
    await context.close();
  }, 2 * MINUTES);

  it('loads little: 200 kB of script for the growth path, none to verify a badge', async () => {
    const { page, context } = await comeIn('ada-en', 'en');
    const scripts: Response[] = [];
    page.on('response', (response) => void (response.request().resourceType() === 'script' && scripts.push(response)));
    const sizeOf = async (path: string): Promise<number> => {
      scripts.length = 0;
      await page.goto('about:blank');
      await page.goto(new URL(path, pageOf('')).href);
      await page.waitForLoadState('networkidle');
      return scripts.reduce((sum, response) => sum + Number(response.headers()['content-length']), 0);
    };
    const { items } = (await (await get('/v1/awards?learner=ada-en')).json()) as { readonly items: readonly { readonly credential?: string }[] };
    const growthPath = await sizeOf('/app/learners/ada-en');
    expect(growthPath).toBeGreaterThan(10_000);
    expect(growthPath).toBeLessThan(200_000);
    expect(await sizeOf(`/v/${items.find(({ credential }) => credential !== undefined)?.credential ?? ''}`)).toBe(0);
    await context.close();
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 360]] as const)('reads pages in which a machine finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const learner = `ada-${language}`;
    const { page, context } = await comeIn(learner, language, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    const award = (await (await get(`/v1/awards?learner=${learner}`)).json()) as { readonly items: readonly { readonly id: string }[] };
    for (const path of ['', 'badges', `learners/${learner}`, `learners/${learner}/data`, `awards/${award.items[0]?.id ?? ''}`]) {
      await page.goto(pageOf(path));
      await readsWell(page, path);
    }
    await context.close();
  }, 2 * MINUTES);
});

const FIGURES = {
  en: { analytics: 'Analytics', badge: 'First Mission', everybody: '100% of the enrolled earn it', unearned: 'Nobody has earned it yet', funnel: 'What becomes of a badge', overTime: 'Awards over time', numbers: 'The same as a table', day: 'March 1, 2026', by: 'Counted by', csv: 'Save as CSV', from: 'From', none: 'Nothing was earned in this time.', criteria: 'What had to be met, and what was', clear: 'Clear' },
  ko: { analytics: '배지 분석', badge: '첫 미션', everybody: '수강생의 100%가 획득', unearned: '아직 아무도 획득하지 못함', funnel: '수여된 뒤의 배지', overTime: '기간별 수여 현황', numbers: '표로 보기', day: '2026년 3월 1일', by: '집계 단위', csv: 'CSV로 저장', from: '시작일', none: '이 기간에 획득된 배지가 없습니다.', criteria: '필요했던 조건과 실제 결과', clear: '조건 지우기' },
} as const;

withBrowser('an administrator', () => {
  const { data, post, get, pageOf, comeIn } = openSchool();
  const CLASS = Array.from({ length: 24 }, (_, i) => `learner-${i + 1}`);
  const ADMIN: Guest = { roles: ['admin'] };

  /** So many further awards are there, and in the figures. */
  const awarded = async (count: number, after: number): Promise<number> => {
    let position = after;
    for (let i = 0; i < count; i++) position = await appears(data, 'BadgeAwarded', position);
    for (const path of ['badges', 'engagement']) expect((await get(`/v1/analytics/${path}?minPosition=${position}`)).status).toBe(200);
    return position;
  };
  let last = 0;

  beforeAll(async () => {
    await post('/v1/events', CLASS.map((learner) => mission(learner, 1)));
    last = await awarded(CLASS.length, 0);
  }, 2 * MINUTES);

  it.each(LANGUAGES)('sees what became of the badges and which need a look, and gets to the awards behind a figure (%s)', async (language) => {
    const words = FIGURES[language];
    const { page, context, wrong } = await comeIn(ADMIN, '', language);
    await page.getByRole('navigation').getByRole('link', { name: words.analytics }).click();
    await page.getByRole('region', { name: words.funnel }).getByText('24').waitFor();
    // What everybody has stands before what nobody has; both need a look.
    const rows = page.getByRole('table').last().getByRole('row');
    expect(await rows.nth(1).innerText()).toContain(words.everybody);
    expect(await rows.nth(2).innerText()).toContain(words.unearned);

    // The bars as numbers, by keyboard; how they are counted stands in the address.
    const overTime = page.getByRole('region', { name: words.overTime });
    await page.getByLabel(words.by).selectOption('day');
    await page.waitForURL((url) => url.search === '?interval=day');
    await overTime.getByText(words.numbers).focus();
    await page.keyboard.press('Enter');
    await overTime.getByRole('row').filter({ hasText: words.day }).filter({ hasText: '24' }).waitFor();

    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: words.csv }).last().click()]);
    expect(readFileSync(await file.path(), 'utf8')).toContain(`\r\n${words.badge},first-mission,`);

    // Nothing is in a time in which nothing was; the address keeps what is asked.
    await page.goto(pageOf('analytics?from=2026-04-01&interval=nonsense&to=2026-13-01'));
    await page.getByText(words.none).waitFor();
    expect(await page.getByLabel(words.from).inputValue()).toBe('2026-04-01');
    await page.getByRole('button', { name: words.clear }).click();
    await page.waitForURL((url) => url.search === '');

    await page.getByRole('link', { name: words.badge }).click();
    await page.waitForURL((url) => url.pathname.endsWith('/awards') && url.search === '?badge=first-mission');
    await page.getByRole('link', { name: 'learner-7', exact: true }).click();
    await page.getByRole('heading', { name: words.criteria }).waitFor();
    expect(wrong).toEqual([]);
    await context.close();
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 360]] as const)('reads figures in which a machine finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const { page, context } = await comeIn(ADMIN, '', language, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    for (const path of ['analytics', 'analytics?interval=day&badge=five-missions', 'awards?badge=first-mission', 'awards']) {
      await page.goto(pageOf(path));
      await page.getByRole('table').last().waitFor();
      for (const more of await page.locator('summary').all()) await more.click();
      await readsWell(page, path);
    }
    await context.close();
  }, 2 * MINUTES);

  it('is told in words what is about too few learners, and why', async () => {
    await post('/v1/events', CLASS.slice(0, 2).flatMap((learner) => [2, 3, 4, 5].map((n) => mission(learner, n))));
    await awarded(2, last);
    const { page, context } = await comeIn(ADMIN, 'analytics', 'en');
    const row = page.getByRole('row').filter({ hasText: 'Five Missions' });
    await row.getByText('Too few learners to say').waitFor();
    expect(await row.getByText('not shown').count()).toBeGreaterThan(3);
    expect(await page.getByText('Not shown are figures about fewer than 5 learners').isVisible()).toBe(true);
    await context.close();
  }, 2 * MINUTES);

  it('alone is led there, beside auditors', async () => {
    const { page, context } = await comeIn({ roles: ['operator'] }, 'analytics', 'en');
    await page.getByText('Your role does not open this page.').waitFor();
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Analytics' }).count()).toBe(0);
    await context.close();
  });
});
