import { appears } from './fault/engine-process.js';
import { describeInBrowser, LANGUAGES, MINUTES, MISSION_RULES, mission, openSchool, readsWell, type Visit } from './school-under-test.js';

/*
 * The rule studio, in a real browser: a rule is put together, tried, tested, published, proposed and looked up.
 */

const COMMENTED = `# Why there is this badge: nobody should be alone.
badge: team-player
name: { en: Team Player, ko: 팀 플레이어 }
criteria-text: { en: Two missions done., ko: 미션 두 개를 완료했습니다. }
issuer: academy
course: C1
decides: as-soon-as-met   # not at the close
when-corrected: revoke
criteria:
  all:
    # what they do
    - count: { of: missions, at-least: 2 }
`;
const HIGH = `badge: graduate
name: { en: Graduate, ko: 수료 }
criteria-text: { en: Four missions done., ko: 미션 네 개를 완료했습니다. }
issuer: academy
course: C1
decides: as-soon-as-met
when-corrected: revoke
stakes: high
criteria: { count: { of: missions, at-least: 4 } }
`;
/** With much to fill in, and deep in groups. */
const CROWDED = `badge: crowded
name: { en: Crowded, ko: 붐비는 배지 }
criteria-text: { en: All sorts of things., ko: 여러 가지를 했습니다. }
issuer: academy
course: C1
decides: { at-close: { course-day: 90 } }
hold: 2 days
validity: { for: 52 weeks, renewal: none }
when-corrected: review
alignments:
  - { name: Querying data, url: "https://example.org/skills/1", framework: ESCO, code: S1 }
tags: [data, a rather long word to find it by]
criteria:
  all:
    - mean: { at-least: 70, drop-lowest: 1, missing: zero, late: { percent-per-day: 5, at-most: 50 }, activity: [a1, a2], tag: essay }
    - any:
        - count: { of: missions, at-least: 2, within: 30 days, distinct: activity, from: 2026-03-02 }
        - sequence: { steps: [{ of: submissions, activity: a1 }, { of: missions, tag: final }], strict: true }
        - points: { at-least: 100, from: [{ of: missions, each: 10, at-most: 50 }, { of: attendance, each: 5 }] }
`;

const PASSING = `badge: passing
name: { en: Passing, ko: 한때의 배지 }
criteria-text: { en: Six missions done., ko: 미션 여섯 개를 완료했습니다. }
issuer: academy
course: C1
decides: as-soon-as-met
when-corrected: keep
criteria: { count: { of: missions, at-least: 6 } }
`;

