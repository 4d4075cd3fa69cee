import { Controller, Get, Param } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { parseRule } from '#rules/parse.js';
import { May } from './access/permission.js';
import type { Engine } from '../engine.js';
import { casesBeside, readRuleFiles } from '../rule-files.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe } from './fields.js';
import { refuse } from './problem.js';

/** The example cases beside a rule file. */
interface FileCases {
  readonly badge: string;
  /** The text of the file. */
  readonly cases: string;
}

class GetFileCases extends Query<FileCases> {
  constructor(readonly badge: string) {
    super();
  }
}

/** Finds the example cases that stand beside the rule file of a badge. */
@QueryHandler(GetFileCases)
export class GetFileCasesHandler implements IQueryHandler<GetFileCases> {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  async execute({ badge }: GetFileCases): Promise<FileCases> {
    const { files } = await readRuleFiles(this.engine.config.rulesDirs);
    for (const { file, text } of files) {
      if (!text.includes(badge)) continue; // most files are of other badges, and need not be parsed to know it
      const parsed = parseRule(text, file);
      const cases = parsed.ok && parsed.rule.badge === badge ? await casesBeside(file) : undefined;
      if (cases !== undefined) return { badge, cases };
    }
    throw refuse('not-found', `No example cases stand beside a rule file of the badge "${badge}".`);
  }
}

/** Example cases of rule files. */
@ApiTags('rules')
@Controller('v1/rules')
export class RuleFileCasesController {
  constructor(private readonly queries: QueryBus) {}

  /** The example cases beside the rule file of a badge. */
  @May('rule:read')
  @Get(':badge/cases')
  @ApiOperation({ summary: 'Example cases of a rule file', description: 'The text of the file of example cases that stands beside the rule file of a badge, as it is now.' })
  @ApiOkResponse({ description: 'The cases.' })
  @ApiNotFoundResponse({ description: 'There are none.' })
  get(@Param('badge', IdPipe) badge: string): Promise<FileCases> {
    return this.queries.execute(new GetFileCases(badge));
  }
}
