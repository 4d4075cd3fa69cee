import { isDeepStrictEqual } from 'node:util';
import { importJWK, decodeProtectedHeader, jwtVerify } from 'jose';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { publicKeyOfMultikey } from '#credentials/multikey.js';
import { resolveBy } from '#credentials/verify/resolve-issuer.js';
import { verifyBadge } from '#credentials/verify/verify-badge.js';
import type { ServerUnderTest } from '#engine/http/server-under-test.js';
import { hasPython, pythonVerdicts } from './python.js';
import { stockVerdict } from './stock.js';
import { ALL_IS_WELL, verifierCoreLog, type Web } from './verifier-core.js';

/** In what a credential may come. */
export type Form = 'json' | 'jwt' | 'png' | 'svg';

/** What a verifier says of a credential that is genuine and counts. */
export const HOLDS = 'holds';

/** Software that says of credentials whether they hold: HOLDS, or why not. */
export interface Verifier {
  readonly name: string;
  readonly forms: readonly Form[];
  /** It knows what was issued, so that what was signed for the test alone does not count. */
  readonly hasLog?: true;
  readonly verify: (credentials: readonly Uint8Array[]) => Promise<readonly string[]>;
}

const oneByOne =
  (verify: (credential: Uint8Array) => Promise<string>): Verifier['verify'] =>
  async (credentials) => {
    const answers: string[] = [];
    for (const one of credentials) answers.push(await verify(one).catch((error: unknown) => `refused: ${String(error)}`));
    return answers;
  };

const read = (bytes: Uint8Array): JsonObject => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as JsonObject;

/** Everybody who is to verify the badges of an issuer, each with what `web` gives and nothing else. */
export const verifiersOf = ({ app }: ServerUnderTest, issuer: string, web: Web): readonly Verifier[] => {
  const didDocument = web(`https://${issuer.replace('did:web:', '').replaceAll(':', '/')}/did.json`) as Promise<JsonObject>;
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const ports = {
    resolveIssuer: resolveBy(async ({ address }) => ((await web(address)) as JsonObject | undefined) ?? { reason: 'issuer-unknown', detail: address }),
    loadStatusList: async (address: string) => {
      const list = await web(address);
      return list === undefined ? ({ reason: 'unknown', detail: address } as const) : { text: JSON.stringify(list) };
    },
  };
  return [
    {
      name: 'our verifier',
      forms: ['json', 'jwt', 'png', 'svg'],
      verify: oneByOne(async (bytes) => {
        const { verdict, checks } = await verifyBadge(bytes, ports, Date.now());
        return verdict === 'valid' ? HOLDS : `${verdict}: ${checks.filter(({ result }) => result === 'failed').map(({ reason }) => reason).join(' ')}`;
      }),
    },
    {
      name: 'the engine, with its log',
      forms: ['json', 'jwt', 'png', 'svg'],
      hasLog: true,
      verify: oneByOne(async (bytes) => {
        const answer = await app.nest.inject({ method: 'POST', url: '/v1/verify', payload: Buffer.from(bytes), headers: { 'content-type': 'application/octet-stream' } });
        const { verdict } = JSON.parse(answer.body) as { readonly verdict?: string };
        return verdict === 'valid' ? HOLDS : `${verdict ?? answer.body}`;
      }),
    },
    {
      name: '@digitalbazaar/vc',
      forms: ['json'],
      verify: oneByOne(async (bytes) => {
        const verdict = await stockVerdict(read(bytes), await didDocument, now);
        return verdict === 'verified' ? HOLDS : verdict;
      }),
    },
    {
      name: '@digitalcredentials/verifier-core',
      forms: ['json'],
      verify: oneByOne(async (bytes) => {
        const log = await verifierCoreLog(read(bytes));
        return isDeepStrictEqual(log, ALL_IS_WELL) ? HOLDS : JSON.stringify(log);
      }),
    },
    {
      name: 'jose',
      forms: ['jwt'],
      verify: oneByOne(async (bytes) => {
        const jwt = Buffer.from(bytes).toString('utf8');
        const key = (await web(decodeProtectedHeader(jwt).kid ?? '')) as JsonObject | undefined;
        if (!key) return 'its key is nowhere';
        const { payload } = await jwtVerify(jwt, await importJWK(key, 'ES256'), { algorithms: ['ES256'], issuer, typ: 'JWT' });
        return Array.isArray(payload['type']) ? HOLDS : 'no credential';
      }),
    },
    ...(hasPython() ? [{ name: 'pyld and cryptography in Python', forms: ['json'] as const, verify: async (credentials: readonly Uint8Array[]) => inPython(credentials, await didDocument) }] : []),
  ];
};

const inPython = (credentials: readonly Uint8Array[], { verificationMethod }: JsonObject): readonly string[] => {
  const [method] = (verificationMethod as readonly JsonObject[]).filter(({ type }) => type === 'Multikey');
  const key = publicKeyOfMultikey(String(method?.['publicKeyMultibase'])) ?? new Uint8Array();
  return pythonVerdicts(credentials.map((bytes) => Buffer.from(bytes).toString('utf8')), key).map((verified) => (verified ? HOLDS : 'refused'));
};
