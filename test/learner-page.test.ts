import { describeInBrowser, LANGUAGES, MINUTES, mission, openSchool, readsWell, type Visit } from './school-under-test.js';

/*
 * A learner's way to a role, in a real browser.
 */

const badge = (id: string, en: string, ko: string, criteria: string, more = 'course: C1'): string => `
badge: ${id}
name: { en: ${en}, ko: ${ko} }
criteria-text: { en: About ${en}., ko: ${ko}에 대하여. }
issuer: academy
decides: as-soon-as-met
when-corrected: revoke
${more}
criteria: ${criteria}
`;
const level = (rank: number, en: string, ko: string): string => `course: C1\nlevel: { of: mission, rank: ${rank}, name: { en: ${en}, ko: ${ko} } }`;

const RULES = {
  bronze: badge('bronze', 'Starter', '시작', '{ count: { of: missions, at-least: 1 } }', level(1, 'Bronze', '브론즈')),
  silver: badge('silver', 'Doer', '실천가', '{ count: { of: missions, at-least: 4 } }', level(2, 'Silver', '실버')),
  gold: badge('gold', 'Master', '달인', '{ count: { of: missions, at-least: 8 } }', level(3, 'Gold', '골드')),
  maker: badge('maker', 'Maker', '메이커', '{ all: [{ badges: { badge: bronze } }, { badges: { level-of: mission, from-rank: 2 } }, { approval: { by: 1 } }] }', 'role: { en: Maker, ko: 메이커 }'),
};

const WORDS = {
  en: { map: 'Ways to a role', way: 'Way to Maker', earned: /^Starter · Bronze Earned$/, begun: /^Doer · Silver 25% done$/, missing: '3 more completed missions', criteria: 'What had to be met, and what was', helps: 'It completes Doer. It also brings you closer to Master. On the way to Maker.', parts: '1 of 3 parts', approval: '1 more approval', reached: 'Doer · Silver Earned', awarded: 'Badge awarded: Starter', met: 'At least 1 completed mission' },
  ko: { map: '역할로 가는 길', way: '메이커로 가는 길', earned: /^시작 · 브론즈 획득$/, begun: /^실천가 · 실버 25% 진행$/, missing: '완료한 미션 3개 더 필요', criteria: '필요했던 조건과 실제 결과', helps: '실천가 배지가 완성됩니다. 달인 배지에도 가까워집니다. 메이커로 이어지는 길입니다.', parts: '3단계 중 1단계 완료', approval: '승인 1건 더 필요', reached: '실천가 · 실버 획득', awarded: '배지 획득: 시작', met: '완료한 미션 1개 이상' },
} as const;

describeInBrowser("a learner's way to a role", () => {
  const { post, send, comeIn: visit } = openSchool(RULES);
  const comeIn = (learner: string, locale: 'en' | 'ko', options: Parameters<typeof visit>[3] = {}): Promise<Visit> => visit({ roles: ['learner'], learner }, `learners/${learner}`, locale, options);

  beforeAll(async () => {
    for (const learner of ['ada-en', 'ada-ko', 'bea']) await post('/v1/events', [mission(learner, 1)]);
  }, 2 * MINUTES);

  it.each(LANGUAGES)('shows what is earned and what is missing, each a click away, and follows what happens (%s)', async (language) => {
    const words = WORDS[language];
    const { page, context, wrong } = await comeIn(`ada-${language}`, language);
    const map = page.getByRole('region', { name: words.map });
    await map.getByText(words.way).waitFor();
    expect(await map.getByText(words.parts).isVisible()).toBe(true);
    expect(await map.getByText(words.approval).isVisible()).toBe(true);
    await page.getByText(words.helps).waitFor();
    // The way is a list in order: what is asked, and the role at its end; levels stand on top of each other.
    const stops = map.locator('details > ol > li');
    expect(await stops.count()).toBe(4);
    expect(await stops.nth(1).locator('ol > li').first().innerText()).toContain(language === 'en' ? 'Gold' : '골드');

    // By keyboard: what is missing opens over the page, and the focus comes back.
    const begun = map.getByRole('button', { name: words.begun });
    await begun.focus();
    await page.keyboard.press('Enter');
    const sheet = page.getByRole('dialog');
    await sheet.getByText(words.missing).first().waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect(await page.locator(':focus').innerText()).toContain(language === 'en' ? 'Doer' : '실천가');

    // The timeline says what the badge was earned by, and leads to the rest of it.
    const row = page.getByRole('region', { name: language === 'en' ? 'Timeline' : '활동 기록' }).getByRole('listitem').filter({ hasText: words.awarded });
    await row.getByText(words.met, { exact: true }).waitFor();
    await row.getByRole('link').click();
    await page.getByRole('heading', { name: words.criteria }).waitFor();
    await page.goBack();

    await map.getByRole('link', { name: words.earned }).click();
    await page.getByRole('heading', { name: words.criteria }).waitFor();
    await page.goBack();

    await map.getByText(words.way).waitFor();
    await post('/v1/events', [2, 3, 4].map((n) => mission(`ada-${language}`, n)));
    await map.getByRole('link', { name: words.reached }).waitFor();
    // What the badge rests on is taken back: it is lost, and can be had again.
    await post('/v1/events', [{ id: `fix-${language}`, source: 'lms', type: 'FactRetracted', target: `ada-${language}-m4`, learner: `ada-${language}`, time: '2026-03-09T09:00:00Z' }]);
    const lost = map.getByRole('button', { name: language === 'en' ? /Doer · Silver Revoked/ : /실천가 · 실버 취소됨/ });
    await lost.click();
    await sheet.getByText(language === 'en' ? '1 more completed mission' : '완료한 미션 1개 더 필요').first().waitFor();
    // Why, in the reader's language, on the page of the award and in the timeline.
    const why = language === 'en' ? 'corrected records changed what the rule sees' : '정정된 기록이 규칙의 판정에 반영되었습니다';
    await sheet.getByRole('link').click();
    await page.getByText(why, { exact: true }).waitFor();
    await page.goBack();
    await page.getByRole('region', { name: language === 'en' ? 'Timeline' : '활동 기록' }).getByText(why).waitFor();
    expect(wrong).toEqual([]);
    await context.close();
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 360]] as const)('is a map in which a machine finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const { page, context } = await comeIn('bea', language, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    const map = page.getByRole('region', { name: WORDS[language].map });
    await map.getByRole('button', { name: WORDS[language].begun }).waitFor();
    await readsWell(page, 'the way to a role');
    await map.getByRole('button', { name: WORDS[language].begun }).click();
    await page.getByRole('dialog').waitFor();
    await readsWell(page, 'what is missing');
    await context.close();
  }, 2 * MINUTES);

  it('is nothing where nothing leads to a role, and not for others to see', async () => {
    await send('/v1/rules/maker/retire', { reason: 'test' });
    const { page, context } = await comeIn('bea', 'en');
    await page.getByRole('region', { name: 'Timeline' }).waitFor();
    expect(await page.getByRole('region', { name: 'Ways to a role' }).count()).toBe(0);
    await page.goto(page.url().replace('bea', 'ada-en'));
    await page.getByText('There is nothing here, or it is not for you to see.').waitFor();
    await context.close();
  }, 2 * MINUTES);
});
