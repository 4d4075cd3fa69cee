import { Controller, Get, HttpCode, Param, Post, Query as QueryParams } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, Query, QueryBus, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AwardingStatus } from '#awarding/awarding.js';
import type { IssuingStatus } from '#credentials/issuing/issuing.js';
import type { ProjectionState } from '#projections/progress.js';
import { May } from './access/permission.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe } from './fields.js';
import { Reads, ReadQuery, type Shown } from './reads.js';

interface FollowersView {
  /** Position of the log's last event. */
  readonly head: number;
  readonly awarding: AwardingStatus;
  readonly issuing: IssuingStatus;
  readonly projections: readonly ProjectionState[];
}

class GetFollowers extends Query<Shown<FollowersView>> {
  constructor(readonly asked: ReadQuery) {
    super();
  }
}

class RebuildProjection extends Command<{ readonly projection: string }> {
  constructor(readonly projection: string) {
    super();
  }
}

/** How far the followers of the log are. */
@QueryHandler(GetFollowers)
export class GetFollowersHandler implements IQueryHandler<GetFollowers> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly reads: Reads,
  ) {}

  async execute({ asked }: GetFollowers): Promise<Shown<FollowersView>> {
    const { followers, store } = this.engine;
    const names = new Set(followers.status().projections.map(({ projection }) => projection));
    return this.reads.at([...names], asked, async () => {
      const { awarding, issuing, projections } = followers.status();
      return { head: await store.head(), awarding, issuing, projections };
    });
  }
}

/** Starts a rebuild. */
@CommandHandler(RebuildProjection)
export class RebuildProjectionHandler implements ICommandHandler<RebuildProjection> {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  async execute({ projection }: RebuildProjection): Promise<{ readonly projection: string }> {
    await this.engine.followers.rebuild(projection);
    return { projection };
  }
}

/** The read models and what keeps them. */
@ApiTags('operation')
@Controller('v1/projections')
export class ProjectionsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  /** How far everything that follows the log is. */
  @May('projection:read')
  @Get()
  @ApiOperation({ summary: 'Projections', description: 'How far awarding, issuing and each read model have followed the log, and what is being rebuilt.' })
  @ApiOkResponse({ description: 'Positions and states.' })
  status(@QueryParams() asked: ReadQuery) {
    return this.queries.execute(new GetFollowers(asked));
  }

  /** Starts to build a read model anew. */
  @May('projection:rebuild')
  @Post(':name/rebuild')
  @HttpCode(202)
  @ApiOperation({ summary: 'Rebuild a read model', description: 'A new generation is built beside the live one, which serves until the new one has caught up.' })
  @ApiAcceptedResponse({ description: 'The rebuild has begun; GET /v1/projections tells how far it is.' })
  @ApiNotFoundResponse({ description: 'There is no such projection.' })
  rebuild(@Param('name', IdPipe) name: string) {
    return this.commands.execute(new RebuildProjection(name));
  }
}
