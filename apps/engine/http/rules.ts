import { Controller, Get, Param, Query as QueryParams } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isoTime } from '#projections/timeline-view.js';
import { May } from './access/permission.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe } from './fields.js';
import type { RuleRow } from './live-rules.js';
import { refuse } from './problem.js';
import { Reads, ReadQuery, type Shown } from './reads.js';

const READS = ['rulebook'];

/** Versions have no retirement of their own. */
const retirementView = ({ retiredAt, retiredBecause, retiredBy }: Partial<RuleRow>) =>
  typeof retiredAt === 'number' && { retired: { at: isoTime(retiredAt), reason: retiredBecause, ...(typeof retiredBy === 'string' && { by: retiredBy }) } };

const ruleView = (row: RuleRow) => {
  const { badge, version, hash, document, publishedAt, publishedBy } = row;
  return {
    badge,
    version,
    hash,
    name: document.name,
    course: document.course,
    decides: document.decides,
    whenCorrected: document.whenCorrected,
    publishedAt: isoTime(publishedAt),
    ...(typeof publishedBy === 'string' && { publishedBy }),
    ...retirementView(row),
  };
};

const wholeView = (row: RuleRow) => ({
  ...ruleView(row),
  criteriaText: row.document.criteriaText,
  criteria: row.document.criteria,
  source: row.source,
});

type RuleDetail = ReturnType<typeof wholeView>;

interface List<T> {
  readonly items: readonly T[];
}

class FindRules extends Query<Shown<List<ReturnType<typeof ruleView>>>> {
  constructor(readonly asked: ReadQuery) {
    super();
  }
}

class GetRule extends Query<Shown<RuleDetail>> {
  constructor(
    readonly badge: string,
    readonly asked: ReadQuery,
  ) {
    super();
  }
}

class FindRuleVersions extends Query<Shown<List<RuleDetail>>> {
  constructor(
    readonly badge: string,
    readonly asked: ReadQuery,
  ) {
    super();
  }
}

/** The rule of each badge. */
@QueryHandler(FindRules)
export class FindRulesHandler implements IQueryHandler<FindRules> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly reads: Reads,
  ) {}

  async execute({ asked }: FindRules): Promise<Shown<List<ReturnType<typeof ruleView>>>> {
    const { readModels, config } = this.engine;
    const shown = await this.reads.at(READS, asked, () => readModels.find('rule', { where: { tenant: config.tenant } }));
    return shown.map((rows) => ({ items: (rows as unknown as readonly RuleRow[]).map(ruleView) }));
  }
}

/** The newest version of a badge's rule. */
@QueryHandler(GetRule)
export class GetRuleHandler implements IQueryHandler<GetRule> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly reads: Reads,
  ) {}

  async execute({ badge, asked }: GetRule): Promise<Shown<RuleDetail>> {
    const { readModels, config } = this.engine;
    const shown = await this.reads.at(READS, asked, () => readModels.get('rule', { tenant: config.tenant, badge }));
    return shown.map((row) => {
      if (!row) throw refuse('not-found', `There is no rule for a badge "${badge}".`);
      return wholeView(row as unknown as RuleRow);
    });
  }
}

/** Every version of a badge's rule, the newest first. */
@QueryHandler(FindRuleVersions)
export class FindRuleVersionsHandler implements IQueryHandler<FindRuleVersions> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly reads: Reads,
  ) {}

  async execute({ badge, asked }: FindRuleVersions): Promise<Shown<List<RuleDetail>>> {
    const { readModels, config } = this.engine;
    const shown = await this.reads.at(READS, asked, () =>
      readModels.find('rule_version', { where: { tenant: config.tenant, badge }, orderBy: ['-version'] }),
    );
    return shown.map((rows) => {
      if (rows.length === 0) throw refuse('not-found', `There is no rule for a badge "${badge}".`);
      return { items: (rows as unknown as readonly RuleRow[]).map(wholeView) };
    });
  }
}

/** The rulebook. */
@ApiTags('rules')
@May('rule:read')
@Controller('v1/rules')
export class RulesController {
  constructor(private readonly queries: QueryBus) {}

  /** The rule of each badge. */
  @Get()
  @ApiOperation({ summary: 'Rules', description: 'The newest version of each badge’s rule, retired ones included.' })
  @ApiOkResponse({ description: 'The rules.' })
  find(@QueryParams() asked: ReadQuery) {
    return this.queries.execute(new FindRules(asked));
  }

  /** One rule with its criteria and the text that its author wrote. */
  @Get(':badge')
  @ApiOperation({ summary: 'The rule of a badge', description: 'With its criteria tree and the text that its author wrote.' })
  @ApiOkResponse({ description: 'The rule.' })
  @ApiNotFoundResponse({ description: 'There is no such rule.' })
  get(@Param('badge', IdPipe) badge: string, @QueryParams() asked: ReadQuery) {
    return this.queries.execute(new GetRule(badge, asked));
  }

  /** Every version that was ever published. */
  @Get(':badge/versions')
  @ApiOperation({ summary: 'The versions of a rule', description: 'The newest first; versions are immutable.' })
  @ApiOkResponse({ description: 'The versions.' })
  @ApiNotFoundResponse({ description: 'There is no such rule.' })
  versions(@Param('badge', IdPipe) badge: string, @QueryParams() asked: ReadQuery) {
    return this.queries.execute(new FindRuleVersions(badge, asked));
  }
}
