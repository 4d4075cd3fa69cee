import { PassThrough, type Readable } from 'node:stream';
import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags, ApiTooManyRequestsResponse, ApiUnprocessableEntityResponse, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { BacktestProgress } from '#awarding/backtest.js';
import { readRuleVersions, type RuleVersions } from '#awarding/rule-versions.js';
import { parseRule } from '#rules/parse.js';
import type { Rule } from '#rules/rule.js';
import { May } from './access/permission.js';
import type { Engine } from '../engine.js';
import { backtestView, type BacktestView } from './backtest-view.js';
import { Backtests } from './backtests.js';
import { InjectEngine } from './engine-token.js';
import { OptionalId, OptionalIds, OptionalInteger, OptionalText, OptionalVersion } from './fields.js';
import { problemOf } from './problem-filter.js';
import { problem, ProblemException, refuse, type Problem } from './problem.js';

const MAX_SOURCE = 100_000;
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1_000;
const MAX_LEARNERS = 1_000;

class BacktestBody {
  @OptionalText('The rule: what would stand in a rule file. Either this or `badge`.', MAX_SOURCE)
  source?: string;

  @OptionalId('The badge whose published rule is tried.')
  badge?: string;

  @OptionalInteger('Which version of it; the live one where absent.', 1, Number.MAX_SAFE_INTEGER)
  version?: number;

  @OptionalVersion('A version of the same badge to compare with: its number, or "live".')
  against?: number | 'live';

  @OptionalIds('Only these learners.', MAX_LEARNERS)
  learners?: string[];

  @OptionalInteger('How many of each kind are listed; all are counted.', 0, MAX_LIMIT, DEFAULT_LIMIT)
  limit?: number;
}

/** A line of the answer; the last one has the result or a problem. */
type BacktestLine = { readonly progress: BacktestProgress } | { readonly result: BacktestView } | { readonly problem: Problem };

class BacktestRule extends Query<Readable> {
  constructor(readonly asked: BacktestBody) {
    super();
  }
}

const publishedRule = (versions: RuleVersions, badge: string, version: number | 'live'): Rule => {
  const found = version === 'live' ? versions.live(badge) : versions.version(badge, version);
  if (found) return found.rule;
  throw refuse('not-found', version === 'live' ? `No rule of a badge "${badge}" is live.` : `The rule of the badge "${badge}" has no version ${version}.`);
};

const triedRule = ({ source, badge, version }: BacktestBody, versions: RuleVersions): Rule => {
  if ((source === undefined) === (badge === undefined)) throw refuse('bad-request', 'Name either "source" or "badge".');
  if (source === undefined) return publishedRule(versions, badge ?? '', version ?? 'live');
  if (version !== undefined) throw refuse('bad-request', '"version" belongs to "badge".');
  const parsed = parseRule(source, 'source');
  if (parsed.ok) return parsed.rule;
  throw new ProblemException(problem('rule-invalid', 'The rule cannot be tried; `diagnostics` says what is wrong and where.', { diagnostics: parsed.diagnostics }));
};

/** Tries a rule on everything that is recorded. */
@QueryHandler(BacktestRule)
export class BacktestRuleHandler implements IQueryHandler<BacktestRule> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly backtests: Backtests,
  ) {}

  /** The lines of the answer; who destroys them ends the backtest. */
  async execute({ asked }: BacktestRule): Promise<Readable> {
    const { store, config: { tenant } } = this.engine;
    const { against, learners, limit = DEFAULT_LIMIT } = asked;
    const versions = await readRuleVersions(store, tenant);
    const rule = triedRule(asked, versions);
    const other = against === undefined ? undefined : publishedRule(versions, rule.badge, against);
    const lines = new PassThrough();
    const gone = new AbortController();
    lines.once('close', () => gone.abort());
    const say = (line: BacktestLine): void => {
      if (!lines.destroyed) lines.write(`${JSON.stringify(line)}\n`);
    };
    const run = this.backtests.start({ tenant, rule, limit, now: Date.now(), ...(other && { against: other }), ...(learners && { learners }) }, gone.signal, (progress) => say({ progress }));
    void run
      .then((result) => say({ result: backtestView(result) }), (error: unknown) => say({ problem: problemOf(error) }))
      .finally(() => lines.end());
    return lines;
  }
}

/** Rules on recorded history. */
@ApiTags('rules')
@May('rule:try', { rule: 'body' })
@Controller('v1/rules/backtest')
export class RuleBacktestController {
  constructor(private readonly queries: QueryBus) {}

  /** Streams progress and, in the last line, what the rule comes to. */
  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Try a rule on what is recorded',
    description:
      'Nothing is written. The answer is JSON, one value a line: `{"progress": {"done", "total", "eligible", "earned"}}` now and then (of the learners who are done), then `{"result": …}` with who would have ' +
      'earned the badge and when, what each criterion filters out, who came close and what is missing, and the difference to another version; or ' +
      '`{"problem": …}`. Closing the connection ends it.',
  })
  @ApiOkResponse({ description: 'Progress lines and the result.', content: { 'application/x-ndjson': { schema: { $ref: getSchemaPath('BacktestLine') } } } })
  @ApiNotFoundResponse({ description: 'There is no such rule or version.' })
  @ApiUnprocessableEntityResponse({ description: 'The rule is wrong; `diagnostics` says what and where.' })
  @ApiTooManyRequestsResponse({ description: 'Too many backtests are under way.' })
  async backtest(@Body() asked: BacktestBody, @Res() reply: FastifyReply): Promise<void> {
    const lines = await this.queries.execute(new BacktestRule(asked));
    await reply.header('content-type', 'application/x-ndjson; charset=utf-8').send(lines);
  }
}
