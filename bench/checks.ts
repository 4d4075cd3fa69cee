import { randomBytes, randomUUID } from 'node:crypto';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { freshKey } from '#access/secret.js';
import { apiKey } from '#domain/api-key.js';
import { apiKeyStream } from '#domain/streams.js';
import { execute } from '#event-store/execute.js';
import { AccessGuard } from '#engine/http/access/access-guard.js';
import { notePrincipal } from '#engine/http/access/who.js';
import { createHttpApp } from '#engine/http/app.js';
import { TENANT, withEngine } from './engine-run.js';
import type { Figure } from './report.js';
import type { WorkDirectory } from './work-directory.js';

export interface ChecksOptions {
  readonly work: WorkDirectory;
  readonly rounds: number;
  /** Requests of each kind in a round. */
  readonly requests: number;
  readonly say: (text: string) => void;
}

const AT_ONCE = 8;
const COURSES = ['bench-*'];

/** In the place of the guard: everybody may do everything, as if nobody was asked who they are. */
const open = async (context: ExecutionContext): Promise<boolean> => {
  notePrincipal(context.switchToHttp().getRequest<FastifyRequest>(), { kind: 'person', id: 'anybody', tenant: TENANT, roles: ['admin'], courses: [] });
  return true;
};

/** Intake over HTTP with all checks of who may send what, as a part of what it takes in without them: one server, in turn with and without. */
export const checks = ({ work, rounds, requests, say }: ChecksOptions): Promise<readonly Figure[]> =>
  work.fresh((dir) => withEngine(dir, 'latency', async (engine) => {
    const key = freshKey(randomBytes);
    const grant = { label: 'bench', actions: ['event:send'], courses: COURSES, sources: ['bench'] };
    const { position } = await execute(engine.store, apiKey, apiKeyStream(TENANT, key.id), { type: 'Issue', tenant: TENANT, key: key.id, hash: key.hash, ...grant, by: 'bench', at: Date.now() }, { newId: randomUUID });
    await engine.access.reached(position);
    const app = await createHttpApp({ ...engine, config: { ...engine.config, requestsPerSecond: { address: 1e6, person: 1e6, key: 1e6 } } });
    const checked = Object.getOwnPropertyDescriptor(AccessGuard.prototype, 'canActivate');
    const headers = { authorization: `Bearer ${key.text}`, 'content-type': 'application/json' };
    let serial = 0;
    const send = async (size: number): Promise<void> => {
      const payload = JSON.stringify(Array.from({ length: size }, () => ({ id: `b${serial++}`, source: 'bench', type: 'MissionCompleted', learner: `l${serial % 500}`, course: 'bench-1', activity: 'm', time: '2026-03-01T10:00:00Z' })));
      const { statusCode, body } = await app.nest.inject({ method: 'POST', url: '/v1/events', headers, payload });
      if (statusCode !== 200) throw new Error(`the events were not taken: ${statusCode} ${body.slice(0, 200)}`);
    };
    const rate = async (size: number): Promise<number> => {
      const start = performance.now();
      for (let i = 0; i < requests; i += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, () => send(size)));
      return (requests * size) / ((performance.now() - start) / 1000);
    };
    try {
      const figures: Figure[] = [];
      for (const size of [200, 1]) {
        const shares: number[] = [];
        await rate(size); // code is compiled
        for (let round = 0; round < rounds; round++) {
          say(`checks, ${size} events a request, round ${round + 1} of ${rounds}`);
          const withChecks = await rate(size);
          AccessGuard.prototype.canActivate = open;
          const without = await rate(size);
          if (checked) Object.defineProperty(AccessGuard.prototype, 'canActivate', checked);
          shares.push(withChecks / without);
        }
        figures.push({ name: `intake with all checks / without, ${size} events a request`, unit: '', values: shares, goal: { least: 0.8 } });
      }
      return figures;
    } finally {
      if (checked) Object.defineProperty(AccessGuard.prototype, 'canActivate', checked);
      await app.close();
    }
  }));
