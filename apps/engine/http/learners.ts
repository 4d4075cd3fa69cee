import { Controller, Get, Injectable, Param, Query as QueryParams } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AWARD_EVENT_TYPES } from '#domain/award.js';
import { CORRECTION_TYPES, LEARNER_FACT_TYPES } from '#domain/learning-event.js';
import { versionsOf, withEarnedBy, type EarnedBy } from '#projections/earned-by.js';
import {
  coursesOf,
  growthPathOf,
  type AwardRow,
  type BadgeInReach,
  type CourseOutline,
  type EarnedBadge,
  type GrowthPath,
  type TimelineRow,
} from '#projections/growth-path-view.js';
import type { NextStep } from '#projections/next-step.js';
import type { Pathway } from '#projections/pathway-view.js';
import { isoTime, type TimelineEntry } from '#projections/timeline-view.js';
import { May } from './access/permission.js';
import type { Engine } from '../engine.js';
import { Courses } from './courses.js';
import { InjectEngine } from './engine-token.js';
import { OptionalChoice, OptionalId } from './fields.js';
import { LearnerPipe } from './learner-pipe.js';
import { limitOf, pageOf, PageQuery, placeOf, type Ordering, type Page } from './paging.js';
import { refuse } from './problem.js';
import { Reads, ReadQuery, type Shown } from './reads.js';
import { LiveRules } from './live-rules.js';

const READS = ['growth-path', 'award-register', 'rulebook'];
const RECENT = 50;
const ORDER: Ordering = { time: 'integer', position: 'integer' };

/** Types of entries by what a reader calls them; a correction belongs to what it corrects. */
const GROUPS = {
  attendance: ['AttendanceMarked'],
  assignments: ['AssignmentSubmitted', 'AssignmentGraded', 'ExtensionGranted'],
  missions: ['MissionStarted', 'MissionCompleted'],
  badges: AWARD_EVENT_TYPES,
} as const satisfies Readonly<Record<string, readonly string[]>>;
type Group = keyof typeof GROUPS;

class TimelineQuery extends PageQuery {
  @OptionalId('Only entries about this course.')
  course?: string;

  @OptionalChoice('Only entries of this type.', [...LEARNER_FACT_TYPES, ...CORRECTION_TYPES, ...AWARD_EVENT_TYPES])
  type?: string;

  @OptionalChoice('Only entries of this group of types.', Object.keys(GROUPS))
  of?: Group;
}

type Timed<T, K extends keyof T> = Omit<T, K> & { readonly [P in K]: string };

/** A timeline entry as it is sent: its time in ISO 8601. */
interface EntryView extends Timed<TimelineEntry, 'time'> {
  /** Badges that were earned, not given by a person: what was met. */
  readonly earnedBy?: EarnedBy;
}

interface GrowthPathView {
  readonly learner: string;
  readonly badges: {
    readonly earned: readonly (Timed<Omit<EarnedBadge, 'validUntil'>, 'earnedAt' | 'decidedAt'> & { readonly validUntil?: string })[];
    readonly inReach: readonly (Omit<BadgeInReach, 'closesAt' | 'heldUntil'> & { readonly closesAt?: string; readonly heldUntil?: string })[];
  };
  /** The ways to roles that concern the learner, those first that can be gone. */
  readonly pathways: readonly Pathway[];
  /** The one step that helps most; absent where nothing is left to do. */
  readonly nextStep?: NextStep;
  /** The newest entries; `next` leads on in the timeline. */
  readonly timeline: Page<EntryView>;
}

class FindGrowthPath extends Query<Shown<GrowthPathView>> {
  constructor(
    readonly learner: string,
    readonly asked: ReadQuery,
  ) {
    super();
  }
}

class FindTimeline extends Query<Shown<Page<EntryView>>> {
  constructor(
    readonly learner: string,
    readonly asked: TimelineQuery,
  ) {
    super();
  }
}

const asItIs = (entry: TimelineEntry): TimelineEntry => entry;

const earnedView = ({ validUntil, ...badge }: EarnedBadge): GrowthPathView['badges']['earned'][number] => ({
  ...badge,
  earnedAt: isoTime(badge.earnedAt),
  decidedAt: isoTime(badge.decidedAt),
  ...(validUntil !== undefined && { validUntil: isoTime(validUntil) }),
});

const reachView = ({ closesAt, heldUntil, ...badge }: BadgeInReach): GrowthPathView['badges']['inReach'][number] => ({
  ...badge,
  ...(closesAt !== undefined && { closesAt: isoTime(closesAt) }),
  ...(heldUntil !== undefined && { heldUntil: isoTime(heldUntil) }),
});

