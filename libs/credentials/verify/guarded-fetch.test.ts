import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchedIssuers, fetchedTexts } from './fetched-issuers.js';
import { guardedFetch, type GuardedFetchOptions } from './guarded-fetch.js';
import { isUnresolved } from './resolve-issuer.js';
import { isPublicAddress } from './public-address.js';
import { issuer, NOW, signed, statusList, token, unsigned } from './badges-under-test.js';
import { verifyBadge } from './verify-badge.js';
import type { JsonObject } from '../json-ld/json.js';

/** A real server on this machine, which counts what reaches it. */
interface Loopback {
  readonly port: number;
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

const serve = async (answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Loopback> => {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(`${request.headers.host ?? ''}${request.url ?? ''}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
};

const open: Loopback[] = [];
const served = async (answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Loopback> => {
  const one = await serve(answer);
  open.push(one);
  return one;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const json = (response: ServerResponse, body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};
const local: GuardedFetchOptions = { allowLoopback: true, resolveHost: async () => ['127.0.0.1'] };

describe('addresses that are asked', () => {
  it.each([
    '127.0.0.1', '127.255.255.255', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255',
    '192.0.0.8', '198.18.0.1', '203.0.113.5', '::1', '::', 'fe80::1', 'fc00::1', 'fd12:3456::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '2002:7f00:1::',
    '2001:0:1::1', '2001:db8::1', '::127.0.0.1', 'no address', '',
  ])('are not %s', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['8.8.8.8', '172.15.255.255', '172.32.0.1', '100.128.0.1', '193.0.0.1', '2606:4700::1111', '2a00:1450::1'])('may be %s', (address) => expect(isPublicAddress(address)).toBe(true));
});

describe('fetching from an address in a badge', () => {
  it.each([
    ['127.0.0.1'], ['127.1'], ['2130706433'], ['0x7f.0.0.1'], ['0177.0.0.1'], ['0x7f000001'], ['017700000001'], ['[::1]'], ['[::ffff:127.0.0.1]'], ['[::ffff:7f00:1]'], ['0'], ['localhost'],
    ['①②⑦.0.0.1'], ['127.0.0.1.'],
  ])('reaches no server at %s', async (host) => {
    const server = await served((_request, response) => json(response, {}));
    for (const scheme of ['http', 'https']) {
      expect(await guardedFetch()(`${scheme}://${host}:${server.port}/`)).toMatchObject({ reason: 'blocked' });
    }
    expect(server.asked).toEqual([]);
  });

  it.each([['169.254.169.254'], ['2852039166'], ['[fd00:ec2::254]'], ['10.0.0.1']])('does not ask %s', async (host) => {
    expect(await guardedFetch()(`https://${host}/latest/meta-data/`)).toMatchObject({ reason: 'blocked' });
  });

  it.each(['file:///etc/passwd', 'ftp://school.example/x', 'data:application/json,{}', 'javascript:alert(1)', 'gopher://127.0.0.1/', 'nothing', '', 'https://user:secret@school.example/'])('does not ask %s', async (address) => {
    expect(await guardedFetch({ resolveHost: async () => ['8.8.8.8'] })(address)).toMatchObject({ reason: 'blocked' });
  });

