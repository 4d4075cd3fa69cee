import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, Query, QueryBus, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiConflictResponse, ApiCreatedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags, ApiTooManyRequestsResponse, ApiUnprocessableEntityResponse, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/principal.js';
import { inTurn, submitConfirmed, submitRetirement, submitRule, type AwaitsApproval, type Published, type PublishOptions } from '#awarding/publish-rules.js';
import { readRuleVersions, type RuleVersions } from '#awarding/rule-versions.js';
import type { Diagnostic } from '#rules/diagnostic.js';
import type { RuleChange } from '#rules/rule-changes.js';
import { Approvers } from './access/approvers.js';
import { May } from './access/permission.js';
import { Who } from './access/who.js';
import type { Engine } from '../engine.js';
import { whileConnected } from './connection.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe, OptionalFlag, OptionalInteger, OptionalText, Text } from './fields.js';
import { refuse } from './problem.js';
import { countsOf, RulePreviews, SOURCE_FILE, type RulePreview } from './rule-previews.js';

const MAX_SOURCE = 100_000;

/** What is done is told apart from what waits for somebody. */
const STATUS = { published: 201, unchanged: 200, preview: 200, retired: 200, proposed: 202 } as const;

class PublishBody {
  @Text('The rule: what would stand in a rule file.', MAX_SOURCE)
  source!: string;

  @OptionalFlag('It also judges what is on record. Without `confirm` nothing is published: the answer says what would change.')
  backfill?: boolean;

  @OptionalInteger('The live version that the author has seen, 0 for none; 409 where it is another one.', 0, Number.MAX_SAFE_INTEGER)
  expectedVersion?: number;

  @OptionalText('`confirm` of a preview: publishes what it showed.', 100)
  confirm?: string;
}

class RetireBody {
  @Text('Why, for the record.', 500)
  reason!: string;
}

interface PublishedView extends Published {
  readonly badge: string;
  /** It decides about everybody at once: a first version, one to which time matters, or one for the past. */
  readonly decidesAtOnce: boolean;
  readonly changes: readonly RuleChange[];
  readonly warnings: readonly Diagnostic[];
}

interface ProposedView extends AwaitsApproval {
  readonly badge: string;
  readonly liveVersion: number;
  readonly changes: readonly RuleChange[];
  readonly warnings: readonly Diagnostic[];
}

type Submitted = PublishedView | ProposedView | RulePreview;

class PublishRule extends Command<Submitted> {
  constructor(
    readonly body: PublishBody,
    readonly who: Principal,
    readonly signal: AbortSignal,
  ) {
    super();
  }
}

type Retired = { readonly badge: string } & Awaited<ReturnType<typeof submitRetirement>>;

class RetireRule extends Command<Retired> {
  constructor(
    readonly badge: string,
    readonly body: RetireBody,
    readonly who: Principal,
  ) {
    super();
  }
}

interface RuleDiagnostics {
  /** Files that were not published when the engine started: what was live before stays live. */
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** Badges that have a file, and are retired all the same. */
  readonly retired: readonly string[];
  /** Published versions that do nothing, since their badges would ask for each other in a circle. */
  readonly circular: readonly CircularView[];
}

interface CircularView {
  readonly badge: string;
  readonly version: number;
  /** The badges of the circle: each asks for the next. */
  readonly way: readonly string[];
  readonly message: string;
}

const circularView = ({ version: { reference }, way }: RuleVersions['circular'][number], versions: RuleVersions): CircularView => {
  const { badge, version } = reference;
  const asks = `asks for itself: ${way.join(' asks for ')}`;
  const message =
    versions.published(badge)?.reference.version === version
      ? `Version ${version} of "${badge}" ${asks}. It grants nothing. Publish a version that does not.`
      : `Version ${version} of "${badge}" ${asks}. It is not the present one; its awards stay as they are, whatever is corrected.`;
  return { badge, version, way, message };
};

class GetRuleDiagnostics extends Query<RuleDiagnostics> {}

/** Who changes the rulebook of an engine, and when. */
export const optionsOf = ({ store, config }: Engine): PublishOptions => ({ store, tenant: config.tenant, newId: randomUUID, now: Date.now });

/** Publishes a rule, or shows what publishing it for the past would change. */
@CommandHandler(PublishRule)
export class PublishRuleHandler implements ICommandHandler<PublishRule> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly previews: RulePreviews,
    private readonly approvers: Approvers,
  ) {}

  async execute({ body, who, signal }: PublishRule): Promise<Submitted> {
    const { source, backfill = false, expectedVersion, confirm } = body;
    if (confirm !== undefined && !backfill) throw refuse('bad-request', '"confirm" belongs to "backfill": true.');
    const shown = await this.previews.check(source);
    if (backfill && confirm === undefined && shown.standing !== 'unchanged') return this.previews.of(shown, { signal, expectedVersion });
    const options = optionsOf(this.engine);
    const asking = { by: who.id, people: this.approvers.behind(who) };
    // Who is to approve it sees what it would have done now; what was confirmed may be hours old.
    const effects = confirm !== undefined && shown.highStakes && shown.standing !== 'unchanged' ? countsOf((await this.previews.of(shown, { signal, expectedVersion })).backfill) : undefined;
    const done = await inTurn(options, async () => {
      const checked = await this.previews.check(source);
      const submitted =
        confirm === undefined
          ? await submitRule(checked, { ...asking, ...(expectedVersion !== undefined && { expectedVersion }) }, options)
          : await submitConfirmed(checked, confirm, { ...asking, ...(effects && { effects }) }, options);
      return { submitted, checked };
    });
    const { submitted, checked: { rule: { badge, design: { image } }, liveVersion, changes, warnings, decidesAtOnce } } = done;
    if (submitted.outcome === 'proposed') return { ...submitted, badge, liveVersion, changes, warnings };
    const pictures = await this.engine.artwork.fetch(image === undefined ? [] : [image]); // nobody else has to wait for it
    return { ...submitted, badge, decidesAtOnce: submitted.outcome === 'published' && (backfill || decidesAtOnce), changes, warnings: [...warnings, ...pictures.map((message) => ({ file: SOURCE_FILE, line: 1, column: 1, message }))] };
  }
}

