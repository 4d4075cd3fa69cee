import { Injectable } from '@nestjs/common';
import { DAYS_TO_EARN, DAYS_TO_EARN_COLUMNS, utcDay } from '#projections/issuer-analytics.js';
import { sketchOf } from '#projections/learner-sketch.js';
import type { Query, Row, Value } from '#projections/read-model.js';
import { hideSmall, isSmall, mayTellTotal, told, type Cell } from '#projections/small-groups.js';
import { isoTime } from '#projections/timeline-view.js';
import type { Engine } from '../engine.js';
import { AWARD_STATES, type AwardCounts, type AwardState } from './award-counts.js';
import { InjectEngine } from './engine-token.js';
import { KeptReads } from './kept-reads.js';
import { LiveRules } from './live-rules.js';
import { commonCuts, cutsOf, series, type CountedDay, type Cuts, type Interval, type Line } from './series.js';
import { SmallGroups, toldCounts, type BadgeGroup, type BadgeGroups } from './small-groups.js';

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

interface CountedCourse {
  readonly course: string;
  readonly learners: number;
  readonly events: number;
  readonly active: Cell;
  /** Nothing that is counted about it is told. */
  readonly isHidden: boolean;
}

const daysOf = ({ from, to }: Pick<SeriesFilter, 'from' | 'to'>) => ({ from: from === undefined ? undefined : utcDay(from), to: to === undefined ? undefined : utcDay(to) });

const textOf = (value: Value): string => (typeof value === 'string' ? value : '');

const sum = (rows: readonly Row[], column: string): number => rows.reduce((total, row) => total + Number(row[column] ?? 0), 0);

const byDay = (rows: readonly Row[], column: string, sketches: ReadonlyMap<string, number>): ReadonlyMap<string, CountedDay> => {
  const days = new Map<string, CountedDay>();
  for (const row of rows) {
    const day = textOf(row['day']);
    days.set(day, { amount: (days.get(day)?.amount ?? 0) + Number(row[column] ?? 0), sketch: sketches.get(day) ?? 0 });
  }
  return days;
};

/** What can become of awards, apart from `active`, which follows from it. */
export const DECIDED = ['awarded', 'amended', 'kept', 'suspended', 'reinstated', 'revoked', 'renewed', 'expired'] as const;
/** From these `active` follows. */
const COUNTED_IN_ACTIVE = ['awarded', 'suspended', 'reinstated', 'revoked', 'renewed', 'expired'] as const;

const hasNull = (value: unknown): boolean => value === null || (typeof value === 'object' && Object.values(value).some(hasNull));

