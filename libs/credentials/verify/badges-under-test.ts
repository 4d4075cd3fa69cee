import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { deflateSync, crc32 } from 'node:zlib';
import { credentialUnderTest, ISSUER, type CredentialParts } from '../credential-under-test.js';
import { signDocument } from '../data-integrity.js';
import type { JsonObject } from '../json-ld/json.js';
import { multikeyOf, publicKeyOfJwk } from '../multikey.js';
import { ed25519Signer, jwtSignatures } from '../node-signers.js';
import { MIN_ENTRIES, statusBits, statusListCredential, type StatusPurpose } from '../status-list.js';
import { signVcJwt } from '../vc-jwt.js';
import { offlineIssuers } from './resolve-issuer.js';
import { savedStatusLists } from './status.js';
import type { VerifyPorts } from './verify-badge.js';

/** When the tests look at badges: after they were issued, before they expire. */
export const NOW = Date.parse('2026-09-01T00:00:00Z');

const ed25519From = (seed: number): KeyObject =>
  createPrivateKey({ format: 'der', type: 'pkcs8', key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]) });
// A fixed P-256 key, so that a failing example can be run again as it was.
const p256From = (seed: number): KeyObject => {
  const d = Buffer.alloc(32, seed);
  return createPrivateKey({ format: 'der', type: 'sec1', key: Buffer.concat([Buffer.from('30310201010420', 'hex'), d, Buffer.from('a00a06082a8648ce3d030107', 'hex')]) });
};

/** Somebody who signs: an issuer, or somebody who would like to be taken for one. */
export interface Maker {
  readonly did: string;
  readonly method: string;
  readonly ed25519: KeyObject;
  readonly p256: KeyObject;
  readonly jwtKeyId: string;
  /** The DID document, with both keys. */
  readonly document: JsonObject;
}

const publicJwk = (key: KeyObject): JsonObject => ({ ...createPublicKey(key).export({ format: 'jwk' }) });

const maker = (did: string, seed: number): Maker => {
  const ed25519 = ed25519From(seed);
  const p256 = p256From(seed);
  const multikey = multikeyOf(publicKeyOfJwk(publicJwk(ed25519)) ?? new Uint8Array());
  const method = `${did}#k1`;
  return {
    did,
    method,
    ed25519,
    p256,
    jwtKeyId: `${did.replace('did:web:', 'https://').replaceAll(':', '/').replace('https///', 'https://')}/keys/k2`,
    document: {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1', 'https://w3id.org/security/jwk/v1'],
      id: did,
      verificationMethod: [
        { id: method, type: 'Multikey', controller: did, publicKeyMultibase: multikey },
        { id: `${did}#k2`, type: 'JsonWebKey', controller: did, publicKeyJwk: publicJwk(p256) },
      ],
      assertionMethod: [method, `${did}#k2`],
    },
  };
};

/** The issuer of the badges. */
export const issuer = maker(ISSUER, 1);
/** Another honest issuer, whose keys are known as well. */
export const other = maker('did:web:badges.other.example:issuers:other', 2);

/** A badge of the issuer, without a proof. */
export const unsigned = (parts: Partial<CredentialParts> = {}): JsonObject => credentialUnderTest(parts);

/** Signs with a Data Integrity proof. */
export const signed = async (document: JsonObject, by: Maker = issuer, method = by.method): Promise<JsonObject> =>
  await signDocument(document, { signer: ed25519Signer(by.ed25519), verificationMethod: method, created: '2026-06-20T09:00:00Z' });

/** Signs as a token. */
export const token = (document: JsonObject, by: Maker = issuer, keyId = by.jwtKeyId): Promise<string> =>
  signVcJwt(document, { algorithm: 'ES256', keyId, sign: jwtSignatures('ES256', by.p256) });

/** A part of a token: JSON in base64url. */
export const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A status list of the issuer with these entries set. */
export const statusList = async (purpose: StatusPurpose, set: readonly number[] = [], by: Maker = issuer, list = `https://badges.school.example/issuers/seoul/status/1/${purpose}`): Promise<string> =>
  JSON.stringify(await signed(statusListCredential({ list, issuer: by.did, purpose }, statusBits(MIN_ENTRIES, set), { validFrom: '2026-08-31T00:00:00Z' }), by));

/** What an offline verifier has that saved the issuers' documents and these lists. */
export const portsWith = (lists: readonly string[], issuers: readonly JsonObject[] = [issuer.document, other.document]): VerifyPorts => ({
  resolveIssuer: offlineIssuers(issuers),
  loadStatusList: savedStatusLists(lists),
});

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
};
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A text chunk of a PNG image, compressed where that is wanted. */
export const textChunk = (keyword: string, text: Uint8Array, compressed = false): Buffer =>
  chunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0`, 'latin1'), Buffer.from([compressed ? 1 : 0, 0, 0, 0]), compressed ? deflateSync(text, { level: 9 }) : text]));

/** A PNG image of one pixel with these chunks in it. */
export const pngWith = (...chunks: readonly Uint8Array[]): Buffer => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(1, 0);
  header.writeUInt32BE(1, 4);
  header.set([8, 0], 8);
  return Buffer.concat([PNG, chunk('IHDR', header), ...chunks, chunk('IDAT', deflateSync(Buffer.from([0, 0]))), chunk('IEND', Buffer.alloc(0))]);
};

/** A badge in a PNG image. */
export const inPng = (text: string): Buffer => pngWith(textChunk('openbadgecredential', Buffer.from(text)));

/** A badge in an SVG image. */
export const inSvg = (text: string): string =>
  `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" viewBox="0 0 1 1">` +
  `<openbadges:credential><![CDATA[${text}]]></openbadges:credential><path d="M0 0"/></svg>`;
