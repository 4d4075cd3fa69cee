import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '#access/principal.js';

const principals = new WeakMap<FastifyRequest, Principal>();

/** Notes who a request comes from. */
export const notePrincipal = (request: FastifyRequest, who: Principal): void => void principals.set(request, who);

/** Who a request comes from; undefined where they have not said. */
export const principalOf = (request: FastifyRequest): Principal | undefined => principals.get(request);

/** Who a request comes from, in a route that is not for everybody. */
export const Who = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const who = principalOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!who) throw new Error('a route that asks who it is serves for everybody');
  return who;
});

/** Who a request comes from; undefined where they have not said. */
export const MaybeWho = createParamDecorator((_data: unknown, context: ExecutionContext): Principal | undefined => principalOf(context.switchToHttp().getRequest<FastifyRequest>()));