/** Works out growth paths from the read models. */
@Injectable()
export class GrowthPaths {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly courses: Courses,
    private readonly rules: LiveRules,
  ) {}

  /** The learner's growth path by the rules that are live now, with one page of its timeline. */
  async of(learner: string, paged: (timeline: GrowthPath['timeline']) => Page<TimelineEntry>): Promise<Omit<GrowthPath, 'timeline'> & { readonly timeline: Page<EntryView> }> {
    const { readModels, config } = this.engine;
    const where = { tenant: config.tenant, learner };
    const [rows, awards, { rules, retired }] = await Promise.all([
      readModels.find('timeline', { where }),
      readModels.find('award', { where }),
      this.rules.all(),
    ]);
    if (rows.length === 0) throw refuse('not-found', `Nothing is recorded about a learner "${learner}".`);
    const timeline = rows as unknown as readonly TimelineRow[];
    const outlines = new Map<string, CourseOutline>();
    await Promise.all([...coursesOf(timeline)].map(async (course) => outlines.set(course, await this.courses.outline(course))));
    const path = growthPathOf({
      rows: timeline,
      rules,
      retired,
      awards: awards as unknown as readonly AwardRow[],
      courseOf: (course) => outlines.get(course) ?? this.courses.unknown,
      now: Date.now(),
    });
    const { items, next } = paged(path.timeline);
    const ruleOf = await this.rules.versions(versionsOf(items, path), rules);
    return { ...path, timeline: { items: items.map((entry) => ({ ...withEarnedBy(entry, path, ruleOf), time: isoTime(entry.time) })), next } };
  }
}

/** A learner's badges and newest entries. */
@QueryHandler(FindGrowthPath)
export class FindGrowthPathHandler implements IQueryHandler<FindGrowthPath> {
  constructor(
    private readonly reads: Reads,
    private readonly paths: GrowthPaths,
  ) {}

  async execute({ learner, asked }: FindGrowthPath): Promise<Shown<GrowthPathView>> {
    const shown = await this.reads.at(READS, asked, () => this.paths.of(learner, (timeline) => pageOf(timeline, RECENT, ORDER, asItIs)));
    return shown.map(({ badges, timeline, pathways, nextStep }) => ({
      learner,
      badges: { earned: badges.earned.map(earnedView), inReach: badges.inReach.map(reachView) },
      pathways,
      ...(nextStep && { nextStep }),
      timeline,
    }));
  }
}

/** What happened to a learner, newest first. */
@QueryHandler(FindTimeline)
export class FindTimelineHandler implements IQueryHandler<FindTimeline> {
  constructor(
    private readonly reads: Reads,
    private readonly paths: GrowthPaths,
  ) {}

  async execute({ learner, asked }: FindTimeline): Promise<Shown<Page<EntryView>>> {
    const place = placeOf(asked.cursor, ORDER) as { time: number; position: number } | undefined;
    const isAsked = (entry: TimelineEntry): boolean =>
      (asked.course === undefined || entry.course === asked.course) &&
      (asked.type === undefined || entry.type === asked.type) &&
      (asked.of === undefined || (GROUPS[asked.of] as readonly string[]).includes(entry.type)) &&
      (!place || entry.time < place.time || (entry.time === place.time && entry.position < place.position));
    const shown = await this.reads.at(READS, asked, () => this.paths.of(learner, (timeline) => pageOf(timeline.filter(isAsked), limitOf(asked), ORDER, asItIs)));
    return shown.map(({ timeline }) => timeline);
  }
}

/** Learners: their growth paths. */
@ApiTags('learners')
@May('learner:read', { learner: 'id' })
@Controller('v1/learners')
export class LearnersController {
  constructor(private readonly queries: QueryBus) {}

  /** Badges earned and in reach with what is missing, and the newest entries of the timeline. */
  @Get(':id/growth-path')
  @ApiOperation({
    summary: "A learner's growth path",
    description: 'Earned badges; badges in reach, closest first, each criterion with its current and needed value and what is missing in words; the ways to roles, part by part; the one step that helps most; the newest 50 entries of the timeline.',
  })
  @ApiOkResponse({ description: 'The growth path.' })
  @ApiNotFoundResponse({ description: 'Nothing is recorded about such a learner.' })
  growthPath(@Param('id', LearnerPipe) id: string, @QueryParams() asked: ReadQuery): Promise<Shown<GrowthPathView>> {
    return this.queries.execute(new FindGrowthPath(id, asked));
  }

  /** Facts, corrections and awards, newest first. */
  @Get(':id/timeline')
  @ApiOperation({ summary: "A learner's timeline", description: 'Facts, corrections and changes of awards, newest first; each fact names the badges that it is evidence of.' })
  @ApiOkResponse({ description: 'A page of entries.' })
  @ApiNotFoundResponse({ description: 'Nothing is recorded about such a learner.' })
  timeline(@Param('id', LearnerPipe) id: string, @QueryParams() asked: TimelineQuery): Promise<Shown<Page<EntryView>>> {
    return this.queries.execute(new FindTimeline(id, asked));
  }
}
