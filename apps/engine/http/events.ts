import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { entitlementsOf } from '#access/entitlements.js';
import type { DeadLetterReason } from '#domain/dead-letter.js';
import type { Principal } from '#access/principal.js';
import { isId } from '#intake/field-values.js';
import { isObject, malformed } from '#intake/mapped.js';
import { readProofmark } from '#intake/proofmark-format.js';
import type { Delivery, Receipt, Sender } from '#intake/delivery.js';
import { ADMIN_KEY_ID } from './access/authentication.js';
import { May } from './access/permission.js';
import { Who } from './access/who.js';
import type { Engine } from '../engine.js';
import { RAW_BODY } from './bodies.js';
import { InjectEngine } from './engine-token.js';
import { MAX_EVENTS, readBatch, type SentEvent } from './event-batch.js';
import { problem, ProblemException, refuse } from './problem.js';
import { AskedOf } from './role-guard.js';
import { EVENTS_EXAMPLES, EVENTS_SCHEMA } from './events.openapi.js';

/** What became of one event of a request. */
export interface EventResult {
  readonly index: number;
  /** The event's own id, where it has one. */
  readonly id?: string;
  readonly outcome: Receipt['outcome'];
  readonly reason?: DeadLetterReason;
  readonly detail?: string;
  readonly fields?: readonly { readonly field: string; readonly message: string }[];
  /** The dead letter that keeps it. */
  readonly letter?: string;
  readonly position?: number;
}

/** The account of a request: sent = recorded + duplicates + deadLettered. */
export interface RequestAccount {
  readonly sent: number;
  readonly recorded: number;
  readonly duplicates: number;
  readonly deadLettered: number;
  /** Reads with this `minPosition` show everything of the request. */
  readonly position: number;
  readonly results: readonly EventResult[];
}

class SubmitEvents extends Command<RequestAccount> {
  constructor(
    readonly body: Uint8Array,
    readonly sender: Sender,
  ) {
    super();
  }
}

const deliveryOf = ({ text, value }: SentEvent, sender: Sender): Delivery => ({ raw: text, format: 'proofmark', origin: 'http', mapped: readProofmark(value), sender });

/**
 * What a key that names sources or courses may send; people and other keys send what they like. Class systems say who has approved; a
 * person approves as themselves, so that one never counts as two.
 */
const senderOf = (who: Principal): Sender => {
  if (who.kind === 'machine') return entitlementsOf(who);
  return who.id === ADMIN_KEY_ID ? {} : { approver: who.id };
};

const resultOf = (receipt: Receipt, value: unknown, index: number): EventResult => {
  const id = isObject(value) ? value['id'] : undefined;
  return { index, ...(isId(id) && { id }), ...receipt };
};

/** Records what a request holds, or keeps it as dead letters. */
@CommandHandler(SubmitEvents)
export class SubmitEventsHandler implements ICommandHandler<SubmitEvents> {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  async execute({ body, sender }: SubmitEvents): Promise<RequestAccount> {
    const batch = readBatch(body);
    if (!batch.ok && batch.kind !== 'not-json') throw refuse(batch.kind, batch.detail);
    if (!batch.ok) return this.#keep(body, batch.detail);
    const receipts = await this.engine.intake.submit(batch.events.map((event) => deliveryOf(event, sender)));
    const count = (outcome: Receipt['outcome']): number => receipts.filter((receipt) => receipt.outcome === outcome).length;
    return {
      sent: receipts.length,
      recorded: count('recorded'),
      duplicates: count('duplicate'),
      deadLettered: count('rejected'),
      position: receipts.reduce((last, { position = 0 }) => Math.max(last, position), 0),
      results: receipts.map((receipt, index) => resultOf(receipt, batch.events[index]?.value, index)),
    };
  }

  /** A body that nobody can read is one delivery: it is kept with its bytes, and the sender told where. */
  async #keep(body: Uint8Array, why: string): Promise<never> {
    const [receipt] = await this.engine.intake.submit([{ raw: body, format: 'proofmark', origin: 'http', mapped: malformed(why) }]);
    const letter = receipt?.outcome === 'rejected' ? receipt.letter : '';
    throw new ProblemException(problem('not-json', `${why}. The body is kept as dead letter ${letter}.`, { letter }));
  }
}

/** Where class systems send learning events. */
@ApiTags('events')
@AskedOf('intake')
@May('event:send', { eachEvent: true })
@Controller('v1/events')
export class EventsController {
  constructor(private readonly commands: CommandBus) {}

  /** Records one event or a batch; what cannot be recorded is kept as dead letters. */
  @Post()
  @HttpCode(200)
  @RouteConfig(RAW_BODY)
  @ApiOperation({
    summary: 'Send learning events',
    description:
      `One event, a list, or {"events": […]}; at most ${MAX_EVENTS} events or 256 kB. The answer comes when everything in it is durable and tells ` +
      'for each event whether it was recorded, is a duplicate, or why it was kept as a dead letter. Sending a batch again is safe.',
  })
  @ApiConsumes('application/json')
  @ApiBody({ schema: EVENTS_SCHEMA, examples: EVENTS_EXAMPLES })
  @ApiOkResponse({ description: 'The account: sent = recorded + duplicates + deadLettered.' })
  @ApiResponse({ status: 400, description: 'Not JSON (kept as a dead letter, named in `letter`), or too many events (nothing recorded).' })
  @ApiResponse({ status: 413, description: 'More than 256 kB; nothing recorded.' })
  @ApiResponse({ status: 503, description: 'The log cannot be written for now (it is full, failed or is damaged; `detail` says which); nothing acknowledged. Send it again after Retry-After seconds.' })
  submit(@Body() body: unknown, @Who() who: Principal): Promise<RequestAccount> {
    if (!(body instanceof Uint8Array) || body.length === 0) throw refuse('not-json', 'The body is empty: send learning events as JSON.');
    return this.commands.execute(new SubmitEvents(body, senderOf(who)));
  }
}
