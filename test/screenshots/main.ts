import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { installedBrowser } from '../browser.js';
import { startChild } from '../fault/child.js';

/*
 * Takes pictures of every page, of the demo, to be looked at: npm run screenshots [DIRECTORY]. Desktop and phone, light and dark, English and Korean.
 */

const [into = 'screenshots'] = process.argv.slice(2);
const executablePath = installedBrowser();
if (executablePath === undefined) {
  console.error('No browser is installed: put Chromium on the PATH, or name one with PROOFMARK_BROWSER.');
  process.exit(2);
}

/** Who sees which page; the award and its public page are the first of the learner. */
const PAGES = [
  ['home', undefined, () => '/app/'],
  ['growth-path', 'learner', ({ learner }) => `/app/learners/${learner}`],
  ['own-data', 'learner', ({ learner }) => `/app/learners/${learner}/data`],
  ['share', 'learner', ({ learner }) => `/app/learners/${learner}/share`],
  ['badges', 'learner', () => '/app/badges'],
  ['award', 'learner', ({ award }) => `/app/awards/${award}`],
  ['progress', 'instructor', () => '/app/progress'],
  ['batches', 'admin', () => '/app/batches'],
  ['people', 'admin', () => '/app/people'],
  ['rules', 'instructor', () => '/app/rules'],
  ['new-rule', 'instructor', () => '/app/rules/new'],
  ['studio', 'instructor', () => '/app/rules/sql-practitioner'],
  ['history', 'instructor', () => '/app/rules/sql-practitioner/history'],
  ['analytics', 'admin', () => '/app/analytics'],
  ['one-badge', 'admin', () => '/app/analytics?badge=sql-first-steps'],
  ['role', 'admin', () => '/app/analytics/roles/data-storyteller'],
  ['awards', 'admin', () => '/app/awards'],
  ['operation', 'operator', () => '/app/operation'],
  ['verification', undefined, ({ code }) => `/v/${code}`],
  ['collection', undefined, ({ collection }) => collection],
  ['verify', undefined, () => '/verify'],
  ['sign-in', undefined, () => '/sign-in'],
] as const satisfies readonly (readonly [string, string | undefined, (shown: Shown) => string])[];

interface Shown {
  readonly learner: string;
  readonly award: string;
  readonly code: string;
  readonly collection: string;
}

/** Waits for the pictures of a page, those too that come only when somebody scrolls to them. */
const pictures = async (page: Page): Promise<void> => {
  await page.evaluate("for (const image of document.images) image.loading = 'eager'");
  await page.evaluate(
    "Promise.all([...document.images].map((image) => image.complete || new Promise((done) => (image.addEventListener('load', done), image.addEventListener('error', done))))).then(() => undefined)",
  );
};

/** Shows three badges of a learner on one page, as they would; its path. */
const showBadges = async (url: string, learner: string): Promise<string> => {
  const context = await browser.newContext();
  await context.request.get(`${url}/sign-in/demo/learner?learner=${learner}&to=/app/`);
  const { items } = (await (await context.request.get(`${url}/v1/awards?learner=${learner}&state=active&limit=3`)).json()) as { readonly items: readonly { readonly id: string }[] };
  const made = await context.request.post(`${url}/v1/learners/${learner}/collection`, { headers: { 'sec-fetch-site': 'same-origin' }, data: { awards: items.map(({ id }) => id) } });
  const shown = (await made.json()) as { readonly url: string };
  await context.close();
  return new URL(shown.url).pathname;
};

const data = mkdtempSync(join(tmpdir(), 'proofmark-screenshots-'));
const engine = startChild('../../apps/engine/main.js', ['--demo', '--port', '0', '--data', data]);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  await engine.until((line) => line.startsWith('Open next:'));
  const url = engine.lines.map((line) => / is at (http\S+)/.exec(line)?.[1]).find((found) => found !== undefined) ?? '';
  await engine.until((line) => line.startsWith('Strangers opened'));
  const listed = engine.lines.join('\n');
  const [, learner = ''] = /learner=([\w-]+)/.exec(listed) ?? [];
  const [, award = ''] = /awards%2F(\w+)/.exec(listed) ?? [];
  const [, code = ''] = /\/v\/(\w+)/.exec(listed) ?? [];
  const collection = await showBadges(url, learner);
  mkdirSync(into, { recursive: true });
  for (const [device, viewport] of [['desktop', { width: 1_440, height: 900 }], ['phone', { width: 360, height: 740 }]] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const locale of ['en', 'ko'] as const) {
        for (const [name, role, pathOf] of PAGES) {
          const context = await browser.newContext({ viewport, colorScheme, locale });
          const page: Page = await context.newPage();
          const path = pathOf({ learner, award, code, collection });
          await page.goto(role === undefined ? `${url}${path}` : `${url}/sign-in/demo/${role}?learner=${learner}&to=${encodeURIComponent(path)}`);
          await page.waitForLoadState('networkidle');
          await pictures(page);
          await page.screenshot({ path: join(into, `${name}-${device}-${colorScheme}-${locale}.png`), fullPage: true });
          await context.close();
        }
      }
    }
  }
  console.log(`${PAGES.length * 8} pictures are in ${into}.`);
} finally {
  await browser.close();
  engine.process.kill('SIGTERM');
  await engine.ended;
  rmSync(data, { recursive: true, force: true });
}
