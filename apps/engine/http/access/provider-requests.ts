import type { ProviderRequests } from '#access/oidc.js';
import { guardedFetch, type Fetched, type GuardedFetch } from '#credentials/verify/guarded-fetch.js';
import { ProofmarkError } from '#domain/errors.js';

const FORM = 'application/x-www-form-urlencoded';

const jsonIn = (found: Fetched, address: string): unknown => {
  const { origin } = new URL(address);
  if (!('bytes' in found)) throw new ProofmarkError('STORE_UNAVAILABLE', `The sign-in provider at ${origin} does not answer: ${found.detail}.`);
  try {
    return JSON.parse(Buffer.from(found.bytes).toString('utf8'));
  } catch (error) {
    throw new ProofmarkError('STORE_UNAVAILABLE', `The sign-in provider at ${origin} answers what is no JSON.`, { cause: error });
  }
};

/**
 * Requests to a provider: to its own host wherever that stands, since the operator has named it, and to other hosts that it names only on
 * the public internet.
 */
export const providerRequests = (issuer: string, ask: GuardedFetch = guardedFetch({ trustedHost: new URL(issuer).hostname.replace(/^\[|\]$/g, ''), contentTypes: /^application\/([\w.+-]+\+)?json$/ })): ProviderRequests => ({
  get: async (address) => jsonIn(await ask(address), address),
  post: async (address, form, basic) => {
    const part = encodeURIComponent;
    const authorization = basic && { authorization: `Basic ${Buffer.from(`${part(basic.user)}:${part(basic.password)}`).toString('base64')}` };
    return jsonIn(await ask(address, { body: new URLSearchParams(form).toString(), contentType: FORM, ...authorization }), address);
  },
});
