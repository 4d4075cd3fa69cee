import { sign, type KeyObject } from 'node:crypto';
import type { Signer } from './data-integrity.js';
import type { JwtAlgorithm } from './vc-jwt.js';

/** Signs Data Integrity proofs with an Ed25519 key that is in this process. */
export const ed25519Signer =
  (privateKey: KeyObject): Signer =>
  (bytes) =>
    sign(null, bytes, privateKey);

/** Signs JWTs with a key that is in this process: P-256 for ES256, RSA for RS256. */
export const jwtSignatures = (algorithm: JwtAlgorithm, privateKey: KeyObject): Signer =>
  algorithm === 'ES256'
    ? (bytes) => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' })
    : (bytes) => sign('sha256', bytes, privateKey);
