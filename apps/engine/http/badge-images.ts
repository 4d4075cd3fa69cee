import { Controller, Get, Param, ParseIntPipe, Query as QueryParams, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CONTEXTS, achievementNode, languagesOf } from '#credentials/document/open-badge.js';
import { profileOf } from '#credentials/issuing/issuers.js';
import { readRuleVersions } from '#awarding/rule-versions.js';
import { ForEverybody } from './access/permission.js';
import type { Engine } from '../engine.js';
import { BadgePictures } from './badge-pictures.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe, OptionalText, QueryInteger } from './fields.js';
import { IssuedCredentials } from './issued-credentials.js';
import { refuse } from './problem.js';
import { documented, MEDIA, openToAll } from './public-documents.js';

class PictureQuery {
  static readonly ignoresOthers = true;

  @OptionalText('In which language its name is, like ko; English where absent.', 35)
  lang?: string;

  @QueryInteger('How many pixels wide it is at least; 512 where absent.', 16, 1024)
  size?: number;
}

const DAY = 86_400;

/** Badges at their own addresses: what they are, and how they look. */
@ApiTags('badges')
@ForEverybody()
@Controller('badges')
export class BadgeImagesController {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly pictures: BadgePictures,
    private readonly issued: IssuedCredentials,
  ) {}

  /** The picture as PNG. */
  @Get(':badge/image.png')
  @ApiOperation({ summary: 'Picture of a badge (PNG)' })
  @ApiProduces('image/png')
  @ApiOkResponse({ description: 'The picture; below 128 pixels without the name.' })
  @ApiNotFoundResponse({ description: 'There is no such badge.' })
  async png(@Param('badge', IdPipe) badge: string, @QueryParams() { lang = 'en', size = 512 }: PictureQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const png = await this.pictures.png(badge, lang, size);
    openToAll(reply, 'image/png', DAY);
    return Buffer.from(png);
  }

  /** The picture as SVG. */
  @Get(':badge/image.svg')
  @ApiOperation({ summary: 'Picture of a badge (SVG)' })
  @ApiProduces('image/svg+xml')
  @ApiOkResponse({ description: 'The picture.' })
  @ApiNotFoundResponse({ description: 'There is no such badge.' })
  async svg(@Param('badge', IdPipe) badge: string, @QueryParams() { lang = 'en' }: PictureQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const svg = await this.pictures.svg(badge, lang);
    openToAll(reply, 'image/svg+xml; charset=utf-8', DAY);
    return svg;
  }

  /** The achievement of one rule version in one language. */
  @Get(':badge/:version/:language')
  @ApiOperation({ summary: 'Achievement (OB 3.0)', description: 'Of one version of its rule, in one language: it never changes.' })
  @ApiOkResponse({ description: 'The `Achievement`.', content: documented(MEDIA.jsonLd) })
  @ApiNotFoundResponse({ description: 'There is no such badge, version or language.' })
  async achievement(@Param('badge', IdPipe) badge: string, @Param('version', ParseIntPipe) version: number, @Param('language') language: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { store, config: { tenant } } = this.engine;
    const found = (await readRuleVersions(store, tenant)).version(badge, version);
    if (!found || !languagesOf(found.rule).includes(language)) throw refuse('not-found', `There is no version ${version} of the badge "${badge}" in "${language}".`);
    const issuer = found.rule.design.issuer ?? tenant;
    const profile = profileOf(await this.issued.issuer(issuer), issuer);
    const achievement = achievementNode({ base: this.issued.base, issuer: { id: issuer, profile }, rule: found.rule, reference: found.reference }, language, languagesOf(found.rule));
    openToAll(reply, MEDIA.jsonLd, DAY);
    return JSON.stringify({ '@context': [CONTEXTS[0], CONTEXTS[1]], ...achievement });
  }
}
