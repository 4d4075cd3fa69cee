import { createSecretKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';

/** How long an invitation is good, seconds. */
export const INVITATION_S = 7 * 86_400;

const [ALGORITHM, TYPE] = ['HS256', 'proofmark-invitation+jwt'];

/** For whom an invitation is, and which one of theirs: with the next one this one is good no more. */
export interface Invitation {
  readonly account: string;
  readonly number: string;
}

/** Makes and reads invitations: whoever has one chooses how they sign in to an account. */
export class Invitations {
  readonly #key: KeyObject;

  /** @param secret 32 bytes that nobody else has; @param audience the tenant */
  constructor(
    secret: Uint8Array,
    private readonly audience: string,
    /** Epoch milliseconds. */
    private readonly now: () => number,
  ) {
    this.#key = createSecretKey(secret);
  }

  make({ account, number }: Invitation): Promise<string> {
    const at = Math.floor(this.now() / 1_000);
    return new SignJWT().setProtectedHeader({ alg: ALGORITHM, typ: TYPE }).setSubject(account).setJti(number).setAudience(this.audience).setIssuedAt(at).setExpirationTime(at + INVITATION_S).sign(this.#key);
  }

  /** Undefined for one that is none of ours, altered, of another tenant or too old. */
  async read(token: string): Promise<Invitation | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#key, { algorithms: [ALGORITHM], typ: TYPE, audience: this.audience, requiredClaims: ['sub', 'jti', 'exp'], currentDate: new Date(this.now()) });
      return { account: payload.sub ?? '', number: payload.jti ?? '' };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}
