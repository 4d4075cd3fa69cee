import { readFileSync } from 'node:fs';
import { describeInBrowser, LANGUAGES, MINUTES, mission, MISSION_RULES, openSchool, readsWell, type Guest } from './school-under-test.js';

/*
 * Who holds which skill, and who is ready for a role, in a real browser.
 */

const WORDS = {
  en: { skills: 'Who holds which skill', cell: /^Sales, First Mission: ?6 ?50%$/, csv: 'Save as CSV', group: 'Department: Sales', all: 'Show all learners with a skill', roles: 'Ready for a role', one: /^1 badge 7/, holding: 'Who holds 1 badge of it', everybody: 'Show everybody', back: 'Analytics', none: 'No skill is like that.', nobody: 'Nobody is like that.', missing: 'Five Missions', compared: /March 1.*31, 2026, compared with January 29.*February 28, 2026/, more: '12 more', against: 'Compared with', others: 'other days', nothing: /Figures of March 1.*31, 2026/ },
  ko: { skills: '부서별 보유 역량', cell: /^Sales, 첫 미션: ?6 ?50%$/, csv: 'CSV로 저장', group: '부서: Sales', all: '역량을 보유한 학습자 모두 보기', roles: '직무 준비도', one: /^1개 7/, holding: '배지 1개를 보유한 학습자', everybody: '모두 보기', back: '배지 분석', none: '조건에 맞는 역량이 없습니다.', nobody: '조건에 맞는 학습자가 없습니다.', missing: '미션 다섯', compared: /3월 1일.*31일 기간을 .*1월 29일.*2월 28일 기간과 비교합니다/, more: '12 증가', against: '비교 기간', others: '직접 선택', nothing: /3월 1일.*31일 기간의 수치입니다/ },
} as const;

const RULES = {
  ...MISSION_RULES,
  doer: `
badge: doer
name: { en: Doer, ko: 실행가 }
criteria-text: { en: Either badge., ko: 배지 하나. }
issuer: academy
role: { en: Doer, ko: 실행가 }
decides: as-soon-as-met
when-corrected: revoke
criteria: { badges: { badge: [first-mission, five-missions], at-least: 1 } }
`,
};