const WORDS = {
  en: {
    builder: 'Builder', retire: 'Retire…', retireNow: 'Retire', reason: 'Why, for the record', retiredSince: /^Retired .*: “The course is over.”/, liveNow: /^Live: version \d$/, cameBack: /brings the badge back\.$/, retireWaits: /^Somebody has proposed to retire it/, proposalRetire: /^To be retired/, reject: 'Turn down…', rejectNow: 'Turn down', corrected: 'When the record is corrected', keeps: 'the badge stays', isSuspended: 'suspended until somebody decides', changes: 'What changes in the rule', isSame: 'As published', behind: /^Another version went live/, retry: 'Try again', stillOne: 'A whole number is needed here. The rule still says 1.', rules: 'Rules', atLeast: 'At least', means: /Learners of the course.*get the badge/, earned: (n: number, of: number) => `Would have been earned by ${n} of ${of}`, against: 'Against version 1', gained: '1 learner more', add: 'Add a criterion', publish: 'Publish…', publishNow: 'Publish', record: 'Also for what is on record', live: /^Version \d is live\.$/, undo: 'Undo', redo: 'Redo',
    saveDraft: 'Save draft', savedDraft: 'Draft saved', someoneSaved: /Somebody else saved/, loadTheirs: 'Load theirs', discardDraft: 'Discard draft…', discardNow: 'Discard', fromLearner: 'Learner', take: 'Take it', asExpected: '1 of 1 as expected', oneWrong: '0 of 1 as expected', history: 'History', version: 'version 2', text: 'Text', mend: /Mend the text first/, close: /^Close to it/, new: 'New badge', nameOf: 'Name of the badge (English)', begin: 'Begin', never: 'Not published yet', missions: 'Missions', unsaved: 'Unsaved changes', kept: /were not saved, are shown/, discard: 'Discard them', highStakes: /Its stakes are high/, propose: 'Propose', proposed: /Proposed\./, waits: 'Waits for a second person', approve: 'Approve…', approveNow: 'Approve', nothing: 'Nothing until', group: /^Put into a group/, ungroup: /^Take out of its group/,
  },
  ko: {
    builder: '구성', retire: '종료…', retireNow: '종료', reason: '사유(기록에 남습니다)', retiredSince: /종료: ‘The course is over.’/, liveNow: /^적용 중: 버전 \d$/, cameBack: /^규칙은 종료 전과 같습니다/, retireWaits: /종료가 제안되었습니다/, proposalRetire: /^종료 제안/, reject: '반려…', rejectNow: '반려', corrected: '기록이 정정되면', keeps: '배지를 유지', isSuspended: '담당자가 판단할 때까지 정지', changes: '규칙에서 달라지는 점', isSame: '게시된 내용과 같음', behind: /다른 버전이 적용되었습니다/, retry: '다시 시도', stillOne: '정수를 입력하세요. 규칙에는 아직 1 그대로입니다.', rules: '규칙', atLeast: '최소', means: /과정 학습자가.*배지를 수여합니다/, earned: (n: number, of: number) => `${of}명 중 ${n}명이 획득`, against: '버전 1 대비', gained: '1명이 새로 획득', add: '조건 추가', publish: '게시…', publishNow: '게시', record: '지금까지의 기록에도 적용', live: /^새로 적용된 버전: \d$/, undo: '실행 취소', redo: '다시 실행',
    saveDraft: '초안 저장', savedDraft: '초안을 저장했습니다', someoneSaved: /다른 사람이 이 초안을/, loadTheirs: '저장된 초안 불러오기', discardDraft: '초안 버리기…', discardNow: '버리기', fromLearner: '학습자', take: '가져오기', asExpected: '1개 중 1개가 예상대로', oneWrong: '1개 중 0개가 예상대로', history: '변경 이력', version: '버전 2', text: '텍스트', mend: /먼저 텍스트를 고쳐/, close: /^획득에 가까운 학습자/, new: '새 배지', nameOf: '배지 이름 (English)', begin: '시작', never: '아직 게시하지 않음', missions: '미션', unsaved: '저장하지 않은 변경 사항', kept: /저장하지 않은 내용을 불러왔습니다/, discard: '버리기', highStakes: /중요도가 높은 규칙/, propose: '제안', proposed: /제안했습니다/, waits: '두 번째 승인을 기다리는 변경', approve: '승인…', approveNow: '승인', nothing: '기한까지 없음', group: /묶음으로 만들기$/, ungroup: /묶음 풀기$/,
  },
} as const;

