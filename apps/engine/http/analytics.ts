import { Controller, Get, Query as QueryParams } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { May } from './access/permission.js';
import { AnalyticsReads, type SeriesFilter } from './analytics-reads.js';
import { OptionalChoice, OptionalId, OptionalTime, timeOf } from './fields.js';
import { Reads, ReadQuery, type Shown } from './reads.js';
import type { Interval } from './series.js';
import { LEFT_OUT } from './small-groups.js';

const READS = ['issuer-analytics', 'roster', 'award-register', 'rulebook'];

const TOGETHER = 'Intervals about few learners are told together with their neighbours (`until`) where these are about enough.';

class SeriesQuery extends ReadQuery {
  @OptionalTime('From this day on (UTC).')
  from?: string;

  @OptionalTime('Up to before this day (UTC).')
  to?: string;

  @OptionalId('Only this course.')
  course?: string;

  @OptionalChoice('How days are put together; weeks begin on Monday.', ['day', 'week', 'month'])
  interval?: Interval;
}

class AwardSeriesQuery extends SeriesQuery {
  @OptionalId('Only awards of this badge.')
  badge?: string;
}

/** What makes each report. */
const REPORTS = {
  summary: (reads: AnalyticsReads) => reads.summary(),
  courses: (reads: AnalyticsReads) => reads.courses(),
  badges: (reads: AnalyticsReads) => reads.perBadge(),
  awardsOverTime: (reads: AnalyticsReads, asked: AwardSeriesQuery) => reads.awardsOverTime(filterOf(asked)),
  eventsOverTime: (reads: AnalyticsReads, asked: AwardSeriesQuery) => reads.eventsOverTime(filterOf(asked)),
};
type SummaryReport = Awaited<ReturnType<AnalyticsReads['summary']>>;
type CoursesReport = Awaited<ReturnType<AnalyticsReads['courses']>>;
type BadgesReport = Awaited<ReturnType<AnalyticsReads['perBadge']>>;
type AwardsOverTime = Awaited<ReturnType<AnalyticsReads['awardsOverTime']>>;
type EventsOverTime = Awaited<ReturnType<AnalyticsReads['eventsOverTime']>>;
type Reports = { readonly [Name in keyof typeof REPORTS]: Awaited<ReturnType<(typeof REPORTS)[Name]>> };

class GetReport<Name extends keyof Reports> extends Query<Shown<Reports[Name]>> {
  constructor(
    readonly report: Name,
    readonly asked: AwardSeriesQuery,
  ) {
    super();
  }
}

const filterOf = ({ from, to, badge, course, interval = 'day' }: AwardSeriesQuery): SeriesFilter => ({
  from: timeOf(from),
  to: timeOf(to),
  badge,
  course,
  interval,
});

/** The reports for issuers. */
@QueryHandler(GetReport)
export class GetReportHandler implements IQueryHandler<GetReport<keyof Reports>> {
  constructor(
    private readonly reads: Reads,
    private readonly analytics: AnalyticsReads,
  ) {}

  execute({ report, asked }: GetReport<keyof Reports>): Promise<Shown<Reports[keyof Reports]>> {
    return this.reads.at<Reports[keyof Reports]>(READS, asked, () => REPORTS[report](this.analytics, asked));
  }
}

/** Figures for issuers; they are told under the school's own task, and no consent of learners is asked for them. */
@ApiTags('analytics')
@May('analytics:read', { query: true })
@Controller('v1/analytics')
export class AnalyticsController {
  constructor(private readonly queries: QueryBus) {}

  /** Totals. */
  @Get('summary')
  @ApiOperation({ summary: 'Totals', description: `Learners, courses, learning events, badges, awards by state, open dead letters. ${LEFT_OUT}` })
  @ApiOkResponse({ description: 'The totals.' })
  summary(@QueryParams() asked: ReadQuery): Promise<Shown<SummaryReport>> {
    return this.queries.execute(new GetReport('summary', asked));
  }

  /** Figures per course. */
  @Get('courses')
  @ApiOperation({ summary: 'Per course', description: `Learners, learning events and active awards of each course. ${LEFT_OUT}` })
  @ApiOkResponse({ description: 'The courses.' })
  courses(@QueryParams() asked: ReadQuery): Promise<Shown<CoursesReport>> {
    return this.queries.execute(new GetReport('courses', asked));
  }

  /** Figures per badge. */
  @Get('badges')
  @ApiOperation({
    summary: 'Per badge',
    description: `Awards by state, award rate (active awards by learners of the course), time from start to award: mean and histogram in days. ${LEFT_OUT}`,
  })
  @ApiOkResponse({ description: 'The badges.' })
  badges(@QueryParams() asked: ReadQuery): Promise<Shown<BadgesReport>> {
    return this.queries.execute(new GetReport('badges', asked));
  }

  /** Awards over time. */
  @Get('awards-over-time')
  @ApiOperation({
    summary: 'Awards over time',
    description: `\`earned\`: by the day on which they were earned. \`decided\`: by the day of the decision; \`active\` is the net change of awards in force. ${LEFT_OUT} ${TOGETHER}`,
  })
  @ApiOkResponse({ description: 'The series, without intervals in which nothing happened.' })
  awardsOverTime(@QueryParams() asked: AwardSeriesQuery): Promise<Shown<AwardsOverTime>> {
    return this.queries.execute(new GetReport('awardsOverTime', asked));
  }

  /** Learning events over time. */
  @Get('events-over-time')
  @ApiOperation({ summary: 'Learning events over time', description: `By the day on which they happened. ${LEFT_OUT} ${TOGETHER}` })
  @ApiOkResponse({ description: 'The series, without intervals in which nothing happened.' })
  eventsOverTime(@QueryParams() asked: SeriesQuery): Promise<Shown<EventsOverTime>> {
    return this.queries.execute(new GetReport('eventsOverTime', asked));
  }
}
