import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Action } from '#access/actions.js';
import type { Principal } from '#access/principal.js';
import type { ActionTaken } from '#domain/action-event.js';
import { learnerIdOf } from '#domain/recipient.js';
import { actionStream } from '#domain/streams.js';
import { toNewEvent } from '#event-store/execute.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';

/** What changes the record and is noted. Events of class systems say themselves from which source they are. */
const NOTED: ReadonlySet<Action> = new Set<Action>(['learner:own', 'collection:share', 'award:review', 'rule:publish', 'batch:issue', 'certificate:name', 'issuer:manage', 'letter:replay', 'projection:rebuild', 'access:manage']);

const LONGEST = 300;


const reasonIn = (body: unknown): string | undefined => {
  const reason = typeof body === 'object' && body !== null && 'reason' in body ? body.reason : undefined;
  return typeof reason === 'string' ? reason.slice(0, LONGEST) : undefined;
};

/** Notes in the log what somebody is about to do: what cannot be noted is not done. */
@Injectable()
export class ActionLog {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** What stood in the address; an e-mail address that stands for a learner as the id that it stands for. */
  async #wordsOf(parameters: unknown): Promise<Readonly<Record<string, string>>> {
    const { keys, config: { tenant } } = this.engine;
    const words = Object.entries((parameters ?? {}) as Readonly<Record<string, unknown>>);
    return Object.fromEntries(await Promise.all(words.map(async ([name, text]) => [name, (await learnerIdOf(keys, tenant, String(text))).slice(0, LONGEST)] as const)));
  }

  /** Notes an action before it is done. @throws ProofmarkError as the store does */
  async note(who: Principal, action: Action, request: FastifyRequest, from: string): Promise<void> {
    if (request.method === 'GET' || !NOTED.has(action)) return;
    const reason = reasonIn(request.body);
    const event: ActionTaken = {
      type: 'ActionTaken',
      tenant: this.engine.config.tenant,
      by: who.id,
      kind: who.kind,
      action,
      route: `${request.method} ${request.routeOptions.url ?? ''}`,
      of: await this.#wordsOf(request.params),
      ...(reason !== undefined && { reason }),
      from,
      at: Date.now(),
    };
    await this.engine.store.append([{ stream: actionStream(event.tenant, event.by), expected: 'any', events: [toNewEvent(event, randomUUID())] }]);
  }
}
