import { describeInBrowser, MINUTES, openSchool } from './school-under-test.js';

/*
 * Hangul is readable on a machine that has no font of its own for it: every page names the family that comes with the product, and its
 * content security policy lets it in. Which of a machine's own fonts comes first is not looked at.
 */

const FAMILY = 'Noto Sans KR Variable';

describeInBrowser('Hangul without a font of the machine', () => {
  const school = openSchool();

  it.each([['sign-in', 'body'], ['verify', 'body'], ['v/0000-0000-0000-0000', 'body'], ['c/0000-0000-0000-0000', 'body'], ['app/', 'body'], ['app/rules/first-mission/history', 'pre']])(
    'is in the page /%s',
    async (path, selector) => {
      const { page, context } = await school.comeIn({ roles: ['admin'] }, '', 'ko');
      await page.goto(school.urlOf(`/${path}`));
      await page.locator(selector).first().waitFor();
      const loaded = await page.evaluate<number>(`document.fonts.load('16px "${FAMILY}"', '배지').then((faces) => faces.filter(({ status }) => status === 'loaded').length)`);
      const families = await page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).fontFamily`);
      expect([loaded > 0, families]).toEqual([true, expect.stringContaining(FAMILY)]);
      await context.close();
    },
    MINUTES,
  );
});
