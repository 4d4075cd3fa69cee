import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { AS_ADMIN } from '#engine/http/admin-under-test.js';
import { installedBrowser } from './browser.js';
import { startEngine, type EngineProcess } from './fault/engine-process.js';
import { describeUnless } from './where-possible.js';

/*
 * TEST SUPPORT: a school whose pages are looked at in a real browser, against the real engine. People come in by an invitation, as they do
 * in a school.
 */

const executablePath = installedBrowser();

/** `describe` for what needs a browser. */
export const describeInBrowser = (name: string, tests: () => void): void =>
  describeUnless(executablePath === undefined ? 'no browser is installed, neither Chromium on the PATH nor one that PROOFMARK_BROWSER names' : undefined, name, tests);

/** The languages of the pages. */
export const LANGUAGES = ['en', 'ko'] as const;
/** A minute of a test's time limit. */
export const MINUTES = 60_000;

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Two badges of one course, for one mission and for five. */
export const MISSION_RULES = {
  'first-mission': `
badge: first-mission
name: { en: First Mission, ko: 첫 미션 }
criteria-text: { en: One mission done., ko: 미션 하나를 완료했습니다. }
issuer: academy
course: C1
decides: as-soon-as-met
when-corrected: revoke
criteria: { count: { of: missions, at-least: 1 } }
`,
  'five-missions': `
badge: five-missions
name: { en: Five Missions, ko: 미션 다섯 }
criteria-text: { en: Five missions done., ko: 미션 다섯 개를 완료했습니다. }
issuer: academy
course: C1
decides: as-soon-as-met
when-corrected: revoke
criteria: { count: { of: missions, at-least: 5 } }
`,
};

/** Somebody to invite. */
export interface Guest {
  readonly roles: readonly string[];
  readonly learner?: string;
  readonly courses?: readonly string[];
}

/** Somebody at a page: `thrown` holds what the page's scripts did not catch, `wrong` that and every error in the console. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly thrown: readonly string[];
  readonly wrong: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** A school with its engine and a browser beside it, for the tests of one `describe`; `rules` are texts of rule files by their names. */
export const openSchool = (rules: Readonly<Record<string, string>> = MISSION_RULES) => {
  const root = mkdtempSync(join(tmpdir(), 'proofmark-pages-'));
  const [data, rulesDir] = [join(root, 'data'), join(root, 'rules')];
  let engine: EngineProcess;
  let browser: Browser;
  let people = 0;

  beforeAll(async () => {
    mkdirSync(rulesDir);
    for (const [name, text] of Object.entries(rules)) writeFileSync(join(rulesDir, name.includes('.') ? name : `${name}.yaml`), text);
    engine = await startEngine(data, rulesDir);
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  }, 2 * MINUTES);
  afterAll(async () => {
    await browser?.close();
    await engine?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  /** What the engine answers to a body, a text as it is; to the administrator where nobody else is named. */
  const send = (path: string, body: unknown, headers: Readonly<Record<string, string>> = AS_ADMIN): Promise<Response> =>
    fetch(`${engine.url}${path}`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const get = (path: string): Promise<Response> => fetch(`${engine.url}${path}`, { headers: AS_ADMIN });
  const post = async (path: string, body: unknown): Promise<Json> => {
    const answer = await send(path, body);
    expect([path, answer.ok]).toEqual([path, true]);
    return (await answer.json()) as Json;
  };

  /** Somebody who was invited, has chosen a password, and is at a page. */
  const comeIn = async (guest: Guest, at: string, locale: 'en' | 'ko', options: Parameters<Browser['newContext']>[0] = {}): Promise<Visit> => {
    const { invitation } = await post('/v1/access/people', guest);
    const context = await browser.newContext({ locale, ...options });
    context.setDefaultTimeout(MINUTES); // as slow as the machine may be
    const page = await context.newPage();
    const [thrown, wrong]: [string[], string[]] = [[], []];
    page.on('pageerror', ({ message }) => void (thrown.push(message), wrong.push(message)));
    page.on('console', (message) => void (message.type() === 'error' && wrong.push(`${message.text()} ${message.location().url}`)));
    const { pathname, search } = new URL(String(invitation));
    await page.goto(`${engine.url}${pathname}${search}`);
    await page.fill('input[name=login]', `person-${++people}`);
    await page.fill('input[name=password]', 'a sentence that is long enough');
    await page.click('form button');
    await page.waitForURL((url) => !url.pathname.includes('welcome'));
    await page.goto(`${engine.url}/app/${at}`);
    return { page, context, thrown, wrong };
  };

  return { data, rulesDir, send, get, post, comeIn, urlOf: (path: string) => `${engine.url}${path}`, pageOf: (path: string) => `${engine.url}/app/${path}` };
};

/** A learner's n-th mission of course C1, on the n-th of March. */
export const mission = (learner: string, n: number) => ({ id: `${learner}-m${n}`, source: 'lms', type: 'MissionCompleted', learner, course: 'C1', activity: `m${n}`, time: `2026-03-0${n}T09:00:00Z` });

/** Asks a machine for barriers in the page that is open, and that nothing has to be scrolled sideways; `what` names it where something is found. Needs `bypassCSP`. */
export const readsWell = async (page: Page, what: string): Promise<void> => {
  await page.waitForLoadState('networkidle');
  // A colour that is on its way from one to another is neither: what ends is waited for; one that is cut short has ended, too.
  await page.evaluate('Promise.allSettled(document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity).map((one) => one.finished)).then(() => undefined)');
  await page.evaluate(axeSource);
  const found = await page.evaluate<{ readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[] }>('axe.run()');
  expect([what, found.violations.map(({ id, nodes }) => [id, nodes[0]?.html])]).toEqual([what, []]);
  expect([what, await page.evaluate('document.documentElement.scrollWidth <= innerWidth')]).toEqual([what, true]);
  const called = await page.locator('h1').allTextContents();
  if (new URL(page.url()).pathname.startsWith('/app/')) expect([what, await page.title()]).toEqual([what, [...called.filter((name) => name !== 'Proofmark'), 'Proofmark'].join(' · ')]);
};
