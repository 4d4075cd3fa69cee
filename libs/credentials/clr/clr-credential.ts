import { isoSeconds } from '../document/open-badge.js';
import { said } from '../document/localized.js';
import type { JsonObject } from '../json-ld/json.js';

/** The contexts of a Comprehensive Learner Record (CLR 2.0), in their order. */
const CONTEXTS = [
  'https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
] as const;
const SCHEMA = 'https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json';

/** As a JSON Web Token it must stay below what readers of JWTs take; base64 makes four characters of three. */
const MOST_BYTES = 1_000_000;

/** What a transcript states. */
export interface Transcript {
  /** A URI of its own for each one that is made. */
  readonly id: string;
  /** The issuer's `Profile`, without a context. */
  readonly issuer: JsonObject;
  /** The learner's pseudonym, a URI. */
  readonly subject: string;
  /** Signed `OpenBadgeCredential`s, the most important first. */
  readonly credentials: readonly JsonObject[];
  /** BCP 47. */
  readonly language: string;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
}

const NAME = { en: 'Transcript of badges', ko: '배지 취득 기록' };

const fitting = (credentials: readonly JsonObject[]): readonly JsonObject[] => {
  let left = MOST_BYTES;
  return credentials.filter((one) => {
    const size = Buffer.byteLength(JSON.stringify(one));
    const fits = size <= left;
    if (fits) left -= size;
    return fits;
  });
};

/**
 * The unsigned `ClrCredential` (CLR 2.0 on VC Data Model 2.0): signed credentials of one learner, put together and whole,
 * so that each of them can still be verified by itself. What does not fit is left out, and it says that it is `partial`.
 */
export const clrCredential = ({ id, issuer, subject, credentials, language, issuedAt }: Transcript): JsonObject => {
  const held = fitting(credentials);
  return {
    '@context': [...CONTEXTS],
    id,
    type: ['VerifiableCredential', 'ClrCredential'],
    name: said(NAME, language),
    ...(held.length < credentials.length && { partial: true }),
    issuer,
    validFrom: isoSeconds(issuedAt),
    awardedDate: isoSeconds(issuedAt),
    credentialSubject: { id: subject, type: ['ClrSubject'], verifiableCredential: held },
    credentialSchema: [{ id: SCHEMA, type: '1EdTechJsonSchemaValidator2019' }],
  };
};
