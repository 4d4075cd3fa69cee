import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ACTIONS, PERSON_ROLES, type Action, type PersonRole } from '#access/actions.js';
import type { KnownAccount, KnownKey } from '#access/directory.js';
import type { Machine, Person, Principal } from '#access/principal.js';
import { readKey, sameHash } from '#access/secret.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { refuse } from '../problem.js';
import { Providers } from './providers.js';
import { SessionCookie } from './session-cookie.js';

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

const unknown = () => refuse('unauthenticated', 'This key or token is not known here, was revoked, or has had its time.');

/** Finds out who requests come from: an API key, or a session that was opened by signing in. */
@Injectable()
export class Authentication {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly cookies: SessionCookie,
    private readonly providers: Providers,
  ) {}

  /**
   * Who a request comes from; undefined where it does not say.
   * @throws a problem: unauthenticated, where it says so and cannot show it
   */
  async of(request: FastifyRequest): Promise<Principal | undefined> {
    const token = bearerOf(request.headers.authorization);
    if (token === undefined) return this.#person(request);
    return token.split('.').length === 3 ? this.#bearer(token) : this.#machine(token);
  }

  /** Somebody whom the sign-in provider vouches for. */
  async #bearer(token: string): Promise<Principal> {
    const person = await this.providers.personOf(token);
    if (!person) throw unknown();
    return person;
  }

  #machine(token: string): Principal {
    const { access, config: { adminKey, tenant } } = this.engine;
    if (adminKey !== undefined && timingSafeEqual(digest(token), digest(adminKey))) return { kind: 'person', id: 'admin-key', tenant, roles: ['admin', 'operator'], courses: [] };
    const sent = readKey(token);
    const known = sent && access.key(sent.id);
    if (!sent || known?.status !== 'active') throw unknown();
    const { hash, previous } = known;
    const good = sameHash(sent.hash, hash) || (previous !== undefined && previous.until > Date.now() && sameHash(sent.hash, previous.hash));
    if (!good) throw unknown();
    return machineOf(known);
  }

  async #person(request: FastifyRequest): Promise<Person | undefined> {
    const session = await this.cookies.read(request);
    const known = session && this.engine.access.account(session.account);
    if (!session || known?.status !== 'open') return undefined;
    return session.since < known.sessionsFrom || known.ended.includes(session.session) ? undefined : personOf(known);
  }
}
