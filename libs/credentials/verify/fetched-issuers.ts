import type { GuardedFetch } from './guarded-fetch.js';
import type { ResolvedIssuer, Unresolved } from './issuer-keys.js';
import { resolveBy, type ResolveIssuer } from './resolve-issuer.js';
import type { LoadText } from './status.js';
import { readJson } from './strict-json.js';

/** With what issuers are looked up on the web. */
export interface FetchedIssuersOptions {
  readonly fetch: GuardedFetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Hosts that are asked without encryption; the guard lets nothing but this machine through. */
  readonly isPlain?: (host: string) => boolean;
}

/** So long an answer is good, a failure too: a thousand forged badges of one issuer ask it once. */
const KEPT_MS = 30_000;
const MAX_KEPT = 1_000;

const text = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** Issuers as they publish themselves at the addresses that their ids say. */
export const fetchedIssuers = ({ fetch, now, isPlain = () => false }: FetchedIssuersOptions): ResolveIssuer => {
  const resolve = resolveBy(
    async ({ address }) => {
      const fetched = await fetch(address);
      if ('reason' in fetched) return { reason: fetched.reason === 'blocked' ? 'issuer-blocked' : 'issuer-unreachable', detail: `${address}: ${fetched.detail}` };
      const json = readJson(text(fetched.bytes) ?? '');
      return 'value' in json ? json.value : { reason: 'issuer-malformed', detail: `${address}: ${json.detail}` };
    },
    { schemeOf: (host) => (isPlain(host) ? 'http' : 'https') },
  );
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<ResolvedIssuer | Unresolved> }>();
  return (id) => {
    const known = kept.get(id);
    if (known && known.until > now()) return known.answer;
    kept.delete(id);
    const answer = resolve(id);
    kept.set(id, { until: now() + KEPT_MS, answer });
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    return answer;
  };
};

/** Status lists and hosted documents as they are published. */
export const fetchedTexts =
  (fetch: GuardedFetch): LoadText =>
  async (address) => {
    const fetched = await fetch(address);
    if ('reason' in fetched) {
      if (fetched.reason !== 'gone') return fetched;
      const { reason, detail, instead: bytes } = fetched;
      const instead = bytes && text(bytes);
      return { reason, detail, ...(instead !== undefined && { instead }) };
    }
    const found = text(fetched.bytes);
    return found === undefined ? { reason: 'unreachable', detail: `${address}: not text` } : { text: found };
  };
