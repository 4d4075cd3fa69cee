import { Body, Controller, Get, HttpCode, Param, Post, Query as QueryParams, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Credential } from '#domain/credential-event.js';
import { readCode, showCode } from '#credentials/code.js';
import { credentialAddress, verifyAddress } from '#credentials/document/addresses.js';
import type { Report } from '#credentials/verify/report.js';
import { isoTime } from '#projections/timeline-view.js';
import { ForEverybody } from './access/permission.js';
import { ANY_BODY } from './bodies.js';
import { Engagement } from './engagement/engagement.js';
import { OptionalText } from './fields.js';
import { IssuedCredentials } from './issued-credentials.js';
import { refuse } from './problem.js';
import { Verification } from './verification.js';

class VerifyQuery {
  @OptionalText("In which language's edition, like ko; the badge's own where absent.", 35)
  language?: string;
}

/** What a verified credential of ours is, beside the report. */
interface Ours {
  readonly code: string;
  readonly status: Credential['status'];
  readonly issuedAt: string;
  readonly changedAt: string;
  readonly page: string;
  /** The holder's name while they consent to it; no check says that it is right. */
  readonly holder?: { readonly name: string };
  readonly credentials: Readonly<Record<string, string>>;
}

type OwnReport = Report & { readonly credential: Ours };
/** `credential` is there for one of ours that was asked for by its code or address. */
type AnyReport = Report & { readonly credential?: Ours };

/** The code in what somebody gave: the code itself, or one of our addresses with it. */
export const codeIn = (text: string, base: string): string | undefined => {
  const trimmed = text.trim();
  const [, inAddress] = trimmed.startsWith(`${base}/`) ? (/^\/(?:v|credentials)\/([^/?#]{16,40})/.exec(trimmed.slice(base.length)) ?? []) : [];
  return readCode(inAddress ?? trimmed);
};

/** Verifies badges for anybody. */
@ApiTags('verification')
@ForEverybody()
@Controller('v1/verify')
export class VerifyController {
  constructor(
    private readonly issued: IssuedCredentials,
    private readonly verification: Verification,
    private readonly engagement: Engagement,
  ) {}

  /** Verifies a credential of ours by its code. */
  @Get(':code')
  @ApiOperation({
    summary: 'Verify by code',
    description: 'Each check with its result and what it means, in English and Korean. A code with a slip in it is not looked up; codes that nobody has and codes that were erased answer alike. `credential.holder` has the name of the holder while they consent to it (public-name).',
  })
  @ApiOkResponse({ description: 'The report.' })
  @ApiNotFoundResponse({ description: 'There is no credential of this code.' })
  async byCode(@Param('code') code: string, @QueryParams() { language }: VerifyQuery, @Req() request: FastifyRequest): Promise<OwnReport> {
    const credential = await this.issued.get(code);
    this.engagement.note(credential, 'verification', 'api', request);
    const [own = ''] = Object.keys(credential.editions);
    const { document } = await this.issued.edition(credential.code, language ?? own);
    return { ...(await this.verification.verify(JSON.stringify(document))), credential: await this.#ours(credential) };
  }

  /** Verifies a badge of whomever. */
  @Post()
  @HttpCode(200)
  @RouteConfig(ANY_BODY)
  @ApiConsumes('application/json', 'text/plain', 'image/png', 'image/svg+xml')
  @ApiBody({ description: 'The badge: JSON, a signed token, a baked PNG or SVG; or as text a code or address of ours.', schema: { type: 'string', format: 'binary' } })
  @ApiOperation({ summary: 'Verify a badge', description: 'Also of other issuers, as far as their keys are known here. Nothing is kept.' })
  @ApiOkResponse({ description: 'The report.' })
  async given(@Body() body: Buffer | undefined, @Req() request: FastifyRequest): Promise<AnyReport> {
    if (!Buffer.isBuffer(body) || body.length === 0) throw refuse('bad-request', 'Send the badge as the body: JSON, a signed token, a PNG or SVG image, or a code.');
    const code = body.length < 500 ? codeIn(body.toString('utf8'), this.issued.base) : undefined;
    if (code !== undefined) return this.byCode(code, {}, request);
    const report = await this.verification.verify(body);
    await this.verification.noteUpload(report, request);
    return report;
  }

  async #ours(credential: Credential): Promise<Ours> {
    const { code, status, issuedAt, changedAt, editions } = credential;
    const { base } = this.issued;
    const holder = await this.issued.holder(credential);
    return {
      code: showCode(code), status, issuedAt: isoTime(issuedAt), changedAt: isoTime(changedAt), page: verifyAddress(base, code), ...(holder && { holder: { name: holder.name } }),
      credentials: Object.fromEntries(Object.keys(editions).map((language) => [language, credentialAddress(base, code, language)])),
    };
  }
}