/** Counts for issuers, from the read models; without what is about few learners. */
@Injectable()
export class AnalyticsReads {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly rules: LiveRules,
    private readonly groups: SmallGroups,
    private readonly kept: KeptReads,
  ) {}

  /** Totals over the whole tenant. */
  async summary() {
    const { readModels } = this.engine;
    const tenant = this.#tenant;
    const [learners, courses, events, states, rules, openLetters, badges] = await Promise.all([
      this.#countLearners(),
      this.#courses(),
      this.kept.of(['issuer-analytics'], 'events', async () => sum(await this.#all('event_day', { tenant }), 'events')),
      Promise.all(AWARD_STATES.map((status) => this.groups.awards({ tenant, status }))),
      this.rules.rows(),
      readModels.count('dead_letter', { tenant, status: 'open' }),
      this.groups.ofBadges(),
    ]);
    const { fewest } = this.groups;
    const untold = this.#withoutActive(courses, badges);
    // A total gives away what it has over its parts that are told; of active awards the totals of courses are such parts, too.
    const isUnsafe = (state: AwardState, isAsked: (badge: BadgeGroup) => boolean): boolean =>
      !mayTellTotal([...badges.badges.values()].filter((badge) => badge.hiddenStates[state] && isAsked(badge)).map(({ states: of }) => of[state]), fewest);
    const also = AWARD_STATES.map((state) => !badges.isTotalTold || isUnsafe(state, () => true) || (state === 'active' && isUnsafe(state, ({ course }) => untold.has(course))));
    const hidden = hideSmall(states, fewest, also);
    const isHidden = isSmall({ count: learners, learners }, fewest);
    return {
      learners: told(learners, isHidden),
      courses: courses.length,
      events: told(events, isHidden),
      badges: rules.length,
      awards: Object.fromEntries(AWARD_STATES.map((state, i) => [state, told(states[i]?.count ?? 0, hidden[i])])) as AwardCounts,
      openDeadLetters: openLetters,
      ...this.groups.note(isHidden || hidden.includes(true)),
    };
  }

  /** Per course: its learners, events and awards. */
  async courses() {
    const { readModels } = this.engine;
    const [courses, badges] = await Promise.all([this.#courses(), this.groups.ofBadges()]);
    const untold = this.#withoutActive(courses, badges);
    const items = await Promise.all(courses.map(async ({ course, learners, events, active, isHidden }) => {
      const row = await readModels.get('course', { tenant: this.#tenant, course });
      const title = row?.['title'];
      const closedAt = row?.['closedAt'];
      return {
        course,
        ...(typeof title === 'string' && { title }),
        ...(typeof closedAt === 'number' && { closedAt: isoTime(closedAt) }),
        learners: told(learners, isHidden),
        events: told(events, isHidden),
        activeAwards: told(active.count, untold.has(course)),
      };
    }));
    return { items, ...this.groups.note(items.some(hasNull)) };
  }

  /** Per badge: award rate and time to earn. */
  async perBadge() {
    const { readModels } = this.engine;
    const tenant = this.#tenant;
    const [rules, { badges: groups }, courses] = await Promise.all([this.rules.rows(), this.groups.ofBadges(), this.#courses()]);
    const hiddenCourses = new Set(courses.flatMap(({ course, isHidden }) => (isHidden ? [course] : [])));
    const items = await Promise.all(rules.map(async ({ badge, document: { name, course } }) => {
      const [learners, days] = await Promise.all([readModels.count('roster', { tenant, course }), this.#all('award_day', { tenant, badge })]);
      const awarded = sum(days, 'awarded');
      const group = groups.get(badge);
      const isHidden = group?.isHidden === true;
      // Of a badge that recurs somebody can have several awards in one bucket: as many as there are more awards than learners.
      const several = group ? group.all.count - group.all.learners : 0;
      const buckets = DAYS_TO_EARN_COLUMNS.map((column) => sum(days, column));
      const hidden = hideSmall(buckets.map((count) => ({ count, learners: Math.min(count, Math.max(1, count - several)) })), this.groups.fewest);
      const active = group && !group.hiddenStates.active ? group.states.active.count : null;
      return {
        badge,
        name,
        course,
        awards: group ? toldCounts(group) : (Object.fromEntries(AWARD_STATES.map((state) => [state, 0])) as AwardCounts),
        learners: told(learners, hiddenCourses.has(course)),
        /** Active awards by learners of the course; null where it has none. */
        awardRate: learners > 0 && !hiddenCourses.has(course) && (active !== null || !group) ? (active ?? 0) / learners : null,
        timeToEarn: {
          awards: told(awarded, isHidden),
          meanDays: awarded > 0 && !isHidden ? sum(days, 'secondsToEarn') / awarded / SECONDS_A_DAY : null,
          histogram: buckets.map((count, i) => ({ upToDays: DAYS_TO_EARN[i] ?? null, awards: told(count, isHidden || hidden[i] === true) })),
        },
      };
    }));
    const isSomethingHidden = items.some(({ awards, learners, timeToEarn }) => hasNull(awards) || learners === null || timeToEarn.histogram.some(({ awards: told }) => told === null));
    return { items, ...this.groups.note(isSomethingHidden) };
  }

  /** Awards by when they were earned and by when they were decided. */
  async awardsOverTime({ badge, course, interval, ...range }: SeriesFilter) {
    const { badges, coursesUntold, isTotalTold } = await this.groups.ofBadges();
    const isHidden = badge !== undefined ? badges.get(badge)?.isHidden === true : course !== undefined ? coursesUntold.has(course) : !isTotalTold;
    const of = { tenant: this.#tenant, ...(badge !== undefined && { badge }) };
    const isAsked = (row: Row): boolean => course === undefined || badges.get(textOf(row['badge']))?.course === course;
    const [granted, decided] = await Promise.all([this.#all('award_day', of), this.#all('decision_day', of)]);
    const rows = decided.filter(isAsked);
    const [earned, ...lines] = await Promise.all([
      this.#line(granted.filter(isAsked), 'awarded', 'earned', of, isAsked),
      ...DECIDED.map((what) => this.#line(rows, what, what, of, isAsked)),
    ]);
    const lineOf = Object.fromEntries(DECIDED.map((what, i) => [what, lines[i] as Line])) as Record<(typeof DECIDED)[number], Line>;
    const cuts = commonCuts(COUNTED_IN_ACTIVE.map((what) => lineOf[what].cuts));
    const active = { days: byDay(rows, 'active', new Map()), ...(cuts && { cuts }) };
    const days = daysOf(range);
    const found = {
      interval,
      earned: isHidden ? null : series({ awarded: earned }, interval, days),
      decided: isHidden ? null : series({ ...lineOf, active }, interval, days),
    };
    return { ...found, ...this.groups.note(hasNull(found)) };
  }

  /** Learning events by when they happened. */
  async eventsOverTime({ course, interval, ...range }: SeriesFilter) {
    const of = { tenant: this.#tenant, ...(course !== undefined && { course }) };
    const isHidden = course !== undefined && (await this.#courses()).some((one) => one.course === course && one.isHidden);
    const line = await this.kept.of(['issuer-analytics'], `events of ${JSON.stringify(of)}`, async () => this.#line(await this.#all('event_day', of), 'events', 'events', of));
    const found = { interval, events: isHidden ? null : series({ events: line }, interval, daysOf(range)) };
    return { ...found, ...this.groups.note(hasNull(found)) };
  }

  /** Where what was decided about a badge's awards may be cut in time. */
  async awardedCuts(badge: string): Promise<Cuts | undefined> {
    const of = { tenant: this.#tenant, badge };
    return (await this.#line(await this.#all('decision_day', of), 'awarded', 'awarded', of)).cuts;
  }

  /** What was earned of a badge, with where that may be cut in time: rows of `award_day`. */
  async earned(badge: string): Promise<{ readonly rows: readonly Row[]; readonly cuts: Cuts | undefined }> {
    const of = { tenant: this.#tenant, badge };
    const rows = await this.#all('award_day', of);
    return { rows, cuts: (await this.#line(rows, 'awarded', 'earned', of)).cuts };
  }

  /** Whether nothing that is counted about a course is told. */
  async isCourseHidden(course: string): Promise<boolean> {
    return (await this.#courses()).some((one) => one.course === course && one.isHidden);
  }

  /** An amount over time with where it may be cut. */
  async #line(rows: readonly Row[], column: string, what: string, of: Readonly<Record<string, string>>, isAsked: (row: Row) => boolean = () => true): Promise<Line> {
    const { fewest } = this.groups;
    const counted = rows.filter((row) => Number(row[column] ?? 0) !== 0);
    if (fewest === 0) return { days: byDay(counted, column, new Map()) };
    const sketches = new Map<string, number>();
    for (const row of (await this.#all('learner_day', { ...of, what })).filter(isAsked)) sketches.set(textOf(row['day']), (sketches.get(textOf(row['day'])) ?? 0) | sketchOf(row));
    const days = byDay(counted, column, sketches);
    const cuts = cutsOf(days, fewest);
    return { days, ...(cuts && { cuts }) };
  }

  /**
   * Courses that any event names, and which of them are not told of: all that are told add up to the totals. A badge that has moved is with
   * all its awards in the course of its newest rule, as everywhere: else what it has in the earlier one would follow from the total there.
   */
  #courses(): Promise<readonly CountedCourse[]> {
    return this.kept.of(['issuer-analytics', 'roster', 'award-register', 'rulebook'], 'courses', () => this.#countCourses());
  }

  async #countCourses(): Promise<readonly CountedCourse[]> {
    const { readModels } = this.engine;
    const tenant = this.#tenant;
    const rules = await this.rules.newest();
    const counted = await Promise.all((await this.#courseIds()).map(async (course) => {
      const [learners, days, active] = await Promise.all([
        readModels.count('roster', { tenant, course }),
        this.#all('event_day', { tenant, course }),
        this.groups.awards({ tenant, badge: { in: rules.filter(({ document }) => document.course === course).map(({ badge }) => badge) }, status: 'active' }),
      ]);
      return { course, learners, events: sum(days, 'events'), active };
    }));
    const hidden = hideSmall(counted.map(({ events, learners }) => ({ count: events, learners })), this.groups.fewest);
    return counted.map((one, i) => ({ ...one, isHidden: hidden[i] === true }));
  }

  /** Courses whose number of active awards is not told: it is about few, or would give a badge's away. */
  #withoutActive(courses: readonly CountedCourse[], { badges, coursesUntold }: BadgeGroups): ReadonlySet<string> {
    const { fewest } = this.groups;
    return new Set(courses.flatMap(({ course, active, isHidden }) => {
      const hidden = [...badges.values()].filter((one) => one.course === course && one.hiddenStates.active).map(({ states }) => states.active);
      return isHidden || coursesUntold.has(course) || isSmall(active, fewest) || !mayTellTotal(hidden, fewest) ? [course] : [];
    }));
  }

  get #tenant(): string {
    return this.engine.config.tenant;
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

  /** Different learners of all courses. */
  #countLearners(): Promise<number> {
    return this.kept.of(['roster'], 'learners', () => this.#distinctLearners());
  }

  async #distinctLearners(): Promise<number> {
    const learners = new Set<string>();
    for (const row of await this.#all('roster', { tenant: this.engine.config.tenant })) learners.add(textOf(row['learner']));
    return learners.size;
  }
}
