import { Controller, Get, Header, Headers } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Engine } from '../engine.js';
import { VERSION } from '../version.js';
import { Badges } from './badges.js';
import { InjectEngine } from './engine-token.js';
import { preferredLanguage } from './languages.js';
import { LiveRules } from './live-rules.js';
import { startPage } from './start-page.html.js';

/** The page that tells a newcomer what can be opened. */
@ApiTags('operation')
@Controller()
export class StartPageController {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly badges: Badges,
    private readonly rules: LiveRules,
  ) {}

  /** The start page, in English or Korean. */
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('vary', 'accept-language')
  @ApiOperation({ summary: 'Start page' })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'What can be opened.' })
  async page(@Headers('accept-language') languages: string | undefined): Promise<string> {
    const { readModels, config } = this.engine;
    const { tenant } = config;
    const [rules, counts, openDeadLetters, [latest], [listed]] = await Promise.all([
      this.rules.rows(),
      this.badges.counts(),
      readModels.count('dead_letter', { tenant, status: 'open' }),
      readModels.find('award', { where: { tenant }, orderBy: ['-earnedAt'], limit: 1 }),
      readModels.find('roster', { where: { tenant }, limit: 1 }),
    ]);
    const learner = (latest ?? listed)?.['learner'];
    return startPage({
      language: preferredLanguage(languages),
      version: VERSION,
      learner: typeof learner === 'string' ? learner : undefined,
      figures: { badges: rules.length, awards: counts.active, openDeadLetters },
    });
  }
}
