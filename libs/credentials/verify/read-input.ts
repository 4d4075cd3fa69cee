import type { JsonObject } from '../json-ld/json.js';
import { isJsonObject } from '../json-ld/json.js';
import { credentialIn } from '../vc-jwt.js';
import { bakedInPng, isPng } from './baked-png.js';
import { bakedInSvg } from './baked-svg.js';
import type { Reason } from './reasons.js';
import { finding, type Finding, type Format } from './report.js';
import { MAX_JSON, readJson } from './strict-json.js';

/** A credential with what secures it. Nothing of it is verified. */
export type Secured =
  | { readonly kind: 'document'; readonly document: JsonObject }
  | { readonly kind: 'jwt'; readonly jwt: string; readonly header: JsonObject; readonly document: JsonObject };

/** The text that an image carries, or why it carries none. */
export type Baked = { readonly text: string } | { readonly refused: Finding };

/** A credential as it came, or why it cannot be read. */
export type ReadInput = { readonly format: Format; readonly secured: Secured } | { readonly format?: Format; readonly refused: Finding };

/** The largest input that is looked at, images included. */
export const MAX_INPUT = 2_000_000;

const TOKEN = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

const utf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

type TokenPart = { readonly value: JsonObject } | { readonly refused: Finding };

/** A part of a token as JSON. Other ways to write the same bytes are refused. */
const tokenPart = (part: string): TokenPart => {
  const bytes = Buffer.from(part, 'base64url');
  const text = bytes.toString('base64url') === part ? utf8(bytes) : undefined;
  if (text === undefined) return { refused: finding('malformed-jwt', 'a part that is not base64url of text') };
  const json = readJson(text);
  if ('value' in json) return json;
  return { refused: finding(json.refused === 'not-json' ? 'malformed-jwt' : json.refused, json.detail) };
};

const readToken = (jwt: string): { readonly secured: Secured; readonly format: 'jwt' } | { readonly refused: Finding } => {
  const [first = '', second = ''] = jwt.split('.');
  const header = tokenPart(first);
  if ('refused' in header) return header;
  const payload = tokenPart(second);
  if ('refused' in payload) return payload;
  return { secured: { kind: 'jwt', jwt, header: header.value, document: credentialIn(payload.value) }, format: 'jwt' };
};

const readText = (text: string): { readonly secured: Secured; readonly format: 'json' | 'jwt' } | { readonly refused: Finding } => {
  if (text.length > MAX_JSON * 1.5) return { refused: finding('too-large') };
  const trimmed = text.trim();
  if (TOKEN.test(trimmed)) return readToken(trimmed);
  if (!trimmed.startsWith('{')) return { refused: finding('not-recognized') };
  const json = readJson(trimmed);
  if ('refused' in json) return { refused: finding(json.refused, json.detail) };
  return { secured: { kind: 'document', document: json.value }, format: 'json' };
};

const inImage = (format: 'png' | 'svg', baked: Baked): ReadInput => {
  if ('refused' in baked) return { format, refused: baked.refused };
  const read = readText(baked.text);
  return 'refused' in read ? { format, refused: read.refused } : { format, secured: read.secured };
};

/** Tells by the content what was given, and takes the credential out of it. Everything is bounded before it is read. */
export const readInput = (input: Uint8Array | string): ReadInput => {
  if (input.length > MAX_INPUT) return { refused: finding('too-large', `more than ${MAX_INPUT} bytes`) };
  if (typeof input !== 'string' && isPng(input)) return inImage('png', bakedInPng(input));
  const text = typeof input === 'string' ? input.replace(/^\ufeff/, '') : utf8(input);
  if (text === undefined) return { refused: finding('not-text') };
  return /^\s*</.test(text) ? inImage('svg', bakedInSvg(text)) : readText(text);
};

/** What a document is, where it is no Open Badges 3.0 badge of today. */
export type OtherKind = 'assertion-2' | Reason;

const namesIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : [value]);

const OTHER_TYPES: readonly (readonly [string, Reason])[] = [
  ['EndorsementCredential', 'endorsement'],
  ['ClrCredential', 'clr'],
  ['VerifiablePresentation', 'presentation'],
  ['BitstringStatusListCredential', 'status-list'],
  ['EnvelopedVerifiableCredential', 'enveloped'],
  ['EnvelopedVerifiablePresentation', 'enveloped'],
];
const BADGE_TYPES = ['OpenBadgeCredential', 'AchievementCredential'];

const openBadge2 = (types: readonly unknown[], document: JsonObject): OtherKind | undefined => {
  if (types.includes('BadgeClass') || types.includes('Issuer') || types.includes('Profile')) return 'part-of-open-badge-2';
  if (!types.includes('Assertion')) return undefined;
  const { verification } = document;
  const kinds = isJsonObject(verification) ? namesIn(verification['type']) : [];
  return kinds.includes('SignedBadge') || kinds.includes('signed') ? 'signed-open-badge-2' : 'assertion-2';
};

/** Tells badges of Open Badges 3.0, for which it gives nothing, from everything else. */
export const otherKindOf = ({ document, kind }: Secured): OtherKind | undefined => {
  const types = namesIn(document['type']);
  const contexts = namesIn(document['@context']);
  if (contexts.includes('https://w3id.org/openbadges/v2')) return kind === 'jwt' ? 'signed-open-badge-2' : (openBadge2(types, document) ?? 'other-json');
  if (contexts.includes('https://w3id.org/openbadges/v1') || (document['uid'] !== undefined && document['verify'] !== undefined)) return 'open-badge-1';
  const other = OTHER_TYPES.find(([name]) => types.includes(name));
  if (other) return other[1];
  if (!types.includes('VerifiableCredential')) return 'other-json';
  if (contexts.includes('https://www.w3.org/2018/credentials/v1') && BADGE_TYPES.some((name) => types.includes(name)) && (kind === 'jwt' || document['proof'] !== undefined)) return 'old-data-model';
  return undefined;
};
