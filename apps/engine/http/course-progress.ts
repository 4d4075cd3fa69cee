import { Controller, Get, Param, Query as QueryParams } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { decide } from '#access/decide.js';
import type { Principal } from '#access/principal.js';
import { hurdlesOf, isOnTheWay, stagesOf, whoIsStuck, BADGE_STAGES, type BadgePlace, type CoursePlace, type Hurdle, type BadgeStage } from '#projections/course-progress.js';
import type { Row } from '#projections/read-model.js';
import { isoTime } from '#projections/timeline-view.js';
import type { LocalizedText, Rule } from '#rules/rule.js';
import type { Words } from '#rules/words.js';
import { May } from './access/permission.js';
import { Who } from './access/who.js';
import type { Engine } from '../engine.js';
import { CourseProgress, type CoursePlaces } from './course-places.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe, OptionalChoice, OptionalId, OptionalText, QueryInteger } from './fields.js';
import { LiveRules, type RuleRow } from './live-rules.js';
import { limitOf, pageOf, PageQuery, placeOf, type Ordering } from './paging.js';
import { refuse } from './problem.js';
import { Reads, ReadQuery, type Shown } from './reads.js';

const READS = ['roster', 'growth-path', 'award-register', 'rulebook'];
const ORDER: Ordering = { rank: 'integer', learner: 'text' };
const [MOST_DAYS, LONGEST_PATH, LONGEST_TEXT] = [3_650, 500, 200];
const DAY = 86_400_000;
const MILLION = 1_000_000;

class LearnersQuery extends PageQuery {
  @OptionalId('How far learners are with this badge; with the badge that is nearest to each where absent.')
  badge?: string;

  @OptionalChoice('Only learners who are at this stage of the badge.', BADGE_STAGES)
  stage?: BadgeStage;

  @OptionalText('Only learners who lack this criterion of the badge, by its `path`.', LONGEST_PATH)
  lacks?: string;

  @QueryInteger('Only learners who have done nothing for so many days.', 1, MOST_DAYS)
  idle?: number;

  @OptionalText('Only learners whose id contains this.', LONGEST_TEXT)
  text?: string;

  @OptionalChoice('The closest first, or who has done nothing for longest.', ['close', 'idle'])
  order?: 'close' | 'idle';
}

/** A course that somebody may see the learners of. */
interface CourseView {
  readonly course: string;
  readonly title?: string;
  /** When it was closed. */
  readonly closedAt?: string;
}

/** A badge of a course and how far its learners are. */
interface BadgeProgress {
  readonly badge: string;
  readonly name: LocalizedText;
  readonly level?: Rule['design']['level'];
  readonly stages: Readonly<Record<BadgeStage, number>>;
  /** What they are stuck at: first what alone is missing for most. */
  readonly hurdles: readonly Hurdle[];
}

interface CourseProgressView extends CourseView {
  readonly learners: number;
  /** Of how many it is known yet: fewer than `learners` while the rest is being worked out; ask again in a moment. */
  readonly known: number;
  /** From when days without doing anything are counted back: now, or when the course closed. */
  readonly until: string;
  readonly badges: readonly BadgeProgress[];
}

/** A learner in a course. */
interface LearnerProgressView {
  readonly learner: string;
  /** When they last did something there. */
  readonly lastAt?: string;
  /** So many of the course's badges they have. */
  readonly earned: number;
  /** The badge that was asked for, or the nearest one; absent where none is left. */
  readonly place?: { readonly badge: string; readonly stage: BadgeStage; readonly closeness: number; readonly criteriaMet: number; readonly criteriaTotal: number; readonly lacks: readonly { readonly path: string; readonly text: Words }[] };
}

interface LearnersPage {
  readonly items: readonly LearnerProgressView[];
  readonly next: string | null;
  /** How many there are on all pages. */
  readonly total: number;
}

interface Ranked {
  readonly rank: number;
  readonly learner: string;
  readonly at: CoursePlace;
  readonly place: (BadgePlace & { readonly badge: string }) | undefined;
}

const nearest = ({ badges }: CoursePlace): Ranked['place'] => {
  let found: Ranked['place'];
  for (const [badge, place] of badges) if ((isOnTheWay(place) || place.stage === 'met') && (!found || place.closeness > found.closeness)) found = { badge, ...place };
  return found;
};

const untilOf = ({ outline: { context: { closedAt } } }: CoursePlaces): number => Math.min(closedAt ?? Infinity, Date.now());

/** Who stands where, in an order that paging can rely on. */
const ranked = (found: CoursePlaces, { badge, stage, lacks, idle, text, order = 'close' }: LearnersQuery): readonly Ranked[] => {
  const before = idle === undefined ? Infinity : untilOf(found) - idle * DAY;
  const sought = text?.trim().toLowerCase();
  const isStuck = badge === undefined ? isOnTheWay : whoIsStuck([...found.places.values()].flatMap(({ badges }) => badges.get(badge) ?? []));
  const rows: Ranked[] = [];
  for (const [learner, at] of found.places) {
    if (sought !== undefined && !learner.toLowerCase().includes(sought)) continue;
    if (idle !== undefined && at.lastAt !== undefined && at.lastAt > before) continue;
    const of = badge === undefined ? undefined : at.badges.get(badge);
    const place = badge === undefined ? nearest(at) : of && { badge, ...of };
    if (stage !== undefined && place?.stage !== stage) continue;
    if (lacks !== undefined && !(place && isStuck(place) && place.lacks.some(({ path }) => path === lacks))) continue;
    const closeness = place && place.stage !== 'earned' ? place.closeness : -1;
    rows.push({ learner, at, place, rank: order === 'idle' ? (at.lastAt ?? 0) : Math.round((1 - closeness) * MILLION) });
  }
  return rows.sort((a, b) => a.rank - b.rank || (a.learner < b.learner ? -1 : 1));
};

