import { Controller, Get, Query as QueryParams } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Fact } from '#domain/facts.js';
import type { LocalizedText } from '#rules/rule.js';
import { May } from './access/permission.js';
import { Courses } from './courses.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { OptionalId } from './fields.js';
import { IssuedCredentials } from './issued-credentials.js';
import { LiveRules } from './live-rules.js';
import { ReadQuery, Reads, type Shown } from './reads.js';

/** More than anybody looks through; who writes a longer id writes it by hand. */
const MAX_ACTIVITIES = 2_000;
const MAX_COURSES = 2_000;
/** Without a course: of so many, the latest, it is looked up what they offer. */
const MAX_OFFERING = 100;

class NamesQuery extends ReadQuery {
  @OptionalId('Only what this course offers; what the latest 100 courses offer where absent.')
  course?: string;
}

interface CourseName {
  readonly id: string;
  readonly title?: string;
}

interface ActivityName {
  readonly id: string;
  readonly title?: string;
  /** The event by which it was offered. */
  readonly type: 'SessionHeld' | 'AssignmentPublished' | 'MissionPublished';
  readonly kind?: string;
  readonly tags?: readonly string[];
}

/** The names that rules may mention. */
interface RuleNames {
  readonly courses: readonly CourseName[];
  /** What is offered, the latest first. */
  readonly activities: readonly ActivityName[];
  /** Of the activities, as are the kinds. */
  readonly tags: readonly string[];
  readonly kinds: readonly string[];
  /** Badges with a live rule. */
  readonly badges: readonly { readonly id: string; readonly name: LocalizedText }[];
  readonly levels: readonly { readonly of: string; readonly ranks: readonly number[] }[];
  /** Those that have a profile or keys, or that a rule names. */
  readonly issuers: readonly string[];
  /** There is more than is listed. */
  readonly more?: true;
}

class FindRuleNames extends Query<Shown<RuleNames>> {
  constructor(readonly asked: NamesQuery) {
    super();
  }
}

const sorted = (texts: Iterable<string>): readonly string[] => [...new Set(texts)].sort();

/** What several courses offer under one id is one to who writes it. */
const activitiesOf = (offers: readonly Fact[], titles: ReadonlyMap<string, string>): readonly ActivityName[] => {
  const byName = new Map<string, ActivityName>();
  for (const { activity: id, type, values: { title, kind, tags } } of [...offers].sort((a, b) => b.time - a.time)) {
    if (id === undefined || byName.has(`${type} ${id}`)) continue;
    const known = title ?? titles.get(id);
    byName.set(`${type} ${id}`, { id, ...(known !== undefined && { title: known }), type: type as ActivityName['type'], ...(kind !== undefined && { kind }), ...(tags && { tags }) });
  }
  return [...byName.values()];
};

/** The names that somebody who writes a rule may mean. */
@QueryHandler(FindRuleNames)
export class FindRuleNamesHandler implements IQueryHandler<FindRuleNames> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly reads: Reads,
    private readonly courses: Courses,
    private readonly rules: LiveRules,
    private readonly issued: IssuedCredentials,
  ) {}

  async execute({ asked }: FindRuleNames): Promise<Shown<RuleNames>> {
    return this.reads.at(['roster', 'rulebook'], asked, () => this.#names(asked.course));
  }

  async #names(only: string | undefined): Promise<RuleNames> {
    const { readModels, config: { tenant } } = this.engine;
    const rows = await readModels.find('course', { where: { tenant }, orderBy: ['-firstPosition'], limit: MAX_COURSES + 1 });
    const courses = rows.slice(0, MAX_COURSES).map(({ course, title }): CourseName => ({ id: course as string, ...(typeof title === 'string' && { title }) }));
    const offering = only === undefined ? courses.slice(0, MAX_OFFERING).map(({ id }) => id) : [only];
    const offers: Fact[] = [];
    const titles = new Map<string, string>();
    for (const course of offering) {
      const { context, titles: own } = await this.courses.outline(course);
      offers.push(...context.offers);
      for (const [id, title] of own) titles.set(id, title);
    }
    const activities = activitiesOf(offers, titles);
    const rules = (await this.rules.rows()).map(({ document }) => document);
    const levels = rules.flatMap(({ design: { level } }) => level ?? []);
    const more = rows.length > MAX_COURSES || activities.length > MAX_ACTIVITIES || (only === undefined && courses.length > MAX_OFFERING);
    return {
      courses,
      activities: activities.slice(0, MAX_ACTIVITIES),
      tags: sorted(activities.flatMap(({ tags }) => tags ?? [])),
      kinds: sorted(activities.flatMap(({ kind }) => kind ?? [])),
      badges: rules.map(({ badge, name }) => ({ id: badge, name })),
      levels: sorted(levels.map(({ of }) => of)).map((of) => ({ of, ranks: [...new Set(levels.filter((level) => level.of === of).map(({ rank }) => rank))].sort((a, b) => a - b) })),
      issuers: sorted([...(await this.issued.issuers()), ...rules.flatMap(({ design: { issuer } }) => issuer ?? [])]),
      ...(more && { more }),
    };
  }
}

/** Names for who writes rules. */
@ApiTags('rules')
@May('rule:read')
@Controller('v1/rules')
export class RuleNamesController {
  constructor(private readonly queries: QueryBus) {}

  /** The names that a rule may mention. */
  @Get('names')
  @ApiOperation({
    summary: 'Names for rules',
    description:
      'What somebody who writes a rule may name: courses, what they offer with its tags and kinds (the latest first), badges with their levels, and issuers. ' +
      `At most ${MAX_ACTIVITIES} activities; \`more\` says where something was left out.`,
  })
  @ApiOkResponse({ description: 'The names.' })
  find(@QueryParams() asked: NamesQuery) {
    return this.queries.execute(new FindRuleNames(asked));
  }
}
