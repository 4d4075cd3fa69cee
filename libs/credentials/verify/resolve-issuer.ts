import { didDocumentAddress } from '../document/addresses.js';
import { isJsonObject, type JsonObject } from '../json-ld/json.js';
import { controllerKeys, didKey, jwksKeys, type ResolvedIssuer, type Unresolved } from './issuer-keys.js';

/** Finds out an issuer's keys from its id, and from nothing else. */
export type ResolveIssuer = (id: string) => Promise<ResolvedIssuer | Unresolved>;

/** Gives the document that stands at an address, or that has an id. */
export type ReadIssuerDocument = (wanted: { readonly id?: string; readonly address: string }) => Promise<JsonObject | Unresolved>;

interface ResolvingOptions {
  /** How did:web hosts are asked; anything but https is for tests and a machine's own network. */
  readonly schemeOf?: (host: string) => 'https' | 'http';
}

const unresolved = (reason: Unresolved['reason'], detail: string): Unresolved => ({ reason, detail });
/** Whether it is an answer that says why there is none. */
export const isUnresolved = (value: JsonObject | ResolvedIssuer | Unresolved): value is Unresolved =>
  'reason' in value && typeof value.reason === 'string' && value.reason.startsWith('issuer-');

const isHttp = (id: string): boolean => /^https?:\/\//.test(id) && URL.canParse(id);

/** The address of a profile's other document, where it is on the profile's own origin. */
const besides = (value: unknown, id: string): string | undefined => {
  if (typeof value !== 'string' || !URL.canParse(value, id)) return undefined;
  const address = new URL(value, id);
  return address.origin === new URL(id).origin ? address.href : undefined;
};

/**
 * Resolves issuers by their documents: a did:web document, or the profile at an https id, which lists keys itself or names a key
 * set or a DID document on its own origin. A did:key needs no document.
 */
export const resolveBy =
  (read: ReadIssuerDocument, { schemeOf = () => 'https' }: ResolvingOptions = {}): ResolveIssuer =>
  async (id) => {
    if (id.startsWith('did:key:')) {
      const key = didKey(id);
      return key ? { id, controllers: [id], keys: [key], source: id } : unresolved('issuer-unsupported', 'a did:key of another kind than Ed25519');
    }
    const ofDid = async (did: string): Promise<ResolvedIssuer | Unresolved> => {
      const host = didDocumentAddress(did);
      if (host === undefined) return unresolved('issuer-unsupported', 'no did:web identifier');
      const address = didDocumentAddress(did, schemeOf(new URL(host).host)) ?? host;
      const document = await read({ id: did, address });
      if (isUnresolved(document)) return document;
      const keys = controllerKeys(did, document);
      return keys ? { id: did, controllers: [did], keys, source: address } : unresolved('issuer-malformed', 'the DID document is that of somebody else');
    };
    if (id.startsWith('did:')) return ofDid(id);
    if (!isHttp(id) || new URL(id).username !== '' || new URL(id).hash !== '') return unresolved('issuer-unsupported', 'neither did:web, did:key nor an https address');
    if (id.startsWith('http:') && schemeOf(new URL(id).host) !== 'http') return unresolved('issuer-blocked', 'anybody on the way could change what an http address gives');
    const profile = await read({ id, address: id });
    if (isUnresolved(profile)) return profile;
    const own = controllerKeys(id, profile);
    if (!own) return unresolved('issuer-malformed', 'the profile is that of somebody else');
    const keys = [...own, ...jwksKeys(profile['jwks'])];
    const set = besides(profile['jwks_uri'] ?? profile['jwksUri'], id);
    if (set !== undefined) {
      const found = await read({ address: set });
      if (!isUnresolved(found)) keys.push(...jwksKeys(found));
    }
    const controllers = [id];
    const names = Array.isArray(profile['alsoKnownAs']) ? (profile['alsoKnownAs'] as readonly unknown[]) : [profile['alsoKnownAs']];
    const did = names.find((name): name is string => typeof name === 'string' && besides(didDocumentAddress(name, schemeOf(new URL(id).host)), id) !== undefined);
    if (did !== undefined) {
      const found = await ofDid(did);
      if (!isUnresolved(found)) {
        controllers.push(did);
        keys.push(...found.keys);
      }
    }
    return { id, controllers, keys, source: id };
  };

/** Issuers whose documents somebody has saved; who saves one vouches for it. */
export const offlineIssuers = (documents: readonly JsonObject[]): ResolveIssuer => {
  const saved = new Map(documents.flatMap((document) => (isJsonObject(document) && typeof document['id'] === 'string' ? [[document['id'], document] as const] : [])));
  return resolveBy(async ({ id, address }) => saved.get(id ?? address) ?? unresolved('issuer-unknown', `nothing is saved for ${id ?? address}`));
};

/** Asks one after the other until one knows. */
export const firstOf =
  (...resolvers: readonly ResolveIssuer[]): ResolveIssuer =>
  async (id) => {
    let answer: ResolvedIssuer | Unresolved = unresolved('issuer-unknown', 'nobody was asked');
    for (const resolve of resolvers) {
      answer = await resolve(id);
      if (!isUnresolved(answer) || answer.reason !== 'issuer-unknown') return answer;
    }
    return answer;
  };
