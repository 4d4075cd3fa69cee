import { isJsonObject, type JsonObject } from '../json-ld/json.js';
import { ed25519Jwk, publicKeyOfJwk, publicKeyOfMultikey } from '../multikey.js';

/** A key that an issuer has published for signing. */
export interface IssuerKey {
  /** How proofs name it; absent for a key of a bare key set. */
  readonly id?: string;
  /** Its name among the issuer's keys: the fragment of its id, or its `kid`. */
  readonly name?: string;
  readonly jwk: JsonObject;
  /** The raw key, where it is one for Data Integrity proofs. */
  readonly ed25519?: Uint8Array;
  /** From when on it must not be used, as the issuer wrote it. */
  readonly until: readonly unknown[];
}

/** What is known of an issuer: its keys, and whose names they may bear. */
export interface ResolvedIssuer {
  readonly id: string;
  /** The issuer's id, and the DID that its own profile names on the same host. */
  readonly controllers: readonly string[];
  readonly keys: readonly IssuerKey[];
  /** Where that is from. */
  readonly source: string;
}

/** Why an issuer's keys are not known. */
export interface Unresolved {
  readonly reason: 'issuer-unknown' | 'issuer-unreachable' | 'issuer-blocked' | 'issuer-malformed' | 'issuer-unsupported';
  readonly detail: string;
}

const MAX_KEYS = 64;
// Never the private part, should somebody have published it.
const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'];

const publicPart = (jwk: JsonObject): JsonObject => Object.fromEntries(PUBLIC_MEMBERS.filter((member) => jwk[member] !== undefined).map((member) => [member, jwk[member]]));

const listed = (value: unknown): readonly unknown[] => (value === undefined ? [] : Array.isArray(value) ? (value as readonly unknown[]) : [value]).slice(0, MAX_KEYS);

/** An id that may be written relative to the document's ("#key-1"). */
const fullId = (id: unknown, of: string): string | undefined => (typeof id !== 'string' ? undefined : id.startsWith('#') ? of + id : id);

const fragmentOf = (id: string): string | undefined => (id.includes('#') ? id.slice(id.indexOf('#') + 1) : undefined);

const materialOf = (method: JsonObject): Pick<IssuerKey, 'jwk' | 'ed25519'> | undefined => {
  const { publicKeyMultibase: multibase, publicKeyJwk: jwk } = method;
  if (typeof multibase === 'string') {
    const ed25519 = publicKeyOfMultikey(multibase);
    return ed25519 && { ed25519, jwk: { ...ed25519Jwk(ed25519) } };
  }
  if (!isJsonObject(jwk)) return undefined;
  const ed25519 = publicKeyOfJwk(jwk);
  return { jwk: publicPart(jwk), ...(ed25519 && { ed25519 }) };
};

/**
 * The keys that a controller's document lists for assertions (W3C Controlled Identifiers 1.0): each must be listed under
 * `assertionMethod` and name the document's own subject as its controller. Undefined where the document is another's.
 */
export const controllerKeys = (controller: string, document: JsonObject): readonly IssuerKey[] | undefined => {
  if (document['id'] !== controller) return undefined;
  const methods = new Map<string, JsonObject>();
  const add = (method: unknown): string | undefined => {
    const id = isJsonObject(method) ? fullId(method['id'], controller) : undefined;
    // Who lists a key twice, once with another meaning, shall not have it read one way here and another way elsewhere.
    if (id !== undefined && !methods.has(id)) methods.set(id, method as JsonObject);
    return id;
  };
  listed(document['verificationMethod']).forEach(add);
  const allowed = new Set(listed(document['assertionMethod']).map((method) => (isJsonObject(method) ? add(method) : fullId(method, controller))));
  return [...methods].flatMap(([id, method]): readonly IssuerKey[] => {
    const material = allowed.has(id) && method['controller'] === controller ? materialOf(method) : undefined;
    if (!material) return [];
    const name = fragmentOf(id);
    return [{ id, ...(name !== undefined && { name }), ...material, until: [method['revoked'], method['expires']].filter((time) => time !== undefined) }];
  });
};

/** The signing keys of a JSON Web Key Set (RFC 7517). */
export const jwksKeys = (jwks: unknown): readonly IssuerKey[] =>
  listed(isJsonObject(jwks) ? jwks['keys'] : undefined).flatMap((jwk): readonly IssuerKey[] => {
    if (!isJsonObject(jwk) || jwk['use'] === 'enc') return [];
    const { kid, exp } = jwk;
    const ed25519 = publicKeyOfJwk(jwk);
    return [{ ...(typeof kid === 'string' && { name: kid }), jwk: publicPart(jwk), ...(ed25519 && { ed25519 }), until: typeof exp === 'number' ? [new Date(exp * 1000).toISOString()] : [] }];
  });

/** The one key of a did:key identifier, which is the key itself; undefined where it is no Ed25519 key. */
export const didKey = (did: string): IssuerKey | undefined => {
  const name = did.slice('did:key:'.length);
  const ed25519 = publicKeyOfMultikey(name);
  return ed25519 && { id: `${did}#${name}`, name, ed25519, jwk: { ...ed25519Jwk(ed25519) }, until: [] };
};

/** Whether a key must not be used at a time. A time that cannot be read is one that has come. */
export const isWithdrawn = ({ until }: IssuerKey, now: number): boolean =>
  until.some((time) => {
    const at = typeof time === 'string' ? Date.parse(time) : NaN;
    return !(at > now);
  });
