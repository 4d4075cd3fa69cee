import type { Page } from 'playwright-core';
import { AS_ADMIN } from '#engine/http/admin-under-test.js';
import { describeInBrowser, LANGUAGES, MINUTES, MISSION_RULES, openSchool, readsWell } from './school-under-test.js';

/*
 * A badge for everybody in a file, by the page, in a real browser.
 */

const GIVEN = {
  ...MISSION_RULES,
  'data-workshop': `
badge: data-workshop
name: { en: Data Workshop, ko: 데이터 워크숍 }
criteria-text: { en: Took part., ko: 참여했습니다. }
issuer: academy
decides: as-soon-as-met
when-corrected: review
criteria: { approval: { by: 1 } }
`,
};

const WORDS = {
  en: {
    drop: /^Drop a CSV file here/, sheet: 'people.xlsx is a workbook of a spreadsheet program.', whoMissing: 'Say which column says who gets the badge', says: 'What “Matrikel” says', get: /get the badge$/, bad: /cannot be issued$/,
    problem: 'Column “Mail”: the e-mail address cannot be one', search: 'Search line, person, name or problem', ask: 'Give the badge to 2 people…', act: 'Give it', have: '2 people have the badge', download: 'Download certificates (ZIP)',
    remove: 'Delete… Data Workshop', removeAct: 'Delete', none: 'No batch yet.', moved: 'What you have seen is not what would be issued', cancel: 'Cancel', nothing: 'There is no badge that people can give.', all: 'All rows',
  },
  ko: {
    drop: /^CSV 파일을 여기에/, sheet: 'people.xlsx은(는) 스프레드시트 문서입니다.', whoMissing: '누구에게 발급할지 알 수 있는 열을 골라 주세요', says: '‘Matrikel’ 열의 의미', get: /새로 받음$/, bad: /발급할 수 없음$/,
    problem: '‘Mail’ 열: 이메일 주소의 형식이 아닙니다', search: '줄 번호, 사람, 이름, 문제로 검색', ask: '2명에게 발급하기…', act: '발급하기', have: '2명이 배지를 가지고 있습니다', download: '인증서 내려받기(ZIP)',
    remove: '삭제… 데이터 워크숍', removeAct: '삭제', none: '아직 없습니다.', moved: '확인하신 내용과 발급될 내용이 다릅니다', cancel: '취소', nothing: '직접 발급할 수 있는 배지가 없습니다.', all: '전체 행',
  },
} as const;

const csv = (text: string, name = 'people.csv') => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const choose = (page: Page, file: ReturnType<typeof csv>): Promise<void> => page.setInputFiles('input[type=file]', file);

