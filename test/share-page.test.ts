import { describeInBrowser, LANGUAGES, MINUTES, mission, openSchool, readsWell, type Visit } from './school-under-test.js';

/*
 * What learners show to others: a choice of badges under a link, and the page that the link leads to; in a real browser.
 */

const WORDS = {
  en: { title: 'Show my badges', choose: 'Show a choice of them', badge: /^First Mission/, five: /^Five Missions/, make: 'Make the page', change: 'Save the choice', saved: 'Saved. The page shows it now.', link: 'Its link', copy: 'Copy: Its link', copied: 'Copied: Its link', refused: 'The browser did not let it be copied.', unnamed: 'It does not show your name.', withdraw: 'Withdraw it…', sure: 'Show your badges no more?', now: 'Withdraw it', withdrawn: 'Nothing is shown any more.', page: 'A collection of badges', gone: 'Nothing is shown here', valid: 'Valid', empty: 'You have no badge to show yet.', award: 'Copy the link' },
  ko: { title: '내 배지 보여 주기', choose: '골라서 보여 주기', badge: /^첫 미션/, five: /^미션 다섯/, make: '페이지 만들기', change: '선택 저장', saved: '저장했습니다. 페이지에 바로 반영되었습니다.', link: '링크', copy: '복사: 링크', copied: '복사했습니다: 링크', refused: '브라우저가 복사를 허용하지 않았습니다.', unnamed: '이름은 표시되지 않습니다.', withdraw: '공개 끝내기…', sure: '배지 공개를 끝낼까요?', now: '공개 끝내기', withdrawn: '이제 아무것도 공개되지 않습니다.', page: '배지 모음', gone: '공개된 배지 모음이 없습니다', valid: '유효', empty: '아직 보여 줄 배지가 없습니다.', award: '링크 복사' },
} as const;

describeInBrowser('a learner who shows badges', () => {
  const { post, get, pageOf, comeIn: visit } = openSchool();
  const comeIn = (learner: string, locale: 'en' | 'ko', options: Parameters<typeof visit>[3] = {}): Promise<Visit> => visit({ roles: ['learner'], learner }, `learners/${learner}`, locale, options);
  /** Where a link leads here: it names the public address. */
  const here = (link: string): string => new URL(new URL(link).pathname, pageOf('')).href;

  beforeAll(async () => {
    for (const learner of ['ada-en', 'ada-ko', 'bea', 'cee-en', 'cee-ko']) await post('/v1/events', [1, 2, 3, 4, 5].map((n) => mission(learner, n)));
    await post('/v1/events', [{ id: 'enrolled', source: 'lms', type: 'Enrolled', learner: 'new', course: 'C1', time: '2026-03-01' }]);
  }, 2 * MINUTES);

  it.each(LANGUAGES)('chooses, gets a link that anybody can open, changes the choice, and withdraws it (%s)', async (language) => {
    const words = WORDS[language];
    const learner = `ada-${language}`;
    const { page, context, thrown } = await comeIn(learner, language);
    await page.getByRole('link', { name: words.choose }).click();
    await page.getByRole('heading', { name: words.title }).waitFor();
    const make = page.getByRole('button', { name: words.make });
    expect(await make.isDisabled()).toBe(true);
    // By keyboard alone.
    await page.getByRole('checkbox', { name: words.badge }).focus();
    await page.keyboard.press('Space');
    await make.focus();
    await page.keyboard.press('Enter');
    await page.getByText(words.saved).waitFor();
    await page.getByText(words.unnamed).waitFor();
    const link = await page.getByLabel(words.link, { exact: true }).inputValue();

    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: words.copy }).click();
    await page.getByRole('button', { name: words.copied }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link);

    // Somebody else, who is not signed in and has no script.
    const stranger = await context.browser()?.newContext({ locale: language, javaScriptEnabled: false });
    const shown = await stranger?.newPage();
    if (!stranger || !shown) throw new Error('there is no browser');
    await shown.goto(here(link));
    await shown.getByRole('heading', { name: words.page }).waitFor();
    expect(await shown.getByRole('listitem').count()).toBe(1);
    await shown.getByRole('link', { name: words.badge }).click();
    expect(new URL(shown.url()).pathname).toMatch(/^\/v\//);

    await page.getByRole('checkbox', { name: words.five }).check();
    await page.getByRole('button', { name: words.change }).click();
    await page.getByText(words.saved).waitFor();
    expect(await page.getByLabel(words.link, { exact: true }).inputValue()).toBe(link);
    await shown.goto(here(link));
    expect(await shown.getByRole('listitem').filter({ hasText: words.valid }).count()).toBe(2);

    await page.getByRole('button', { name: words.withdraw }).click();
    await page.getByRole('alertdialog', { name: words.sure }).getByRole('button', { name: words.now }).click();
    await page.getByText(words.withdrawn).waitFor();
    expect((await shown.goto(here(link)))?.status()).toBe(404);
    await shown.getByText(words.gone).waitFor();
    await page.getByRole('button', { name: words.make }).waitFor();
    expect(thrown).toEqual([]);
    await stranger.close();
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('is told where the browser does not let a link be copied (%s)', async (language) => {
    const words = WORDS[language];
    const learner = `cee-${language}`;
    const { page, context, thrown } = await comeIn(learner, language);
    await context.grantPermissions([]); // what is not granted then is refused
    await page.getByRole('link', { name: words.badge }).first().click();
    await page.getByRole('button', { name: words.award }).click();
    await page.getByText(words.refused).waitFor();
    await page.goto(pageOf(`learners/${learner}/share`));
    await page.getByRole('checkbox', { name: words.badge }).check();
    await page.getByRole('button', { name: words.make }).click();
    await page.getByRole('button', { name: words.copy }).click();
    await page.getByText(words.refused).waitFor();
    expect(thrown).toEqual([]);
    await context.close();
  }, 2 * MINUTES);

  it('is told where there is nothing to show yet, and sees nobody else\'s', async () => {
    const { page, context } = await comeIn('new', 'en');
    await page.goto(pageOf('learners/new/share'));
    await page.getByText(WORDS.en.empty).waitFor();
    await page.goto(pageOf('learners/ada-en/share'));
    await page.getByText('There is nothing here, or it is not for you to see.').waitFor();
    await context.close();
    const admin = await visit({ roles: ['admin'] }, 'learners/ada-en/share', 'en');
    await admin.page.getByText('Your role does not open this page.').waitFor();
    expect((await get('/v1/learners/ada-en/collection')).status).toBe(403);
    await admin.context.close();
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 360]] as const)('sees, and shows, pages in which a machine finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const words = WORDS[language];
    const { page, context } = await comeIn('bea', language, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    await page.goto(pageOf('learners/bea/share'));
    await page.getByRole('checkbox', { name: words.badge }).check();
    const save = page.getByRole('button', { name: new RegExp(`^(${words.make}|${words.change})$`) });
    if (await save.isEnabled()) await save.click();
    const link = await page.getByLabel(words.link, { exact: true }).inputValue();
    await readsWell(page, 'share');
    await page.goto(here(link));
    await readsWell(page, 'a collection');
    await page.goto(here(link).replace(/\w+$/, '0000000000000000'));
    await readsWell(page, 'no collection');
    await context.close();
  }, 2 * MINUTES);
});
