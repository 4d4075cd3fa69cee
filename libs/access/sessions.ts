import { createSecretKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';

/** A session that is good: whose it is, which one, and since when. */
export interface Session {
  readonly account: string;
  readonly session: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** How long a session lasts, seconds: a working day. */
export const SESSION_S = 12 * 3_600;

const [ALGORITHM, TYPE] = ['HS256', 'proofmark-session+jwt'];

/** Makes and reads the tokens of sessions: signed, so that no server keeps them, and bound to one tenant. */
export class Sessions {
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

  /** A token for an account, good for as long as a session lasts. */
  open({ account, session }: Omit<Session, 'since'>): Promise<string> {
    const at = Math.floor(this.now() / 1_000);
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setSubject(account)
      .setJti(session)
      .setAudience(this.audience)
      .setIssuedAt(at)
      .setExpirationTime(at + SESSION_S)
      .sign(this.#key);
  }

  /** What a token says; undefined for one that is none of ours, altered, of another tenant or over. */
  async read(token: string): Promise<Session | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        audience: this.audience,
        requiredClaims: ['sub', 'jti', 'iat', 'exp'],
        currentDate: new Date(this.now()),
      });
      return { account: payload.sub ?? '', session: payload.jti ?? '', since: (payload.iat ?? 0) * 1_000 };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}
