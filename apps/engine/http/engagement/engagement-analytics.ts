import { Controller, Get, Param, Query as QueryParams } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { May } from '../access/permission.js';
import { IdPipe, OptionalChoice, OptionalId, OptionalTime, QueryInteger, timeOf } from '../fields.js';
import { limitOf, PageQuery, placeOf, type Page } from '../paging.js';
import { Reads, type Shown } from '../reads.js';
import { LEFT_OUT } from '../small-groups.js';
import { BADGE_ORDER, CREDENTIAL_ORDER, EngagementReads, type BadgeEngagementPage, type CredentialEngagement } from './engagement-reads.js';

const READS = ['badge-engagement', 'rulebook', 'award-register', 'issuer-analytics'];
const LEAST_AWARDS = 5;
const DAYS_WITHOUT_VIEW = 90;

class EngagementQuery extends PageQuery {
  @OptionalTime('Counts from this day on (UTC).')
  from?: string;

  @OptionalTime('Counts up to before this day (UTC).')
  to?: string;

  @OptionalId('Only this badge.')
  badge?: string;

  @OptionalId('Only badges of this course.')
  course?: string;

  @OptionalChoice('fatigued: only badges that nobody looks at.', ['all', 'fatigued'])
  show?: 'all' | 'fatigued';

  @QueryInteger('A badge is fatigued if it was awarded so often before the days without a view.', 1, 1_000_000, LEAST_AWARDS)
  leastAwards?: number;

  @QueryInteger('A badge is fatigued if nobody has looked at it for so many days.', 1, 3_650, DAYS_WITHOUT_VIEW)
  daysWithoutView?: number;
}

class FindEngagement extends Query<Shown<BadgeEngagementPage>> {
  constructor(readonly asked: EngagementQuery) {
    super();
  }
}

class FindCredentialEngagement extends Query<Shown<Page<CredentialEngagement>>> {
  constructor(
    readonly badge: string,
    readonly asked: PageQuery,
  ) {
    super();
  }
}

/** Who looks at badges, per badge. */
@QueryHandler(FindEngagement)
export class FindEngagementHandler implements IQueryHandler<FindEngagement> {
  constructor(
    private readonly reads: Reads,
    private readonly engagement: EngagementReads,
  ) {}

  async execute({ asked }: FindEngagement): Promise<Shown<BadgeEngagementPage>> {
    const { from, to, badge, course, show, leastAwards = LEAST_AWARDS, daysWithoutView = DAYS_WITHOUT_VIEW, cursor } = asked;
    const after = placeOf(cursor, BADGE_ORDER)?.['badge'] as string | undefined;
    const filter = { from: timeOf(from), to: timeOf(to), badge, course, fatiguedOnly: show === 'fatigued', leastAwards, daysWithoutView };
    return this.reads.at(READS, asked, () => this.engagement.badges(filter, limitOf(asked), after));
  }
}

/** Who looks at the credentials of a badge. */
@QueryHandler(FindCredentialEngagement)
export class FindCredentialEngagementHandler implements IQueryHandler<FindCredentialEngagement> {
  constructor(
    private readonly reads: Reads,
    private readonly engagement: EngagementReads,
  ) {}

  async execute({ badge, asked }: FindCredentialEngagement): Promise<Shown<Page<CredentialEngagement>>> {
    const after = placeOf(asked.cursor, CREDENTIAL_ORDER)?.['code'] as string | undefined;
    return this.reads.at(['badge-engagement'], asked, () => this.engagement.credentials(badge, limitOf(asked), after));
  }
}

/** Figures on who looks at badges. */
@ApiTags('analytics')
@Controller('v1/analytics/engagement')
export class EngagementAnalyticsController {
  constructor(private readonly queries: QueryBus) {}

  /** Per badge. */
  @May('analytics:read')
  @Get()
  @ApiOperation({
    summary: 'Views, verifications and shares per badge',
    description:
      'Robots are not counted, and a visitor who does the same again within 30 minutes once. `shareRate` is the share of awards whose credential was ever shared; `fatigued` ' +
      'badges were awarded often and nobody looks at them. A view shows after a few seconds. ' +
      LEFT_OUT,
  })
  @ApiOkResponse({ description: 'The badges, retired ones included.' })
  badges(@QueryParams() asked: EngagementQuery) {
    return this.queries.execute(new FindEngagement(asked));
  }

  /** Per credential of a badge. */
  @May('award:read', { badge: 'badge' })
  @Get(':badge')
  @ApiOperation({ summary: 'Views, verifications and shares per credential of a badge', description: 'Single credentials and no group, so it is for who may read the awards. Credentials that nobody ever looked at are not listed.' })
  @ApiOkResponse({ description: 'The credentials, by code.' })
  credentials(@Param('badge', IdPipe) badge: string, @QueryParams() asked: PageQuery) {
    return this.queries.execute(new FindCredentialEngagement(badge, asked));
  }
}
