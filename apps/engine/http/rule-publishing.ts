import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, Query, QueryBus, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiConflictResponse, ApiCreatedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags, ApiTooManyRequestsResponse, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access/principal.js';
import type { BackfillEffects } from '#awarding/backfill-effects.js';
import { checkRules, type CheckedRule } from '#awarding/check-rules.js';
import { confirmationOf, inTurn, publishConfirmed, publishRule, retireRule, type Published, type PublishOptions } from '#awarding/publish-rules.js';
import { readRuleVersions, type RuleVersions } from '#awarding/rule-versions.js';
import type { Diagnostic } from '#rules/diagnostic.js';
import type { RuleChange } from '#rules/rule-changes.js';
import { May } from './access/permission.js';
import { Who } from './access/who.js';
import type { Engine } from '../engine.js';
import { differenceView } from './backtest-view.js';
import { Backtests } from './backtests.js';
import { whileConnected } from './connection.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe, OptionalFlag, OptionalInteger, OptionalText, Text } from './fields.js';
import { problem, ProblemException, refuse } from './problem.js';

/** What diagnostics call the text of a request. */
const SOURCE_FILE = 'source';
const MAX_SOURCE = 100_000;
const LISTED = 20;

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

interface PreviewView {
  readonly outcome: 'preview';
  readonly badge: string;
  /** The version that it would be, and the one that is live now; 0 for none. */
  readonly version: number;
  readonly liveVersion: number;
  /** The log position that the preview shows. */
  readonly position: number;
  readonly changes: readonly RuleChange[];
  readonly warnings: readonly Diagnostic[];
  /** Against the newest version, on the same history. */
  readonly difference?: ReturnType<typeof differenceView>;
  /** What would become of the awards on record. */
  readonly backfill: BackfillEffects;
  /** Send it back as `confirm` to publish exactly this. */
  readonly confirm: string;
}

class PublishRule extends Command<PublishedView | PreviewView> {
  constructor(
    readonly body: PublishBody,
    readonly who: Principal,
    readonly signal: AbortSignal,
  ) {
    super();
  }
}

interface Retired {
  readonly badge: string;
  readonly position: number;
}

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

const optionsOf = ({ store, config }: Engine): PublishOptions => ({ store, tenant: config.tenant, newId: randomUUID, now: Date.now });

/** Publishes a rule, or shows what publishing it for the past would change. */
@CommandHandler(PublishRule)
export class PublishRuleHandler implements ICommandHandler<PublishRule> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly backtests: Backtests,
  ) {}

  async execute({ body, who, signal }: PublishRule): Promise<PublishedView | PreviewView> {
    const { source, backfill = false, expectedVersion, confirm } = body;
    if (confirm !== undefined && !backfill) throw refuse('bad-request', '"confirm" belongs to "backfill": true.');
    const shown = await this.#check(source);
    if (backfill && confirm === undefined && shown.standing !== 'unchanged') return this.#preview(shown, expectedVersion, signal);
    const options = optionsOf(this.engine);
    const done = await inTurn(options, async () => {
      const checked = await this.#check(source);
      const published =
        confirm === undefined
          ? await publishRule(checked, { by: who.id, ...(expectedVersion !== undefined && { expectedVersion }) }, options)
          : await publishConfirmed(checked, confirm, { by: who.id }, options);
      const decidesAtOnce = published.outcome === 'published' && (backfill || checked.decidesAtOnce);
      return { ...published, rule: checked.rule, decidesAtOnce, changes: checked.changes, warnings: checked.warnings };
    });
    const { rule: { badge, design: { image } }, warnings, ...rest } = done;
    const pictures = await this.engine.artwork.fetch(image === undefined ? [] : [image]); // nobody else has to wait for it
    return { ...rest, badge, warnings: [...warnings, ...pictures.map((message) => ({ file: SOURCE_FILE, line: 1, column: 1, message }))] };
  }

  async #check(source: string): Promise<CheckedRule> {
    const { store, config } = this.engine;
    const { checked: [checked], diagnostics } = checkRules([{ file: SOURCE_FILE, text: source }], await readRuleVersions(store, config.tenant));
    if (checked) return checked;
    throw new ProblemException(problem('rule-invalid', 'Nothing was published; `diagnostics` says what is wrong and where.', { diagnostics }));
  }

  async #preview(checked: CheckedRule, expectedVersion: number | undefined, signal: AbortSignal): Promise<PreviewView> {
    const { rule, hash, version, liveVersion, changes, warnings } = checked;
    const { store, config: { tenant } } = this.engine;
    if (expectedVersion !== undefined && expectedVersion !== liveVersion) {
      throw refuse('version-moved', `The live version of "${rule.badge}" is ${liveVersion}, not ${expectedVersion}. Nothing was published.`);
    }
    const against = (await readRuleVersions(store, tenant)).version(rule.badge, version - 1)?.rule;
    const result = await this.backtests.start({ tenant, rule, limit: LISTED, now: Date.now(), backfill: { version, hash }, ...(against && { against }) }, signal);
    const { position, complete, difference, backfill } = result;
    if (!complete || !backfill) throw refuse('unavailable', 'The preview was ended before it was complete. Nothing was published.');
    return {
      outcome: 'preview',
      badge: rule.badge,
      version,
      liveVersion,
      position,
      changes,
      warnings,
      ...(difference && { difference: differenceView(difference) }),
      backfill,
      confirm: confirmationOf(tenant, checked, position),
    };
  }
}

/** Retires a rule. */
@CommandHandler(RetireRule)
export class RetireRuleHandler implements ICommandHandler<RetireRule> {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  async execute({ badge, body: { reason }, who }: RetireRule): Promise<Retired> {
    return { badge, ...(await retireRule({ badge, reason, by: who.id }, optionsOf(this.engine))) };
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
      'exactly what was shown. Content that is live already changes nothing. Publishing brings a retired badge back.',
  })
  @ApiCreatedResponse({ description: 'Published; `version` says as which.' })
  @ApiOkResponse({ description: 'Nothing was published: it is live as it is (`outcome`: unchanged), or this is the preview.' })
  @ApiConflictResponse({ description: 'Another version is live than was expected or previewed.' })
  @ApiUnprocessableEntityResponse({ description: 'The rule is wrong; `diagnostics` says what and where.' })
  @ApiTooManyRequestsResponse({ description: 'Too many backtests are under way.' })
  async publish(@Body() body: PublishBody, @Who() who: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<PublishedView | PreviewView> {
    const done = await this.commands.execute(new PublishRule(body, who, whileConnected(reply)));
    reply.code(done.outcome === 'published' ? 201 : 200);
    return done;
  }

  /** Retires a rule. */
  @May('rule:publish', { badge: 'badge' })
  @Post(':badge/retire')
  @HttpCode(200)
  @ApiOperation({ summary: 'Retire a rule', description: 'Nobody earns the badge any more; awards stay, and are still judged by their versions. Twice is as once.' })
  @ApiOkResponse({ description: 'Retired; reads with this position as `minPosition` show it.' })
  @ApiNotFoundResponse({ description: 'There is no such rule.' })
  retire(@Param('badge', IdPipe) badge: string, @Body() body: RetireBody, @Who() who: Principal): Promise<Retired> {
    return this.commands.execute(new RetireRule(badge, body, who));
  }
}
