import { Controller, Get, HttpCode, Param, Post, Query as QueryParams } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, Query, QueryBus, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe } from './fields.js';

class NothingAsked {}

interface FollowersView {
  /** Position of the log's last event. */
  readonly head: number;
  readonly awarding: { readonly state: string; readonly position: number; readonly reason?: string };
  readonly projections: readonly unknown[];
}

class GetFollowers extends Query<FollowersView> {}

class RebuildProjection extends Command<{ readonly projection: string }> {
  constructor(readonly projection: string) {
    super();
  }
}

/** How far the followers of the log are. */
@QueryHandler(GetFollowers)
export class GetFollowersHandler implements IQueryHandler<GetFollowers> {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  async execute(): Promise<FollowersView> {
    const { awarding, projections } = this.engine.followers.status();
    return { head: await this.engine.store.head(), awarding, projections };
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
  @Get()
  @ApiOperation({ summary: 'Projections', description: 'How far awarding and each read model have followed the log, and what is being rebuilt.' })
  @ApiOkResponse({ description: 'Positions and states.' })
  status(@QueryParams() _asked: NothingAsked) {
    return this.queries.execute(new GetFollowers());
  }

  /** Starts to build a read model anew. */
  @Post(':name/rebuild')
  @HttpCode(202)
  @ApiOperation({ summary: 'Rebuild a read model', description: 'A new generation is built beside the live one, which serves until the new one has caught up.' })
  @ApiAcceptedResponse({ description: 'The rebuild has begun; GET /v1/projections tells how far it is.' })
  @ApiNotFoundResponse({ description: 'There is no such projection.' })
  rebuild(@Param('name', IdPipe) name: string) {
    return this.commands.execute(new RebuildProjection(name));
  }
}
