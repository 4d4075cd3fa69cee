import { Body, Controller, Get, HttpCode, Param, Post, Query as QueryParams, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SHARE_TARGETS, type ShareTarget } from '#domain/engagement-event.js';
import { profileOf } from '#credentials/issuing/issuers.js';
import { sharedCredential, statusAtTime, type SharedCredential } from '#credentials/sharing/shared-credential.js';
import { ForEverybody } from '../access/permission.js';
import { Engagement } from '../engagement/engagement.js';
import { Choice, OptionalId } from '../fields.js';
import { IssuedCredentials } from '../issued-credentials.js';
import { refuse } from '../problem.js';

class LanguageQuery {
  @OptionalId('In which language (BCP 47) it is shared; the badge\'s own where absent, or where there is no such edition.')
  language?: string;
}

class ShareBody {
  @Choice('Where it is shared to.', SHARE_TARGETS)
  to!: ShareTarget;
}

interface ShownCredential extends SharedCredential {
  /** While they consent to it. */
  readonly holder?: { readonly name: string };
}

/** Credentials for pages, and that they are shared. */
@ApiTags('credentials')
@ForEverybody()
@Controller('v1/credentials')
export class SharedCredentialsController {
  constructor(
    private readonly issued: IssuedCredentials,
    private readonly engagement: Engagement,
  ) {}

  /** What a page shows of a credential. */
  @Get(':code')
  @ApiOperation({ summary: 'A credential for pages', description: 'Status, names by language, dates, addresses of its documents, and how to share it. It says whose it is only while the holder consents to it (public-name): `holder` has the name then. The links for LinkedIn name nobody, and nothing is sent there until somebody follows them.' })
  @ApiOkResponse({ description: 'The credential; `share` is there where it counts.' })
  @ApiNotFoundResponse({ description: 'There is no credential of this code.' })
  async get(@Param('code') code: string, @QueryParams() { language }: LanguageQuery): Promise<ShownCredential> {
    const credential = await this.issued.get(code);
    const { linkedIn } = profileOf(await this.issued.issuer(credential.issuer), credential.issuer);
    const holder = await this.issued.holder(credential);
    const shared = sharedCredential(credential, { base: this.issued.base, now: Date.now(), ...(language !== undefined && { language }), ...(linkedIn !== undefined && { linkedIn }) });
    return { ...shared, ...(holder && { holder: { name: holder.name } }) };
  }

  /** Records that a credential is shared. */
  @Post(':code/shares')
  @HttpCode(201)
  @ApiOperation({ summary: 'Record a share', description: 'For the page that has the buttons. Robots, and the same visitor within 30 minutes, change nothing.' })
  @ApiCreatedResponse({ description: '`recorded` is true where it is in the log now.' })
  @ApiOkResponse({ description: 'It was recorded before, or does not count.' })
  @ApiNotFoundResponse({ description: 'There is no credential of this code.' })
  async share(@Param('code') code: string, @Body() { to }: ShareBody, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<{ readonly recorded: boolean }> {
    const credential = await this.issued.get(code);
    const status = statusAtTime(credential, Date.now());
    if (status === 'revoked' || status === 'suspended') throw refuse('conflict', `This badge is ${status}; it is not shared.`);
    const recorded = await this.engagement.share(credential, to, request);
    if (!recorded) reply.status(200);
    return { recorded };
  }
}
