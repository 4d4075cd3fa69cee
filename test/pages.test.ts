import { readFileSync } from 'node:fs';
import type { Response } from 'playwright-core';
import { appears } from './fault/engine-process.js';
import { describeInBrowser, LANGUAGES, MINUTES, mission, openSchool, readsWell, type Guest, type Visit } from './school-under-test.js';

/*
 * The pages of learners and issuers, in a real browser.
 */

const WORDS = {
  en: { path: 'My growth path', earned: 'Earned (1)', missing: '4 more completed missions', badge: 'First Mission', criteria: 'What had to be met, and what was', data: 'My data', name: 'Name', save: 'Save', saved: 'Saved', consent: 'My name on the public pages of my badges', valid: 'Valid', none: 'Nothing of this kind yet.', attendance: 'Attendance' },
  ko: { path: '나의 성장 경로', earned: '획득한 배지 (1)', missing: '완료한 미션 4개 더 필요', badge: '첫 미션', criteria: '필요했던 조건과 실제 결과', data: '내 정보', name: '이름', save: '저장', saved: '저장했습니다', consent: '배지 공개 페이지에 내 이름 표시', valid: '유효', none: '이 종류의 기록은 아직 없습니다.', attendance: '출석' },
} as const;

describeInBrowser('a learner', () => {
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
  en: { analytics: 'Analytics', badge: 'First Mission', everybody: '100% of the enrolled earn it', unearned: 'Nobody has earned it yet', funnel: 'What becomes of a badge', overTime: 'Awards over time', numbers: 'The same as a table', day: 'March 1, 2026', by: 'Counted by', csv: 'Save as CSV', soon: 'How soon it is earned', drop: 'Where learners drop off', five: 'Five Missions', lacks: 'At least 5 completed missions', from: 'From', none: 'Nothing was earned in this time.', criteria: 'What had to be met, and what was', clear: 'Clear' },
  ko: { analytics: '배지 분석', badge: '첫 미션', everybody: '수강생의 100%가 획득', unearned: '아직 아무도 획득하지 못함', funnel: '수여된 뒤의 배지', overTime: '기간별 수여 현황', numbers: '표로 보기', day: '2026년 3월 1일', by: '집계 단위', csv: 'CSV로 저장', soon: '획득까지 걸린 시간', drop: '학습자가 막히는 조건', five: '미션 다섯', lacks: '완료한 미션 5개 이상', from: '시작일', none: '이 기간에 획득된 배지가 없습니다.', criteria: '필요했던 조건과 실제 결과', clear: '조건 지우기' },
} as const;

describeInBrowser('an administrator', () => {
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

    // One badge looked at closely: what learners lack leads to who they are.
    await page.goto(pageOf('analytics?badge=five-missions'));
    await page.getByRole('region', { name: words.soon }).waitFor();
    const dropOff = page.getByRole('region', { name: words.drop });
    await dropOff.getByRole('row').filter({ hasText: words.lacks }).filter({ hasText: '24' }).first().waitFor();
    await dropOff.getByRole('link', { name: words.lacks }).click();
    await page.waitForURL((url) => url.pathname.endsWith('/progress') && url.searchParams.get('badge') === 'five-missions');
    await page.goto(pageOf('analytics'));

    await page.getByRole('table').last().getByRole('link', { name: words.badge }).click();
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
