import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { ProofmarkError } from '#domain/errors.js';
import type { Subject } from './vault.js';

/* AES-256-GCM (NIST SP 800-38D) under keys of 256 bits; what a text belongs to is bound to it as additional data. */

const VERSION = 1;
const [KEY_BYTES, NAME_BYTES, IV_BYTES, TAG_BYTES] = [32, 8, 12, 16];
const HEAD = 1 + NAME_BYTES;

/** A key of one subject, and the name by which what it sealed is told from what another one did. */
export interface DataKey {
  readonly key: Uint8Array;
  readonly name: Uint8Array;
}

/** The keys of a tenant. */
export interface TenantKeys {
  readonly wrapping: Uint8Array;
  readonly lookups: Uint8Array;
  readonly contents: Uint8Array;
}

const damaged = (): ProofmarkError => new ProofmarkError('STORE_CORRUPT', 'Something in the vault was altered, or belongs to another key ring. Restore vault and key ring from the same backup.');

/** The keys that follow from a tenant's secret (HKDF with SHA-256, RFC 5869). */
export const tenantKeys = (secret: Uint8Array): TenantKeys => {
  const derived = (use: string): Uint8Array => new Uint8Array(hkdfSync('sha256', secret, '', `proofmark vault ${use}`, KEY_BYTES));
  return { wrapping: derived('wrapping'), lookups: derived('lookups'), contents: derived('contents') };
};

const encrypt = (key: Uint8Array, name: Uint8Array, about: readonly string[], content: Uint8Array): Uint8Array => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(JSON.stringify(about)));
  const body = [cipher.update(content), cipher.final()];
  return Buffer.concat([Uint8Array.of(VERSION), name, iv, cipher.getAuthTag(), ...body]);
};

/** @throws ProofmarkError STORE_CORRUPT */
const decrypt = (key: Uint8Array, about: readonly string[], sealed: Uint8Array): Uint8Array => {
  if (sealed.length < HEAD + IV_BYTES + TAG_BYTES || sealed[0] !== VERSION) throw damaged();
  const at = HEAD + IV_BYTES;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(HEAD, at), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(JSON.stringify(about)));
    decipher.setAuthTag(sealed.subarray(at, at + TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(at + TAG_BYTES)), decipher.final()]);
  } catch {
    throw damaged(); // the only thing that can go wrong here is that it does not authenticate
  }
};

const nameOf = (sealed: Uint8Array): Uint8Array => sealed.subarray(1, HEAD);
const aboutOf = ({ tenant, kind, id }: Subject, ...more: readonly string[]): readonly string[] => [tenant, kind, id, ...more];

/** A new key. */
export const newDataKey = (): DataKey => ({ key: randomBytes(KEY_BYTES), name: randomBytes(NAME_BYTES) });

/** A subject's key as it is kept. */
export const wrapKey = ({ wrapping }: TenantKeys, subject: Subject, { key, name }: DataKey): Uint8Array => encrypt(wrapping, name, aboutOf(subject), key);

/** The key that was wrapped. @throws ProofmarkError STORE_CORRUPT */
export const unwrapKey = ({ wrapping }: TenantKeys, subject: Subject, wrapped: Uint8Array): DataKey => ({ key: decrypt(wrapping, aboutOf(subject), wrapped), name: nameOf(wrapped) });

/** Content that only the subject's key opens, under the same subject and field. */
export const sealWith = ({ key, name }: DataKey, subject: Subject, field: string, content: Uint8Array): Uint8Array => encrypt(key, name, aboutOf(subject, field), content);

/** What was sealed; undefined where another key did it. @throws ProofmarkError STORE_CORRUPT */
export const openWith = ({ key, name }: DataKey, subject: Subject, field: string, sealed: Uint8Array): Uint8Array | undefined => {
  const by = nameOf(sealed);
  if (by.length !== name.length || !timingSafeEqual(by, name)) return undefined;
  return decrypt(key, aboutOf(subject, field), sealed);
};

/** By what a value is found without being kept. */
export const lookupMark = ({ lookups }: TenantKeys, kind: string, lookup: string, value: string): Uint8Array =>
  createHmac('sha256', lookups).update(JSON.stringify([kind, lookup, value])).digest();

/** A code of content that is known again without being kept. */
export const contentMark = ({ contents }: TenantKeys, what: string, content: Uint8Array): Uint8Array =>
  createHmac('sha256', contents).update(JSON.stringify([what])).update(content).digest();
