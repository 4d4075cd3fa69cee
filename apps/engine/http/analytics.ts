import { Controller, Get, Query as QueryParams } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { May } from './access/permission.js';
import { AnalyticsReads, type SeriesFilter } from './analytics-reads.js';
import { AWARD_SERIES_SCHEMA, BADGE_FIGURES_SCHEMA, COURSE_SCHEMA, EVENT_SERIES_SCHEMA, LEFT_OUT, listOf, SUMMARY_SCHEMA } from './analytics.openapi.js';
import { OptionalChoice, OptionalId, OptionalTime, timeOf } from './fields.js';
import { Reads, ReadQuery, type Shown } from './reads.js';
import type { Interval } from './series.js';

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

type Report = 'summary' | 'courses' | 'badges' | 'awards-over-time' | 'events-over-time';

class GetReport extends Query<Shown<unknown>> {
  constructor(
    readonly report: Report,
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
export class GetReportHandler implements IQueryHandler<GetReport> {
  constructor(
    private readonly reads: Reads,
    private readonly analytics: AnalyticsReads,
  ) {}

  async execute({ report, asked }: GetReport): Promise<Shown<unknown>> {
    return this.reads.at(READS, asked, () => this.#make(report, asked));
  }

  #make(report: Report, asked: AwardSeriesQuery): Promise<unknown> {
    switch (report) {
      case 'summary':
        return this.analytics.summary();
      case 'courses':
        return this.analytics.courses();
      case 'badges':
        return this.analytics.perBadge();
      case 'awards-over-time':
        return this.analytics.awardsOverTime(filterOf(asked));
      case 'events-over-time':
        return this.analytics.eventsOverTime(filterOf(asked));
    }
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
  @ApiOkResponse({ description: 'The totals.', schema: SUMMARY_SCHEMA })
  summary(@QueryParams() asked: ReadQuery) {
    return this.queries.execute(new GetReport('summary', asked));
  }

  /** Figures per course. */
  @Get('courses')
  @ApiOperation({ summary: 'Per course', description: `Learners, learning events and active awards of each course. ${LEFT_OUT}` })
  @ApiOkResponse({ description: 'The courses.', schema: listOf(COURSE_SCHEMA) })
  courses(@QueryParams() asked: ReadQuery) {
    return this.queries.execute(new GetReport('courses', asked));
  }

  /** Figures per badge. */
  @Get('badges')
  @ApiOperation({
    summary: 'Per badge',
    description: `Awards by state, award rate (active awards by learners of the course), time from start to award: mean and histogram in days. ${LEFT_OUT}`,
  })
  @ApiOkResponse({ description: 'The badges.', schema: listOf(BADGE_FIGURES_SCHEMA) })
  badges(@QueryParams() asked: ReadQuery) {
    return this.queries.execute(new GetReport('badges', asked));
  }

  /** Awards over time. */
  @Get('awards-over-time')
  @ApiOperation({
    summary: 'Awards over time',
    description: `\`earned\`: by the day on which they were earned. \`decided\`: by the day of the decision; \`active\` is the net change of awards in force. ${LEFT_OUT} ${TOGETHER}`,
  })
  @ApiOkResponse({ description: 'The series, without intervals in which nothing happened.', schema: AWARD_SERIES_SCHEMA })
  awardsOverTime(@QueryParams() asked: AwardSeriesQuery) {
    return this.queries.execute(new GetReport('awards-over-time', asked));
  }

  /** Learning events over time. */
  @Get('events-over-time')
  @ApiOperation({ summary: 'Learning events over time', description: `By the day on which they happened. ${LEFT_OUT} ${TOGETHER}` })
  @ApiOkResponse({ description: 'The series, without intervals in which nothing happened.', schema: EVENT_SERIES_SCHEMA })
  eventsOverTime(@QueryParams() asked: SeriesQuery) {
    return this.queries.execute(new GetReport('events-over-time', asked));
  }
}
