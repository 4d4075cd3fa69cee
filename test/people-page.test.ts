import { describeInBrowser, LANGUAGES, MINUTES, openSchool, readsWell } from './school-under-test.js';

/*
 * Who signs in, by the page, in a real browser.
 */

const WORDS = {
  en: {
    invite: 'Invite somebody', instructor: 'Instructor', auditor: 'Auditor', admin: 'Administrator', make: 'Make the invitation', noCourse: 'Say which courses an instructor teaches.', courses: 'Courses that they teach', once: 'This link is shown once.',
    kept: 'I have passed it on', change: 'Change…', save: 'Save', ownAdmin: 'You would not be an administrator any more.', again: 'Invite again…', againAct: 'Make a new link', close: 'Close…', why: 'Why, for the record; no names', closeAct: 'Close the account', closed: /closed account/,
    search: 'Search people', cancel: 'Cancel', none: 'Nobody is like that.', list: 'Accounts',
  },
  ko: {
    invite: '초대하기', instructor: '강사', auditor: '감사', admin: '관리자', make: '초대 링크 만들기', noCourse: '강사가 맡은 과정을 적어 주세요.', courses: '담당 과정', once: '이 링크는 지금 한 번만 보여 드립니다.',
    kept: '전달했습니다', change: '변경…', save: '저장', ownAdmin: '본인의 관리자 역할이 없어집니다.', again: '다시 초대…', againAct: '새 링크 만들기', close: '닫기…', why: '사유(기록에 남으니 이름은 적지 마세요)', closeAct: '계정 닫기', closed: /닫힌 계정/,
    search: '구성원 검색', cancel: '취소', none: '해당하는 사람이 없습니다.', list: '계정',
  },
} as const;

interface Account {
  readonly login?: string;
  readonly status: string;
  readonly roles: readonly string[];
  readonly courses: readonly string[];
}

