import { Controller, Get, Header, Headers } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Action } from '#access/actions.js';
import { reachOf } from '#access/decide.js';
import type { Principal } from '#access/principal.js';
import { rootOf } from './access/own-path.js';
import { ForEverybody } from './access/permission.js';
import { MaybeWho } from './access/who.js';
import type { Engine } from '../engine.js';
import { VERSION } from '../version.js';
import { InjectEngine } from './engine-token.js';
import { preferredLanguage } from './languages.js';
import { LiveRules } from './live-rules.js';
import { below } from './page.html.js';
import { startPage, type Opening, type StartPage } from './start-page.html.js';

/** What each page that leads on asks for. */
const ASKS: Readonly<Record<Opening, Action>> = { badgeList: 'badge:read', awardList: 'award:read', analytics: 'analytics:read', letterList: 'letter:read', keys: 'access:read', projections: 'projection:read' };

/** The page that tells a newcomer what can be opened. */
@ApiTags('operation')
@ForEverybody()
@Controller()
export class StartPageController {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly rules: LiveRules,
  ) {}

  /** The start page, in English or Korean. */
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('vary', 'accept-language')
  @ApiOperation({ summary: 'Start page' })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'What can be opened.' })
  async page(@Headers('accept-language') languages: string | undefined, @MaybeWho() who: Principal | undefined): Promise<string> {
    const { tenant, publicUrl } = this.engine.config;
    const visitor = who?.tenant === tenant ? await this.#visitor(who) : undefined;
    return below(rootOf(publicUrl), startPage({ language: preferredLanguage(languages), version: VERSION, ...(visitor && { visitor }) }));
  }

  async #visitor(who: Principal): Promise<NonNullable<StartPage['visitor']>> {
    const { readModels, config: { tenant } } = this.engine;
    const mayAll = (action: Action): boolean => reachOf(who, action).includes('all');
    const own = who.kind === 'person' ? who.learner : undefined;
    const [rules, awards, openDeadLetters, [latest], [listed]] = await Promise.all([
      this.rules.rows(),
      readModels.count('award', { tenant, status: 'active', ...(!mayAll('award:read') && { learner: own ?? '' }) }),
      mayAll('letter:read') ? readModels.count('dead_letter', { tenant, status: 'open' }) : 0,
      readModels.find('award', { where: { tenant }, orderBy: ['-earnedAt'], limit: 1 }),
      readModels.find('roster', { where: { tenant }, limit: 1 }),
    ]);
    const anybody = mayAll('learner:read') ? (latest ?? listed)?.['learner'] : own;
    return {
      roles: who.kind === 'person' ? who.roles : who.actions,
      opens: (Object.keys(ASKS) as Opening[]).filter((one) => mayAll(ASKS[one])),
      learner: typeof anybody === 'string' ? anybody : undefined,
      figures: { badges: rules.length, awards, openDeadLetters },
    };
  }
}
