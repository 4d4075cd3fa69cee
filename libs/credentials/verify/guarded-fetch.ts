import { lookup as dnsLookup } from 'node:dns/promises';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { messageOf } from '#domain/errors.js';
import { isLoopback, isPublicAddress } from './public-address.js';

/** What came from an address, or why nothing did. */
export type Fetched =
  | Content
  | { readonly reason: 'blocked' | 'unreachable'; readonly detail: string }
  /** It was there and was taken away (410), with what stands there instead, where that can be read. */
  | { readonly reason: 'gone'; readonly detail: string; readonly instead?: Uint8Array };

interface Content {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** Gives the addresses of a host. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/** How far a fetch may go. */
export interface GuardedFetchOptions {
  readonly resolveHost?: ResolveHost;
  /** Lets this machine be asked, without encryption too: for tests, and for engines on one machine. */
  readonly allowLoopback?: boolean;
  /** A host that the operator has named: it may stand in the own network; on this machine it may be asked without encryption. */
  readonly trustedHost?: string;
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  /** What the answer may be; anything that is credentials or JSON unless given. */
  readonly contentTypes?: RegExp;
  /** What it is asked for, in the order of preference. */
  readonly accept?: string;
}

/** What is sent to an address, instead of only asking for what stands there. */
export interface Posted {
  readonly body: string;
  readonly contentType: string;
  readonly authorization?: string;
}

/** Fetches from an address that a stranger has given. */
export type GuardedFetch = (address: string, posted?: Posted) => Promise<Fetched>;

const MAX_BYTES = 1_000_000;
const TIMEOUT_MS = 10_000;
const MAX_REDIRECTS = 3;
/** JSON in all its names, tokens, and the plain text that tokens and status lists are sometimes served as. */
const DOCUMENTS = /^(application\/([\w.+-]+\+)?(json|ld\+json|jwt|jwk)|application\/vc|text\/plain)$/;

const ACCEPT = 'application/json, application/ld+json, application/vc, application/jwt, text/plain;q=0.5';

const blocked = (detail: string): Fetched => ({ reason: 'blocked', detail });
const unreachable = (detail: string): Fetched => ({ reason: 'unreachable', detail });

const resolveByDns: ResolveHost = async (host) => (await dnsLookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** Hosts are written in many ways ("127.1", "2130706433", "0x7f.1"); the URL parser has brought them into the one that is looked at. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

const answerOf = (url: URL, address: string, accept: string, timeoutMs: number, posted: Posted | undefined): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    // The connection goes to the address that was checked, whatever the name would give when it is asked again.
    const lookup: RequestOptions['lookup'] = (_host, { all }, callback) => {
      const family = isIP(address);
      if (all === true) callback(null, [{ address, family }]);
      else callback(null, address, family);
    };
    const options: RequestOptions = {
      lookup,
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      method: posted ? 'POST' : 'GET',
      headers: {
        accept, 'accept-encoding': 'identity',
        ...(posted && { 'content-type': posted.contentType, 'content-length': String(Buffer.byteLength(posted.body)) }),
        ...(posted?.authorization !== undefined && { authorization: posted.authorization }),
      },
    };
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, resolve);
    request.on('error', reject);
    request.end(posted?.body);
  });

const bodyOf = async (answer: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> => {
  if (Number(answer.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/**
 * Fetches documents from addresses that strangers have written into badges: over https, from public addresses, from the host that was
 * named, and not endlessly. So a badge cannot make this machine ask its own network for anything.
 */
export const guardedFetch = ({
  resolveHost = resolveByDns,
  allowLoopback = false,
  trustedHost,
  maxBytes = MAX_BYTES,
  timeoutMs = TIMEOUT_MS,
  contentTypes = DOCUMENTS,
  accept = ACCEPT,
}: GuardedFetchOptions = {}): GuardedFetch => {
  const addressOf = async (url: URL): Promise<string | Fetched> => {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return blocked(`${url.protocol} is not asked`);
    if (url.username !== '' || url.password !== '') return blocked('an address with a user name');
    const host = hostOf(url);
    const addresses = isIP(host) === 0 ? await resolveHost(host) : [host];
    const trusted = trustedHost !== undefined && host === trustedHost;
    const local = (allowLoopback || trusted) && addresses.length > 0 && addresses.every(isLoopback);
    if (url.protocol === 'http:' && !local) return blocked('only https is asked');
    // One that is not public spoils all: it would be asked the next time.
    if (!local && !trusted && !addresses.every(isPublicAddress)) return blocked(`${host} is not on the public internet`);
    return addresses[0] ?? unreachable(`${host} has no address`);
  };

  const contentOf = async (answer: IncomingMessage): Promise<Fetched> => {
    const { headers } = answer;
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') return unreachable('the answer is compressed, though that was not asked for');
    const contentType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (!contentTypes.test(contentType)) return unreachable(`the answer is ${contentType === '' ? 'of no type' : contentType}`);
    const bytes = await bodyOf(answer, maxBytes);
    return bytes ? { bytes, contentType } : unreachable(`the answer is longer than ${maxBytes} bytes`);
  };

  const fetchOnce = async (url: URL, ends: number, posted: Posted | undefined): Promise<Fetched | URL> => {
    const address = await addressOf(url);
    if (typeof address !== 'string') return address;
    const answer = await answerOf(url, address, accept, Math.max(1, Math.ceil(ends - performance.now())), posted);
    try {
      const { statusCode = 0, headers } = answer;
      if (statusCode >= 300 && statusCode < 400) {
        const { location = '' } = headers;
        if (!URL.canParse(location, url.href)) return unreachable('it leads nowhere');
        // What was sent is not for whoever it leads to.
        if (posted) return blocked('it leads elsewhere');
        const next = new URL(location, url);
        return next.origin === url.origin ? next : blocked('it leads to another host');
      }
      if (statusCode !== 200 && statusCode !== 410) return unreachable(`the answer was ${statusCode}`);
      const content = await contentOf(answer);
      if (statusCode === 200) return content;
      return { reason: 'gone', detail: 'it was taken away', ...('bytes' in content && { instead: content.bytes }) };
    } finally {
      answer.destroy();
    }
  };

  return async (address, posted) => {
    if (!URL.canParse(address)) return blocked('no address');
    const ends = performance.now() + timeoutMs;
    try {
      let url = new URL(address);
      for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
        const result = await fetchOnce(url, ends, posted);
        if (!(result instanceof URL)) return result;
        url = result;
      }
      return unreachable('it leads on and on');
    } catch (thrown) {
      return unreachable(messageOf(thrown));
    }
  };
};
