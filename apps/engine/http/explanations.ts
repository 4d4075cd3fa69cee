import { Controller, Get, Param, Query as QueryParams } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { explain, type Explanation } from '#awarding/explain.js';
import type { Award } from '#domain/award.js';
import type { Fact } from '#domain/facts.js';
import { isoTime } from '#projections/timeline-view.js';
import { May } from './access/permission.js';
import type { Engine } from '../engine.js';
import { verdictView } from './awards.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe, OptionalId } from './fields.js';
import { LearnerPipe } from './learner-pipe.js';

class ExplanationQuery {
  @OptionalId('Of a badge that recurs: which period; the present one where absent.')
  period?: string;
}

const awardView = (award: Award) =>
  award.status === 'none'
    ? null
    : {
        id: award.award,
        state: award.status,
        rule: { version: award.rule.version, hash: award.rule.hash },
        earnedAt: isoTime(award.earnedAt),
        ...(award.validUntil !== undefined && { validUntil: isoTime(award.validUntil) }),
        decidedByPerson: award.decidedByPerson,
      };

const factView = ({ id, type, course, activity, occurrence, time, values, correctedBy }: Fact) => {
  const { status, role, score, max, kind, tags, title } = values;
  return { id, type, course, activity, occurrence, time: isoTime(time), values: { status, role, score, max, kind, tags, title }, correctedBy };
};

const explanationView = ({ learner, badge, period, rule, award, verdict, criteria, remaining, earnedAt, validUntil, decidesAt, evidence, replay }: Explanation) => ({
  learner,
  badge,
  ...(period !== '' && { period }),
  rule: { version: rule.version, hash: rule.hash },
  award: awardView(award),
  verdict: verdictView(verdict),
  criteria,
  remaining,
  ...(earnedAt !== undefined && { earnedAt: isoTime(earnedAt) }),
  ...(validUntil !== undefined && { validUntil: isoTime(validUntil) }),
  ...(decidesAt !== undefined && { decidesAt: isoTime(decidesAt) }),
  evidence: evidence.map(factView),
  ...(replay && { replay: { ...replay, verdict: verdictView(replay.verdict) } }),
});
type ExplanationView = ReturnType<typeof explanationView>;

class ExplainBadge extends Query<ExplanationView> {
  constructor(
    readonly learner: string,
    readonly badge: string,
    readonly period: string | undefined,
  ) {
    super();
  }
}

/** Why a learner has a badge, or what is missing. */
@QueryHandler(ExplainBadge)
export class ExplainBadgeHandler implements IQueryHandler<ExplainBadge> {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  async execute({ learner, badge, period }: ExplainBadge): Promise<ExplanationView> {
    const { store, config: { tenant } } = this.engine;
    return explanationView(await explain(store, { tenant, learner, badge, now: Date.now(), ...(period !== undefined && { period }) }));
  }
}

/** Explanations, straight from the log. */
@ApiTags('learners')
@May('learner:read', { learner: 'id' })
@Controller('v1/learners/:id/badges')
export class ExplanationsController {
  constructor(private readonly queries: QueryBus) {}

  /** The verdict now, criterion by criterion, what is missing, and whether the last decision can be repeated. */
  @Get(':badge/explanation')
  @ApiOperation({
    summary: 'Why a learner has a badge, or what is missing',
    description: 'Each criterion with its value and need, the least that is still to do, the facts that count, and the last decision evaluated again on what it was made on.',
  })
  @ApiOkResponse({ description: 'The explanation.' })
  @ApiNotFoundResponse({ description: 'There is no such badge or period, or nothing is recorded about such a learner.' })
  explain(@Param('id', LearnerPipe) id: string, @Param('badge', IdPipe) badge: string, @QueryParams() { period }: ExplanationQuery): Promise<ExplanationView> {
    return this.queries.execute(new ExplainBadge(id, badge, period));
  }
}
