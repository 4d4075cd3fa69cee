import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { SESSION_S, Sessions } from './sessions.js';

const SECRET = randomBytes(32);
const T0 = Date.UTC(2026, 0, 5);
const at = (time: number, secret: Uint8Array = SECRET, tenant = 't'): Sessions => new Sessions(secret, tenant, () => time);

describe('a session', () => {
  it('is read as it was opened, until it is over', async () => {
    const token = await at(T0).open({ account: 'p1', session: 's1' });
    expect(await at(T0).read(token)).toEqual({ account: 'p1', session: 's1', since: T0 });
    expect(await at(T0 + SESSION_S * 1_000 - 1_000).read(token)).toBeDefined();
    expect(await at(T0 + SESSION_S * 1_000).read(token)).toBeUndefined();
  });

  it('is none with another secret, of another tenant, or altered', async () => {
    const token = await at(T0).open({ account: 'p1', session: 's1' });
    expect(await at(T0, randomBytes(32)).read(token)).toBeUndefined();
    expect(await at(T0, SECRET, 'u').read(token)).toBeUndefined();
    const [head = '', body = '', signature = ''] = token.split('.');
    const other = Buffer.from(JSON.stringify({ ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object), sub: 'p2' })).toString('base64url');
    expect(await at(T0).read(`${head}.${other}.${signature}`)).toBeUndefined();
    expect(await at(T0).read('')).toBeUndefined();
    expect(await at(T0).read(`${head}.${body}.`)).toBeUndefined();
  });

  it('is none without an end, of another type, or unsigned', async () => {
    const claims = (): SignJWT => new SignJWT().setSubject('p1').setJti('s').setAudience('t').setIssuedAt(T0 / 1_000);
    const endless = await claims().setProtectedHeader({ alg: 'HS256', typ: 'proofmark-session+jwt' }).sign(SECRET);
    const plain = await claims().setExpirationTime(T0 / 1_000 + 60).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(SECRET);
    const [, body = ''] = plain.split('.');
    const none = `${Buffer.from('{"alg":"none","typ":"proofmark-session+jwt"}').toString('base64url')}.${body}.`;
    for (const token of [endless, plain, none]) expect(await at(T0).read(token)).toBeUndefined();
  });
});
