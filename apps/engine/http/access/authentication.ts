import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ACTIONS, PERSON_ROLES, type Action, type PersonRole } from '#access/actions.js';
import type { KnownAccount, KnownKey } from '#access/directory.js';
import type { Machine, Person, Principal } from '#access/principal.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { refuse } from '../problem.js';
import { ApiKeyCheck } from './api-key-check.js';
import { Providers } from './providers.js';
import { SessionCookie } from './session-cookie.js';
import { Tokens } from './tokens.js';

const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest();

/** A person as their account says. */
export const personOf = ({ account, tenant, roles, courses, learner }: KnownAccount): Person => ({
  kind: 'person',
  id: account,
  tenant,
  // A later version of the program may know roles that this one does not: they are nothing here.
  roles: PERSON_ROLES.filter((role) => roles.includes(role)) satisfies readonly PersonRole[],
  courses,
  ...(learner !== undefined && { learner }),
});

const machineOf = ({ key, tenant, grant: { actions, courses, sources } }: KnownKey): Machine => ({
  kind: 'machine',
  id: key,
  tenant,
  actions: ACTIONS.filter((action) => actions.includes(action)) satisfies readonly Action[],
  ...(courses && { courses }),
  ...(sources && { sources }),
});

const bearerOf = (header: string | undefined): string | undefined => (header === undefined ? undefined : (/^bearer ([^\s]+)$/i.exec(header.trim())?.[1] ?? ''));

/** Who it is that sends the secret of `PROOFMARK_ADMIN_KEY_FILE`: a program of the operator's, or several people, and no account. */
export const ADMIN_KEY_ID = 'admin-key';

const unknown = () => refuse('unauthenticated', 'This key or token is not known here, was revoked, or has had its time.');

/** Finds out who requests come from: an API key, or a session that was opened by signing in. */
@Injectable()
export class Authentication {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly cookies: SessionCookie,
    private readonly providers: Providers,
    private readonly keys: ApiKeyCheck,
    private readonly tokens: Tokens,
  ) {}

  /**
   * Who a request comes from; undefined where it does not say.
   * @throws a problem: unauthenticated, where it says so and cannot show it
   */
  async of(request: FastifyRequest): Promise<Principal | undefined> {
    const token = bearerOf(request.headers.authorization);
    if (token === undefined) return typeof request.headers['webhook-signature'] === 'string' ? this.#signer(request) : this.#person(request);
    return this.#isAdminKey(token) || token.split('.').length !== 3 ? this.#machine(token) : this.#bearer(token);
  }

  /** The key that a program has got a token for, or somebody whom the sign-in provider vouches for. */
  async #bearer(token: string): Promise<Principal> {
    const key = await (await this.tokens.open()).read(token);
    if (key !== undefined) {
      const known = this.keys.active(key);
      if (!known) throw unknown();
      return machineOf(known);
    }
    const person = await this.providers.personOf(token);
    if (!person) throw unknown();
    return person;
  }

  /** The key with which the body was signed (Standard Webhooks); `proofmark-key` names it. */
  async #signer({ headers, body }: FastifyRequest): Promise<Principal> {
    const { 'proofmark-key': key, 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
    const texts = [key, id, timestamp, signatures].map((one) => (typeof one === 'string' ? one : ''));
    const [named = '', messageId = '', at = '', signed = ''] = texts;
    // Only routes that take the bytes as they came can tell what was signed.
    const known = body instanceof Uint8Array ? await this.keys.signer(named, { id: messageId, timestamp: at, signatures: signed, body }) : undefined;
    if (!known) throw refuse('unauthenticated', 'The signature is not one of a key that is good here, over this body and of the last five minutes.');
    return machineOf(known);
  }

  #isAdminKey(token: string): boolean {
    const { adminKey } = this.engine.config;
    return adminKey !== undefined && timingSafeEqual(digest(token), digest(adminKey));
  }

  #machine(token: string): Principal {
    const { tenant } = this.engine.config;
    if (this.#isAdminKey(token)) return { kind: 'person', id: ADMIN_KEY_ID, tenant, roles: ['admin', 'operator'], courses: [] };
    const known = this.keys.find(token);
    if (!known) throw unknown();
    return machineOf(known);
  }

  async #person(request: FastifyRequest): Promise<Person | undefined> {
    const session = await this.cookies.read(request);
    const known = session && this.engine.access.account(session.account);
    if (!session || known?.status !== 'open') return undefined;
    return session.since < known.sessionsFrom || known.ended.some((one) => one.session === session.session) ? undefined : personOf(known);
  }
}
