import { describeInBrowser, LANGUAGES, mission, MINUTES, openSchool, readsWell } from './school-under-test.js';
import { appears } from './fault/engine-process.js';

/*
 * An award that corrected facts no longer support waits for a person, where its rule says so: the person is told, looks at it, and decides with
 * a reason that the learner reads.
 */

const WORDS = {
  en: {
    waiting: /^2 badges wait for a decision/, one: /^1 badge waits for a decision/, waits: 'It waits for your decision', giveBack: 'Give it back…', give: 'Give it back', takeAway: 'Take it away…', take: 'Take it away', reason: 'Why (the learner reads it)',
    valid: 'Valid', revoked: 'Revoked', decide: 'Decide about it', list: 'Awards',
  },
  ko: {
    waiting: /^결정이 필요한 배지 2개/, one: /^결정이 필요한 배지 1개/, waits: '결정이 필요합니다', giveBack: '다시 인정…', give: '다시 인정', takeAway: '배지 취소…', take: '배지 취소', reason: '사유(학습자에게 표시됩니다)',
    valid: '유효', revoked: '취소됨', decide: '담당자 결정', list: '수여 목록',
  },
} as const;

const RULE = `
badge: first-mission
name: { en: First Mission, ko: 첫 미션 }
criteria-text: { en: One mission done., ko: 미션 하나를 완료했습니다. }
issuer: academy
course: C1
decides: as-soon-as-met
when-corrected: review
criteria: { count: { of: missions, at-least: 1 } }
`;

describeInBrowser('an award that waits for a person', () => {
  const school = openSchool({ 'first-mission': RULE });
  const { data, send, get, post, comeIn, urlOf } = school;
  /** So far the log was looked at. */
  let position = 0;

  /** Learners whose badge waits, since the mission behind it was withdrawn. */
  const waiting = async (learners: readonly string[]): Promise<void> => {
    await post('/v1/events', learners.map((learner) => mission(learner, 1)));
    for (const _learner of learners) position = await appears(data, 'BadgeAwarded', position);
    await post('/v1/events', learners.map((learner) => ({ id: `${learner}-r1`, source: 'lms', type: 'FactRetracted', target: `${learner}-m1`, learner })));
    for (const _learner of learners) position = await appears(data, 'AwardSuspended', position);
  };

  it.each(LANGUAGES)('is given back or taken away by whoever teaches the course, and the learner reads why (%s)', async (language) => {
    const words = WORDS[language];
    const [kept, lost] = [`kept-${language}`, `lost-${language}`];
    await waiting([kept, lost]);
    const { page, context, wrong } = await comeIn({ roles: ['instructor'], courses: ['C1'] }, 'progress', language);
    await page.getByRole('link', { name: words.waiting }).click();
    await page.getByRole('heading', { name: words.list }).waitFor(); // the page before lists learners, too
    await page.getByRole('link', { name: kept }).click();
    await page.getByRole('heading', { name: words.waits }).waitFor();
    await page.getByRole('button', { name: words.giveBack }).click();
    const sure = page.getByRole('alertdialog');
    await sure.getByRole('button', { name: words.give }).click(); // without a reason nothing happens
    await sure.getByLabel(words.reason).fill('The mission was done on paper.');
    await sure.getByRole('button', { name: words.give }).click();
    await page.getByText(words.valid, { exact: true }).waitFor();
    await page.getByText('The mission was done on paper.').waitFor();
    await page.getByRole('heading', { name: words.decide }).waitFor();
    expect(await page.getByRole('button', { name: words.giveBack }).count()).toBe(0);

    await page.goto(urlOf('/app/progress'));
    await page.getByRole('link', { name: words.one }).click();
    await page.getByRole('heading', { name: words.list }).waitFor();
    await page.getByRole('link', { name: lost }).click();
    await page.getByRole('button', { name: words.takeAway }).click();
    await sure.getByLabel(words.reason).fill('Somebody else did it.');
    // A decision that is recorded counts as done, though what shows it is late.
    await page.route(/minPosition=/, (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' }), { times: 1 });
    await sure.getByRole('button', { name: words.take }).click();
    await page.getByText(words.revoked, { exact: true }).first().waitFor();
    expect(wrong.filter((message) => !/Content Security Policy|503/.test(message))).toEqual([]); // Radix tries an inline style
    const story = page.url();
    await context.close();

    const learner = await comeIn({ roles: ['learner'], learner: lost }, story.slice(story.indexOf('/app/') + '/app/'.length), language);
    await learner.page.getByText('Somebody else did it.').waitFor();
    expect(await learner.page.getByRole('button', { name: words.giveBack }).count()).toBe(0);
    await learner.context.close();
  }, 3 * MINUTES);

  it('is nobody else\'s to decide', async () => {
    await waiting(['other']);
    const { items } = (await (await get('/v1/awards?learner=other')).json()) as { readonly items: readonly { readonly id: string }[] };
    for (const roles of [['auditor'], ['operator']]) {
      const { page, context } = await comeIn({ roles }, '', 'en');
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      expect(await page.getByText('waits for a decision').count()).toBe(0);
      await context.close();
    }
    const { page, context } = await comeIn({ roles: ['auditor'] }, `awards/${items[0]?.id}`, 'en');
    await page.getByRole('heading', { name: 'First Mission' }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await page.getByRole('button', { name: /Give it back|Take it away/ }).count()).toBe(0);
    await context.close();
    expect((await send(`/v1/awards/${items[0]?.id}/review`, { decision: 'revoke', reason: '' })).status).toBe(400);
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 360]] as const)('is on pages in which a machine finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const words = WORDS[language];
    const learner = `read-${language}`;
    await waiting([learner]);
    const { page, context } = await comeIn({ roles: ['admin'] }, '', language, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    await page.getByRole('link', { name: /waits? for a decision|결정이 필요한 배지/ }).waitFor();
    await readsWell(page, 'the beginning');
    await page.getByRole('link', { name: /waits? for a decision|결정이 필요한 배지/ }).click();
    await page.getByRole('link', { name: learner }).waitFor();
    await readsWell(page, 'the list');
    await page.getByRole('link', { name: learner }).click();
    await page.getByRole('heading', { name: words.waits }).waitFor();
    await readsWell(page, 'the award');
    await page.getByRole('button', { name: words.takeAway }).click();
    await page.getByRole('alertdialog').waitFor();
    await readsWell(page, 'the question');
    await context.close();
  }, 2 * MINUTES);
});
