import type { Role } from '../engines-config.js';
import { AS_ADMIN } from './admin-under-test.js';
import { createHttpApp } from './app.js';
import { grade, serverUnderTest, type ServerUnderTest } from './server-under-test.js';

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest();
});
afterAll(() => server.close());

const statusesOf = async (roles: readonly Role[]): Promise<Readonly<Record<string, number>>> => {
  const app = await createHttpApp({ ...server.engine, config: { ...server.engine.config, roles } });
  const status = async (method: 'GET' | 'POST', url: string, payload?: object): Promise<number> => (await app.nest.inject({ method, url, headers: AS_ADMIN, ...(payload && { payload }) })).statusCode;
  try {
    return {
      live: await status('GET', '/health/live'),
      metrics: await status('GET', '/metrics'),
      events: await status('POST', '/v1/events', grade('g1', 'ada', 'a1', 80)),
      page: await status('GET', '/v1/badges'),
      code: await status('GET', '/v1/verify/0000000000000000'),
    };
  } finally {
    await app.close();
  }
};

describe('a process that does part of the work', () => {
  it.each<readonly [readonly Role[], object]>([
    [['web'], { live: 200, metrics: 200, events: 421, page: 200, code: 404 }],
    [['intake'], { live: 200, metrics: 200, events: 200, page: 421, code: 421 }],
    [['decide', 'issue', 'project'], { live: 200, metrics: 200, events: 421, page: 421, code: 421 }],
    [['intake', 'web'], { live: 200, metrics: 200, events: 200, page: 200, code: 404 }],
  ])('with the roles %p answers for these alone, and says whom to ask', async (roles, statuses) => {
    expect(await statusesOf(roles)).toEqual(statuses);
  });
});
