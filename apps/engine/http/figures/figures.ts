import { Controller, Get, Query as QueryParams } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { utcDay } from '#projections/issuer-analytics.js';
import { May } from '../access/permission.js';
import { OptionalId, OptionalTime, timeOf } from '../fields.js';
import { Reads, ReadQuery, type Shown } from '../reads.js';
import { LEFT_OUT } from '../small-groups.js';
import { FigureReads, type FiguresReport } from './figure-reads.js';

const READS = ['held-skills', 'issuer-analytics', 'badge-engagement', 'roster', 'award-register', 'rulebook'];
/** Before and after every day that can be. */
const [EVER, NEVER] = ['', '~'];

class FiguresQuery extends ReadQuery {
  @OptionalTime('From this day on (UTC).')
  from?: string;

  @OptionalTime('Up to before this day (UTC).')
  to?: string;

  @OptionalId('Only this course.')
  course?: string;

  @OptionalId('Only this badge.')
  badge?: string;
}

class GetFigures extends Query<Shown<FiguresReport>> {
  constructor(readonly asked: FiguresQuery) {
    super();
  }
}

/** What happened in a time. */
@QueryHandler(GetFigures)
export class GetFiguresHandler implements IQueryHandler<GetFigures> {
  constructor(
    private readonly reads: Reads,
    private readonly figures: FigureReads,
  ) {}

  execute({ asked }: GetFigures): Promise<Shown<FiguresReport>> {
    const { badge, course } = asked;
    const [from, to] = [timeOf(asked.from), timeOf(asked.to)];
    const within = { from: from === undefined ? EVER : utcDay(from), to: to === undefined ? NEVER : utcDay(to) };
    return this.reads.at(READS, asked, () => this.figures.figures({ ...within, badge, course }));
  }
}

/** Figures of a time, to be compared with another one. */
@ApiTags('analytics')
@May('analytics:read', { query: true })
@Controller('v1/analytics/figures')
export class FiguresController {
  constructor(private readonly queries: QueryBus) {}

  /** What happened in a time. */
  @Get()
  @ApiOperation({
    summary: 'What happened in a time',
    description: `Awards granted, learners who enrolled, days from start to award, credentials shared for the first time by awards, verifications: of one time, so that two can be compared. A figure that would be cut where few learners are is not told; \`untold\` says of how many badges it lacks what they add. ${LEFT_OUT}`,
  })
  @ApiOkResponse({ description: 'The figures.' })
  figures(@QueryParams() asked: FiguresQuery): Promise<Shown<FiguresReport>> {
    return this.queries.execute(new GetFigures(asked));
  }
}
