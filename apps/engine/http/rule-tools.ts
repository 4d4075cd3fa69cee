import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags, ApiTooManyRequestsResponse, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import type { FastifyReply } from 'fastify';
import type { RuleTest } from '#awarding/test-rule.js';
import { lintRule, unreadable, type Lint } from '#rules/lint/lint.js';
import { parseRule } from '#rules/parse.js';
import { May } from './access/permission.js';
import type { Engine } from '../engine.js';
import { awardRateOf } from '../award-rate.js';
import { surroundingsOf } from '../rule-surroundings.js';
import { Backtests } from './backtests.js';
import { whileConnected } from './connection.js';
import { InjectEngine } from './engine-token.js';
import { OptionalFlag, Text } from './fields.js';
import { RuleTests } from './rule-tests.js';

/** More than the longest rule or list of cases that is read. */
const MAX_SOURCE = 100_000;
const MAX_FILE = 300;

const Optional = (): PropertyDecorator => ValidateIf((_body, value) => value !== undefined);

class LintBody {
  @Text('the text of the rule file', MAX_SOURCE) source!: string;
  @ApiPropertyOptional({ description: 'its name, for places ("rule.yaml" where absent)' })
  @Optional()
  @Text('its name, for places', MAX_FILE)
  file?: string;
}

class AskedLint extends LintBody {
  @OptionalFlag('Also looks how many learners earn the badge on what is recorded; closing the connection ends it.')
  backtest?: boolean;
}

class TestBody extends LintBody {
  @Text('the text of its example cases', MAX_SOURCE) cases!: string;
}

class LintRule extends Query<Lint> {
  constructor(
    readonly body: AskedLint,
    readonly signal: AbortSignal,
  ) {
    super();
  }
}

class TestRule extends Query<RuleTest> {
  constructor(
    readonly body: TestBody,
    readonly signal: AbortSignal,
  ) {
    super();
  }
}

const FILE = 'rule.yaml';

/** What is to be said about a rule that somebody is writing, among those that are live. */
@QueryHandler(LintRule)
export class LintRuleHandler implements IQueryHandler<LintRule> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly backtests: Backtests,
  ) {}

  async execute({ body: { source, file = FILE, backtest = false }, signal }: LintRule): Promise<Lint> {
    const parsed = parseRule(source, file);
    // Not parsed twice: what is no rule at all takes the longest.
    if (!parsed.ok) return unreadable(file, parsed.diagnostics);
    const { rule } = parsed;
    const { tenant } = this.engine.config;
    const rate = backtest ? awardRateOf(await this.backtests.start({ tenant, rule, limit: 0, now: Date.now() }, signal)) : undefined;
    const around = await surroundingsOf(this.engine, tenant, [rule.course]);
    const others = (around.others ?? []).filter((other) => other.rule.badge !== rule.badge);
    return lintRule({ file, text: source }, { ...around, others, awardRate: () => rate });
  }
}

/** What comes of the example cases of a rule that somebody is writing. */
@QueryHandler(TestRule)
export class TestRuleHandler implements IQueryHandler<TestRule> {
  constructor(private readonly tests: RuleTests) {}

  async execute({ body: { source, cases, file = FILE }, signal }: TestRule): Promise<RuleTest> {
    return this.tests.run({ rule: { file, text: source }, cases: { file: file.replace(/(\.ya?ml)?$/i, '.cases.yaml'), text: cases } }, signal);
  }
}

/** Tools for authors of rules: what they send is looked at, and kept nowhere. */
@ApiTags('rules')
@May('rule:try', { rule: 'body' })
@Controller('v1/rules')
export class RuleToolsController {
  constructor(private readonly queries: QueryBus) {}

  /** What is wrong in a rule, what is weak in its badge's design, and a score. */
  @Post('lint')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Look at a rule',
    description:
      'Says what the parser does not take, or else what is wrong, weak or missing in the design of the badge, each with its place, why it ' +
      'matters and how to fix it (English and Korean), with a score from 0 to 100, the rule as it was read, and, in plain ' +
      'language, its criteria and what the whole rule means. The rule stands among those that are live. With `backtest` it also says whether hardly anybody or nearly everybody earns ' +
      'the badge on what is recorded. Nothing is kept.',
  })
  @ApiOkResponse({ description: 'What is to be said about it; an unreadable rule has diagnostics and no score.' })
  @ApiTooManyRequestsResponse({ description: 'Too many backtests are under way.' })
  lint(@Body() body: AskedLint, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.queries.execute(new LintRule(body, whileConnected(reply)));
  }

  /** Runs example cases of a rule. */
  @Post('test')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Run example cases of a rule',
    description: 'Each case goes through both evaluators and the decisions that awards are made by. Nothing is kept.',
  })
  @ApiOkResponse({ description: 'What came of each case.' })
  @ApiUnprocessableEntityResponse({ description: 'The cases take too long.' })
  @ApiTooManyRequestsResponse({ description: 'Too many example cases are under way.' })
  test(@Body() body: TestBody, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.queries.execute(new TestRule(body, whileConnected(reply)));
  }
}
