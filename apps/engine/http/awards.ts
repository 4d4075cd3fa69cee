import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Param, Post, Query as QueryParams } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, Query, QueryBus, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/principal.js';
import { AWARD_STATES, award as awardDecider, type Award, type AwardEvent, type AwardState, type Cause } from '#domain/award.js';
import { fold } from '#domain/decider.js';
import { readLogEvent } from '#domain/log-event.js';
import { learnerIdOf } from '#domain/recipient.js';
import { awardStream } from '#domain/streams.js';
import type { Verdict } from '#domain/verdict.js';
import { execute } from '#event-store/execute.js';
import { causeWords } from '#projections/cause-words.js';
import type { Condition, Row } from '#projections/read-model.js';
import { isoTime } from '#projections/timeline-view.js';
import { May } from './access/permission.js';
import { Who } from './access/who.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { Choice, IdPipe, OptionalChoice, OptionalId, OptionalTime, Text, timeOf } from './fields.js';
import { limitOf, pageOf, PageQuery, placeOf, type Ordering, type Page } from './paging.js';
import { refuse } from './problem.js';
import { Reads, ReadQuery, type Shown } from './reads.js';

const READS = ['award-register', 'credential-register'];
const ORDER: Ordering = { earnedAt: 'integer', award: 'text' };

/** A row of the award register. */
interface AwardRow {
  readonly award: string;
  readonly tenant: string;
  readonly learner: string;
  readonly badge: string;
  readonly course: string;
  readonly period: string;
  readonly status: AwardState;
  readonly ruleVersion: number;
  readonly ruleHash: string;
  readonly earnedAt: number;
  readonly startedAt: number;
  readonly awardedAt: number;
  readonly decidedAt: number;
  readonly verdict: Verdict;
  readonly cause: Cause;
  readonly evidence: readonly string[];
  readonly position: number;
}

interface ChangeRow {
  readonly position: number;
  readonly type: AwardEvent['type'];
  readonly at: number;
  readonly cause: Cause;
  readonly verdict: Verdict | null;
}

class AwardsQuery extends PageQuery {
  @OptionalId('Only awards of this badge.')
  badge?: string;

  @OptionalId('Only awards of this learner.')
  learner?: string;

  @OptionalId('Only awards in this course.')
  course?: string;

  @OptionalChoice('Only awards in this state.', AWARD_STATES)
  state?: string;

  @OptionalTime('Earned at this time or later.')
  earnedFrom?: string;

  @OptionalTime('Earned before this time.')
  earnedTo?: string;
}

class ReviewBody {
  @Choice('What becomes of the award.', ['reinstate', 'revoke'])
  decision!: 'reinstate' | 'revoke';

  @Text('Why, for the record; the learner sees it.', 500)
  reason!: string;
}

/** The codes of awards' credentials, the newest of each: where there is one, anybody can verify the award by it. */
type Codes = ReadonlyMap<string, string>;

/** Why an award changed, with the words for people. */
const causeView = (cause: Cause) => ({ ...cause, text: causeWords(cause) });

const awardView = (row: AwardRow, codes: Codes) => ({
  id: row.award,
  learner: row.learner,
  badge: row.badge,
  course: row.course,
  ...(row.period !== '' && { period: row.period }),
  state: row.status,
  rule: { version: row.ruleVersion, hash: row.ruleHash },
  earnedAt: isoTime(row.earnedAt),
  startedAt: isoTime(row.startedAt),
  awardedAt: isoTime(row.awardedAt),
  decidedAt: isoTime(row.decidedAt),
  cause: causeView(row.cause),
  position: row.position,
  ...(codes.has(row.award) && { credential: codes.get(row.award) }),
});
type AwardView = ReturnType<typeof awardView>;

/** A trace as it is sent: its time in ISO 8601. */
export const verdictView = ({ asOf, ...verdict }: Verdict) => ({ ...verdict, ...(asOf !== undefined && { asOf: isoTime(asOf) }) });

const codesOf = async ({ readModels }: Engine, awards: readonly string[]): Promise<Codes> => {
  const rows = awards.length === 0 ? [] : await readModels.find('credential', { where: { award: { in: awards } }, orderBy: ['serial'] });
  return new Map(rows.map(({ award, code }) => [award as string, code as string]));
};

const detailView = (row: AwardRow, changes: readonly ChangeRow[], codes: Codes) => ({
  ...awardView(row, codes),
  verdict: verdictView(row.verdict),
  evidence: row.evidence,
  history: changes.map(({ position, type, at, cause, verdict }) => ({
    type,
    at: isoTime(at),
    cause: causeView(cause),
    verdict: verdict && verdictView(verdict),
    position,
  })),
});
type AwardDetail = ReturnType<typeof detailView>;

class FindAwards extends Query<Shown<Page<AwardView>>> {
  constructor(readonly asked: AwardsQuery) {
    super();
  }
}

class GetAward extends Query<Shown<AwardDetail>> {
  constructor(
    readonly id: string,
    readonly asked: ReadQuery,
  ) {
    super();
  }
}

interface Reviewed {
  readonly id: string;
  readonly state: Award['status'];
  readonly position: number;
}

class ReviewAward extends Command<Reviewed> {
  constructor(
    readonly id: string,
    readonly review: ReviewBody,
    readonly who: Principal,
  ) {
    super();
  }
}

