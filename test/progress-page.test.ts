import { readFileSync } from 'node:fs';
import { describeInBrowser, LANGUAGES, MINUTES, mission, MISSION_RULES, openSchool, readsWell } from './school-under-test.js';

/*
 * Who is stuck and at what, by the page, in a real browser.
 */

const RULES = {
  ...MISSION_RULES,
  reviewed: `
badge: reviewed
name: { en: Reviewed, ko: 검토 완료 }
criteria-text: { en: Three missions and an approval., ko: 미션 세 개와 승인. }
issuer: academy
course: C1
decides: as-soon-as-met
when-corrected: revoke
criteria:
  all:
    - count: { of: missions, at-least: 3 }
    - approval: { by: 1 }
`,
  elsewhere: `
badge: elsewhere
name: { en: Elsewhere, ko: 다른 과정 }
criteria-text: { en: One mission done., ko: 미션 하나. }
issuer: academy
course: C2
decides: as-soon-as-met
when-corrected: revoke
criteria: { count: { of: missions, at-least: 1 } }
`,
};

const WORDS = {
  en: { only: '2 learners lack only this:', found: (n: number) => `${n} learner${n === 1 ? '' : 's'}`, approval: /approv/i, who: 'Learners: Reviewed', search: 'Search learner', stage: 'How far', idle: 'Done nothing for', none: 'No learner is like that.', csv: 'Save as CSV', more: 'Show more learners', nobody: 'No course yet.', nav: 'Progress' },
  ko: { only: '2명이 이것만 남았습니다:', found: (n: number) => `${n}명`, approval: /승인/, who: '학습자: 검토 완료', search: '학습자 검색', stage: '진행 단계', idle: '활동 없음', none: '해당하는 학습자가 없습니다.', csv: 'CSV로 저장', more: '학습자 더 보기', nobody: '아직 과정이 없습니다.', nav: '학습 현황' },
} as const;

describeInBrowser('who teaches', () => {
  const school = openSchool(RULES);

  beforeAll(async () => {
    await school.post('/v1/events', [{ id: 'c1', source: 'lms', type: 'CourseOpened', course: 'C1', title: 'Teamwork', time: '2026-03-01T00:00:00Z' }]);
    // Two lack only the approval, one lacks both, and many have begun.
    await school.post('/v1/events', [...[1, 2, 3].flatMap((n) => [mission('ada', n), mission('bob', n)]), mission('cyd', 1), ...Array.from({ length: 60 }, (_none, i) => mission(`many-${String(i).padStart(2, '0')}`, 1))]);
    const { position } = await school.post('/v1/events', [{ ...mission('eve', 1), course: 'C2' }]);
    await school.get(`/v1/courses?minPosition=${String(position)}`);
  }, 2 * MINUTES);

  it.each(LANGUAGES)('sees what most are stuck at, who that is, and goes on to one of them (%s)', async (language) => {
    const words = WORDS[language];
    const { page, context, thrown } = await school.comeIn({ roles: ['instructor'], courses: ['C1'] }, '', language);
    await page.getByRole('link', { name: words.nav }).first().click();
    const card = page.getByRole('listitem').filter({ hasText: words.only });
    await card.getByRole('link', { name: words.approval }).click();
    await page.getByRole('region', { name: words.who }).waitFor();
    await page.getByText(words.found(63), { exact: true }).waitFor();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toMatchObject({ course: 'C1', badge: 'reviewed', lacks: 'all[1].approval' });
    await page.getByRole('button', { name: words.more }).click();
    await page.getByRole('link', { name: 'many-55' }).waitFor();

    await page.getByRole('combobox', { name: words.stage, exact: true }).selectOption('close');
    await page.getByText(words.found(2), { exact: true }).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: words.csv }).click()]);
    const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
    expect([lines.length, lines[1]?.split(',')[0], lines[2]?.split(',')[0]]).toEqual([3, 'ada', 'bob']);

    await page.getByLabel(words.search).fill('BO');
    await page.getByText(words.found(1), { exact: true }).waitFor();
    await page.reload(); // what is filtered stands in the address
    await page.getByText(words.found(1), { exact: true }).waitFor();
    await page.getByRole('combobox', { name: words.idle }).selectOption('7');
    await page.getByText(words.found(1), { exact: true }).waitFor();
    await page.getByLabel(words.search).fill('nobody');
    await page.getByText(words.none).waitFor();
    await page.getByLabel(words.search).fill('bob');
    await page.getByRole('link', { name: 'bob', exact: true }).click();
    await page.waitForURL(/learners\/bob/);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(thrown).toEqual([]);
    await context.close();
  }, 3 * MINUTES);

  it('sees their own courses alone', async () => {
    const { page, context } = await school.comeIn({ roles: ['instructor'], courses: ['C2'] }, 'progress', 'en');
    await page.getByRole('link', { name: 'Elsewhere' }).waitFor();
    expect(await page.getByRole('option', { name: 'Teamwork' }).count()).toBe(0);
    await page.goto(school.pageOf('progress?course=C1'));
    await page.getByText('There is nothing here, or it is not for you to see.').waitFor();
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('is told what will stand here where there is nothing yet (%s)', async (language) => {
    const { page, context } = await school.comeIn({ roles: ['instructor'], courses: ['none'] }, 'progress', language);
    await page.getByText(WORDS[language].nobody).waitFor();
    await context.close();
  }, 2 * MINUTES);

  it('is no learner', async () => {
    const { page, context } = await school.comeIn({ roles: ['learner'], learner: 'ada' }, 'progress', 'en');
    await page.getByText('Your role does not open this page.').waitFor();
    expect(await page.getByRole('link', { name: 'Progress', exact: true }).count()).toBe(0);
    await context.close();
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 1440], ['dark', 'en', 360], ['light', 'ko', 360]] as const)('reads a page in which a machine finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const { page, context } = await school.comeIn({ roles: ['instructor'], courses: ['C1'] }, 'progress?course=C1&badge=reviewed', language, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    await page.getByRole('link', { name: 'ada' }).waitFor();
    await readsWell(page, 'the progress');
    await context.close();
  }, 2 * MINUTES);
});
