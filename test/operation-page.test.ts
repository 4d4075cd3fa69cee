import { describeInBrowser, LANGUAGES, MINUTES, mission, openSchool, readsWell, type Visit } from './school-under-test.js';

/*
 * The page of operation, in a real browser.
 */

const OPERATION = {
  en: {
    notYours: 'Not its source', replay: 'Send again', recorded: 'Recorded now.', reason: 'Reason', malformed: 'Unreadable', raw: 'What was sent', all: /^Send all again: Unreadable/, account: 'Sent 1 again: 0 recorded, 0 recorded before, 1 not taken and still open.',
    rebuild: 'Rebuild: Rules', rebuildAct: 'Rebuild', rebuilt: 'Rebuilt', approver: 'Not their approval', forbidden: 'You may not send this again: an approval counts for who gives it',
    newKey: 'New key', label: 'What it is for', sources: 'Sources', send: 'Send learning events', create: 'Make the key', once: 'This is shown once.', kept: 'I have kept it', revoke: 'Revoke', why: 'Why, for the record', forGood: 'Revoke for good', revoked: /revoked keys?$/, covers: /^The newest checkpoint covers|^No checkpoint yet/,
  },
  ko: {
    notYours: '허용되지 않은 출처', replay: '다시 보내기', recorded: '기록했습니다.', reason: '사유', malformed: '읽을 수 없음', raw: '받은 원본', all: /^‘읽을 수 없음’ 모두 다시 보내기/, account: '1건을 다시 보냈습니다. 기록 0건, 이미 기록됨 0건, 실패하여 미처리로 남음 1건.',
    rebuild: '다시 만들기: 규칙', rebuildAct: '다시 만들기', rebuilt: '다시 만들었습니다', approver: '본인이 아닌 승인', forbidden: '다시 보낼 수 없습니다: 승인은 승인하는 본인의 것이어야 하므로',
    newKey: '새 키', label: '용도', sources: '출처', send: '학습 기록 보내기', create: '키 만들기', once: '지금 한 번만 보여 드립니다.', kept: '보관했습니다', revoke: '폐기', why: '폐기 사유(기록에 남습니다)', forGood: '영구 폐기', revoked: /^폐기된 키/, covers: /^최신 체크포인트가|^아직 체크포인트가 없습니다/,
  },
} as const;

