import { createSecretKey, randomBytes } from 'node:crypto';
import { exportSPKI, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { serverUnderTest, type Answer, type ServerUnderTest } from '../server-under-test.js';
import { startProvider, type ProviderUnderTest } from './provider-under-test.js';

const NOBODY = { authorization: '' };
const AUDIENCE = 'https://badges.school.example/api';
const BASE = 'https://badges.school.example';

let provider: ProviderUnderTest;
let server: ServerUnderTest;
beforeAll(async () => {
  provider = await startProvider('the-client-secret');
  server = await serverUnderTest({
    publicUrl: BASE,
    oidc: { issuer: provider.issuer, clientId: 'proofmark', clientSecret: 'the-client-secret', audience: AUDIENCE, claims: { roles: 'proofmark_roles', courses: 'proofmark_courses', learner: 'proofmark_learner' } },
  });
}, 120_000);
afterAll(async () => {
  await server.close();
  await provider.close();
});

const cookieIn = ({ headers }: Answer, name: string): string => [headers['set-cookie']].flat().map((one) => String(one).split(';')[0] ?? '').find((one) => one.startsWith(`__Host-proofmark-${name}`)) ?? '';
const begin = async (to = '/v1/me'): Promise<{ readonly address: string; readonly cookie: string }> => {
  const went = await server.get(`/sign-in/oidc?to=${encodeURIComponent(to)}`, NOBODY);
  expect(went.status).toBe(303);
  return { address: String(went.headers['location']), cookie: cookieIn(went, 'pending') };
};
const comeBack = (address: string, cookie: string): Promise<Answer> => server.get(provider.signIn(address).slice(BASE.length), { ...NOBODY, cookie });

describe('signing in with a provider', () => {
  it('goes there with PKCE, and comes back as who the provider says', async () => {
    provider.claims = { sub: 'kim', proofmark_roles: ['instructor', 'wizard'], proofmark_courses: ['sql-*'] };
    const { address, cookie } = await begin();
    const { searchParams } = new URL(address);
    expect(Object.fromEntries(searchParams)).toMatchObject({ response_type: 'code', client_id: 'proofmark', scope: 'openid', code_challenge_method: 'S256', redirect_uri: `${BASE}/sign-in/oidc/callback` });
    const back = await comeBack(address, cookie);
    expect([back.status, back.headers['location']]).toEqual([303, '/v1/me']);
    const me = await server.get('/v1/me', { ...NOBODY, cookie: cookieIn(back, 'default') });
    expect(me.body).toMatchObject({ kind: 'person', roles: ['instructor'], courses: ['sql-*'] });
    expect(me.text).not.toContain('kim'); // who they are stays with the provider
  });

  it('takes over what has changed there', async () => {
    provider.claims = { sub: 'kim', proofmark_roles: 'learner', proofmark_learner: 'ann' };
    const { address, cookie } = await begin();
    const back = await comeBack(address, cookie);
    expect((await server.get('/v1/me', { ...NOBODY, cookie: cookieIn(back, 'default') })).body).toMatchObject({ roles: ['learner'], courses: [], learner: 'ann' });
    // Who administers is told which people are managed there.
    await server.post('/v1/access/people', { roles: ['auditor'] });
    const { items, ...told } = (await server.get('/v1/access/people')).body as unknown as { readonly items: readonly { readonly roles: readonly string[]; readonly invited: boolean }[] };
    expect(told).toEqual({ provider: provider.issuer });
    expect(items.map(({ roles, invited }) => [roles, invited])).toEqual([[['auditor'], true], [['learner'], false]]);
  });

  it('ends where it was not begun in this browser, or the provider says nothing of use', async () => {
    provider.claims = { sub: 'eve', proofmark_roles: ['admin'] };
    const [one, other] = [await begin(), await begin()];
    expect((await comeBack(one.address, '')).status).toBe(403);
    expect((await comeBack(one.address, other.cookie)).status).toBe(403);
    expect((await server.get(`/sign-in/oidc/callback?state=${new URL(one.address).searchParams.get('state') ?? ''}`, { ...NOBODY, cookie: one.cookie })).status).toBe(403);
    for (const claims of [{ nonce: 'another' }, { aud: 'somebody-else' }, { aud: ['proofmark', 'other'] }, { iss: 'https://evil.example' }, { exp: 1_000 }, { proofmark_roles: [] }]) {
      provider.claims = { sub: 'eve', proofmark_roles: ['admin'], ...claims };
      const { address, cookie } = await begin();
      expect([claims, (await comeBack(address, cookie)).status]).toEqual([claims, 403]);
    }
  });

  it('takes a code once', async () => {
    provider.claims = { sub: 'kim', proofmark_roles: ['learner'] };
    const { address, cookie } = await begin();
    const url = provider.signIn(address).slice(BASE.length);
    expect((await server.get(url, { ...NOBODY, cookie })).status).toBe(303);
    expect((await server.get(url, { ...NOBODY, cookie })).status).toBe(503); // the provider refuses the code
  });
});

describe('an access token', () => {
  const status = async (token: string): Promise<number> => (await server.get('/v1/awards', { authorization: `Bearer ${token}` })).status;
  const GOOD: JWTPayload = { aud: AUDIENCE, proofmark_roles: ['admin'] };

  it('lets in whom it is for', async () => {
    expect(await status(await provider.sign(GOOD))).toBe(200);
    expect(await status(await provider.sign({ ...GOOD, proofmark_roles: [] }))).toBe(403);
  });

  it('is refused 5,000 times where it is forged, altered, of another kind or for somebody else', async () => {
    const good = await provider.sign(GOOD);
    const [head = '', body = '', signature = ''] = good.split('.');
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as JWTPayload;
    const { privateKey: stranger, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const ours = await importJWK(provider.publicJwk, 'RS256');
    const asSecret = createSecretKey(Buffer.from(await exportSPKI(ours as CryptoKey)));
    const strangerJwk = JSON.parse(JSON.stringify(await crypto.subtle.exportKey('jwk', publicKey))) as object;
    const signed = (header: Record<string, unknown>, payload: JWTPayload, key: CryptoKey | ReturnType<typeof createSecretKey>): Promise<string> =>
      new SignJWT(payload).setProtectedHeader({ typ: 'at+jwt', kid: provider.publicJwk.kid, ...header } as unknown as { alg: string }).sign(key);
    const { exp: _exp, ...endless } = claims;
    const { sub: _sub, ...nobodys } = claims;
    const makers: readonly ((n: number) => Promise<string> | string)[] = [
      (n) => `${encode({ alg: n % 2 ? 'none' : 'None', typ: 'at+jwt' })}.${body}.`,
      (n) => `${encode({ alg: 'none', typ: 'at+jwt', n })}.${body}.${signature}`,
      (n) => signed({ alg: 'HS256' }, { ...claims, n }, asSecret),
      (n) => signed({ alg: 'RS256' }, { ...claims, n }, stranger),
      (n) => signed({ alg: 'RS256', jwk: strangerJwk }, { ...claims, n }, stranger),
      (n) => signed({ alg: 'RS256', jku: `http://127.0.0.1:1/${n}`, x5u: 'http://127.0.0.1:1/' }, claims, stranger),
      (n) => provider.sign({ ...GOOD, aud: `other-${n}` }),
      (n) => provider.sign({ ...GOOD, iss: `https://evil.example/${n}` }),
      (n) => provider.sign({ ...GOOD, n }, { typ: n % 2 ? 'JWT' : 'id+jwt' }), // an ID token, or whatever else it signs
      (n) => provider.sign({ ...GOOD, exp: 1_000 + n }),
      () => signed({ alg: 'RS256' }, endless, stranger),
      () => provider.sign({ ...GOOD, exp: undefined as unknown as number }),
      () => signed({ alg: 'RS256' }, nobodys, stranger),
      (n) => `${head}.${encode({ ...claims, sub: `person-${n}`, proofmark_roles: ['operator'] })}.${signature}`,
      (n) => {
        const bytes = Buffer.from(signature, 'base64url');
        bytes[n % bytes.length] = (bytes[n % bytes.length] ?? 0) ^ (1 << n % 8);
        return `${head}.${body}.${bytes.toString('base64url')}`;
      },
      () => `${head}.${body}.${randomBytes(256).toString('base64url')}`,
      (n) => `${head}.${body.slice(0, -(n % 5) - 1)}.${signature}`,
    ];
    const accepted: string[] = [];
    for (let n = 0; n < 5_000; n++) {
      const token = await makers[n % makers.length]?.(n) ?? '';
      const found = await status(token);
      if (found !== 401) accepted.push(`${found} ${token}`);
    }
    expect(accepted).toEqual([]);
    expect(await status(good)).toBe(200);
  }, 300_000);

  it('makes the engine ask for keys once in half a minute at most, whatever keys tokens name', async () => {
    const before = provider.keyFetches();
    for (let n = 0; n < 1_000; n++) expect(await status(await provider.sign(GOOD, { kid: `unknown-${n}` }))).toBe(401);
    expect(provider.keyFetches() - before).toBeLessThanOrEqual(1);
  }, 120_000);
});