const earnedWithin = ({ earnedFrom, earnedTo }: AwardsQuery): Condition | undefined => {
  const [from, to] = [timeOf(earnedFrom), timeOf(earnedTo)];
  if (from === undefined && to === undefined) return undefined;
  return { ...(from !== undefined && { gte: from }), ...(to !== undefined && { lt: to }) };
};

/** Awards by filters, the latest earned first. */
@QueryHandler(FindAwards)
export class FindAwardsHandler implements IQueryHandler<FindAwards> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly reads: Reads,
  ) {}

  async execute({ asked }: FindAwards): Promise<Shown<Page<AwardView>>> {
    const { readModels, config, keys } = this.engine;
    const { badge, course, state } = asked;
    const learner = asked.learner === undefined ? undefined : await learnerIdOf(keys, config.tenant, asked.learner);
    const earnedAt = earnedWithin(asked);
    const after = placeOf(asked.cursor, ORDER);
    const limit = limitOf(asked);
    const shown = await this.reads.at(READS, asked, () =>
      readModels.find('award', {
        where: {
          tenant: config.tenant,
          ...(badge !== undefined && { badge }),
          ...(learner !== undefined && { learner }),
          ...(course !== undefined && { course }),
          ...(state !== undefined && { status: state }),
          ...(earnedAt && { earnedAt }),
        },
        orderBy: ['-earnedAt'],
        limit: limit + 1,
        ...(after && { after }),
      }),
    );
    const codes = await codesOf(this.engine, shown.body.map(({ award }) => award as string));
    return shown.map((rows) => pageOf(rows as unknown as readonly AwardRow[], limit, ORDER, (row) => awardView(row, codes)));
  }
}

/** One award with its decision trace and its whole history. */
@QueryHandler(GetAward)
export class GetAwardHandler implements IQueryHandler<GetAward> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly reads: Reads,
  ) {}

  async execute({ id, asked }: GetAward): Promise<Shown<AwardDetail>> {
    const { readModels, config } = this.engine;
    const shown = await this.reads.at(READS, asked, () =>
      Promise.all([readModels.get('award', { award: id }), readModels.find('award_change', { where: { award: id }, orderBy: ['position'] })]),
    );
    const codes = await codesOf(this.engine, [id]);
    return shown.map(([row, changes]: [Row | undefined, readonly Row[]]) => {
      if (row?.['tenant'] !== config.tenant) throw refuse('not-found', `There is no award "${id}".`);
      return detailView(row as unknown as AwardRow, changes as unknown as readonly ChangeRow[], codes);
    });
  }
}

/** A person decides about an award. */
@CommandHandler(ReviewAward)
export class ReviewAwardHandler implements ICommandHandler<ReviewAward> {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  async execute({ id, review: { decision, reason }, who }: ReviewAward): Promise<Reviewed> {
    const { store, config } = this.engine;
    const stream = awardStream(id);
    const before = await this.#stateOf(stream);
    if (before.status === 'none' || before.tenant !== config.tenant) throw refuse('not-found', `There is no award "${id}".`);
    const cause: Cause = { kind: 'person', events: [], reason, by: who.id };
    const type = decision === 'revoke' ? 'Revoke' : 'Reinstate';
    const done = await execute(store, awardDecider, stream, { type, decidedAt: Date.now(), cause }, { newId: randomUUID });
    return { id, state: (await this.#stateOf(stream)).status, position: done.position };
  }

  async #stateOf(stream: string): Promise<Award> {
    const events = await this.engine.store.readStream(stream);
    return fold(awardDecider, events.map(({ type, schema, json }) => readLogEvent(type, schema, json) as AwardEvent));
  }
}

/** The register of awards. */
@ApiTags('awards')
@Controller('v1/awards')
export class AwardsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  /** Lists awards by filters. */
  @May('award:read', { query: true })
  @Get()
  @ApiOperation({ summary: 'Awards', description: 'The latest earned first; `next` leads to the next page.' })
  @ApiOkResponse({ description: 'A page of awards.' })
  find(@QueryParams() asked: AwardsQuery): Promise<Shown<Page<AwardView>>> {
    return this.queries.execute(new FindAwards(asked));
  }

  /** One award: trace, evidence, history. */
  @May('award:read', { award: 'id' })
  @Get(':id')
  @ApiOperation({ summary: 'One award', description: 'With the decision trace, the ids of the evidence, every change with its cause, and the code of its credential.' })
  @ApiOkResponse({ description: 'The award.' })
  @ApiNotFoundResponse({ description: 'There is no such award.' })
  get(@Param('id', IdPipe) id: string, @QueryParams() asked: ReadQuery): Promise<Shown<AwardDetail>> {
    return this.queries.execute(new GetAward(id, asked));
  }

  /** Decides about an award that waits for a person. */
  @May('award:review', { award: 'id' })
  @Post(':id/review')
  @HttpCode(200)
  @ApiOperation({ summary: 'Decide about an award', description: 'Reinstates or revokes it; from then on facts alone no longer change it.' })
  @ApiOkResponse({ description: 'The new state and the log position of the decision.' })
  @ApiNotFoundResponse({ description: 'There is no such award.' })
  @ApiConflictResponse({ description: 'Its state does not allow the decision.' })
  review(@Param('id', IdPipe) id: string, @Body() review: ReviewBody, @Who() who: Principal): Promise<Reviewed> {
    return this.commands.execute(new ReviewAward(id, review, who));
  }
}