  it('looks at what a name stands for, all of it', async () => {
    const server = await served((_request, response) => json(response, {}));
    for (const addresses of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['10.0.0.7'], ['::ffff:127.0.0.1'], ['169.254.169.254']]) {
      expect(await guardedFetch({ resolveHost: async () => addresses })(`https://badges.school.example:${server.port}/`)).toMatchObject({ reason: 'blocked' });
    }
    expect(server.asked).toEqual([]);
  });

  it('connects to the address that was looked at, which a name that changes cannot move', async () => {
    const server = await served((_request, response) => json(response, { from: 'here' }));
    const answers = [['127.0.0.1'], ['127.0.0.2']];
    let asked = 0;
    const fetch = guardedFetch({ allowLoopback: true, resolveHost: async () => answers[asked++] ?? [] });
    expect(await fetch(`http://badges.school.example:${server.port}/did.json`)).toMatchObject({ contentType: 'application/json' });
    expect(asked).toBe(1);
    expect(server.asked).toEqual([`badges.school.example:${server.port}/did.json`]);
  });

  it('never asks the machine itself without leave, nor anybody else without encryption', async () => {
    const server = await served((_request, response) => json(response, {}));
    expect(await guardedFetch({ resolveHost: async () => ['127.0.0.1'] })(`http://school.example:${server.port}/`)).toMatchObject({ reason: 'blocked' });
    expect(await guardedFetch({ allowLoopback: true, resolveHost: async () => ['8.8.8.8'] })('http://school.example/')).toMatchObject({ reason: 'blocked' });
    expect(await guardedFetch({ allowLoopback: true, resolveHost: async () => ['10.0.0.1'] })('https://school.example/')).toMatchObject({ reason: 'blocked' });
    expect(server.asked).toEqual([]);
  });

  it('follows redirects on the same host, and no further than three', async () => {
    const server = await served((request, response) => {
      const step = Number(request.url?.slice(1));
      if (step === 0) return json(response, { arrived: true });
      response.writeHead(302, { location: `/${step - 1}` }).end();
    });
    const fetch = guardedFetch(local);
    expect(await fetch(`http://school.example:${server.port}/3`)).toMatchObject({ contentType: 'application/json' });
    expect(await fetch(`http://school.example:${server.port}/4`)).toEqual({ reason: 'unreachable', detail: 'it leads on and on' });
  });

  it('follows no redirect to another host, port or scheme', async () => {
    const goal = await served((_request, response) => json(response, {}));
    for (const location of [`http://127.0.0.1:${goal.port}/`, `http://other.example:${goal.port}/`, 'https://169.254.169.254/', 'file:///etc/passwd']) {
      const server = await served((_request, response) => void response.writeHead(301, { location }).end());
      expect(await guardedFetch(local)(`http://school.example:${server.port}/`)).toMatchObject({ reason: 'blocked' });
    }
    expect(goal.asked).toEqual([]);
  });

  it('reads no more than it may, whatever the answer says of its length', async () => {
    let sent = 0;
    const server = await served((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && sent < 100_000_000) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536, 32))) return void response.once('drain', more);
        }
      };
      more();
    });
    expect(await guardedFetch({ ...local, maxBytes: 200_000 })(`http://school.example:${server.port}/`)).toEqual({ reason: 'unreachable', detail: 'the answer is longer than 200000 bytes' });
    expect(sent).toBeLessThan(50_000_000);
    const honest = await served((_request, response) => json(response, ' '.repeat(300_000), { 'content-length': '300000' }));
    expect(await guardedFetch({ ...local, maxBytes: 200_000 })(`http://school.example:${honest.port}/`)).toEqual({ reason: 'unreachable', detail: 'the answer is longer than 200000 bytes' });
  });

  it('gives up on a server that does not answer, or not to the end', async () => {
    const silent = await served(() => undefined);
    const slow = await served((_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'));
    for (const { port } of [silent, slow]) {
      const given = await guardedFetch({ ...local, timeoutMs: 200 })(`http://school.example:${port}/`);
      expect('reason' in given ? given.detail : 'an answer').toMatch(/aborted/);
    }
  });

  it.each([['text/html'], ['image/svg+xml'], ['']])('takes no answer of type "%s"', async (type) => {
    const server = await served((_request, response) => void response.writeHead(200, type === '' ? {} : { 'content-type': type }).end('{}'));
    expect(await guardedFetch(local)(`http://school.example:${server.port}/`)).toEqual({ reason: 'unreachable', detail: `the answer is ${type === '' ? 'of no type' : type}` });
  });

  it('takes no compressed answer, which could be anything once it is not', async () => {
    const server = await served((_request, response) => json(response, '{}', { 'content-encoding': 'gzip' }));
    expect(await guardedFetch(local)(`http://school.example:${server.port}/`)).toMatchObject({ reason: 'unreachable' });
  });
});

