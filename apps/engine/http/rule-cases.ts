import { Body, Controller, HttpCode, Injectable, Post, Res, type OnModuleDestroy } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiForbiddenResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags, ApiTooManyRequestsResponse, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { decide } from '#access/decide.js';
import type { Principal } from '#access/principal.js';
import type { CourseEvent } from '#awarding/catalogue.js';
import { courseStreams } from '#awarding/course-streams.js';
import { readLearner } from '#awarding/history.js';
import type { MadeCase } from '#awarding/make-case.js';
import type { RecordedHistory } from '#awarding/recorded-history.js';
import { readLogEvent } from '#domain/log-event.js';
import { learnerIdOf } from '#domain/recipient.js';
import { leavesOf } from '#rules/evaluate.js';
import { parseRule } from '#rules/parse.js';
import type { Rule } from '#rules/rule.js';
import { May } from './access/permission.js';
import { Who } from './access/who.js';
import type { Engine } from '../engine.js';
import { whileConnected } from './connection.js';
import { InjectEngine } from './engine-token.js';
import { Id, OptionalText, Text } from './fields.js';
import { Jobs } from './jobs.js';
import { LiveRules } from './live-rules.js';
import { problem, ProblemException, refuse } from './problem.js';
import type { RuleCaseData } from './rule-case-job.js';
import { SOURCE_FILE } from './rule-previews.js';

const MAX_SOURCE = 100_000;
const AT_ONCE = 2;
const LIMIT_MS = 10_000;
const LIMIT_MB = 256;

class CaseBody {
  @Text('The text of the rule file.', MAX_SOURCE) source!: string;
  @Id('The learner whose history it is, in the course of the rule.') learner!: string;
  @OptionalText('The text of its example cases; the new one stands at their end.', MAX_SOURCE) cases?: string;
}

/** Example cases with one more. */
interface CaseView {
  /** The whole text of the file. */
  readonly cases: string;
  /** What the new case is called. */
  readonly case: string;
}

class MakeCase extends Query<CaseView> {
  constructor(
    readonly body: CaseBody,
    readonly who: Principal,
    readonly signal: AbortSignal,
  ) {
    super();
  }
}

/** Cases on behalf of requests: the rule is its author's, and chooses how much there is to evaluate. */
@Injectable()
export class RuleCases implements OnModuleDestroy {
  readonly #jobs = new Jobs<RuleCaseData, MadeCase>(new URL('./rule-case-job.js', import.meta.url), {
    atOnce: AT_ONCE,
    busy: `${AT_ONCE} example cases are being made. Send it again when one of them is done.`,
    megabytes: LIMIT_MB,
    milliseconds: LIMIT_MS,
    tooCostly: `It takes more than ${LIMIT_MS / 1000} seconds or ${LIMIT_MB} MB to find out what the rule comes to.`,
  });

  /** @throws ProblemException busy, too-costly, unavailable. */
  make(data: RuleCaseData, signal: AbortSignal): Promise<MadeCase> {
    return this.#jobs.run(data, signal);
  }

  async onModuleDestroy(): Promise<void> {
    await this.#jobs.end();
  }
}

