import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_S, Sessions, type Session } from '#access/sessions.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { cookieOf } from './cookie.js';

/**
 * The cookie of a session. Its prefix makes browsers keep it to this host and to encrypted connections (to this machine they take it
 * without), and pages of other sites send it with nothing that changes anything (SameSite).
 */
@Injectable()
export class SessionCookie {
  readonly #name: string;
  #sessions: Promise<Sessions> | undefined;

  constructor(@InjectEngine() private readonly engine: Engine) {
    // Tenants have the host in common, so each has a name of its own.
    this.#name = `__Host-proofmark-${engine.config.tenant}`;
  }

  /** The session that a request belongs to; undefined where there is none, or it is over. */
  async read(request: FastifyRequest): Promise<Session | undefined> {
    const token = cookieOf(request.headers.cookie, this.#name);
    return token === undefined ? undefined : (await this.#tokens()).read(token);
  }

  /** Opens a session and gives it to who asked. */
  async give(reply: FastifyReply, session: Omit<Session, 'since'>): Promise<void> {
    reply.header('set-cookie', this.#cookie(await (await this.#tokens()).open(session), SESSION_S));
  }

  /** Takes the cookie away. */
  take(reply: FastifyReply): void {
    reply.header('set-cookie', this.#cookie('', 0));
  }

  #cookie(value: string, seconds: number): string {
    return `${this.#name}=${value}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Lax`;
  }

  /** Opened when it is first needed; a ring that cannot be read now is asked again. */
  #tokens(): Promise<Sessions> {
    if (this.#sessions) return this.#sessions;
    const { keys, config: { tenant } } = this.engine;
    const opened = keys.mac('session', tenant).then((secret) => new Sessions(secret, tenant, Date.now));
    this.#sessions = opened;
    opened.catch(() => (this.#sessions = undefined));
    return opened;
  }
}
