import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ROLES, type Role } from '../engines-config.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { refuse } from './problem.js';

const ASKED_OF = 'proofmark:asked-of';

/** Which role a process has to have to answer here; `any`: each answers, whatever it does. Where nothing is said it is "web". */
export const AskedOf = (role: Role | 'any'): MethodDecorator & ClassDecorator => SetMetadata(ASKED_OF, role);

/** Lets a process answer only for what it does: the others of the same system do the rest. */
@Injectable()
export class RoleGuard implements CanActivate {
  readonly #roles: readonly Role[];

  constructor(
    @InjectEngine() engine: Engine,
    private readonly reflector: Reflector,
  ) {
    this.#roles = engine.config.roles ?? ROLES;
  }

  canActivate(context: ExecutionContext): boolean {
    const role = this.reflector.getAllAndOverride<Role | 'any' | undefined>(ASKED_OF, [context.getHandler(), context.getClass()]) ?? 'web';
    if (role === 'any' || this.#roles.includes(role)) return true;
    throw refuse('not-here', `This process does ${this.#roles.join(', ')} (PROOFMARK_ROLES). Ask one that does ${role}.`);
  }
}
