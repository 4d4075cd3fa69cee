import { resolve } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { installedBrowser } from '../test/browser.js';
import { loadConfig } from '#engine/config.js';
import { serve, type Server } from '#engine/serve.js';
import type { Delivery } from '#intake/delivery.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { takeIn } from './engine-run.js';
import { percentile, type Figure } from './report.js';
import type { WorkDirectory } from './work-directory.js';

export interface GrowthPageOptions {
  readonly work: WorkDirectory;
  /** How often the page is opened. */
  readonly openings: number;
  /** Facts of the learner. */
  readonly facts: number;
  readonly say: (text: string) => void;
}

const LEARNER = 'p-1';
const COURSES = ['sql-basics', 'data-viz', 'team-project'] as const;
const START = Date.UTC(2026, 2, 2, 1);
const HOUR = 3_600_000;
/** A term of 12 weeks. */
const LENGTH = 12 * 7 * 24 * HOUR;
const TAGS = ['practice', 'peer-review', 'presentation', 'teamwork', 'sprint', 'quiz'];

const delivery = (event: object): Delivery => {
  const raw = JSON.stringify({ source: 'bench', ...event });
  return { raw, format: 'proofmark', origin: 'bench', mapped: readProofmark(raw) };
};

/** What a class system says of fact number i of the learner: all three courses, every kind, spread over the term. */
const factAt = (i: number, facts: number): Delivery => {
  const time = new Date(START + Math.floor((i * LENGTH) / facts)).toISOString();
  const about = { id: `f${i}`, learner: LEARNER, course: COURSES[i % COURSES.length], time };
  switch (i % 5) {
    case 0:
      return delivery({ ...about, type: 'AttendanceMarked', activity: `class-${i}`, status: i % 35 === 0 ? 'late' : 'present' });
    case 1:
      return delivery({ ...about, type: 'AssignmentGraded', activity: `exercise-${i}`, kind: 'assignment', score: 60 + (i % 40), max: 100 });
    case 2:
      return delivery({ ...about, type: 'AssignmentSubmitted', activity: `exercise-${i}`, kind: 'assignment' });
    default:
      return delivery({ ...about, type: 'MissionCompleted', activity: `mission-${i}`, tags: [TAGS[i % TAGS.length]], attributes: { minutes: 20 } });
  }
};

const openings = (): readonly Delivery[] => COURSES.map((course) => delivery({ id: `open-${course}`, type: 'CourseOpened', course, time: new Date(START).toISOString(), timezone: 'Asia/Seoul' }));

/** In the page, from the moment at which the address was asked for: everything that one sees first is there and painted, and the page takes what one presses. */
const WATCH = `
  const done = () => requestAnimationFrame(() => setTimeout(() => window.interactiveAt(performance.now())));
  new MutationObserver((_changes, observer) => {
    if (!document.querySelector('#next, main section p') || !document.querySelector('main ol time')) return;
    observer.disconnect();
    done();
  }).observe(document, { childList: true, subtree: true });
`;

/** Opens the page in a browser of an empty cache, and again in the same one. */
const open = async (browser: Browser, server: Server): Promise<{ readonly first: number; readonly again: number; readonly answered: number }> => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.goto(`${server.url}/sign-in/demo/learner?learner=${LEARNER}&to=/v1/me`);
    let told: (at: number) => void = () => undefined;
    await page.exposeFunction('interactiveAt', (at: number) => told(at));
    await page.addInitScript(WATCH);
    const address = `${server.url}/app/learners/${LEARNER}`;
    const visit = async (): Promise<number> => {
      const interactive = new Promise<number>((resolve) => (told = resolve));
      await page.goto(address, { waitUntil: 'commit' });
      return interactive;
    };
    const first = await visit();
    const answered = await page.evaluate<number>("performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/growth-path')).at(-1)?.duration ?? NaN");
    await page.goto('about:blank');
    return { first, again: await visit(), answered };
  } finally {
    await context.close();
  }
};

/** How long a learner with a long record waits for the page of their growth path, from the address to a page that takes what they press. */
export const growthPage = async ({ work, openings: count, facts, say }: GrowthPageOptions): Promise<readonly Figure[]> => {
  const executablePath = installedBrowser();
  if (executablePath === undefined) {
    say('  left out: no browser is installed, neither Chromium on the PATH nor one that PROOFMARK_BROWSER names');
    return [];
  }
  return work.fresh(async (dataDir) => {
    const server = await serve(loadConfig({}, { dataDir, rulesDirs: [resolve('rules')], port: 0, demo: true, requestsPerSecond: undefined }), false);
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      await takeIn(server.engine, openings());
      await takeIn(server.engine, Array.from({ length: facts }, (_none, i) => factAt(i, facts)));
      await open(browser, server); // what a server does once
      const runs: Awaited<ReturnType<typeof open>>[] = [];
      for (let i = 0; i < count; i++) runs.push(await open(browser, server));
      const of = (name: keyof (typeof runs)[number]): readonly number[] => runs.map((run) => run[name]);
      const p95 = percentile(of('first'), 0.95);
      say(`  ${facts.toLocaleString('en')} facts, ${count} times: p50 ${percentile(of('first'), 0.5).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms; again p50 ${percentile(of('again'), 0.5).toFixed(0)} ms`);
      return [
        { name: `growth path of ${facts.toLocaleString('en')} facts, interactive`, unit: 'ms', values: of('first') },
        { name: '  p95', unit: 'ms', values: [p95], goal: { most: 1_500 } },
        { name: '  again, with what the browser has kept', unit: 'ms', values: of('again') },
        { name: '  p95', unit: 'ms', values: [percentile(of('again'), 0.95)] },
        { name: '  of which the answer of the server', unit: 'ms', values: of('answered') },
      ];
    } finally {
      await browser.close();
      await server.stop();
    }
  });
};
