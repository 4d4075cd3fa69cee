import { createSecretKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';

/** How long a token for a program is good, seconds. */
export const MACHINE_TOKEN_S = 600;

const [ALGORITHM, TYPE] = ['HS256', 'at+jwt'];

/** Access tokens that programs get for their API key (OAuth 2.0 client credentials, RFC 6749 section 4.4; RFC 9068 in form). */
export class MachineTokens {
  readonly #key: KeyObject;

  /** @param secret 32 bytes that nobody else has; @param issuer the tenant's public address */
  constructor(
    secret: Uint8Array,
    private readonly issuer: string,
    /** Epoch milliseconds. */
    private readonly now: () => number,
  ) {
    this.#key = createSecretKey(secret);
  }

  /** A token that stands for a key, as long as the key is there. */
  open(key: string): Promise<string> {
    const at = Math.floor(this.now() / 1_000);
    return new SignJWT({ client_id: key })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setSubject(key)
      .setIssuer(this.issuer)
      .setAudience(this.issuer)
      .setIssuedAt(at)
      .setExpirationTime(at + MACHINE_TOKEN_S)
      .sign(this.#key);
  }

  /** The key that a token stands for; undefined for one that is none of ours, altered or over. */
  async read(token: string): Promise<string | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: [ALGORITHM], typ: TYPE, issuer: this.issuer, audience: this.issuer, requiredClaims: ['sub', 'iat', 'exp'], currentDate: new Date(this.now()),
      });
      return payload.sub;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}