describe('hosted badges of Open Badges 2.0 on the web', () => {
  const gone = async (send: (response: ServerResponse, origin: string) => void, given: (assertion: JsonObject) => JsonObject = (one) => one) => {
    const published = (origin: string): Readonly<Record<string, JsonObject>> => ({
      '/classes/1': { '@context': 'https://w3id.org/openbadges/v2', id: `${origin}/classes/1`, type: 'BadgeClass', name: 'Event sourcing', issuer: `${origin}/issuer` },
      '/issuer': { '@context': 'https://w3id.org/openbadges/v2', id: `${origin}/issuer`, type: 'Issuer', name: 'Seoul School' },
    });
    const server = await served((request, response) => {
      const origin = `http://${request.headers.host ?? ''}`;
      const found = published(origin)[request.url ?? ''];
      if (found) json(response, found);
      else send(response, origin);
    });
    const origin = `http://school.example:${server.port}`;
    const assertion: JsonObject = {
      '@context': 'https://w3id.org/openbadges/v2', id: `${origin}/assertions/1`, type: 'Assertion', badge: `${origin}/classes/1`,
      recipient: { type: 'email', hashed: true, identity: 'sha256$00' }, issuedOn: '2026-06-20T09:00:00Z', verification: { type: 'HostedBadge' },
    };
    const texts = fetchedTexts(guardedFetch(local));
    const { verdict, checks } = await verifyBadge(JSON.stringify(given(assertion)), { resolveIssuer: fetchedIssuers({ fetch: guardedFetch(local), now: () => NOW }), loadStatusList: texts, loadHosted: texts }, NOW);
    return [verdict, checks.find(({ check }) => check === 'revocation')?.detail];
  };
  const revoked = (origin: string, more: JsonObject = {}): JsonObject => ({ '@context': 'https://w3id.org/openbadges/v2', id: `${origin}/assertions/1`, type: 'Assertion', revoked: true, revocationReason: 'Given to the wrong person.', ...more });

  it('are revoked where the answer is 410, for the reason that their revoked assertion gives', async () => {
    expect(await gone((response, origin) => void response.writeHead(410, { 'content-type': 'application/ld+json' }).end(JSON.stringify(revoked(origin))))).toEqual(['revoked', 'Given to the wrong person.']);
  });

  it.each<readonly [string, (response: ServerResponse, origin: string) => void]>([
    ['nothing', (response) => void response.writeHead(410).end()],
    ['a page', (response) => void response.writeHead(410, { 'content-type': 'text/html' }).end('<h1>Gone</h1>')],
    ['no JSON', (response) => void response.writeHead(410, { 'content-type': 'application/json' }).end('Gone')],
    ['another assertion', (response, origin) => void response.writeHead(410, { 'content-type': 'application/json' }).end(JSON.stringify(revoked(origin, { id: `${origin}/assertions/2` })))],
    ['more than is read', (response, origin) => void response.writeHead(410, { 'content-type': 'application/json' }).end(JSON.stringify(revoked(origin, { pad: ' '.repeat(2_000_000) })))],
  ])('are revoked for no reason that is known where 410 comes with %s', async (_what, send) => {
    expect(await gone(send)).toEqual(['revoked', undefined]);
  });

  it('are not revoked where they are merely not found', async () => {
    expect(await gone((response) => void response.writeHead(404).end())).toEqual(['cannot-be-told', undefined]);
  });

  it('are revoked where all that is left of them is given', async () => {
    const bare = (assertion: JsonObject): JsonObject => revoked(String(assertion['id']).replace('/assertions/1', ''));
    expect(await gone((response, origin) => void response.writeHead(410, { 'content-type': 'application/json' }).end(JSON.stringify(revoked(origin))), bare)).toEqual(['revoked', 'Given to the wrong person.']);
    expect(await gone((response) => void response.writeHead(404).end(), bare)).toEqual(['cannot-be-told', undefined]);
    expect((await gone((response, origin) => json(response, { ...revoked(origin), revoked: false }), bare))[0]).toBe('invalid');
  });

  it('rest on an issuer that is there: one that is gone says nothing of them', async () => {
    const otherClass = (assertion: JsonObject): JsonObject => ({ ...assertion, badge: String(assertion['badge']).replace('/1', '/2') });
    expect((await gone((response) => void response.writeHead(410).end(), otherClass))[0]).toBe('cannot-be-told');
  });
});

