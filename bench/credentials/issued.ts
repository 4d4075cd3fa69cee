import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEngine } from '#engine/composition.js';
import type { Engine } from '#engine/engine.js';
import { createHttpApp } from '#engine/http/app.js';
import type { Delivery } from '#intake/delivery.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { credentialStream } from '#domain/streams.js';
import { settle, takeIn, TENANT } from '../engine-run.js';
import { percentile } from '../report.js';

/* An engine with real awards and their credentials: how fast all are issued anew, and one is verified by its code. */

const RULE = `
badge: two-missions
name: { en: Two Missions, ko: 미션 둘 }
criteria-text: { en: Complete two missions., ko: 미션 두 개를 완료합니다. }
competency: { en: Finishes what was begun., ko: 시작한 일을 끝낼 수 있다. }
course: C1
decides: as-soon-as-met
when-corrected: review
criteria:
  count: { of: missions, at-least: 2 }
`;

/** What was measured. */
export interface IssuedFigures {
  /** Until every credential was signed anew, recorded and shown. */
  readonly reissueSeconds: number;
  /** Of each verification, milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Of processor time for each, all threads together, milliseconds. */
  readonly processor: number;
  /** Credentials that were not issued anew, and verifications that did not end well. */
  readonly wrong: number;
}

const WARM_UP = 200;

const mission = (learner: number, n: number): Delivery => {
  const raw = JSON.stringify({ id: `${learner}-${n}`, source: 'lms', type: 'MissionCompleted', learner: `l${learner}`, course: 'C1', activity: `m${n}`, time: `2026-03-0${n}T09:00:00Z` });
  return { raw, format: 'proofmark', origin: 'bench', mapped: readProofmark(raw) };
};

const codesOf = async ({ readModels }: Engine): Promise<readonly { readonly code: string; readonly award: string }[]> =>
  (await readModels.find('credential', { where: { tenant: TENANT } })).map(({ code, award }) => ({ code: code as string, award: award as string }));

const verifyAll = async (engine: Engine, codes: readonly string[], times: number): Promise<{ readonly latencies: readonly number[]; readonly processor: number; readonly wrong: number }> => {
  const app = await createHttpApp(engine);
  const latencies: number[] = [];
  let wrong = 0;
  let cpu = process.cpuUsage();
  try {
    for (let i = 0; i < WARM_UP + times; i++) {
      // Far apart in the log, none twice in a row.
      const url = `/v1/verify/${codes[(i * 7919) % codes.length]}`;
      const from = performance.now();
      const { statusCode, payload } = await app.nest.inject({ method: 'GET', url });
      const took = performance.now() - from;
      if (i < WARM_UP) {
        cpu = process.cpuUsage();
        continue;
      }
      latencies.push(took);
      if (statusCode !== 200 || !payload.startsWith('{"verdict":"valid"')) wrong += 1;
    }
    cpu = process.cpuUsage(cpu);
  } finally {
    await app.close();
  }
  return { latencies, processor: (cpu.user + cpu.system) / 1000 / times, wrong };
};

/** Issues so many credentials in a directory, has all issued anew, and verifies some by their codes, one after another, through the whole of HTTP but the socket. */
export const measureIssued = async (dir: string, credentials: number, verifications: number): Promise<IssuedFigures> => {
  const rules = join(dir, 'rules');
  mkdirSync(rules);
  writeFileSync(join(rules, 'two-missions.yaml'), RULE);
  const engine = await openEngine({ host: '127.0.0.1', port: 0, dataDir: join(dir, 'data'), rulesDirs: [rules], tenant: TENANT, publicUrl: 'https://badges.school.example', verifyOnline: false });
  try {
    await engine.publishRules();
    await takeIn(engine, Array.from({ length: credentials * 2 }, (_none, i) => mission(i >> 1, (i % 2) + 1)));
    const issued = await codesOf(engine);
    const from = performance.now();
    await engine.followers.issuer({ act: 'reissue', tenant: TENANT, issuer: TENANT, reason: 'a benchmark' });
    await settle(engine);
    const reissueSeconds = (performance.now() - from) / 1000;
    let wrong = Math.abs(credentials - issued.length);
    for (const { award } of issued) {
      const last = (await engine.store.readStream(credentialStream(award))).at(-1);
      if (last?.type !== 'CredentialRenewed') wrong += 1;
    }
    const verified = await verifyAll(engine, issued.map(({ code }) => code), verifications);
    return { reissueSeconds, p50: percentile(verified.latencies, 0.5), p99: percentile(verified.latencies, 0.99), processor: verified.processor, wrong: wrong + verified.wrong };
  } finally {
    await engine.close();
  }
};
