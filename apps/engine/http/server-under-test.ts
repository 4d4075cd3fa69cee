import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../composition.js';
import { loadConfig, type EngineConfig } from '../config.js';
import type { Engine } from '../engine.js';
import { ADMIN_KEY, AS_ADMIN } from './admin-under-test.js';
import { createHttpApp, type HttpApp } from './app.js';

/** An answer with its JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A real engine in a directory of its own, with the web edge around it. */
export interface ServerUnderTest {
  readonly engine: Engine;
  readonly app: HttpApp;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
  readonly post: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  /** Sends a request of another kind. */
  readonly ask: (method: string, path: string, headers?: Record<string, string>) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

const RULES = {
  'essays.cases.yaml': 'cases: []\n',
  'essays.yaml': `
badge: essays
name: { en: Essays, ko: 에세이 }
criteria-text: { en: Two graded essays with an average of 70 }
course: C1
decides: as-soon-as-met
when-corrected: review
criteria:
  all:
    - count: { of: grades, distinct: activity, at-least: 2 }
    - mean: { of: grades, at-least: 70 }
`,
  'present.yaml': `
badge: present
name: { en: Present }
criteria-text: { en: Three sessions }
course: C1
decides: continuously
when-corrected: revoke
criteria:
  count: { of: attendance, status: [present, late], at-least: 3 }
`,
};

/** A header that is given as "" is not sent. */
const withoutEmpty = (headers: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));

const jsonOf = (text: string, type: unknown): Readonly<Record<string, unknown>> =>
  /[/+]json/.test(String(type)) ? (JSON.parse(text) as Readonly<Record<string, unknown>>) : {};

/** Opens an engine with two rules of the course C1: "essays" and "present". */
export const serverUnderTest = async (config: Partial<EngineConfig> = {}): Promise<ServerUnderTest> => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-http-'));
  for (const [file, text] of Object.entries(RULES)) writeFileSync(join(dir, file), text);
  const engine = await openEngine(loadConfig({}, { dataDir: join(dir, 'data'), rulesDirs: [dir], adminKey: ADMIN_KEY, requestsPerSecond: undefined, ...config }));
  const app = await createHttpApp(engine);
  const { position } = await engine.publishRules();
  app.rulesPublished(position);
  await engine.followers.settle();
  const ask = async (method: 'GET' | 'POST' | 'DELETE', url: string, payload: string | undefined, headers: Record<string, string>): Promise<Answer> => {
    const [, tenant = '', rest] = /^\/t\/([\w-]+)(.*)$/.exec(url) ?? [];
    const nest = app.tenants.get(tenant);
    const answer = await (nest ?? app.nest).inject({ method, url: nest ? (rest ?? '') : url, headers: withoutEmpty({ ...AS_ADMIN, ...headers }), ...(payload !== undefined && { payload }) });
    return { status: answer.statusCode, headers: answer.headers, text: answer.body, body: jsonOf(answer.body, answer.headers['content-type']) };
  };
  return {
    engine,
    app,
    get: (path, headers = {}) => ask('GET', path, undefined, headers),
    post: (path, body, headers = {}) =>
      body === undefined
        ? ask('POST', path, undefined, headers)
        : ask('POST', path, typeof body === 'string' ? body : JSON.stringify(body), { 'content-type': 'application/json', ...headers }),
    ask: (method, path, headers = {}) => ask(method as 'DELETE', path, undefined, headers),
    close: async () => {
      await app.close();
      await engine.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

/** A grade as it comes over the wire. */
export const grade = (id: string, learner: string, activity: string, score: number): Readonly<Record<string, unknown>> => ({
  id, source: 'lms', type: 'AssignmentGraded', learner, course: 'C1', activity, time: '2026-03-05T10:00:00Z', score, max: 100,
});