describe('issuers on the web', () => {
  const site = async (documents: (origin: string) => Readonly<Record<string, unknown>>): Promise<Loopback> => {
    const server: Loopback = await served((request, response) => {
      const found = documents(`http://127.0.0.1:${server.port}`)[request.url ?? ''];
      if (found === undefined) response.writeHead(404).end();
      else json(response, found);
    });
    return server;
  };
  const issuersOf = ({ port }: Loopback, now = () => NOW) => fetchedIssuers({ fetch: guardedFetch(local), now, isPlain: (host) => host === `127.0.0.1:${port}` });
  const methods = (id: string): JsonObject => JSON.parse(JSON.stringify(issuer.document).replaceAll(issuer.did, id)) as JsonObject;

  it('are found by did:web and verify what they signed', async () => {
    const did = (port: number) => `did:web:127.0.0.1%3A${port}:issuers:seoul`;
    const server = await site((origin) => ({ '/issuers/seoul/did.json': methods(did(Number(new URL(origin).port))) }));
    const mine = did(server.port);
    const document = JSON.parse(JSON.stringify(unsigned()).replaceAll(issuer.did, mine)) as JsonObject;
    const { credentialStatus: _, ...plain } = document;
    const ports = { resolveIssuer: issuersOf(server), loadStatusList: fetchedTexts(guardedFetch(local)) };
    const maker = { ...issuer, did: mine, method: `${mine}#k1` };
    expect(await verifyBadge(JSON.stringify(await signed(plain, maker)), ports, NOW)).toMatchObject({ verdict: 'valid' });
    const kid = `http://127.0.0.1:${server.port}/issuers/seoul/keys/k2`;
    expect(await verifyBadge(await token(plain, maker, kid), ports, NOW)).toMatchObject({ verdict: 'valid' });
    const elsewhere = `http://127.0.0.1:${server.port + 1}/issuers/seoul/keys/k2`;
    expect(await verifyBadge(await token(plain, maker, elsewhere), ports, NOW)).toMatchObject({ verdict: 'invalid' });
    expect(new Set(server.asked)).toEqual(new Set([`127.0.0.1:${server.port}/issuers/seoul/did.json`]));
  });

  it('with an https id are found by their profile, its key set and its DID on the same origin, and by no other', async () => {
    const [, p256] = issuer.document['verificationMethod'] as readonly { publicKeyJwk: JsonObject }[];
    const set = { keys: [{ ...p256?.publicKeyJwk, kid: 'k2' }, { kty: 'oct', k: 'c2VjcmV0', kid: 'hmac' }] };
    const strange = await site(() => ({ '/jwks': set, '/did.json': methods('did:web:strange') }));
    const server = await site((origin) => ({
      '/by-keys': { id: `${origin}/by-keys`, jwks_uri: '/jwks' },
      '/jwks': set,
      '/by-did': { id: `${origin}/by-did`, alsoKnownAs: [`did:web:127.0.0.1%3A${new URL(origin).port}:org`] },
      '/org/did.json': methods(`did:web:127.0.0.1%3A${new URL(origin).port}:org`),
      '/strange': { id: `${origin}/strange`, jwks_uri: `http://127.0.0.1:${strange.port}/jwks`, alsoKnownAs: [`did:web:127.0.0.1%3A${strange.port}`] },
      '/another': { id: `${origin}/by-keys` },
    }));
    const resolve = issuersOf(server);
    const keys = async (path: string) => {
      const found = await resolve(`http://127.0.0.1:${server.port}${path}`);
      return isUnresolved(found) ? found.reason : found.keys.map(({ id, name }) => id ?? name);
    };
    expect(await keys('/by-keys')).toEqual(['k2', 'hmac']);
    expect(await keys('/by-did')).toEqual([`did:web:127.0.0.1%3A${server.port}:org#k1`, `did:web:127.0.0.1%3A${server.port}:org#k2`]);
    expect(await keys('/strange')).toEqual([]);
    expect(await keys('/another')).toBe('issuer-malformed');
    expect(await keys('/none')).toBe('issuer-unreachable');
    expect(strange.asked).toEqual([]);
  });

  it('are asked once in 30 seconds, however many badges name keys that they do not have', async () => {
    const server = await site((origin) => ({ '/issuers/seoul/did.json': methods(`did:web:127.0.0.1%3A${new URL(origin).port}:issuers:seoul`) }));
    let now = NOW;
    const resolve = issuersOf(server, () => now);
    const did = `did:web:127.0.0.1%3A${server.port}:issuers:seoul`;
    await Promise.all(Array.from({ length: 1_000 }, () => resolve(did)));
    expect(server.asked).toHaveLength(1);
    now += 30_000;
    await resolve(did);
    expect(server.asked).toHaveLength(2);
  });

  it('that are not to be asked are told as such', async () => {
    const resolve = fetchedIssuers({ fetch: guardedFetch({ resolveHost: async () => ['10.0.0.1'] }), now: () => NOW });
    const ports = { resolveIssuer: resolve, loadStatusList: fetchedTexts(guardedFetch()) };
    const report = await verifyBadge(JSON.stringify(await signed(unsigned())), ports, NOW);
    expect([report.verdict, report.checks.find(({ check }) => check === 'key')?.reason]).toEqual(['cannot-be-told', 'issuer-blocked']);
    expect(await resolve('http://school.example/issuer')).toMatchObject({ reason: 'issuer-blocked' });
  });

  it('have their lists looked up only for a badge that they signed', async () => {
    const asked: string[] = [];
    const lists = [await statusList('revocation'), await statusList('suspension')];
    const resolveIssuer = async (): Promise<never> => {
      throw new Error('not needed');
    };
    const ports = { resolveIssuer, loadStatusList: async (address: string) => (asked.push(address), { text: lists[0] ?? '' }) };
    await verifyBadge(JSON.stringify(unsigned()), ports, NOW);
    expect(asked).toEqual([]);
  });
});
