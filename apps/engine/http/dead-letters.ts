import { Body, Controller, Get, HttpCode, Param, Post, Query as QueryParams } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, Query, QueryBus, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/principal.js';
import { DEAD_LETTER_REASONS, UNENTITLED, type DeadLetterReason } from '#domain/dead-letter.js';
import { readLetter } from '#intake/letter-content.js';
import type { ReplayResult } from '#intake/replay.js';
import { isoTime } from '#projections/timeline-view.js';
import { ADMIN_KEY_ID } from './access/authentication.js';
import { May } from './access/permission.js';
import { Who } from './access/who.js';
import type { Engine } from '../engine.js';
import { letterContent, type LetterContent } from '../letters.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe, OptionalChoice, OptionalInteger } from './fields.js';
import { limitOf, pageOf, PageQuery, placeOf, type Ordering, type Page } from './paging.js';
import { refuse } from './problem.js';
import { Reads, ReadQuery, type Shown } from './reads.js';

const READS = ['dead-letters'];
const ORDER: Ordering = { position: 'integer', letter: 'text' };
const PREVIEW = 200;
const REPLAYED_AT_ONCE = 100;

const LETTER_STATES = ['open', 'replayed', 'erased'] as const;
type LetterState = (typeof LETTER_STATES)[number];

interface LetterRow {
  readonly letter: string;
  readonly tenant: string;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly format: string;
  readonly origin: string;
  readonly rejectedAt: number;
  readonly position: number;
  readonly status: LetterState;
  readonly outcome: string | null;
  readonly replayedAt: number | null;
}

class DeadLettersQuery extends PageQuery {
  @OptionalChoice('Only letters with this reason.', DEAD_LETTER_REASONS)
  reason?: string;

  @OptionalChoice('Only letters in this state.', LETTER_STATES)
  state?: string;
}

class ReplayBody {
  @OptionalChoice('Only letters with this reason.', DEAD_LETTER_REASONS)
  reason?: DeadLetterReason;

  @OptionalInteger('Only letters after this position: `next` of the answer before.', 0, Number.MAX_SAFE_INTEGER)
  after?: number;
}

const letterView = (row: LetterRow, content: LetterContent | undefined) => ({
  id: row.letter,
  reason: row.reason,
  detail: row.detail,
  format: row.format,
  origin: row.origin,
  rejectedAt: isoTime(row.rejectedAt),
  state: row.status,
  ...(row.replayedAt !== null && { replayedAt: isoTime(row.replayedAt), outcome: row.outcome }),
  /** The beginning of what was sent; absent where that is erased. */
  ...(content && { encoding: content.encoding, preview: content.raw.slice(0, PREVIEW) }),
  position: row.position,
});

const wholeView = (row: LetterRow, content: LetterContent | undefined) => ({ ...letterView(row, content), ...(content && { raw: content.raw }) });
type LetterDetail = ReturnType<typeof wholeView>;

/** What a person, too, may not send again for another: else one person would approve as two. */
const mayReplay = ({ kind, id }: Principal, reason: DeadLetterReason | undefined): boolean =>
  reason === 'forbidden-approver' ? id === ADMIN_KEY_ID : kind === 'person' || reason === undefined || !UNENTITLED.includes(reason);

const notTheirs = (reason: DeadLetterReason | undefined) =>
  refuse('forbidden', reason === 'forbidden-approver' ? 'Whoever approves sends that themselves.' : 'What its sender was not entitled to send is for a person to look at and send again.');

class FindDeadLetters extends Query<Shown<Page<ReturnType<typeof letterView>>>> {
  constructor(readonly asked: DeadLettersQuery) {
    super();
  }
}

class GetDeadLetter extends Query<Shown<LetterDetail>> {
  constructor(
    readonly id: string,
    readonly asked: ReadQuery,
  ) {
    super();
  }
}

class ReplayDeadLetter extends Command<ReplayResult> {
  constructor(
    readonly id: string,
    readonly who: Principal,
  ) {
    super();
  }
}

interface ReplayAccount {
  readonly tried: number;
  readonly recorded: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Where to go on where more open letters are left; null at the end. */
  readonly next: number | null;
  /** Reads with this `minPosition` show what was recorded. */
  readonly position: number;
}

class ReplayDeadLetters extends Command<ReplayAccount> {
  constructor(
    readonly asked: ReplayBody,
    readonly who: Principal,
  ) {
    super();
  }
}

/** Dead letters, the latest first. */
@QueryHandler(FindDeadLetters)
export class FindDeadLettersHandler implements IQueryHandler<FindDeadLetters> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly reads: Reads,
  ) {}

  async execute({ asked }: FindDeadLetters): Promise<Shown<Page<ReturnType<typeof letterView>>>> {
    const { readModels, config } = this.engine;
    const { reason, state } = asked;
    const after = placeOf(asked.cursor, ORDER);
    const limit = limitOf(asked);
    const where = { tenant: config.tenant, ...(reason !== undefined && { reason }), ...(state !== undefined && { status: state }) };
    const shown = await this.reads.at(READS, asked, async () => {
      const rows = (await readModels.find('dead_letter', { where, orderBy: ['-position'], limit: limit + 1, ...(after && { after }) })) as unknown as readonly LetterRow[];
      const contents = await Promise.all(rows.map(({ letter }) => letterContent(this.engine, config.tenant, letter)));
      return { rows, contents: new Map(rows.map(({ letter }, i) => [letter, contents[i]])) };
    });
    return shown.map(({ rows, contents }) => pageOf(rows, limit, ORDER, (row) => letterView(row, contents.get(row.letter))));
  }
}

