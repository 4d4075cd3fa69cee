import { AS_ADMIN } from './admin-under-test.js';
import { ownHost } from './own-host.js';
import { serverUnderTest, type ServerUnderTest } from './server-under-test.js';

/** A code that is well formed and nobody's. */
const NOBODYS = '0000000000000000';
const PROXY = '10.0.0.2';
/** How a request for a code that nobody has ends that comes from an address and says that it came from others before. */
const ask = async ({ app }: ServerUnderTest, remoteAddress: string, forwarded: string): Promise<number> =>
  (await app.nest.inject({ method: 'GET', url: `/v1/verify/${NOBODYS}`, remoteAddress, headers: { 'x-forwarded-for': forwarded } })).statusCode;
const askMany = async (server: ServerUnderTest, remoteAddress: string, forwarded: (i: number) => string): Promise<number> => {
  for (let i = 0; i < 30; i++) expect([i, await ask(server, remoteAddress, forwarded(i))]).toEqual([i, 404]);
  return ask(server, remoteAddress, forwarded(30));
};

describe('where requests come from', () => {
  it('is what their connections say, whatever they say themselves, where no proxy is trusted', async () => {
    const server = await serverUnderTest();
    expect(await askMany(server, PROXY, (i) => `203.0.113.${i}`)).toBe(429);
    await server.close();
  });

  it('is what a trusted proxy says, and never what was said to it', async () => {
    const server = await serverUnderTest({ trustedProxies: ['10.0.0.0/24'] });
    expect(await askMany(server, PROXY, (i) => `203.0.113.${i}`)).toBe(404); // many visitors behind one proxy
    expect(await askMany(server, PROXY, (i) => `198.51.100.${i}, 203.0.113.200, 10.0.0.3`)).toBe(429); // one visitor who makes addresses up, behind two
    expect(await askMany(server, '10.0.1.2', (i) => `203.0.113.${i}`)).toBe(429); // a stranger who poses as a proxy
    await server.close();
  });
});

describe('the name under which a server that listens to this machine alone is asked', () => {
  let server: ServerUnderTest;
  beforeAll(async () => {
    server = await serverUnderTest({ publicUrl: 'https://badges.school.example/x' });
  });
  afterAll(() => server.close());
  const statusFor = async (host: string, url = '/v1/awards', method: 'GET' | 'POST' = 'GET'): Promise<number> => (await server.app.nest.inject({ method, url, headers: { ...AS_ADMIN, host } })).statusCode;

  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:3000', '[::1]:3000', '[::1]', 'badges.school.example', 'Badges.School.Example:8443'])('may be %s', async (host) => {
    expect(await statusFor(host)).toBe(200);
  });

  it.each(['evil.example', 'evil.example:3000', 'localhost.evil.example', '127.0.0.1.evil.example:3000', 'evil.example:localhost', '192.168.0.7', '[::2]', 'localhost:3000:3000', 'x@localhost', '[::1].evil.example', 'badges.school.example.'])(
    'may not be %s',
    async (host) => {
      for (const [url, method] of [['/v1/awards', 'GET'], ['/', 'GET'], ['/nowhere', 'GET'], ['/v1/events', 'POST'], ['/metrics', 'GET']] as const) expect([url, await statusFor(host, url, method)]).toEqual([url, 421]);
    },
  );

  it('is told in a problem document what it may be', async () => {
    const { status, headers, body } = await server.get('/v1/awards', { host: 'evil.example' });
    expect([status, headers['content-type'], headers['x-content-type-options']]).toEqual([421, 'application/problem+json; charset=utf-8', 'nosniff']);
    expect(body).toMatchObject({ type: 'urn:proofmark:problem:misdirected', status: 421, detail: expect.stringContaining('PROOFMARK_URL') as string });
  });

  it.each([['0.0.0.0', true], ['192.168.0.7', true], ['::', true], ['127.0.0.1', false], ['127.0.0.2', false], ['::1', false], ['localhost', false]])('is anything or not where it listens on %s: %s', (host, anything) => {
    expect(ownHost({ host, publicUrl: 'http://localhost:3000' })('evil.example')).toBe(anything);
  });
});