/** Retires a rule. */
@CommandHandler(RetireRule)
export class RetireRuleHandler implements ICommandHandler<RetireRule> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly approvers: Approvers,
  ) {}

  async execute({ badge, body: { reason }, who }: RetireRule): Promise<Retired> {
    return { badge, ...(await submitRetirement({ badge, reason, by: who.id, people: this.approvers.behind(who) }, optionsOf(this.engine))) };
  }
}

/** What is wrong with the rule files of the engine. */
@QueryHandler(GetRuleDiagnostics)
export class GetRuleDiagnosticsHandler implements IQueryHandler<GetRuleDiagnostics> {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  async execute(): Promise<RuleDiagnostics> {
    const { diagnostics = [], warnings = [], retired = [] } = this.engine.publication() ?? {};
    const versions = await readRuleVersions(this.engine.store, this.engine.config.tenant);
    return { errors: diagnostics, warnings, retired, circular: versions.circular.map((one) => circularView(one, versions)) };
  }
}

/** Changes of the rulebook. */
@ApiTags('rules')
@Controller('v1/rules')
export class RulePublishingController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  /** What was wrong with rule files. */
  @May('rule:read')
  @Get('diagnostics')
  @ApiOperation({ summary: 'What is wrong with the rule files', description: 'Found when the engine started. A file with an error was not published: what was live before stays live. Also published versions that would close a circle of badges.' })
  @ApiOkResponse({ description: 'Errors and warnings, each with file, line and column.' })
  diagnostics(): Promise<RuleDiagnostics> {
    return this.queries.execute(new GetRuleDiagnostics());
  }

  /** Publishes a rule, or shows what that would change. */
  @May('rule:publish', { rule: 'body' })
  @Post()
  @ApiOperation({
    summary: 'Publish a rule',
    description:
      'A new version decides about each learner from their next event on, or about everybody at once where time matters to it (a deadline, ' +
      '`hold`, `validity`; `decidesAtOnce` says so); a first version also awards what was earned before. With ' +
      '`backfill` it also judges what is on record: the first answer is a preview of what that changes, with a `confirm` token that publishes ' +
      'exactly what was shown. Content that is live already changes nothing. Publishing brings a retired badge back. A rule with ' +
      '`stakes: high`, or in the place of one, is proposed only: somebody else approves it.',
  })
  @ApiCreatedResponse({ description: 'Published; `version` says as which.', schema: { $ref: getSchemaPath('PublishedView') } })
  @ApiAcceptedResponse({ description: 'Its stakes are high: it is proposed (`outcome`: proposed), and `proposal` names it.', schema: { $ref: getSchemaPath('ProposedView') } })
  @ApiOkResponse({ description: 'Nothing was published: it is live as it is (`outcome`: unchanged), or this is the preview.' })
  @ApiConflictResponse({ description: 'Another version is live than was expected or previewed.' })
  @ApiUnprocessableEntityResponse({ description: 'The rule is wrong; `diagnostics` says what and where.' })
  @ApiTooManyRequestsResponse({ description: 'Too many backtests are under way.' })
  async publish(@Body() body: PublishBody, @Who() who: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<Submitted> {
    const done = await this.commands.execute(new PublishRule(body, who, whileConnected(reply)));
    reply.code(STATUS[done.outcome]);
    return done;
  }

  /** Retires a rule. */
  @May('rule:publish', { ruleOf: 'badge' })
  @Post(':badge/retire')
  @ApiOperation({ summary: 'Retire a rule', description: 'Nobody earns the badge any more; awards stay, and are still judged by their versions. Twice is as once. Where its stakes are high, it is proposed: somebody else approves it.' })
  @ApiAcceptedResponse({ description: 'Its stakes are high: it is proposed, and `proposal` names it.' })
  @ApiOkResponse({ description: 'Retired; reads with this position as `minPosition` show it.' })
  @ApiNotFoundResponse({ description: 'There is no such rule.' })
  async retire(@Param('badge', IdPipe) badge: string, @Body() body: RetireBody, @Who() who: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<Retired> {
    const done = await this.commands.execute(new RetireRule(badge, body, who));
    reply.code(STATUS[done.outcome]);
    return done;
  }
}