describeInBrowser('who gives a badge to many people', () => {
  const school = openSchool(GIVEN);
  const batchIn = (page: Page): string => new URL(page.url()).searchParams.get('batch') ?? '';

  it.each(LANGUAGES)('sends a list, says what its columns are, looks, gives it, and has the certificates (%s)', async (language) => {
    const words = WORDS[language];
    const { page, context, thrown } = await school.comeIn({ roles: ['admin'] }, 'batches', language);
    await page.getByText(words.none).waitFor();
    await choose(page, csv('PK\u0003\u0004', 'people.xlsx'));
    await page.getByText(words.sheet).waitFor();
    await choose(page, csv(`Matrikel,Wer,Mail\n${language}1,Ann,\n${language}2,<b>Bob</b>,\n,Nobody,nope\n`));
    await page.waitForURL(/batch=/);
    // Nothing says who but a column of addresses, which nobody has.
    await page.getByLabel(words.says).selectOption('learner');
    await page.getByRole('button', { name: words.get }).getByText('2', { exact: true }).waitFor();
    await page.getByText(words.problem).waitFor();
    await page.getByRole('button', { name: words.all }).click();
    await page.getByText('<b>Bob</b>').first().waitFor();
    await page.getByLabel(words.search).fill('BOB');
    await page.getByText(words.problem).waitFor({ state: 'detached' });

    // Where one was is found again.
    await page.reload();
    await page.getByRole('button', { name: words.ask }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: words.act, exact: true }).click();
    await page.getByText(words.have).waitFor({ timeout: MINUTES });
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: words.download }).click()]);
    expect(download.suggestedFilename()).toBe(`batch-${batchIn(page)}.zip`);
    expect(((await (await school.get(`/v1/awards?badge=data-workshop&learner=${language}2`)).json()) as { readonly items: readonly unknown[] }).items).toHaveLength(1);

    await page.getByRole('button', { name: words.remove }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: words.removeAct, exact: true }).click();
    await page.getByText(words.none).waitFor();
    expect(thrown).toEqual([]);
    await context.close();
  }, 3 * MINUTES);

  it.each(LANGUAGES)('gives nothing that was not looked at, and takes a file that is dropped (%s)', async (language) => {
    const words = WORDS[language];
    const { page, context } = await school.comeIn({ roles: ['admin'] }, 'batches', language);
    await page.getByText(words.drop).waitFor();
    const data = await page.evaluateHandle(`(() => { const given = new DataTransfer(); given.items.add(new File(['Number,Student ID,Name\\n1,moved-${language}-1,Ann\\n2,moved-${language}-2,Bob\\n'], 'people.csv')); return given; })()`);
    await page.getByText(words.drop).dispatchEvent('drop', { dataTransfer: data });
    await page.waitForURL(/batch=/);
    await page.getByRole('button', { name: words.ask }).waitFor();
    await page.waitForLoadState('networkidle');
    // Another administrator looks at it with another column.
    expect(await school.post(`/v1/batches/${batchIn(page)}/preview`, { mapping: { learner: 'Number' } })).toMatchObject({ mapping: { learner: 'Number' } });
    await page.getByRole('button', { name: words.ask }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: words.act, exact: true }).click();
    await page.getByText(words.moved).waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: words.cancel }).click();
    // What is there now is what the other one has seen.
    expect(await page.getByRole('combobox', { name: /Number/ }).inputValue()).toBe('learner');
    expect(await (await school.get(`/v1/batches/${batchIn(page)}`)).json()).toMatchObject({ state: 'uploaded' });
    await fetch(school.urlOf(`/v1/batches/${batchIn(page)}`), { method: 'DELETE', headers: AS_ADMIN });
    await context.close();
  }, 3 * MINUTES);

  it('asks which column says who where nothing does', async () => {
    const { page, context } = await school.comeIn({ roles: ['admin'] }, 'batches', 'en');
    await choose(page, csv('Matrikel,Wer\nx1,Ann\n'));
    await page.getByText(WORDS.en.whoMissing).waitFor();
    await page.getByLabel('What “Wer” says').selectOption('name');
    await page.getByText(WORDS.en.whoMissing).waitFor();
    await page.getByLabel(WORDS.en.says).selectOption('learner');
    await page.getByRole('button', { name: 'Give the badge to 1 person…' }).waitFor();
    await context.close();
  }, 2 * MINUTES);

  it('is an administrator', async () => {
    const { page, context } = await school.comeIn({ roles: ['auditor', 'instructor'], courses: ['C1'] }, 'batches', 'en');
    await page.getByText('Your role does not open this page.').waitFor();
    expect(await page.getByRole('link', { name: 'Give badges' }).count()).toBe(0);
    await context.close();
  }, 2 * MINUTES);

  it.each([['light', 'en', 1440], ['dark', 'ko', 1440], ['dark', 'en', 360], ['light', 'ko', 360]] as const)('reads pages in which a machine finds no barrier (%s, %s, %i px)', async (colorScheme, language, width) => {
    const words = WORDS[language];
    const { page, context } = await school.comeIn({ roles: ['admin', 'operator'] }, 'batches', language, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
    await page.getByText(words.drop).waitFor();
    await readsWell(page, 'the beginning');
    await choose(page, csv(`Matrikel,이름,Mail,Mail,\n,${'Very long name '.repeat(12)},,,\n${Array.from({ length: 60 }, (_none, i) => `${'x'.repeat(i)}-${width},Person ${i},,,`).join('\n')}\n`));
    await page.getByText(words.whoMissing).waitFor();
    await page.getByLabel(words.says).selectOption('learner');
    await page.getByRole('button', { name: words.bad }).waitFor();
    await readsWell(page, 'a preview');
    await page.getByRole('button', { name: /60/ }).last().click();
    await page.getByRole('alertdialog').waitFor();
    await readsWell(page, 'a question');
    await context.close();
  }, 2 * MINUTES);
});

describeInBrowser('who gives badges where none can be given', () => {
  const school = openSchool();

  it.each(LANGUAGES)('is told how to make one (%s)', async (language) => {
    const { page, context } = await school.comeIn({ roles: ['admin'] }, 'batches', language);
    await page.getByText(WORDS[language].nothing).waitFor();
    await context.close();
  }, 2 * MINUTES);
});
