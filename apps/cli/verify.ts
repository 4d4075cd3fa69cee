import { createReadStream } from 'node:fs';
import { readCode } from '#credentials/code.js';
import { fetchedIssuers, fetchedTexts } from '#credentials/verify/fetched-issuers.js';
import { guardedFetch, type GuardedFetchOptions } from '#credentials/verify/guarded-fetch.js';
import { MAX_INPUT } from '#credentials/verify/read-input.js';
import type { Report, Verdict } from '#credentials/verify/report.js';
import { firstOf, offlineIssuers } from '#credentials/verify/resolve-issuer.js';
import { savedStatusLists, type LoadText } from '#credentials/verify/status.js';
import { readJson } from '#credentials/verify/strict-json.js';
import { verifyBadge, type VerifyPorts } from '#credentials/verify/verify-badge.js';
import { ProofmarkError } from '#domain/errors.js';
import { EXIT } from './exit-codes.js';
import { reportOfCode } from './verify-code.js';

export interface VerifyOptions {
  /** A file, an address, a code, or "-". */
  readonly badge: string;
  readonly issuer: readonly string[];
  readonly status: readonly string[];
  readonly online?: true;
  readonly loopback?: true;
  readonly json?: true;
  /** The engine that is asked about codes. */
  readonly engine: string;
}

const EXITS: Readonly<Record<Verdict, number>> = {
  valid: EXIT.ok,
  invalid: EXIT.invalid,
  expired: EXIT.expired,
  suspended: EXIT.suspended,
  revoked: EXIT.revoked,
  'cannot-be-told': EXIT.cannotBeTold,
  unsupported: EXIT.unsupported,
};

const SIGNS = { passed: '✓', failed: '✗', 'not-checked': '○' } as const;
const BADGE_TYPES = /^(image\/(png|svg\+xml)|application\/([\w.+-]+\+)?(json|jwt)|application\/vc|text\/plain)$/;

/** The bytes of a file or of standard input, and one more than may be where there are more. */
const bytesOf = async (path: string): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of (path === '-' ? process.stdin : createReadStream(path)) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_INPUT) break;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ProofmarkError(code === 'ENOENT' ? 'NOT_FOUND' : 'USAGE', code === 'ENOENT' ? `There is no file "${path}".` : message, { cause: error });
  }
  return Buffer.concat(chunks);
};

const textOf = async (path: string): Promise<string> => new TextDecoder().decode(await bytesOf(path));

const issuerIn = async (path: string) => {
  const json = readJson(await textOf(path));
  if ('refused' in json) throw new ProofmarkError('USAGE', `${path} is no issuer’s document: ${json.detail}.`);
  if (typeof json.value['id'] !== 'string') throw new ProofmarkError('USAGE', `${path} is no issuer’s document: it has no "id".`);
  return json.value;
};

const thisMachine = (host: string): boolean => /^(127(\.\d+){3}|localhost|\[::1\])(:\d+)?$/.test(host);

const portsOf = async ({ issuer, status, online, loopback }: VerifyOptions): Promise<VerifyPorts> => {
  const issuers = await Promise.all(issuer.map(issuerIn));
  const saved = offlineIssuers(issuers);
  const lists = savedStatusLists(await Promise.all(status.map(textOf)));
  const documents = savedStatusLists(issuers.map((document) => JSON.stringify(document)));
  if (!online) return { resolveIssuer: saved, loadStatusList: lists, loadHosted: documents };
  const fetch = guardedFetch(loopback ? { allowLoopback: true } : {});
  const orFetched = (first: LoadText): LoadText => async (address) => {
    const found = await first(address);
    return 'text' in found ? found : fetchedTexts(fetch)(address);
  };
  const asked = fetchedIssuers({ fetch, now: Date.now, ...(loopback && { isPlain: thisMachine }) });
  return { resolveIssuer: firstOf(saved, asked), loadStatusList: orFetched(lists), loadHosted: orFetched(documents) };
};

const given = async ({ badge, online, loopback }: VerifyOptions): Promise<Uint8Array> => {
  if (!/^https?:\/\//.test(badge)) {
    return bytesOf(badge);
  }
  if (!online) throw new ProofmarkError('USAGE', 'An address can be verified with --online alone; without it nothing is fetched.');
  const limits: GuardedFetchOptions = { maxBytes: MAX_INPUT, contentTypes: BADGE_TYPES, ...(loopback && { allowLoopback: true }) };
  const fetched = await guardedFetch(limits)(badge);
  // A badge of Open Badges 2.0 that was revoked: what stands in its place says so.
  if ('reason' in fetched && fetched.reason === 'gone' && fetched.instead) return fetched.instead;
  if ('reason' in fetched) throw new ProofmarkError('NOT_FOUND', `${badge} gives no badge: ${fetched.detail}.`);
  return fetched.bytes;
};

const print = ({ verdict, words, checks, badge }: Report): void => {
  console.log(`${verdict}: ${words.en}`);
  if (badge) {
    const { id, name, issuer, validFrom, validUntil, subject } = badge;
    console.log(`  ${name}`);
    console.log(`  by ${issuer.name ?? 'somebody without a name'} (${issuer.id})`);
    if (subject !== undefined) console.log(`  to ${subject}`);
    if (validFrom !== undefined) console.log(`  valid from ${validFrom}${validUntil === undefined ? '' : ` until ${validUntil}`}`);
    console.log(`  ${id}`);
  }
  for (const { check, result, words: said, detail } of checks) console.log(`${SIGNS[result]} ${check.padEnd(10)} ${said.en}${detail === undefined ? '' : ` [${detail}]`}`);
};

const reportOf = async (options: VerifyOptions): Promise<Report> => {
  const [input, ports] = await Promise.all([given(options), portsOf(options)]);
  return verifyBadge(input, ports, Date.now());
};

/** Prints whether a badge is genuine and holds, check by check. */
export const verifyGiven = async (options: VerifyOptions): Promise<number> => {
  const code = readCode(options.badge);
  const report = code === undefined ? await reportOf(options) : await reportOfCode(code, options.engine);
  if (options.json) console.log(JSON.stringify(report, null, 2));
  else print(report);
  return EXITS[report.verdict];
};
