import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

/* TEST SUPPORT: a sign-in provider on this machine that signs in whoever comes, as OpenID Connect has it. */

/** The provider and what it was asked. */
export interface ProviderUnderTest {
  readonly issuer: string;
  /** How often it was asked for its keys. */
  readonly keyFetches: () => number;
  /** What it says of the next person who signs in. */
  claims: JWTPayload;
  /** Signs a token with its own key. */
  readonly sign: (claims: JWTPayload, header?: { readonly typ?: string; readonly alg?: string; readonly kid?: string }, key?: CryptoKey) => Promise<string>;
  readonly publicJwk: JWK;
  /** Where it sends the browser back to, for an address that the browser was sent to. */
  readonly signIn: (address: string) => string;
  /** From now on it signs with a new key. */
  readonly rotate: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
};

export const startProvider = async (secret: string): Promise<ProviderUnderTest> => {
  let [serial, fetches] = [0, 0];
  const freshKey = async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: `key-${serial++}`, alg: 'RS256', use: 'sig' } };
  };
  let current = await freshKey();
  const pending = new Map<string, URLSearchParams>();
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const serve = async (): Promise<void> => {
      if (request.url === '/.well-known/openid-configuration') return answer(200, { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` });
      if (request.url === '/keys') {
        fetches += 1;
        return answer(200, { keys: [current.jwk] });
      }
      const form = await bodyOf(request);
      const asked = pending.get(form.get('code') ?? '');
      pending.delete(form.get('code') ?? '');
      const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
      const basic = `Basic ${Buffer.from(`proofmark:${secret}`).toString('base64')}`;
      if (!asked || asked.get('code_challenge') !== challenge || request.headers.authorization !== basic || form.get('redirect_uri') !== asked.get('redirect_uri')) return answer(400, { error: 'invalid_grant' });
      return answer(200, { id_token: await provider.sign({ aud: 'proofmark', nonce: asked.get('nonce') ?? '', ...provider.claims }, { typ: 'JWT' }), token_type: 'Bearer' });
    };
    serve().catch((error: unknown) => answer(500, { error: String(error) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: ProviderUnderTest = {
    issuer,
    keyFetches: () => fetches,
    claims: {},
    sign: (claims, { typ = 'at+jwt', alg = 'RS256', kid = current.jwk.kid } = {}, key = current.privateKey) => {
      const at = Math.floor(Date.now() / 1_000);
      return new SignJWT({ iss: issuer, iat: at, exp: at + 300, sub: 'person-1', ...claims }).setProtectedHeader({ alg, typ, kid }).sign(key);
    },
    get publicJwk() {
      return current.jwk;
    },
    signIn: (address) => {
      const { searchParams } = new URL(address);
      const code = `code-${serial++}`;
      pending.set(code, searchParams);
      return `${searchParams.get('redirect_uri') ?? ''}?code=${code}&state=${searchParams.get('state') ?? ''}`;
    },
    rotate: async () => void (current = await freshKey()),
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
  return provider;
};
