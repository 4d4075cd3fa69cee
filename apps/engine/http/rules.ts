import { Controller, Get, Param, Query as QueryParams } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/principal.js';
import { isoTime } from '#projections/timeline-view.js';
import { DoerNames } from './access/doer-names.js';
import { May } from './access/permission.js';
import { Who } from './access/who.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe } from './fields.js';
import type { RuleRow } from './live-rules.js';
import { refuse } from './problem.js';
import { Reads, ReadQuery, type Shown } from './reads.js';

const READS = ['rulebook'];

type Names = ReadonlyMap<string, string>;
type Doer<Key extends string> = { readonly [Name in Key | `${Key}Name`]?: string };

/** Who did something, and what they are called where the reader may know it. */
const doerView = <Key extends string>(key: Key, id: unknown, names: Names): Doer<Key> => {
  if (typeof id !== 'string') return {};
  const name = names.get(id);
  return { [key]: id, ...(name !== undefined && { [`${key}Name`]: name }) } as Doer<Key>;
};

const doersOf = ({ publishedBy, approvedBy, retiredBy, retirementApprovedBy }: Partial<RuleRow>): readonly string[] =>
  [publishedBy, approvedBy, retiredBy, retirementApprovedBy].flatMap((id) => (typeof id === 'string' ? [id] : []));

/** Versions have no retirement of their own. */
const retirementView = ({ retiredAt, retiredBecause, retiredBy, retirementApprovedBy }: Partial<RuleRow>, names: Names) =>
  typeof retiredAt === 'number' && { retired: { at: isoTime(retiredAt), reason: retiredBecause, ...doerView('by', retiredBy, names), ...doerView('approvedBy', retirementApprovedBy, names) } };

const ruleView = (row: RuleRow, names: Names) => {
  const { badge, version, hash, document, publishedAt, publishedBy, approvedBy } = row;
  return {
    badge,
    version,
    hash,
    name: document.name,
    course: document.course,
    decides: document.decides,
    whenCorrected: document.whenCorrected,
    publishedAt: isoTime(publishedAt),
    ...(document.stakes && { stakes: document.stakes }),
    ...doerView('publishedBy', publishedBy, names),
    ...doerView('approvedBy', approvedBy, names),
    ...retirementView(row, names),
  };
};

const wholeView = (row: RuleRow, names: Names) => ({
  ...ruleView(row, names),
  criteriaText: row.document.criteriaText,
  criteria: row.document.criteria,
  source: row.source,
});

type RuleDetail = ReturnType<typeof wholeView>;

interface List<T> {
  readonly items: readonly T[];
}

class FindRules extends Query<Shown<List<ReturnType<typeof ruleView>>>> {
  constructor(
    readonly asked: ReadQuery,
    readonly who: Principal,
  ) {
    super();
  }
}

class GetRule extends Query<Shown<RuleDetail>> {
  constructor(
    readonly badge: string,
    readonly asked: ReadQuery,
    readonly who: Principal,
  ) {
    super();
  }
}

class FindRuleVersions extends Query<Shown<List<RuleDetail>>> {
  constructor(
    readonly badge: string,
    readonly asked: ReadQuery,
    readonly who: Principal,
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
    private readonly names: DoerNames,
  ) {}

  async execute({ asked, who }: FindRules): Promise<Shown<List<ReturnType<typeof ruleView>>>> {
    const { readModels, config } = this.engine;
    const shown = await this.reads.at(READS, asked, () => readModels.find('rule', { where: { tenant: config.tenant } }));
    const rows = shown.body as unknown as readonly RuleRow[];
    const names = await this.names.of(who, rows.flatMap(doersOf));
    return shown.map(() => ({ items: rows.map((row) => ruleView(row, names)) }));
  }
}

/** The newest version of a badge's rule. */
@QueryHandler(GetRule)
export class GetRuleHandler implements IQueryHandler<GetRule> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly reads: Reads,
    private readonly names: DoerNames,
  ) {}

  async execute({ badge, asked, who }: GetRule): Promise<Shown<RuleDetail>> {
    const { readModels, config } = this.engine;
    const shown = await this.reads.at(READS, asked, () => readModels.get('rule', { tenant: config.tenant, badge }));
    if (!shown.body) throw refuse('not-found', `There is no rule for a badge "${badge}".`);
    const row = shown.body as unknown as RuleRow;
    const names = await this.names.of(who, doersOf(row));
    return shown.map(() => wholeView(row, names));
  }
}

/** Every version of a badge's rule, the newest first. */
@QueryHandler(FindRuleVersions)
export class FindRuleVersionsHandler implements IQueryHandler<FindRuleVersions> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly reads: Reads,
    private readonly names: DoerNames,
  ) {}

  async execute({ badge, asked, who }: FindRuleVersions): Promise<Shown<List<RuleDetail>>> {
    const { readModels, config } = this.engine;
    const shown = await this.reads.at(READS, asked, () =>
      readModels.find('rule_version', { where: { tenant: config.tenant, badge }, orderBy: ['-version'] }),
    );
    const rows = shown.body as unknown as readonly RuleRow[];
    if (rows.length === 0) throw refuse('not-found', `There is no rule for a badge "${badge}".`);
    // Versions have no retirement of their own: the newest has that of the rule.
    const rule = (await readModels.get('rule', { tenant: config.tenant, badge })) as unknown as RuleRow | undefined;
    const names = await this.names.of(who, [...rows, ...(rule ? [rule] : [])].flatMap(doersOf));
    return shown.map(() => ({ items: rows.map((row, i) => ({ ...wholeView(row, names), ...(i === 0 && rule && retirementView(rule, names)) })) }));
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
  find(@QueryParams() asked: ReadQuery, @Who() who: Principal) {
    return this.queries.execute(new FindRules(asked, who));
  }

  /** One rule with its criteria and the text that its author wrote. */
  @Get(':badge')
  @ApiOperation({ summary: 'The rule of a badge', description: 'With its criteria tree and the text that its author wrote.' })
  @ApiOkResponse({ description: 'The rule.' })
  @ApiNotFoundResponse({ description: 'There is no such rule.' })
  get(@Param('badge', IdPipe) badge: string, @QueryParams() asked: ReadQuery, @Who() who: Principal) {
    return this.queries.execute(new GetRule(badge, asked, who));
  }

  /** Every version that was ever published. */
  @Get(':badge/versions')
  @ApiOperation({ summary: 'The versions of a rule', description: 'The newest first; versions are immutable.' })
  @ApiOkResponse({ description: 'The versions.' })
  @ApiNotFoundResponse({ description: 'There is no such rule.' })
  versions(@Param('badge', IdPipe) badge: string, @QueryParams() asked: ReadQuery, @Who() who: Principal) {
    return this.queries.execute(new FindRuleVersions(badge, asked, who));
  }
}
