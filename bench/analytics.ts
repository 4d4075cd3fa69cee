import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { openEngine } from '#engine/composition.js';
import { loadConfig } from '#engine/config.js';
import { createHttpApp } from '#engine/http/app.js';
import { inputFile, type EndToEndOptions } from './end-to-end.js';
import { settle } from './engine-run.js';
import { runImport } from './import-run.js';
import { percentile, type Figure } from './report.js';

export interface AnalyticsOptions extends EndToEndOptions {
  /** Requests of each route in a round. */
  readonly requests: number;
}

const RULES = join(import.meta.dirname, '../../test/truth/rules');
const MOST_MS = 300;

/** Every route of the analytics, with filters that make it work. */
const ROUTES = [
  'summary', 'courses', 'badges', 'awards-over-time?interval=week', 'awards-over-time?interval=day&badge=p2', 'events-over-time?interval=week', 'events-over-time?interval=day&course=BBB-2013B',
  'engagement?limit=500', 'engagement?from=2013-03-01&to=2013-06-01', 'skills', 'skills/learners?limit=50', 'skills/learners?limit=500&badge=p2', 'roles', 'figures?from=2013-02-01&to=2013-10-01', 'figures?course=BBB-2013B',
] as const;

/** How long the server takes to answer each route of the analytics on a whole import: one request after the other, with all checks, the answer as text. */
export const analytics = async (options: AnalyticsOptions): Promise<readonly Figure[]> => {
  const { work, rounds, requests, say } = options;
  const file = await inputFile(options);
  return work.fresh(async (dataDir) => {
    await runImport({ file, rules: RULES, dataDir });
    const adminKey = randomBytes(24).toString('base64url');
    const engine = await openEngine(loadConfig({}, { dataDir, rulesDirs: [RULES], adminKey, requestsPerSecond: undefined }));
    try {
      await engine.publishRules();
      await settle(engine);
      const app = await createHttpApp({ ...engine, config: { ...engine.config, requestsPerSecond: { address: 1e6, person: 1e6, key: 1e6 } } });
      const ask = async (route: string): Promise<number> => {
        const start = performance.now();
        const { statusCode, body } = await app.nest.inject({ method: 'GET', url: `/v1/analytics/${route}`, headers: { authorization: `Bearer ${adminKey}` } });
        const took = performance.now() - start;
        if (statusCode !== 200) throw new Error(`${route} was answered with ${statusCode}: ${body.slice(0, 200)}`);
        return took;
      };
      try {
        const figures: Figure[] = [];
        for (const route of ROUTES) {
          const first = await ask(route);
          const [middle, high]: [number[], number[]] = [[], []];
          for (let round = 0; round < rounds; round++) {
            const took: number[] = [];
            for (let i = 0; i < requests; i++) took.push(await ask(route));
            middle.push(percentile(took, 0.5));
            high.push(percentile(took, 0.95));
          }
          say(`  ${route}: first ${first.toFixed(0)} ms, p95 ${Math.max(...high).toFixed(1)} ms`);
          figures.push({ name: route, unit: 'ms, p50', values: middle }, { name: '', unit: 'ms, p95', values: high, goal: { most: MOST_MS } });
        }
        return figures;
      } finally {
        await app.close();
      }
    } finally {
      await engine.close();
    }
  });
};
