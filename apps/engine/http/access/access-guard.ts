import { Injectable, Logger, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ENGINE_WIDE, type Action } from '#access/actions.js';
import { networkOf } from '#access/client-address.js';
import { decide, reachOf, type Decision } from '#access/decide.js';
import type { Principal } from '#access/principal.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { ProblemException, refuse } from '../problem.js';
import { ActionLog } from './action-log.js';
import { Authentication } from './authentication.js';
import { isForeign } from './foreign.js';
import { PERMISSION, type Permission } from './permission.js';
import { RequestLimits } from './request-limits.js';
import { Targets } from './targets.js';
import { notePrincipal } from './who.js';

const log = new Logger('access');

const unseen = () => refuse('not-found', 'There is no such thing, or it is not for you to see.');

/** Lets a request do what its route is for where the one whom it comes from may do that. Routes that name no permission let nobody in. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly reflector: Reflector,
    private readonly authentication: Authentication,
    private readonly targets: Targets,
    private readonly actions: ActionLog,
    private readonly limits: RequestLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(PERMISSION, [context.getHandler(), context.getClass()]);
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (!permission) throw new Error(`the route ${request.routeOptions.url ?? ''} names no permission`);
    if ('everybody' in permission) {
      if (permission.uncounted) return true;
      // Some pages show more to who has signed in; what is wrong with a key is none of their business.
      const visitor = await this.#visitor(request);
      if (visitor) {
        this.limits.known(visitor);
        notePrincipal(request, visitor);
      } else this.limits.unknown(request.ip);
      return true;
    }
    const who = await this.#who(request, http.getResponse<FastifyReply>());
    this.limits.known(who);
    notePrincipal(request, who);
    const { action, of } = permission;
    const allowed = await this.#decide(who, action, () => this.targets.of(of, request));
    if (!allowed.allowed) {
      log.warn(`${who.kind} ${who.id} was not let "${action}" at ${request.method} ${request.routeOptions.url ?? ''} from ${networkOf(request.ip)}: ${allowed.reason}`);
      throw allowed.because === 'unseen' ? unseen() : refuse('forbidden', `You may not do this: ${allowed.reason}.`);
    }
    await this.actions.note(who, action, request, networkOf(request.ip));
    return true;
  }

  async #who(request: FastifyRequest, reply: FastifyReply): Promise<Principal> {
    reply.header('www-authenticate', 'Bearer');
    const who = await this.#shown(request);
    if (!who) throw refuse('unauthenticated', 'Sign in, or send an API key: "Authorization: Bearer pmk_…".');
    reply.removeHeader('www-authenticate');
    if (who.kind === 'person' && request.headers.authorization === undefined && isForeign(request)) {
      throw refuse('cross-site', 'A page of another site sent this request; open the pages of this server instead.');
    }
    return who;
  }

  async #shown(request: FastifyRequest): Promise<Principal | undefined> {
    try {
      const who = await this.authentication.of(request);
      if (!who) this.limits.unknown(request.ip);
      return who;
    } catch (error) {
      if (error instanceof ProblemException) this.limits.unknown(request.ip);
      throw error;
    }
  }

  async #visitor(request: FastifyRequest): Promise<Principal | undefined> {
    try {
      return await this.authentication.of(request);
    } catch (error) {
      if (error instanceof ProblemException) return undefined;
      throw error;
    }
  }

  /** What belongs to several is for who may act upon all of it. */
  async #decide(who: Principal, action: Action, find: () => ReturnType<Targets['of']>): Promise<Decision> {
    const { tenant, home = tenant } = this.engine.config;
    if (tenant !== home && ENGINE_WIDE.includes(action)) return { allowed: false, because: 'unseen', reason: 'it concerns the whole engine' };
    const reach = reachOf(who, action);
    // Where the answer does not depend on what it is, nothing is looked up.
    if (who.tenant !== tenant || reach.length === 0 || reach.includes('all')) return decide(who, action, { tenant });
    const targets = await find();
    if (!targets) return { allowed: false, because: 'unseen', reason: 'there is no such thing' };
    for (const target of targets) {
      const decision = decide(who, action, target);
      if (!decision.allowed) return decision;
    }
    return { allowed: true };
  }
}
