import { Injectable } from '@nestjs/common';
import { DAYS_TO_EARN, DAYS_TO_EARN_COLUMNS, utcDay } from '#projections/issuer-analytics.js';
import type { Condition, Query, Row, Value } from '#projections/read-model.js';
import { isoTime } from '#projections/timeline-view.js';
import type { Engine } from '../engine.js';
import { Badges } from './badges.js';
import { InjectEngine } from './engine-token.js';
import { LiveRules } from './live-rules.js';
import { series, type Interval } from './series.js';

const SECONDS_A_DAY = 86_400;
const CHUNK = 5_000;

/** Which awards or events a series is about. */
export interface SeriesFilter {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly badge: string | undefined;
  readonly course: string | undefined;
  readonly interval: Interval;
}

const daysWithin = ({ from, to }: SeriesFilter): { readonly day: Condition } | undefined =>
  from === undefined && to === undefined
    ? undefined
    : { day: { ...(from !== undefined && { gte: utcDay(from) }), ...(to !== undefined && { lt: utcDay(to) }) } };

const textOf = (value: Value): string => (typeof value === 'string' ? value : '');

const sum = (rows: readonly Row[], column: string): number => rows.reduce((total, row) => total + Number(row[column] ?? 0), 0);

/** Counts for issuers, from the read models. */
@Injectable()
export class AnalyticsReads {
  #learners: { readonly checkpoint: number; readonly count: Promise<number> } | undefined;

  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly badges: Badges,
    private readonly rules: LiveRules,
  ) {}

  /** Totals over the whole tenant. */
  async summary() {
    const { readModels, config } = this.engine;
    const { tenant } = config;
    const [learners, courses, days, awards, rules, openLetters] = await Promise.all([
      this.#countLearners(),
      this.#courseIds(),
      this.#all('event_day', { tenant }),
      this.badges.counts(),
      this.rules.rows(),
      readModels.count('dead_letter', { tenant, status: 'open' }),
    ]);
    return { learners, courses: courses.length, events: sum(days, 'events'), badges: rules.length, awards, openDeadLetters: openLetters };
  }

  /** Per course: its learners, events and awards. */
  async courses() {
    const { readModels, config } = this.engine;
    const { tenant } = config;
    const items = (await this.#courseIds()).map(async (course) => {
      const [row, learners, days, active] = await Promise.all([
        readModels.get('course', { tenant, course }),
        readModels.count('roster', { tenant, course }),
        this.#all('event_day', { tenant, course }),
        readModels.count('award', { tenant, course, status: 'active' }),
      ]);
      const title = row?.['title'];
      const closedAt = row?.['closedAt'];
      return {
        course,
        ...(typeof title === 'string' && { title }),
        ...(typeof closedAt === 'number' && { closedAt: isoTime(closedAt) }),
        learners,
        events: sum(days, 'events'),
        activeAwards: active,
      };
    });
    return { items: await Promise.all(items) };
  }

  /** Per badge: award rate and time to earn. */
  async perBadge() {
    const { readModels, config } = this.engine;
    const { tenant } = config;
    const items = (await this.badges.all()).map(async ({ id, name, course, awards }) => {
      const [learners, days] = await Promise.all([
        readModels.count('roster', { tenant, course }),
        this.#all('award_day', { tenant, badge: id }),
      ]);
      const awarded = sum(days, 'awarded');
      return {
        badge: id,
        name,
        course,
        awards,
        learners,
        /** Active awards by learners of the course; null where it has none. */
        awardRate: learners > 0 ? awards.active / learners : null,
        timeToEarn: {
          awards: awarded,
          meanDays: awarded > 0 ? sum(days, 'secondsToEarn') / awarded / SECONDS_A_DAY : null,
          histogram: DAYS_TO_EARN_COLUMNS.map((column, i) => ({ upToDays: DAYS_TO_EARN[i] ?? null, awards: sum(days, column) })),
        },
      };
    });
    return { items: await Promise.all(items) };
  }

  /** Awards by when they were earned and by when they were decided. */
  async awardsOverTime(filter: SeriesFilter) {
    const { tenant } = this.engine.config;
    const { badge, course, interval } = filter;
    const days = daysWithin(filter);
    const of = { tenant, ...(badge !== undefined && { badge }) };
    const ofCourse = course === undefined ? undefined : new Set((await this.rules.rows()).flatMap((row) => (row.document.course === course ? [row.badge] : [])));
    const [granted, decided] = await Promise.all([
      this.#all('award_day', { ...of, ...(course !== undefined && { course }), ...days }),
      this.#all('decision_day', { ...of, ...days }),
    ]);
    const decisions = ofCourse ? decided.filter((row) => ofCourse.has(textOf(row['badge']))) : decided;
    return {
      interval,
      earned: series(granted, interval, ['awarded']),
      decided: series(decisions, interval, ['awarded', 'amended', 'kept', 'suspended', 'reinstated', 'revoked', 'renewed', 'expired', 'active']),
    };
  }

  /** Learning events by when they happened. */
  async eventsOverTime(filter: SeriesFilter) {
    const { tenant } = this.engine.config;
    const { course, interval } = filter;
    const rows = await this.#all('event_day', { tenant, ...(course !== undefined && { course }), ...daysWithin(filter) });
    return { interval, events: series(rows, interval, ['events']) };
  }

  /** Every row, in bounded reads. */
  async #all(collection: string, where: NonNullable<Query['where']>): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (;;) {
      const after = rows.at(-1);
      const part = await this.engine.readModels.find(collection, { where, limit: CHUNK, ...(after && { after }) });
      rows.push(...part);
      if (part.length < CHUNK) return rows;
    }
  }

  /** Courses that any event names, one index step each. */
  async #courseIds(): Promise<readonly string[]> {
    const { readModels, config } = this.engine;
    const ids: string[] = [];
    for (;;) {
      const [row] = await readModels.find('event_day', { where: { tenant: config.tenant, course: { gt: ids.at(-1) ?? '' } }, orderBy: ['course'], limit: 1 });
      if (!row) return ids;
      ids.push(textOf(row['course']));
    }
  }

  /** Different learners of all courses; counted anew only where the roster has moved on. */
  async #countLearners(): Promise<number> {
    const checkpoint = await this.engine.readModels.checkpoint('roster');
    if (this.#learners?.checkpoint !== checkpoint) this.#learners = { checkpoint, count: this.#distinctLearners() };
    return this.#learners.count;
  }

  async #distinctLearners(): Promise<number> {
    const learners = new Set<string>();
    for (const row of await this.#all('roster', { tenant: this.engine.config.tenant })) learners.add(textOf(row['learner']));
    return learners.size;
  }
}