describeInBrowser('an administrator', () => {
  const { post, get, pageOf, comeIn } = openSchool(RULES);
  const ADMIN: Guest = { roles: ['admin'] };
  const CLASS = Array.from({ length: 24 }, (_none, i) => `learner-${String(i + 1).padStart(2, '0')}`);
  const departmentOf = (i: number): string => (i < 12 ? 'Sales' : 'Legal');

  beforeAll(async () => {
    await post('/v1/events', CLASS.map((learner, i) => ({ id: `en-${learner}`, source: 'lms', type: 'Enrolled', learner, course: 'C1', time: '2026-03-01T08:00:00Z', attributes: { department: departmentOf(i) } })));
    // Six of each department do one mission; five of sales do five.
    const did = CLASS.filter((_learner, i) => i % 12 < 6);
    const { position } = await post('/v1/events', [...did.map((learner) => mission(learner, 1)), ...CLASS.slice(0, 5).flatMap((learner) => [2, 3, 4, 5].map((n) => mission(learner, n)))]);
    for (;;) {
      const answer = await get(`/v1/analytics/skills?minPosition=${Number(position)}`);
      if (answer.status !== 200) continue;
      const { competencies } = (await answer.json()) as { readonly competencies: readonly { readonly learners: number | null }[] };
      const roles = (await (await get('/v1/analytics/roles')).json()) as { readonly items: readonly { readonly holders: number | null }[] };
      if (competencies.map(({ learners }) => learners).join() === '12,5' || (competencies.some(({ learners }) => learners === 12) && roles.items[0]?.holders === 12)) return;
    }
  }, 2 * MINUTES);

  it.each(LANGUAGES)('sees which department can do what, and who is behind it (%s)', async (language) => {
    const words = WORDS[language];
    const { page, context, wrong } = await comeIn(ADMIN, 'analytics', language);
    const map = page.getByRole('region', { name: words.skills });
    const cell = map.getByRole('link', { name: words.cell });
    await cell.waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), map.getByRole('button', { name: words.csv }).click()]);
    expect(readFileSync(await file.path(), 'utf8')).toContain('\r\nSales,12,6,0.5,');

    // By keyboard; what is asked stands in the address.
    await cell.focus();
    await page.keyboard.press('Enter');
    await page.getByText(words.group).waitFor();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ group: 'Sales', competency: 'badge:first-mission' });
    await page.getByRole('row').nth(6).waitFor();
    expect(await page.getByRole('row').count()).toBe(7);
    await page.reload();
    await page.getByText(words.group).waitFor();
    await page.getByRole('button', { name: words.all }).click();
    await page.getByRole('row').nth(12).waitFor();

    // What makes no sense in the address is left out, what is nowhere finds nothing.
    await page.goto(pageOf('analytics/learners?group=Nowhere&badge=&from=x'));
    await page.getByText(words.nobody).waitFor();
    await page.goto(pageOf('analytics?course=C9'));
    await page.getByText(words.none).waitFor();
    expect(wrong).toEqual([]);
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('sees how far people are on the way to a role, and who is where (%s)', async (language) => {
    const words = WORDS[language];
    const { page, context, wrong } = await comeIn(ADMIN, 'analytics', language);
    const roles = page.getByRole('region', { name: words.roles });
    await roles.getByRole('link', { name: words.one }).click();
    await page.getByText(words.holding).waitFor();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ from: '1', to: '1' });
    await page.getByRole('row').nth(7).waitFor();
    expect(await page.getByRole('row').count()).toBe(8);
    expect(await page.getByRole('row').nth(1).innerText()).toContain(words.missing);
    await page.getByRole('button', { name: words.everybody }).click();
    await page.getByRole('row').nth(24).waitFor();
    await page.goto(pageOf('analytics/roles/doer?from=x&to=-1'));
    await page.getByRole('row').nth(24).waitFor();
    expect(wrong).toEqual([]);
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('sees how the figures of a time have changed, and against which time (%s)', async (language) => {
    const words = WORDS[language];
    const { page, context, wrong } = await comeIn(ADMIN, 'analytics?from=2026-03-01&to=2026-03-31', language);
    await page.getByText(words.compared).waitFor();
    // Everybody of the class is new in that time; awards are counted on the day of their decision, which is today.
    await page.getByText(words.more.replace('12', '24')).waitFor();
    await page.getByLabel(words.against).selectOption('nothing');
    await page.getByText(words.nothing).waitFor();
    expect(new URL(page.url()).searchParams.get('against')).toBe('nothing');
    expect(await page.getByText(words.more.replace('12', '24')).count()).toBe(0);
    await page.getByLabel(words.against).selectOption({ label: words.others });
    await page.goto(pageOf('analytics?from=2026-03-01&to=2026-03-31&against=other&otherFrom=2026-03-01&otherTo=2026-13-01'));
    await page.getByText(words.nothing).waitFor();
    expect(wrong).toEqual([]);
    await context.close();
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 360]] as const)('reads pages in which a machine finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const { page, context } = await comeIn(ADMIN, '', language, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    for (const path of ['analytics', 'analytics?from=2026-03-01&against=other', 'analytics/learners', 'analytics/learners?group=Sales&competency=badge:first-mission', 'analytics/roles/doer']) {
      await page.goto(pageOf(path));
      await page.getByRole('table').last().waitFor();
      for (const more of await page.locator('summary').all()) await more.click();
      await readsWell(page, path);
    }
    await context.close();
  }, 2 * MINUTES);

  it('alone is led there, beside auditors', async () => {
    const { page, context } = await comeIn({ roles: ['operator'] }, 'analytics/learners', 'en');
    await page.getByText('Your role does not open this page.').waitFor();
    await page.goto(pageOf('analytics/roles/doer'));
    await page.getByText('Your role does not open this page.').waitFor();
    await context.close();
  }, 2 * MINUTES);
});

describeInBrowser('a school without anybody', () => {
  const { comeIn } = openSchool({});

  it.each(LANGUAGES)('is told how something comes there (%s)', async (language) => {
    const { page, context, wrong } = await comeIn({ roles: ['auditor'] }, 'analytics', language);
    await page.getByRole('region', { name: WORDS[language].skills }).getByText(/alignment|역량 체계/).waitFor();
    await page.getByRole('region', { name: WORDS[language].roles }).getByText(/“role”|‘role’/).waitFor();
    expect(wrong).toEqual([]);
    await context.close();
  }, 2 * MINUTES);
});