interface Box {
  readonly what: string;
  readonly kind: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where elements are, in the page's own script. */
const BOXES = `Array.from(document.querySelectorAll('#studio-builder :is(input, select, textarea, button)'), (one) => {
  const { left, top, right, bottom } = one.getBoundingClientRect();
  const kind = one.getAttribute('type') ?? one.tagName.toLowerCase();
  return { what: kind + ' ' + (one.getAttribute('aria-label') ?? one.textContent), kind, left, top, right, bottom };
})`;

const overlay = (one: Box, other: Box): boolean => one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1;

describeInBrowser('the rule studio', () => {
  const school = openSchool({ ...MISSION_RULES, 'team-player': COMMENTED, graduate: HIGH, crowded: CROWDED, passing: PASSING });
  const { data, post, get, pageOf } = school;
  const comeIn = (locale: 'en' | 'ko', at: string, options: Parameters<typeof school.comeIn>[3] = {}, roles: readonly string[] = ['instructor']): Promise<Visit> =>
    school.comeIn({ roles, ...(roles.includes('instructor') && { courses: ['C1'] }) }, at, locale, { viewport: { width: 1440, height: 900 }, ...options });
  const textIn = async ({ page }: Visit): Promise<string> => (await page.locator('#studio-text .cm-line').allTextContents()).join('\n');

  beforeAll(async () => {
    // Three learners with one, two and three missions.
    await post('/v1/events', ['ada', 'ben', 'cho'].flatMap((learner, i) => Array.from({ length: i + 1 }, (_, n) => mission(learner, n + 1))));
    let position = 0;
    for (let i = 0; i < 5; i++) position = await appears(data, 'BadgeAwarded', position); // 3 x first-mission, 2 x team-player
    await get(`/v1/rules?minPosition=${position}`);
  }, 2 * MINUTES);

  it.each(LANGUAGES)('builds a rule without losing what its author wrote, and says what it means and comes to (%s)', async (language) => {
    const words = WORDS[language];
    const visit = await comeIn(language, 'rules');
    const { page, context, thrown } = visit;
    await page.getByRole('link', { name: language === 'en' ? /Team Player/ : /팀 플레이어/ }).click();
    await page.getByText(words.means).first().waitFor();
    await page.getByText(words.earned(2, 3)).waitFor();

    const builder = page.getByRole('group', { name: words.builder, exact: true });
    await builder.getByLabel(words.atLeast, { exact: true }).fill('1');
    await page.getByText(words.earned(3, 3)).waitFor();
    await page.getByText(words.against).waitFor();
    // With the names behind the number.
    await page.getByText(words.gained).click();
    await page.getByRole('link', { name: 'ada' }).first().waitFor();
    expect(await textIn(visit)).toBe(COMMENTED.replace('at-least: 2', 'at-least: 1').trimEnd() + '\n');
    // Where no number is, that is said, and what the rule says meanwhile.
    await builder.getByLabel(words.atLeast, { exact: true }).fill('');
    await builder.getByText(words.stillOne).waitFor();
    expect(await builder.getByLabel(words.atLeast, { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await builder.getByLabel(words.atLeast, { exact: true }).fill('1');
    await builder.getByText(words.stillOne).waitFor({ state: 'detached' });

    // More of it, out of order, into a group and out again: the comments stay where they were.
    await builder.getByLabel(words.add).last().selectOption('score');
    await page.getByText(words.earned(0, 3)).waitFor();
    await builder.getByRole('button', { name: words.group }).last().click();
    await builder.getByRole('button', { name: words.ungroup }).last().click();
    const text = await textIn(visit);
    expect(text).toContain('# what they do');
    expect(text).toContain('# Why there is this badge: nobody should be alone.');
    expect(text).toContain('decides: as-soon-as-met   # not at the close');
    expect(text).toContain('- score:');
    for (let i = 0; i < 4; i++) await page.getByRole('button', { name: words.undo }).click();
    expect(await textIn(visit)).toBe(COMMENTED);
    expect(await page.getByRole('button', { name: words.undo }).isDisabled()).toBe(true);
    expect(thrown).toEqual([]);
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('can be filled in on a phone: nothing is too narrow to read, or lies on something else (%s)', async (language) => {
    const words = WORDS[language];
    const { page, context } = await comeIn(language, 'rules/crowded', { viewport: { width: 360, height: 800 } });
    const builder = page.getByRole('tabpanel', { name: words.builder });
    await builder.getByLabel(words.atLeast, { exact: true }).first().waitFor();
    await page.evaluate('for (const more of document.querySelectorAll(`details`)) more.open = true');
    const boxes = await page.evaluate<readonly Box[]>(BOXES);
    const fields = boxes.filter(({ kind }) => kind !== 'button');
    expect(fields.length).toBeGreaterThan(40);
    expect(fields.filter(({ kind, left, right }) => !['number', 'checkbox'].includes(kind) && right - left < 96)).toEqual([]);
    expect(boxes.filter(({ left, right }) => left < 0 || right > 360)).toEqual([]);
    const overlaid = boxes.flatMap((one, i) => boxes.slice(i + 1).filter((other) => overlay(one, other)).map((other) => [one.what, other.what]));
    expect(overlaid).toEqual([]);
    expect(await page.locator('main summary:not(:has(> .lucide-chevron-down))').allTextContents()).toEqual([]);

    // Its tabs are gone through by keys, and one of them alone is a stop.
    const [first, other] = [page.getByRole('tab', { name: words.builder }), page.getByRole('tab', { name: words.text })];
    await first.focus();
    for (const [key, chosen] of [['ArrowRight', other], ['ArrowRight', first], ['ArrowLeft', other], ['Home', first], ['End', other]] as const) {
      await page.keyboard.press(key);
      await page.getByRole('tabpanel', { name: chosen === other ? words.text : words.builder, exact: true }).waitFor();
      expect([key, await page.evaluate('[document.activeElement.textContent, document.activeElement.ariaSelected]')]).toEqual([key, [await chosen.textContent(), 'true']]);
    }
    expect(await first.getAttribute('tabindex')).toBe('-1');
    await context.close();
  }, 2 * MINUTES);

  it('keeps what can be undone when another language is chosen', async () => {
    const visit = await comeIn('en', 'rules/team-player');
    const { page, context } = visit;
    await page.locator('#studio-text .cm-line').filter({ hasText: 'at-least: 2' }).waitFor();
    const before = await textIn(visit);
    await page.getByLabel(WORDS.en.atLeast, { exact: true }).first().fill('9');
    expect(await textIn(visit)).not.toBe(before);
    await page.getByRole('button', { name: '한국어' }).click();
    await page.getByRole('button', { name: WORDS.ko.undo }).click();
    expect(await textIn(visit)).toBe(before);
    await page.getByText(WORDS.ko.isSame).waitFor();
    expect(await page.getByLabel(WORDS.ko.atLeast, { exact: true }).first().inputValue()).toBe('2');
    await context.close();
  }, 2 * MINUTES);

  it('shows in a field what the rule says, not what was typed for a criterion that stood there before', async () => {
    const { page, context } = await comeIn('en', 'rules/team-player');
    const builder = page.getByRole('group', { name: WORDS.en.builder, exact: true });
    const fields = builder.getByLabel(WORDS.en.atLeast, { exact: true });
    await fields.first().waitFor();
    await builder.getByLabel(WORDS.en.add).last().selectOption('count');
    await fields.nth(1).fill('2');
    await fields.first().fill('');
    expect(await fields.first().getAttribute('aria-invalid')).toBe('true');
    await builder.locator('button:has(.lucide-trash-2)').first().click();
    await fields.nth(1).waitFor({ state: 'detached' });
    expect([await fields.inputValue(), await fields.getAttribute('aria-invalid')]).toEqual(['2', 'false']);
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('follows the text, marks what is wrong there, and offers what may stand there (%s)', async (language) => {
    const words = WORDS[language];
    const visit = await comeIn(language, 'rules/team-player');
    const { page, context } = visit;
    await page.getByText(words.earned(2, 3)).waitFor();
    await page.locator('#studio-text .cm-line').filter({ hasText: 'at-least: 2' }).click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Backspace'); // out of the entry before
    await page.keyboard.type('- attend');
    await page.getByRole('option', { name: /attendance-rate/ }).click();
    expect(await textIn(visit)).toContain('    - attendance-rate: ');
    // It lacks its threshold: nothing is tried, and the place is named.
    await page.getByText(words.mend).waitFor();
    await page.locator('#studio-text .cm-lint-marker-error').first().waitFor();
    expect(await page.getByRole('button', { name: words.publish }).isDisabled()).toBe(true);
    await page.keyboard.type('{ at-least: 80 }');
    await page.getByText(words.earned(0, 3)).waitFor();
    await page.getByRole('group', { name: /80 ?%/ }).first().waitFor();

    // What is not saved is there again after a reload, and can be given up.
    await page.getByText(words.unsaved).waitFor();
    await page.reload();
    await page.getByText(words.kept).waitFor();
    expect(await textIn(visit)).toContain('attendance-rate: { at-least: 80 }');
    await page.getByRole('button', { name: words.discard }).click();
    expect(await textIn(visit)).toBe(COMMENTED);
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('takes an example case from a learner, which says when the rule no longer means the same (%s)', async (language) => {
    const words = WORDS[language];
    const { page, context } = await comeIn(language, 'rules/team-player');
    await page.getByText(words.earned(2, 3)).waitFor();
    await page.getByLabel(words.fromLearner, { exact: true }).fill('ben');
    await page.getByRole('button', { name: words.take }).click();
    await page.getByText(words.asExpected).waitFor();
    await page.getByLabel(words.atLeast, { exact: true }).first().fill('3');
    await page.getByText(words.oneWrong).waitFor();
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('shares a draft with whoever else writes the rule, and lets nobody save over it unseen (%s)', async (language) => {
    const words = WORDS[language];
    const [one, other] = [await comeIn(language, 'rules/five-missions'), await comeIn(language, 'rules/five-missions')];
    for (const { page } of [one, other]) await page.getByText(words.earned(0, 3)).waitFor(); // both before either saves
    for (const [{ page }, needed] of [[one, '4'], [other, '3']] as const) {
      await page.getByLabel(words.atLeast, { exact: true }).first().fill(needed);
      await page.getByRole('button', { name: words.saveDraft }).click();
      await page.getByText(page === one.page ? words.savedDraft : words.someoneSaved).waitFor();
    }
    await other.page.getByRole('button', { name: words.loadTheirs }).click();
    await other.page.locator('#studio-text .cm-line').filter({ hasText: 'at-least: 4' }).waitFor();
    const field = other.page.getByLabel(words.atLeast, { exact: true }).first();
    await other.page.getByText(words.unsaved).waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('4');
    await other.page.getByRole('button', { name: words.discardDraft }).click();
    await other.page.getByRole('alertdialog').getByRole('button', { name: words.discardNow, exact: true }).click();
    await other.page.locator('#studio-text .cm-line').filter({ hasText: 'at-least: 5' }).waitFor();
    await other.page.getByText(words.isSame).waitFor();
    expect(await field.inputValue()).toBe('5');
    await one.page.reload();
    await one.page.locator('#studio-text .cm-line').filter({ hasText: 'at-least: 5' }).waitFor();
    for (const { context } of [one, other]) await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('begins a badge, publishes it with its consequences shown first, and keeps its history (%s)', async (language) => {
    const words = WORDS[language];
    const { page, context } = await comeIn(language, 'rules');
    await page.getByRole('link', { name: words.new }).click();
    await page.getByLabel(words.nameOf).fill(`Three of ${language}`);
    await page.getByText(words.missions, { exact: true }).click();
    await page.getByRole('button', { name: words.begin }).click();
    await page.waitForURL((url) => url.pathname.endsWith(`/rules/three-of-${language}`));
    await page.getByText(words.never).waitFor();
    await page.getByText(words.earned(1, 3)).waitFor();
    await page.getByText(words.close).waitFor();

    const publish = async (): Promise<void> => {
      await page.getByRole('button', { name: words.publish }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(words.record).check();
      await dialog.getByRole('button', { name: words.publishNow, exact: true }).click();
      await page.getByText(words.live).waitFor();
    };
    await publish();
    await page.getByLabel(words.atLeast, { exact: true }).first().fill('2');
    await page.getByText(words.gained).waitFor();
    await publish();
    await page.getByRole('link', { name: words.history }).click();
    await page.getByRole('button', { name: words.version }).waitFor();
    await page.locator('pre').getByText('at-least: 3').waitFor();
    await page.locator('pre').getByText('at-least: 2').waitFor();
    const { items } = (await (await get(`/v1/rules/three-of-${language}/versions`)).json()) as { readonly items: readonly { readonly version: number }[] };
    expect(items.map(({ version }) => version)).toEqual([2, 1]);
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('proposes a rule of high stakes, and somebody else approves it (%s)', async (language) => {
    const words = WORDS[language];
    const needed = language === 'en' ? '3' : '2';
    const author = await comeIn(language, 'rules/graduate');
    await author.page.getByLabel(words.atLeast, { exact: true }).first().fill(needed);
    await author.page.getByRole('button', { name: words.publish }).click(); // once it is looked at
    await author.page.getByText(words.highStakes).waitFor();
    await author.page.getByRole('dialog').getByRole('button', { name: words.propose, exact: true }).click();
    await author.page.getByText(words.proposed).waitFor();
    await author.context.close();
    const second = await comeIn(language, 'rules');
    await second.page.getByRole('region', { name: words.waits }).getByRole('button', { name: words.approve }).click();
    await second.page.getByRole('alertdialog').getByRole('button', { name: words.approveNow, exact: true }).click();
    await second.page.getByRole('region', { name: words.waits }).waitFor({ state: 'detached' });
    await second.page.goto(pageOf('rules/graduate'));
    await second.page.locator('#studio-text .cm-line').filter({ hasText: `at-least: ${needed}` }).waitFor();
    await second.context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('retires a badge once it is asked, and brings it back (%s)', async (language) => {
    const words = WORDS[language];
    const { page, context } = await comeIn(language, 'rules/passing');
    await page.getByText(words.earned(0, 3)).waitFor();
    await page.getByLabel(words.atLeast, { exact: true }).first().fill('5');
    await page.getByRole('button', { name: words.saveDraft }).click();
    await page.getByText(words.savedDraft).waitFor();
    await page.getByRole('button', { name: words.retire }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByLabel(words.reason).fill('The course is over.');
    await dialog.getByRole('button', { name: words.retireNow, exact: true }).click();
    await page.getByText(words.retiredSince).waitFor();
    expect(await page.getByRole('button', { name: words.retire }).count()).toBe(0);
    expect(await page.evaluate('document.activeElement?.tagName')).toBe('H1');
    // The draft that was open is not told to be behind another version: none is live.
    expect(await page.getByText(words.behind).count()).toBe(0);
    await page.getByRole('button', { name: words.discardDraft }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: words.discardNow, exact: true }).click();
    await page.getByText(words.isSame).waitFor();
    expect(await (await get('/v1/rules/passing')).json()).toMatchObject({ retired: { reason: 'The course is over.' } });

    await page.getByRole('button', { name: words.publish }).click();
    await page.getByRole('dialog').getByText(words.cameBack).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: words.publishNow, exact: true }).click();
    await page.getByText(words.liveNow).waitFor();
    await page.getByText(words.retiredSince).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: words.retire }).waitFor();

    // What differs is said in the words of the builder, not in those of the rule language.
    await page.getByRole('combobox', { name: words.corrected }).selectOption('review');
    await page.getByRole('button', { name: words.publish }).click();
    const changed = page.getByRole('dialog').getByRole('listitem').filter({ hasText: words.corrected });
    await changed.getByText(words.keeps, { exact: true }).waitFor();
    await changed.getByText(words.isSuspended).waitFor();
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('proposes to retire a badge of high stakes, which somebody else turns down (%s)', async (language) => {
    const words = WORDS[language];
    const author = await comeIn(language, 'rules/graduate');
    await author.page.getByRole('button', { name: words.retire }).click();
    await author.page.getByRole('alertdialog').getByText(words.highStakes).waitFor();
    await author.page.getByLabel(words.reason).fill('Nobody knows it.');
    await author.page.getByRole('alertdialog').getByRole('button', { name: words.propose, exact: true }).click();
    await author.page.getByText(words.retireWaits).waitFor();
    expect(await author.page.getByRole('button', { name: words.retire }).count()).toBe(0);
    await author.context.close();
    const second = await comeIn(language, 'rules');
    const waiting = second.page.getByRole('region', { name: words.waits });
    await waiting.getByText(words.proposalRetire).waitFor();
    await waiting.getByRole('button', { name: words.reject }).click();
    await second.page.getByLabel(words.reason).fill('They do.');
    await second.page.getByRole('alertdialog').getByRole('button', { name: words.rejectNow, exact: true }).click();
    await waiting.waitFor({ state: 'detached' });
    await second.page.goto(pageOf('rules/graduate'));
    await second.page.getByRole('button', { name: words.retire }).waitFor();
    await second.context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('says once that something beside the rules could not be had, and asks again (%s)', async (language) => {
    const { page, context } = await comeIn(language, 'rules/new');
    await page.getByRole('button', { name: WORDS[language].begin }).waitFor();
    let isDown = true;
    for (const list of ['proposals', 'diagnostics']) await page.route(`**/v1/rules/${list}`, (route) => (isDown ? route.fulfill({ status: 500, json: {} }) : route.continue()));
    await page.goto(pageOf('rules'));
    const failures = page.getByRole('alert').filter({ has: page.getByRole('button', { name: WORDS[language].retry }) });
    await failures.waitFor();
    await page.getByRole('link', { name: /First Mission|첫 미션/ }).waitFor();
    await page.waitForLoadState('networkidle');
    expect(await failures.count()).toBe(1);
    isDown = false;
    const answers = ['proposals', 'diagnostics'].map((list) => page.waitForResponse((answer) => answer.url().endsWith(`/v1/rules/${list}`) && answer.ok()));
    await failures.getByRole('button').click();
    await Promise.all(answers);
    await failures.waitFor({ state: 'detached' });
    await context.close();
  }, 2 * MINUTES);

  it('shows a rule of somebody else to look at alone, to auditors too, and none to learners', async () => {
    const visit = await school.comeIn({ roles: ['instructor'], courses: ['C2'] }, 'rules/first-mission', 'en', { viewport: { width: 1440, height: 900 } });
    await visit.page.getByText('This rule is about a course that is not yours.').waitFor();
    expect(await visit.page.getByRole('button', { name: /^(Publish|Retire)…$/ }).count()).toBe(0);
    await visit.context.close();
    const auditor = await comeIn('en', 'rules/first-mission', {}, ['auditor']);
    await auditor.page.getByText('You may look at this rule, and not change it.').waitFor();
    await auditor.context.close();
    const learner = await school.comeIn({ roles: ['learner'], learner: 'ada' }, 'rules', 'en');
    await learner.page.getByText('Your role does not open this page.').waitFor();
    await learner.context.close();
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 360]] as const)('reads pages in which a machine finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const { page, context } = await comeIn(language, 'rules', { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    await page.getByRole('link', { name: /First Mission|첫 미션/ }).waitFor();
    await readsWell(page, 'rules');
    await page.goto(pageOf('rules/new'));
    await page.getByRole('button', { name: WORDS[language].begin }).waitFor();
    await readsWell(page, 'rules/new');
    await page.goto(pageOf('rules/team-player'));
    await page.getByText(WORDS[language].earned(2, 3)).waitFor();
    await page.evaluate('for (const more of document.querySelectorAll(`details`)) more.open = true');
    await readsWell(page, 'rules/team-player');
    await page.getByLabel(WORDS[language].atLeast, { exact: true }).first().fill('1');
    await page.getByRole('button', { name: WORDS[language].publish }).click();
    await page.getByRole('dialog').getByLabel(WORDS[language].record).waitFor();
    await readsWell(page, 'publishing');
    await page.goto(pageOf('rules/team-player/history'));
    await page.locator('pre').first().waitFor();
    await readsWell(page, 'history');
    await context.close();
  }, 2 * MINUTES);
});
