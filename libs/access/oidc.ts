import { createHash } from 'node:crypto';
import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { ProofmarkError } from '#domain/errors.js';

/** A provider of sign-in (OpenID Connect Core 1.0) and what this program is there. */
export interface OidcSettings {
  /** As it stands in tokens; its configuration is below it. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent for a public client, which PKCE alone guards. */
  readonly clientSecret?: string;
  /** What access tokens for this program's interface name; without it none are taken. */
  readonly audience?: string;
  /** Names of the claims with a person's roles, courses and id among the learners. */
  readonly claims: { readonly roles: string; readonly courses: string; readonly learner: string };
}

/** Asks a provider: JSON comes back, or an error. Where it may be asked at all is decided behind this. */
export interface ProviderRequests {
  readonly get: (address: string) => Promise<unknown>;
  readonly post: (address: string, form: Readonly<Record<string, string>>, basic?: { readonly user: string; readonly password: string }) => Promise<unknown>;
}

/** What a sign-in under way has to know again when the browser comes back. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636). */
  readonly verifier: string;
  /** Where to go on, a path of this server. */
  readonly to: string;
}

/** A person as a provider knows them. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: JWTPayload;
}

interface Provider {
  readonly authorization: string;
  readonly token: string;
  readonly keys: string;
}

/** Signatures by which providers sign; never a secret that both know, and never none. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];
/** An unknown key makes it ask for the keys anew, but not more often than this (whoever makes tokens up would make it ask). */
const COOL_DOWN_MS = 30_000;
/** Keys are asked for anew after this at the latest. */
const KEYS_LAST_MS = 3_600_000;
const CLOCKS_DIFFER_S = 30;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** One provider: finds its addresses and keys, and checks what it has signed. */
export class OidcProvider {
  #found: Promise<Provider> | undefined;
  #keys: { readonly set: JSONWebKeySet; readonly at: number } | undefined;
  #asking: Promise<JSONWebKeySet> | undefined;
  #askedAt = -Infinity;

  constructor(
    private readonly settings: OidcSettings,
    private readonly requests: ProviderRequests,
    /** Epoch milliseconds. */
    private readonly now: () => number,
  ) {}

  /** Where the browser is sent to sign in (authorization code with PKCE). @throws as the requests */
  async signInAddress({ state, nonce, verifier }: PendingSignIn, redirect: string): Promise<string> {
    const address = new URL((await this.#provider()).authorization);
    const asked = {
      response_type: 'code', client_id: this.settings.clientId, redirect_uri: redirect, scope: 'openid', state, nonce,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
    return address.href;
  }

  /** Who came back with a code. Undefined where what the provider says of them cannot be believed. @throws as the requests */
  async identify(code: string, { nonce, verifier }: PendingSignIn, redirect: string): Promise<Identity | undefined> {
    const { clientId, clientSecret } = this.settings;
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirect, client_id: clientId, code_verifier: verifier };
    const answer = await this.requests.post((await this.#provider()).token, form, clientSecret === undefined ? undefined : { user: clientId, password: clientSecret });
    const token = isObject(answer) ? answer['id_token'] : undefined;
    if (typeof token !== 'string') return undefined;
    const payload = await this.#verify(token, { audience: clientId });
    // Core 3.1.3.7: the nonce ties the token to this browser; a token for several has to say that it was made for this program.
    if (!payload || payload['nonce'] !== nonce || (Array.isArray(payload.aud) && payload.aud.length > 1 && payload['azp'] !== clientId)) return undefined;
    return this.#identity(payload);
  }

  /** Whom an access token (RFC 9068) stands for; undefined for one that is not good here. @throws as the requests */
  async readAccessToken(token: string): Promise<Identity | undefined> {
    const { audience } = this.settings;
    if (audience === undefined) return undefined;
    const payload = await this.#verify(token, { audience, typ: 'at+jwt' });
    return payload && this.#identity(payload);
  }

  #identity(claims: JWTPayload): Identity {
    return { issuer: this.settings.issuer, subject: claims.sub ?? '', claims };
  }

  async #verify(token: string, options: Pick<JWTVerifyOptions, 'audience' | 'typ'>): Promise<JWTPayload | undefined> {
    const check = async (set: JSONWebKeySet): Promise<JWTPayload> =>
      (await jwtVerify(token, createLocalJWKSet(set), {
        ...options, issuer: this.settings.issuer, algorithms: ALGORITHMS, requiredClaims: ['exp', 'iat', 'sub'], clockTolerance: CLOCKS_DIFFER_S, currentDate: new Date(this.now()),
      })).payload;
    try {
      try {
        return await check(await this.#keySet(false));
      } catch (error) {
        // A key that came after the set was fetched; any other fault would be the same with newer keys.
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        const newer = await this.#keySet(true);
        return await check(newer);
      }
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  async #keySet(anew: boolean): Promise<JSONWebKeySet> {
    const known = this.#keys;
    if (known && !anew && this.now() - known.at < KEYS_LAST_MS) return known.set;
    if (!this.#asking && this.now() - this.#askedAt < COOL_DOWN_MS) {
      if (known) return known.set;
      throw new ProofmarkError('STORE_UNAVAILABLE', `The sign-in provider ${this.settings.issuer} could not be asked for its keys just now. Try again in half a minute.`);
    }
    this.#asking ??= this.#fetchKeys().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #fetchKeys(): Promise<JSONWebKeySet> {
    this.#askedAt = this.now();
    const set = await this.requests.get((await this.#provider()).keys);
    if (!isObject(set) || !Array.isArray(set['keys'])) throw new ProofmarkError('STORE_UNAVAILABLE', `The sign-in provider ${this.settings.issuer} tells no keys.`);
    this.#keys = { set: set as unknown as JSONWebKeySet, at: this.now() };
    return this.#keys.set;
  }

  /** Found once; what fails is asked again. */
  #provider(): Promise<Provider> {
    if (this.#found) return this.#found;
    const found = this.#discover();
    this.#found = found;
    found.catch(() => (this.#found = undefined));
    return found;
  }

  /** OpenID Connect Discovery 1.0, section 4: the configuration has to name the very issuer that was asked for. */
  async #discover(): Promise<Provider> {
    const { issuer } = this.settings;
    const about = await this.requests.get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const { authorization_endpoint: authorization, token_endpoint: token, jwks_uri: keys } = isObject(about) ? about : {};
    if (!isObject(about) || about['issuer'] !== issuer || typeof authorization !== 'string' || typeof token !== 'string' || typeof keys !== 'string') {
      throw new ProofmarkError('STORE_UNAVAILABLE', `What stands at ${issuer} is not the configuration of that sign-in provider. Check PROOFMARK_OIDC_ISSUER.`);
    }
    return { authorization, token, keys };
  }
}