describeInBrowser('who operates the engine', () => {
  const school = openSchool();
  const { send, get, post } = school;
  let narrowKey = '';

  const letters = async (asked: string): Promise<readonly { readonly detail: string; readonly preview: string }[]> =>
    ((await (await get(`/v1/dead-letters?${asked}`)).json()) as { readonly items: readonly { readonly detail: string; readonly preview: string }[] }).items;
  const missionFrom = (id: string, source: string) => ({ ...mission('ada', 1), id, source });
  const comeIn = (roles: readonly string[], locale: 'en' | 'ko', options: Parameters<typeof school.comeIn>[3] = {}): Promise<Visit> => school.comeIn({ roles }, 'operation', locale, options);

  beforeAll(async () => {
    narrowKey = String((await post('/v1/access/keys', { label: 'narrow', actions: ['event:send'], sources: ['lms'] }))['secret']);
    // One that fails each time, and holds what a page would run if it took it for more than text.
    await send('/v1/events', '{ "id": "cut", "activity": "<img src=x onerror=\'document.title=`owned`\'>", ');
  }, 2 * MINUTES);

  it.each(LANGUAGES)('sees what is not quiet, sends a dead letter again, and builds a read model anew (%s)', async (language) => {
    const words = OPERATION[language];
    await send('/v1/events', [missionFrom(`other-${language}`, `hall-${language}`)], { authorization: `Bearer ${narrowKey}` });
    const { page, context, thrown } = await comeIn(['operator'], language);
    await page.getByText(words.covers).waitFor();
    // Keys of programs are none of an operator's.
    expect(await page.getByRole('button', { name: words.newKey }).count()).toBe(0);

    await page.getByRole('button', { name: words.notYours }).click();
    await page.getByRole('region', { name: words.raw }).getByText(`hall-${language}`).waitFor();
    await page.getByRole('button', { name: words.replay, exact: true }).click();
    await page.getByText(words.recorded).waitFor();
    expect((await letters('state=replayed')).map(({ preview }) => preview)).toContainEqual(expect.stringContaining(`hall-${language}`));

    // What is filtered and open stands in the address; what was sent is text.
    await page.getByLabel(words.reason).selectOption('malformed');
    await page.getByRole('button', { name: words.malformed }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('reason')).toBe('malformed');
    await page.getByRole('button', { name: new RegExp(`^${words.malformed}`) }).click();
    await page.getByRole('region', { name: words.raw }).getByText('onerror').waitFor();
    await page.reload();
    await page.getByRole('region', { name: words.raw }).getByText('onerror').waitFor();
    expect([await page.title(), await page.locator('main img').count()]).toEqual([expect.not.stringContaining('owned'), 0]);

    await page.getByRole('button', { name: words.all }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: words.replay, exact: true }).click();
    await page.getByText(words.account).waitFor();

    await page.getByRole('button', { name: words.rebuild }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: words.rebuildAct, exact: true }).click();
    await page.getByText(words.rebuilt).waitFor();
    expect(thrown).toEqual([]);
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('as an administrator makes a key, uses it, and revokes it (%s)', async (language) => {
    const words = OPERATION[language];
    const { page, context, thrown } = await comeIn(['admin'], language);
    await page.getByRole('button', { name: words.newKey }).click();
    await page.getByLabel(words.label).fill(`hall of ${language}`);
    await page.getByLabel(words.sources, { exact: true }).fill(`gate-${language}, door-${language}`);
    await page.getByLabel(words.send).check();
    await page.getByRole('button', { name: words.create }).click();
    await page.getByText(words.once).waitFor();
    const secret = (await page.locator('code', { hasText: /^pmk/ }).first().textContent()) ?? '';
    const sends = async (n: number): Promise<number> => (await send('/v1/events', [missionFrom(`${language}-${n}`, `gate-${language}`)], { authorization: `Bearer ${secret}` })).status;
    expect(await sends(1)).toBe(200);
    await page.getByRole('button', { name: words.kept }).click();
    expect(await page.getByText(secret).count()).toBe(0);

    const named = language === 'en' ? `${words.revoke} hall of en` : `hall of ko ${words.revoke}`;
    await page.getByRole('button', { name: named }).click();
    await page.getByLabel(words.why).fill('The hall is closed.');
    await page.getByRole('button', { name: words.forGood }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.getByText(words.revoked).waitFor();
    expect(await sends(2)).toBe(401);
    expect(thrown).toEqual([]);
    await context.close();
  }, 2 * MINUTES);

  it.each(LANGUAGES)('is told in words what they may not send again (%s)', async (language) => {
    const words = OPERATION[language];
    const { page, context } = await comeIn(['admin', 'operator'], language);
    // In their own name, with somebody else as who approves.
    await page.evaluate(`fetch('${school.urlOf('/v1/events')}', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ id: 'approval-${language}', source: 'desk', type: 'ApprovalGiven', learner: 'ada', course: 'C1', badge: 'first-mission', approver: 'somebody-else', time: '2026-03-02T09:00:00Z' }]) })`);
    await page.goto(school.pageOf('operation?reason=forbidden-approver'));
    await page.getByRole('button', { name: words.approver }).first().click();
    await page.getByRole('button', { name: words.replay, exact: true }).click();
    await page.getByText(words.forbidden).waitFor();
    await context.close();
  }, 2 * MINUTES);

  it('is not for who neither operates nor administers', async () => {
    const { page, context } = await comeIn(['auditor'], 'en');
    await page.getByText('Your role does not open this page.').waitFor();
    expect(await page.getByRole('link', { name: 'Operation' }).count()).toBe(0);
    await context.close();
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 360]] as const)('reads a page in which a machine finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const words = OPERATION[language];
    const { page, context } = await comeIn(['admin', 'operator'], language, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    await page.getByRole('button', { name: words.malformed }).click();
    await page.getByRole('region', { name: words.raw }).waitFor();
    await page.getByRole('button', { name: words.newKey }).click();
    await readsWell(page, 'the page');
    await page.getByRole('button', { name: words.rebuild }).click();
    await page.getByRole('alertdialog').waitFor();
    await readsWell(page, 'a question');
    await context.close();
  }, 2 * MINUTES);
});