describeInBrowser('who administers a school', () => {
  const school = openSchool();
  const accounts = async (): Promise<readonly Account[]> => ((await (await school.get('/v1/access/people')).json()) as { readonly items: readonly Account[] }).items;

  it.each(LANGUAGES)('invites somebody, changes what they are, invites them again and closes their account (%s)', async (language) => {
    const words = WORDS[language];
    const { page, context, thrown } = await school.comeIn({ roles: ['admin'] }, 'people', language);
    await page.getByRole('button', { name: words.invite }).click();
    await page.getByRole('checkbox', { name: new RegExp(`^${words.instructor}`) }).check();
    await page.getByRole('button', { name: words.make }).click();
    await page.getByText(words.noCourse).waitFor();
    await page.getByRole('textbox', { name: words.courses }).fill(`sql-*, ${language}-viz`);
    await page.getByRole('button', { name: words.make }).click();
    await page.getByText(words.once).waitFor();
    const link = async (): Promise<string> => (await page.locator('code', { hasText: '/welcome?token=' }).textContent()) ?? '';
    const first = await link();

    // Whoever has the link comes in by it.
    const other = await context.browser()?.newContext({ locale: language });
    const there = await other?.newPage();
    await there?.goto(school.urlOf(new URL(first).pathname + new URL(first).search));
    await there?.fill('input[name=login]', `tutor-${language}`);
    await there?.fill('input[name=password]', 'a sentence that is long enough');
    await there?.click('form button');
    await there?.waitForURL((url) => !url.pathname.includes('welcome'));
    await page.getByRole('button', { name: words.kept }).click();
    expect(await page.getByText('/welcome?token=').count()).toBe(0);
    await page.reload();

    const row = page.getByRole('listitem').filter({ hasText: `tutor-${language}` });
    await row.getByRole('button', { name: words.change }).click();
    await page.getByRole('alertdialog').getByRole('checkbox', { name: new RegExp(`^${words.auditor}`) }).check();
    await page.getByRole('alertdialog').getByRole('button', { name: words.save, exact: true }).click();
    await row.getByText(words.auditor).waitFor();
    expect(await accounts()).toContainEqual(expect.objectContaining({ login: `tutor-${language}`, roles: expect.arrayContaining(['instructor', 'auditor']) as unknown, courses: ['sql-*', `${language}-viz`] }));

    await row.getByRole('button', { name: words.again }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: words.againAct }).click();
    await page.getByText(words.once).waitFor();
    expect(await link()).not.toBe(first);
    expect((await there?.goto(school.pageOf('')))?.status()).toBe(200);
    expect((await there?.request.get(school.urlOf('/v1/me')))?.status()).toBe(401); // signed out everywhere

    await page.getByLabel(words.search).fill('tutor');
    await row.getByRole('button', { name: words.close }).click();
    await page.getByLabel(words.why).fill('They have left.');
    await page.getByRole('alertdialog').getByRole('button', { name: words.closeAct }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await row.waitFor({ state: 'detached' });
    // Their login is forgotten, so that they are found among the closed ones only.
    await page.getByLabel(words.search).fill('');
    await page.getByText(words.closed).waitFor();
    expect((await accounts()).some(({ login }) => login === `tutor-${language}`)).toBe(false);
    await page.getByLabel(words.search).fill('nobody at all');
    await page.getByText(words.none).waitFor();
    expect(thrown).toEqual([]);
    await other?.close();
    await context.close();
  }, 3 * MINUTES);

  it('does not lock themselves out', async () => {
    const words = WORDS.en;
    const { page, context } = await school.comeIn({ roles: ['admin', 'auditor'] }, 'people', 'en');
    const row = page.getByRole('listitem').filter({ has: page.getByText('you', { exact: true }) });
    expect(await row.getByRole('button', { name: words.close }).count()).toBe(0);
    await row.getByRole('button', { name: words.change }).click();
    await page.getByRole('alertdialog').getByRole('checkbox', { name: /^Administrator/ }).uncheck();
    await page.getByRole('alertdialog').getByRole('button', { name: words.save, exact: true }).click();
    await page.getByText(words.ownAdmin).waitFor();
    await context.close();
  }, 2 * MINUTES);

  it('is told from who only looks, and who may not', async () => {
    const auditor = await school.comeIn({ roles: ['auditor'] }, 'people', 'en');
    await auditor.page.getByRole('region', { name: 'Accounts' }).getByRole('listitem').first().waitFor();
    expect(await auditor.page.getByRole('button', { name: /Invite|Change…|Close…/ }).count()).toBe(0);
    await auditor.context.close();
    const instructor = await school.comeIn({ roles: ['instructor'], courses: ['C1'] }, 'people', 'en');
    await instructor.page.getByText('Your role does not open this page.').waitFor();
    expect(await instructor.page.getByRole('link', { name: 'People' }).count()).toBe(0);
    await instructor.context.close();
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 1440], ['dark', 'en', 360], ['light', 'ko', 360]] as const)('reads a page in which a machine finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const words = WORDS[language];
    const { page, context } = await school.comeIn({ roles: ['admin', 'operator'] }, 'people', language, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    await school.post('/v1/access/people', { roles: ['learner', 'instructor', 'admin', 'auditor', 'operator'], courses: Array.from({ length: 30 }, (_none, i) => `a-long-name-of-a-course-${i}`), learner: `learner-${'x'.repeat(60)}` });
    await page.reload();
    await page.getByRole('button', { name: words.invite }).click();
    await page.getByRole('checkbox', { name: new RegExp(`^${words.instructor}`) }).check();
    await readsWell(page, 'the page');
    await page.getByRole('checkbox', { name: new RegExp(`^${words.instructor}`) }).uncheck();
    await page.getByRole('checkbox', { name: new RegExp(`^${words.admin}`) }).check();
    await page.getByRole('button', { name: words.make }).click();
    await page.getByText(words.once).waitFor();
    await readsWell(page, 'a link');
    await page.getByRole('button', { name: words.change }).first().click();
    await page.getByRole('alertdialog').waitFor();
    await readsWell(page, 'a question');
    await context.close();
  }, 2 * MINUTES);
});