/** Makes an example case of what is recorded of a learner. */
@QueryHandler(MakeCase)
export class MakeCaseHandler implements IQueryHandler<MakeCase> {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly rules: LiveRules,
    private readonly made: RuleCases,
  ) {}

  async execute({ body: { source, learner: given, cases }, who, signal }: MakeCase): Promise<CaseView> {
    const parsed = parseRule(source, SOURCE_FILE);
    if (!parsed.ok) throw new ProblemException(problem('case-impossible', 'The text is no rule; `diagnostics` says what is wrong and where.', { diagnostics: parsed.diagnostics }));
    const { rule } = parsed;
    if (rule.course === '') throw refuse('case-impossible', 'The rule has no course: it rests on badges and approvals alone, which may be of any course, and a case is made of one course only. Write what the learner holds under "badges" yourself.');
    const { keys, config: { tenant } } = this.engine;
    const learner = await learnerIdOf(keys, tenant, given);
    const { course } = rule;
    // Whoever tries rules need not be one who may see what learners did.
    const may = decide(who, 'learner:read', { tenant, learner, courses: [course] });
    if (!may.allowed) throw refuse('forbidden', `You may not do this: a case shows what a learner did, and ${may.reason}.`);
    const history = await this.#history(rule, learner);
    if (!history) throw refuse('not-found', `Nothing is recorded in the course "${course}" about this learner.`);
    const done = await this.made.make({ rule, history, cases }, signal);
    if ('impossible' in done) throw new ProblemException(problem('case-impossible', done.impossible, done.diagnostics ? { diagnostics: done.diagnostics } : {}));
    if (done.cases.length > MAX_SOURCE) throw refuse('case-impossible', `With the new case the file would be longer than ${MAX_SOURCE} characters.`);
    return done;
  }

  /** What is recorded of a learner in the course of a rule; undefined where nothing is, or nothing is any more. */
  async #history(rule: Rule, learner: string): Promise<RecordedHistory | undefined> {
    const { store, readModels, config: { tenant } } = this.engine;
    const { course } = rule;
    const row = await readModels.get('roster', { tenant, course, learner });
    if (!row) return undefined;
    const courseEvents: CourseEvent[] = [];
    for (const stream of courseStreams(tenant, course)) {
      for (const { type, schema, json } of await store.readStream(stream)) courseEvents.push(readLogEvent(type, schema, json) as CourseEvent);
    }
    const title = (await readModels.get('course', { tenant, course }))?.['title'];
    return {
      courseEvents,
      events: await readLearner(store, tenant, learner, Infinity),
      held: await this.#held(rule, learner),
      now: Date.now(),
      ...(typeof title === 'string' && { courseTitle: title }),
    };
  }

  /** The badges of the same course that a learner holds, where the rule asks for any. */
  async #held(rule: Rule, learner: string): Promise<RecordedHistory['held']> {
    if (!leavesOf(rule.criteria).some(({ selects }) => selects.some(({ type }) => type === 'BadgeHeld'))) return [];
    const { readModels, config: { tenant } } = this.engine;
    const levels = new Map((await this.rules.newest()).map(({ badge, document }) => [badge, document.design.level]));
    const rows = await readModels.find('award', { where: { tenant, learner, course: rule.course, status: 'active' }, orderBy: ['earnedAt'] });
    return rows.flatMap(({ badge, earnedAt }) => {
      const level = levels.get(badge as string);
      return badge === rule.badge ? [] : [{ badge: badge as string, earnedAt: earnedAt as number, ...(level && { level }) }];
    });
  }
}

/** Makes example cases for authors of rules. */
@ApiTags('rules')
@May('rule:try', { rule: 'body' })
@Controller('v1/rules')
export class RuleCasesController {
  constructor(private readonly queries: QueryBus) {}

  /** Makes an example case of a learner's history. */
  @Post('case')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Make an example case of a learner',
    description:
      'Adds a case to the example cases of a rule: what is recorded of a learner in the rule’s course, in short form and in order of arrival, without ids of ' +
      'people and class systems, with what the rule comes to now as what is expected. Nothing is kept. Who may not see what the learner did may not do this.',
  })
  @ApiOkResponse({ description: 'The whole file, and what the new case in it is called.' })
  @ApiForbiddenResponse({ description: 'A key that may try rules, but not read learners.' })
  @ApiNotFoundResponse({ description: 'Nothing is recorded about such a learner in the course.' })
  @ApiUnprocessableEntityResponse({ description: 'No case can be made of it (`case-impossible`), or finding out takes too much.' })
  @ApiTooManyRequestsResponse({ description: 'Too many are being made.' })
  make(@Body() body: CaseBody, @Who() who: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<CaseView> {
    return this.queries.execute(new MakeCase(body, who, whileConnected(reply)));
  }
}
