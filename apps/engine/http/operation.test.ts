import { preferredLanguage } from './languages.js';
import { openApiOf } from './openapi.js';
import { grade, serverUnderTest, type ServerUnderTest } from './server-under-test.js';

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest({ smallGroup: 0 });
});
afterAll(() => server.close());

/** Routes of the documentation itself. */
const DOCS = /^\/docs/;

describe('the OpenAPI document', () => {
  it('holds every route, each with a summary and its answers', () => {
    const { paths } = openApiOf(server.app.nest);
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => {
        expect(operation).toMatchObject({ summary: expect.any(String) as string, responses: { default: expect.anything() as unknown } });
        return `${method.toUpperCase()} ${path}`;
      }),
    );
    const tree = server.app.nest.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false, includeHooks: false });
    // What is below a path stands in the document as a parameter.
    expect(routesIn(tree).map((route) => route.replace(/\*$/, '/{path}')).sort()).toEqual(documented.sort());
  });

  it('is served with the pages that show it, without anything from other servers', async () => {
    expect((await server.get('/docs-json')).body).toMatchObject({ openapi: expect.stringMatching(/^3\./) as string });
    const page = await server.get('/docs');
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/(src|href)=["'](https?:)?\/\//);
    expect((await server.get('/docs/swagger-ui-bundle.js')).status).toBe(200);
  });
});

/** "GET /path/{id}" lines from Fastify's picture of its routes. */
const routesIn = (tree: string): readonly string[] => {
  const parts: string[] = [];
  const routes: string[] = [];
  for (const line of tree.split('\n')) {
    const match = /^([\s│]*)[├└]── (\S*?)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (!match) continue;
    const [, indent = '', part = '', methods] = match;
    const depth = indent.length / 4;
    parts.splice(depth, parts.length, part);
    const path = parts.join('').replace(/:(\w+)/g, '{$1}').replace(/(.)\/$/, '$1');
    if (DOCS.test(path)) continue;
    for (const method of methods?.split(', ') ?? []) if (method !== 'HEAD' && method !== 'OPTIONS') routes.push(`${method} ${path}`);
  }
  return [...new Set(routes)].sort();
};

describe('operation', () => {
  it('is live, and ready when rules are published and nothing is parked', async () => {
    expect(await server.get('/health/live')).toMatchObject({ status: 200 });
    expect(await server.get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
    server.app.rulesPublished(Number.MAX_SAFE_INTEGER);
    expect(await server.get('/health/ready')).toMatchObject({ status: 503, body: { status: 'not ready' } });
    server.app.rulesPublished(0);
    expect(await server.get('/health/ready')).toMatchObject({ status: 200 });
  });

  it('measures', async () => {
    await server.post('/v1/events', [grade('m1', 'mia', 'A1', 50), { id: 'm2' }]);
    await server.engine.followers.settle();
    const { text, headers } = await server.get('/metrics');
    expect(headers['content-type']).toContain('text/plain');
    expect(text).toMatch(/^proofmark_events_total\{outcome="recorded"\} 1$/m);
    expect(text).toMatch(/^proofmark_dead_letters_total\{reason="invalid"\} 1$/m);
    expect(text).toMatch(/^proofmark_log_writable 1$/m);
    expect(text).toMatch(/^proofmark_follower_lag\{follower="growth-path"\} 0$/m);
    expect(text).toMatch(/^proofmark_http_request_duration_seconds_count\{method="POST",route="\/v1\/events",status="200"\} 1$/m);
  });

  it('shows and rebuilds read models', async () => {
    expect((await server.get('/v1/projections')).body).toMatchObject({ awarding: { state: 'running' }, projections: expect.any(Array) as unknown[] });
    expect(await server.post('/v1/projections/roster/rebuild')).toMatchObject({ status: 202, body: { projection: 'roster' } });
    expect(await server.post('/v1/projections/nope/rebuild')).toMatchObject({ status: 404 });
    await server.engine.followers.settle();
    expect(await server.get('/v1/analytics/summary')).toMatchObject({ status: 200, body: { learners: 1 } });
  });

  it('replays dead letters', async () => {
    const { body } = await server.get('/v1/dead-letters?state=open&reason=invalid');
    const [letter] = body['items'] as readonly { readonly id: string }[];
    expect(await server.post(`/v1/dead-letters/${letter?.id}/replay`)).toMatchObject({ status: 200, body: { outcome: 'rejected', reason: 'invalid' } });
    expect(await server.post('/v1/dead-letters/replay')).toMatchObject({ status: 200, body: { tried: 1, rejected: 1, next: null } });
    expect(await server.post('/v1/dead-letters/replay', { reason: 'conflict' })).toMatchObject({ status: 200, body: { tried: 0 } });
    for (const body of [{ reason: 'x' }, { after: true }, { after: '1' }]) expect(await server.post('/v1/dead-letters/replay', body)).toMatchObject({ status: 400 });
    expect(await server.post('/v1/dead-letters/nope/replay')).toMatchObject({ status: 404 });
  });

  it('refuses a body that is nested without end', async () => {
    const deep = '['.repeat(5_000) + ']'.repeat(5_000);
    expect(await server.post('/v1/dead-letters/replay', deep)).toMatchObject({ status: 400 });
    expect(await server.post('/v1/dead-letters/replay', `{"reason":${deep}}`)).toMatchObject({ status: 400 });
  });

  it('protects every answer, failures included', async () => {
    for (const path of ['/', '/docs', '/v1/awards', '/nope', '/v1/awards/%E0%A4%A']) {
      const { headers } = await server.get(path);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    }
  });
});

describe('the bare address', () => {
  it('leads to the pages for people', async () => {
    for (const path of ['/', '/?fbclid=IwAR0x']) expect(await server.get(path)).toMatchObject({ status: 302, headers: { location: '/app/' } });
  });
});

describe('a page that the engine writes itself', () => {
  it('speaks the language that the reader prefers', async () => {
    expect((await server.get('/verify', { 'accept-language': 'ko-KR,ko;q=0.9,en;q=0.8' })).text).toContain('<html lang="ko">');
    expect((await server.get('/verify')).text).toContain('<html lang="en">');
    expect(['ko;q=0.5, en', 'de, ko;q=0.1', 'fr', '*', 'en;q=0, ko', ';;q=,'].map(preferredLanguage)).toEqual(['en', 'ko', 'en', 'en', 'ko', 'en']);
  });
});