const learnerView = ({ learner, at, place }: Ranked): LearnerProgressView => ({
  learner,
  ...(at.lastAt !== undefined && { lastAt: isoTime(at.lastAt) }),
  earned: [...at.badges.values()].filter(({ stage }) => stage === 'earned').length,
  ...(place && { place }),
});

const badgeProgress = ({ places, names }: CoursePlaces, { badge, document: { name, design } }: RuleRow): BadgeProgress => {
  const all = [...places.values()].flatMap(({ badges }) => badges.get(badge) ?? []);
  return { badge, name, ...(design.level && { level: design.level }), stages: stagesOf(all), hurdles: hurdlesOf(all, names.get(badge)) };
};

/** Courses, and how far their learners are. */
@ApiTags('courses')
@Controller('v1/courses')
export class CoursesController {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly reads: Reads,
    private readonly progress: CourseProgress,
    private readonly rules: LiveRules,
  ) {}

  /** The courses of who asks. */
  @May('learner:read', { eachCourse: true })
  @Get()
  @ApiOperation({ summary: 'Courses', description: 'Those with learners whom who asks may read: of an instructor their own, none for a learner.' })
  @ApiOkResponse({ description: '`items`: the courses.' })
  async list(@QueryParams() asked: ReadQuery, @Who() who: Principal): Promise<Shown<{ readonly items: readonly CourseView[] }>> {
    const { readModels, config: { tenant } } = this.engine;
    return this.reads.at(['roster', 'rulebook'], asked, async () => {
      const [rows, rules] = await Promise.all([readModels.find('course', { where: { tenant } }), this.rules.rows()]);
      // Class systems need not say that a course has opened.
      const known = new Map<string, Row | undefined>([...rules.map(({ document: { course } }) => [course, undefined] as const), ...rows.map((row) => [row['course'] as string, row] as const)]);
      const own = [...known].filter(([course]) => course !== '' && decide(who, 'learner:read', { tenant, courses: [course] }).allowed);
      const there = await Promise.all(own.map(async ([course]) => (await readModels.find('roster', { where: { tenant, course }, limit: 1 })).length > 0));
      return { items: own.filter((_one, i) => there[i]).map(([course, row]) => courseView(course, row?.['title'] as string | null | undefined, row?.['closedAt'] as number | null | undefined)).sort((a, b) => (a.course < b.course ? -1 : 1)) };
    });
  }

  /** How far everybody is, by badge. */
  @May('learner:read', { course: 'id' })
  @Get(':id/progress')
  @ApiOperation({
    summary: 'How far the learners of a course are',
    description:
      'Of each of its badges how many learners have earned it, are close, under way or out of reach, and at which criterion most are stuck of those on their way (where nobody is any more: of those who missed it). Who has left the course is not counted. ' +
      'It is not kept from who teaches the course which learners these are (`GET /v1/courses/{id}/learners`), so that small groups are told as well.',
  })
  @ApiOkResponse({ description: 'The course with its badges.' })
  @ApiNotFoundResponse({ description: 'There is no such course with learners.' })
  async of(@Param('id', IdPipe) id: string, @QueryParams() asked: ReadQuery): Promise<Shown<CourseProgressView>> {
    return this.reads.at(READS, asked, async () => {
      const found = await this.#found(id);
      const row = await this.engine.readModels.get('course', { tenant: this.engine.config.tenant, course: id });
      const { closedAt } = found.outline.context;
      return {
        ...courseView(id, row?.['title'] as string | null | undefined, closedAt),
        learners: found.learners.length,
        known: found.places.size,
        until: isoTime(untilOf(found)),
        badges: found.rules.map((rule) => badgeProgress(found, rule)),
      };
    });
  }

  /** Who they are. */
  @May('learner:read', { course: 'id' })
  @Get(':id/learners')
  @ApiOperation({ summary: 'Learners of a course', description: 'Those who have not left it, by how close they are to a badge, or by how long they have done nothing; each with what they lack.' })
  @ApiOkResponse({ description: 'A page of learners.' })
  @ApiNotFoundResponse({ description: 'There is no such course with learners, or no such badge of it.' })
  async learners(@Param('id', IdPipe) id: string, @QueryParams() asked: LearnersQuery): Promise<Shown<LearnersPage>> {
    const place = placeOf(asked.cursor, ORDER) as { rank: number; learner: string } | undefined;
    return this.reads.at(READS, asked, async () => {
      const found = await this.#found(id);
      if (asked.badge !== undefined && !found.rules.some(({ badge }) => badge === asked.badge)) throw refuse('not-found', `The course "${id}" has no badge "${asked.badge}".`);
      const all = ranked(found, asked);
      const left = place ? all.filter(({ rank, learner }) => rank > place.rank || (rank === place.rank && learner > place.learner)) : all;
      return { ...pageOf(left, limitOf(asked), ORDER, learnerView), total: all.length };
    });
  }

  async #found(id: string): Promise<CoursePlaces> {
    const found = await this.progress.of(id);
    if (!found) throw refuse('not-found', `Nobody is in a course "${id}".`);
    return found;
  }
}

const courseView = (course: string, title: string | null | undefined, closedAt: number | null | undefined): CourseView => ({
  course,
  ...(typeof title === 'string' && { title }),
  ...(typeof closedAt === 'number' && { closedAt: isoTime(closedAt) }),
});
