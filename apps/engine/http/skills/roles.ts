import { Controller, Get, Param, Query as QueryParams } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { May } from '../access/permission.js';
import { IdPipe, QueryInteger } from '../fields.js';
import { limitOf, PageQuery, placeOf, type Page } from '../paging.js';
import { Reads, ReadQuery, type Shown } from '../reads.js';
import { LEFT_OUT } from '../small-groups.js';
import { RoleReads, type LearnerOnTheWay, type RolesReport } from './role-reads.js';
import { LEARNER_ORDER } from './skill-reads.js';

const READS = ['held-skills', 'rulebook', 'award-register'];
const MOST_BADGES = 1_000;

class OnTheWayQuery extends PageQuery {
  @QueryInteger('Who holds at least so many of the badges.', 0, MOST_BADGES, 0)
  from?: number;

  @QueryInteger('Who holds at most so many of them.', 0, MOST_BADGES, MOST_BADGES)
  to?: number;
}

class GetRoles extends Query<Shown<RolesReport>> {
  constructor(readonly asked: ReadQuery) {
    super();
  }
}

class FindOnTheWay extends Query<Shown<Page<LearnerOnTheWay>>> {
  constructor(
    readonly role: string,
    readonly asked: OnTheWayQuery,
  ) {
    super();
  }
}

/** How far people are on the way to roles. */
@QueryHandler(GetRoles)
export class GetRolesHandler implements IQueryHandler<GetRoles> {
  constructor(
    private readonly reads: Reads,
    private readonly roles: RoleReads,
  ) {}

  execute({ asked }: GetRoles): Promise<Shown<RolesReport>> {
    return this.reads.at(READS, asked, () => this.roles.roles());
  }
}

/** Who is so far on the way to a role. */
@QueryHandler(FindOnTheWay)
export class FindOnTheWayHandler implements IQueryHandler<FindOnTheWay> {
  constructor(
    private readonly reads: Reads,
    private readonly roles: RoleReads,
  ) {}

  execute({ role, asked }: FindOnTheWay): Promise<Shown<Page<LearnerOnTheWay>>> {
    const { from = 0, to = MOST_BADGES } = asked;
    const after = placeOf(asked.cursor, LEARNER_ORDER)?.['learner'] as string | undefined;
    return this.reads.at(READS, asked, () => this.roles.learners(role, { from, to }, limitOf(asked), after));
  }
}

/** Which roles people are ready for. */
@ApiTags('analytics')
@Controller('v1/analytics/roles')
export class RolesController {
  constructor(private readonly queries: QueryBus) {}

  /** Every role. */
  @May('analytics:read')
  @Get()
  @ApiOperation({
    summary: 'How far people are on the way to roles',
    description: `Of each badge that stands for a role: how many learners hold none, one, … all of the badges that its criteria name, levels of a family as one. Numbers about few learners are told together with others, or not at all. ${LEFT_OUT}`,
  })
  @ApiOkResponse({ description: 'The roles.' })
  readiness(@QueryParams() asked: ReadQuery): Promise<Shown<RolesReport>> {
    return this.queries.execute(new GetRoles(asked));
  }

  /** The learners behind a figure. */
  @May('award:read')
  @Get(':role/learners')
  @ApiOperation({ summary: 'Who is so far on the way to a role', description: 'Single persons, so it is for who may read the awards. In the order of their ids; `next` leads to the next page.' })
  @ApiOkResponse({ description: 'The learners, with what they hold and what is missing.' })
  @ApiNotFoundResponse({ description: 'No such badge stands for a role.' })
  learners(@Param('role', IdPipe) role: string, @QueryParams() asked: OnTheWayQuery): Promise<Shown<Page<LearnerOnTheWay>>> {
    return this.queries.execute(new FindOnTheWay(role, asked));
  }
}
