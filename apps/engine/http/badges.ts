import { Controller, Get, Injectable, Param, Query as QueryParams } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isApprovable } from '#credentials/batch/approvable.js';
import { isoTime } from '#projections/timeline-view.js';
import type { LocalizedText } from '#rules/rule.js';
import { May } from './access/permission.js';
import type { Engine } from '../engine.js';
import type { AwardCounts, AwardState } from './award-counts.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe } from './fields.js';
import { LiveRules, type RuleRow } from './live-rules.js';
import { refuse } from './problem.js';
import { Reads, ReadQuery, type Shown } from './reads.js';
import { LEFT_OUT, SmallGroups, toldCounts, type BadgeGroup, type Suppressed } from './small-groups.js';

const READS = ['rulebook', 'award-register'];
/** Of a badge whose rule was published a moment ago. */
const NO_AWARDS: AwardCounts = { active: 0, suspended: 0, revoked: 0, expired: 0 };

interface BadgeView extends Suppressed {
  readonly id: string;
  readonly name: LocalizedText;
  readonly criteriaText: LocalizedText;
  readonly course: string;
  /** People can give it to a list of others (`POST /v1/batches`). */
  readonly givable: boolean;
  readonly rule: { readonly version: number; readonly hash: string; readonly publishedAt: string };
  /** When its rule was retired: nobody earns it any more. */
  readonly retiredAt?: string;
  readonly awards: AwardCounts;
}

class FindBadges extends Query<Shown<{ readonly items: readonly BadgeView[] }>> {
  constructor(readonly asked: ReadQuery) {
    super();
  }
}

class GetBadge extends Query<Shown<BadgeView>> {
  constructor(
    readonly id: string,
    readonly asked: ReadQuery,
  ) {
    super();
  }
}

/** Live badges with their counts. */
@Injectable()
export class Badges {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly rules: LiveRules,
    private readonly groups: SmallGroups,
  ) {}

  /** All awards by state, to watch the engine by. */
  async counts(): Promise<Readonly<Record<AwardState, number>>> {
    const { readModels, config } = this.engine;
    const of = (status: AwardState): Promise<number> => readModels.count('award', { tenant: config.tenant, status });
    const [active, suspended, revoked, expired] = await Promise.all([of('active'), of('suspended'), of('revoked'), of('expired')]);
    return { active, suspended, revoked, expired };
  }

  /** Every badge that can be earned now. */
  async all(): Promise<readonly BadgeView[]> {
    const [rows, { badges: groups }] = await Promise.all([this.rules.rows(), this.groups.ofBadges()]);
    return rows.map((row) => this.#view(row, groups.get(row.badge)));
  }

  /** One badge that can be earned, or could be. */
  async one(id: string): Promise<BadgeView | undefined> {
    const row = (await this.rules.newest()).find(({ badge }) => badge === id);
    return row && this.#view(row, (await this.groups.ofBadges()).badges.get(id));
  }

  #view({ badge, version, hash, document, publishedAt, retiredAt }: RuleRow, group: BadgeGroup | undefined): BadgeView {
    const { name, criteriaText, course } = document;
    return {
      id: badge,
      name,
      criteriaText,
      course,
      givable: retiredAt === null && isApprovable(document),
      rule: { version, hash, publishedAt: isoTime(publishedAt) },
      ...(retiredAt !== null && { retiredAt: isoTime(retiredAt) }),
      awards: group ? toldCounts(group) : NO_AWARDS,
      ...this.groups.note(group !== undefined && Object.values(group.hiddenStates).includes(true)),
    };
  }
}

/** All badges. */
@QueryHandler(FindBadges)
export class FindBadgesHandler implements IQueryHandler<FindBadges> {
  constructor(
    private readonly reads: Reads,
    private readonly badges: Badges,
  ) {}

  async execute({ asked }: FindBadges): Promise<Shown<{ readonly items: readonly BadgeView[] }>> {
    return (await this.reads.at(READS, asked, () => this.badges.all())).map((items) => ({ items }));
  }
}

/** One badge. */
@QueryHandler(GetBadge)
export class GetBadgeHandler implements IQueryHandler<GetBadge> {
  constructor(
    private readonly reads: Reads,
    private readonly badges: Badges,
  ) {}

  async execute({ id, asked }: GetBadge): Promise<Shown<BadgeView>> {
    return (await this.reads.at(READS, asked, () => this.badges.one(id))).map((badge) => {
      if (!badge) throw refuse('not-found', `There is no badge "${id}".`);
      return badge;
    });
  }
}

/** What can be earned. */
@ApiTags('badges')
@May('badge:read')
@Controller('v1/badges')
export class BadgesController {
  constructor(private readonly queries: QueryBus) {}

  /** Every badge with its criteria and how often it was awarded. */
  @Get()
  @ApiOperation({ summary: 'Badges', description: `What can be earned now, with the number of awards in each state. ${LEFT_OUT}` })
  @ApiOkResponse({ description: 'The badges.' })
  find(@QueryParams() asked: ReadQuery) {
    return this.queries.execute(new FindBadges(asked));
  }

  /** One badge. */
  @Get(':id')
  @ApiOperation({ summary: 'One badge' })
  @ApiOkResponse({ description: 'The badge.' })
  @ApiNotFoundResponse({ description: 'There is no such badge.' })
  get(@Param('id', IdPipe) id: string, @QueryParams() asked: ReadQuery) {
    return this.queries.execute(new GetBadge(id, asked));
  }
}