/** One dead letter with the bytes that were sent. */
@QueryHandler(GetDeadLetter)
export class GetDeadLetterHandler implements IQueryHandler<GetDeadLetter> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly reads: Reads,
  ) {}

  async execute({ id, asked }: GetDeadLetter): Promise<Shown<LetterDetail>> {
    const { readModels, config } = this.engine;
    const shown = await this.reads.at(READS, asked, async () => {
      const row = await readModels.get('dead_letter', { letter: id });
      if (row?.['tenant'] !== config.tenant) throw refuse('not-found', `There is no dead letter "${id}".`);
      return { row: row as unknown as LetterRow, content: await letterContent(this.engine, config.tenant, id) };
    });
    return shown.map(({ row, content }) => wholeView(row, content));
  }
}

/** Sends one dead letter through intake again. */
@CommandHandler(ReplayDeadLetter)
export class ReplayDeadLetterHandler implements ICommandHandler<ReplayDeadLetter> {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  async execute({ id, who }: ReplayDeadLetter): Promise<ReplayResult> {
    const { store, config, intake } = this.engine;
    // As the log has it: a read model may not show the letter yet.
    const { rejected: { reason } } = await readLetter(store, config.tenant, id);
    if (!mayReplay(who, reason)) throw notTheirs(reason);
    return intake.replay(id);
  }
}

/** Sends the open dead letters through intake again, the oldest first, as many as one request allows. */
@CommandHandler(ReplayDeadLetters)
export class ReplayDeadLettersHandler implements ICommandHandler<ReplayDeadLetters> {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  async execute({ asked: { reason, after = 0 }, who }: ReplayDeadLetters): Promise<ReplayAccount> {
    const { readModels, config, intake } = this.engine;
    if (!mayReplay(who, reason)) throw notTheirs(reason);
    // What its sender was not entitled to send goes along only where it is asked for by name.
    const which = reason ?? { in: DEAD_LETTER_REASONS.filter((one) => !UNENTITLED.includes(one)) };
    const where = { tenant: config.tenant, status: 'open', position: { gt: after }, reason: which };
    const rows = (await readModels.find('dead_letter', { where, orderBy: ['position'], limit: REPLAYED_AT_ONCE + 1 })) as unknown as readonly LetterRow[];
    const counts = { recorded: 0, duplicate: 0, rejected: 0 };
    let position = 0;
    const now = rows.slice(0, REPLAYED_AT_ONCE);
    for (const row of now) {
      const result = await intake.replay(row.letter);
      counts[result.outcome]++;
      if (result.outcome !== 'rejected') position = Math.max(position, result.position);
    }
    const { recorded, duplicate: duplicates, rejected } = counts;
    return { tried: recorded + duplicates + rejected, recorded, duplicates, rejected, next: rows.length > now.length ? (now.at(-1)?.position ?? null) : null, position };
  }
}

/** Deliveries that were not recorded. */
@ApiTags('dead letters')
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  /** Lists dead letters. */
  @May('letter:read')
  @Get()
  @ApiOperation({ summary: 'Dead letters', description: 'Deliveries that were not recorded, with the reason; the latest first.' })
  @ApiOkResponse({ description: 'A page of dead letters.' })
  find(@QueryParams() asked: DeadLettersQuery) {
    return this.queries.execute(new FindDeadLetters(asked));
  }

  /** One dead letter with what was sent. */
  @May('letter:read')
  @Get(':id')
  @ApiOperation({ summary: 'One dead letter', description: 'With the bytes as they were sent: text, or base64 where they are not UTF-8. One whose state is `erased` has none of them any more.' })
  @ApiOkResponse({ description: 'The dead letter.' })
  @ApiNotFoundResponse({ description: 'There is no such dead letter.' })
  get(@Param('id', IdPipe) id: string, @QueryParams() asked: ReadQuery) {
    return this.queries.execute(new GetDeadLetter(id, asked));
  }

  /** Replays the open ones. */
  @May('letter:replay')
  @Post('replay')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send open dead letters again',
    description: `The oldest ${REPLAYED_AT_ONCE} open letters, of one reason, or of all but those that the sender was not entitled to send; \`next\` leads on. Those that fail again stay open.`,
  })
  @ApiOkResponse({ description: 'The account.' })
  replayAll(@Body() asked: ReplayBody, @Who() who: Principal) {
    return this.commands.execute(new ReplayDeadLetters(asked, who));
  }

  /** Replays one. */
  @May('letter:replay')
  @Post(':id/replay')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send a dead letter again' })
  @ApiOkResponse({ description: 'Recorded, a duplicate, or rejected again and why.' })
  @ApiNotFoundResponse({ description: 'There is no such dead letter.' })
  replay(@Param('id', IdPipe) id: string, @Who() who: Principal) {
    return this.commands.execute(new ReplayDeadLetter(id, who));
  }
}
