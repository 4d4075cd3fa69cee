import { Controller, Get, Param, ParseIntPipe, Res } from '@nestjs/common';
import { ApiGoneResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { achievementNode, languagesOf } from '#credentials/document/open-badge.js';
import { profileOf } from '#credentials/issuing/issuers.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { assertion, badgeClass, issuerProfile, revokedAssertion } from '#credentials/ob2/documents.js';
import { editionIn } from '#credentials/sharing/shared-credential.js';
import type { Rule } from '#rules/rule.js';
import { ForEverybody } from '../access/permission.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { IdPipe } from '../fields.js';
import { IssuedCredentials } from '../issued-credentials.js';
import { refuse } from '../problem.js';
import { documented, MEDIA, openToAll } from '../public-documents.js';

const MINUTES = 60;

const NOT_COUNTING = { revoked: 'The issuer has taken this badge back.', suspended: 'This badge does not count for now: the issuer looks into it.' } as const;

/** The same awards for software that reads Open Badges 2.0: hosted documents, which hold because they stand here. */
@ApiTags('open badges 2.0')
@ForEverybody()
@Controller('ob2')
export class OpenBadges2Controller {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly issued: IssuedCredentials,
  ) {}

  /** An award. */
  @Get('assertions/:code')
  @ApiOperation({ summary: 'Assertion (Open Badges 2.0, hosted)', description: 'It repeats what the signed credential states, in the badge\'s own language.' })
  @ApiOkResponse({ description: 'The Assertion.', content: documented(MEDIA.jsonLd) })
  @ApiGoneResponse({ description: 'It was taken back, or does not count for now: `revoked` is true.', content: documented(MEDIA.jsonLd) })
  @ApiNotFoundResponse({ description: 'There is no credential of this code.' })
  async assertion(@Param('code') typed: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const credential = await this.issued.get(typed);
    const { base } = this.issued;
    const { badge, code, status } = credential;
    if (status === 'active') return this.#send(reply, 0, assertion({ base, badge, code, document: editionIn(credential, undefined) }));
    reply.status(410);
    return this.#send(reply, 0, revokedAssertion(base, code, NOT_COUNTING[status]));
  }

  /** A badge, as a version of its rule says it. */
  @Get('badges/:badge/:version/:language')
  @ApiOperation({ summary: 'BadgeClass (Open Badges 2.0)' })
  @ApiOkResponse({ description: 'The BadgeClass.', content: documented(MEDIA.jsonLd) })
  @ApiNotFoundResponse({ description: 'There is no such badge, version or language.' })
  async badge(@Param('badge', IdPipe) badge: string, @Param('version', ParseIntPipe) version: number, @Param('language') language: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { base } = this.issued;
    const { readModels, config: { tenant } } = this.engine;
    const row = Number.isSafeInteger(version) ? await readModels.get('rule_version', { tenant, badge, version }) : undefined;
    const rule = row?.['document'] as Rule | undefined;
    const languages = rule ? languagesOf(rule) : [];
    if (!row || !rule || !languages.includes(language)) throw refuse('not-found', 'There is no such badge, version or language.');
    const issuer = rule.design.issuer ?? tenant;
    const profile = profileOf(await this.issued.issuer(issuer), issuer);
    const reference = { badge, version, hash: row['hash'] as string };
    const achievement = achievementNode({ base, issuer: { id: issuer, profile }, rule, reference }, language, languages);
    return this.#send(reply, 5 * MINUTES, badgeClass({ base, issuer }, badge, achievement));
  }

  /** Who issued it. */
  @Get('issuers/:issuer')
  @ApiOperation({ summary: 'Issuer (Open Badges 2.0)', description: 'Open Badges 2.0 wants an e-mail address there: give one in the issuer\'s file.' })
  @ApiOkResponse({ description: 'The Profile.', content: documented(MEDIA.jsonLd) })
  @ApiNotFoundResponse({ description: 'There is no such issuer.' })
  async issuer(@Param('issuer', IdPipe) issuer: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const profile = profileOf(await this.issued.issuer(issuer), issuer);
    return this.#send(reply, 5 * MINUTES, issuerProfile({ base: this.issued.base, issuer }, profile, 'en'));
  }

  #send(reply: FastifyReply, maxAgeSeconds: number, document: JsonObject): string {
    openToAll(reply, MEDIA.jsonLd, maxAgeSeconds);
    return JSON.stringify(document);
  }
}
