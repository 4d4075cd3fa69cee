import { Controller, Get, Headers, HttpCode, Param, Post, Query as QueryParams, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Allow } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readCode } from '#credentials/code.js';
import { badgeImageAddress, verifyAddress } from '#credentials/document/addresses.js';
import { isJsonObject } from '#credentials/json-ld/json.js';
import { editionIn } from '#credentials/sharing/shared-credential.js';
import { oembedAddress } from '#credentials/sharing/oembed.js';
import { pageMeta } from '#credentials/sharing/page-meta.js';
import { rootOf } from './access/own-path.js';
import { ForEverybody } from './access/permission.js';
import { ANY_BODY } from './bodies.js';
import { Engagement } from './engagement/engagement.js';
import { fileInForm } from './form-file.js';
import { IssuedCredentials } from './issued-credentials.js';
import { preferredLanguage, type Language } from './languages.js';
import { MissedCodes, UnknownCode } from './missed-codes.js';
import { below } from './page.html.js';
import { Verification } from './verification.js';
import { credentialPage, reportPage, unknownPage, verifyForm } from './verify-page.html.js';

/** What a page is asked; whatever it is, a person gets a page. */
class PageQuery {
  static readonly ignoresOthers = true;

  @ApiPropertyOptional({ description: 'en or ko; what the browser prefers where absent.', type: String })
  @Allow()
  lang?: unknown;

  @ApiPropertyOptional({ description: 'How somebody came here: qr for a code that was scanned, code for one that was typed.', type: String })
  @Allow()
  via?: unknown;

  @ApiPropertyOptional({ description: 'A code to verify.', type: String })
  @Allow()
  code?: unknown;
}

const languageOf = ({ lang }: PageQuery, accepted: string | undefined): Language => (lang === 'ko' || lang === 'en' ? lang : preferredLanguage(accepted));
const textOf = (node: unknown, name: string): string => {
  const value = isJsonObject(node) ? node[name] : undefined;
  return typeof value === 'string' ? value : '';
};

/** Pages on which anybody verifies badges; they need no script. */
@ApiTags('verification')
@ForEverybody()
@Controller()
export class VerifyPagesController {
  constructor(
    private readonly issued: IssuedCredentials,
    private readonly verification: Verification,
    private readonly missed: MissedCodes,
    private readonly engagement: Engagement,
  ) {}

  /** One credential of ours: is it real, for what, since when. */
  @Get('v/:code')
  @ApiOperation({ summary: 'Page of a credential', description: 'For people: is it real, for what, by whom, since when; and whose, while the holder consents to it (public-name). It needs no script.' })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'The page.' })
  @ApiNotFoundResponse({ description: 'The page for a code that nobody has.', content: { 'text/html': {} } })
  async credential(@Param('code') code: string, @QueryParams() query: PageQuery, @Headers('accept-language') accepted: string | undefined, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const language = languageOf(query, accepted);
    this.#html(reply);
    const found = await this.#look(code, request, reply);
    if (found === 'too-many') return this.#page(verifyForm(language, 'tooMany'));
    if (!found) {
      reply.status(404);
      return this.#page(unknownPage(language));
    }
    const document = editionIn(found, language);
    const report = await this.verification.verify(JSON.stringify(document));
    this.engagement.note(found, 'view', 'page', request);
    this.engagement.note(found, 'verification', query.via === 'qr' || query.via === 'code' ? query.via : 'url', request);
    const { base } = this.issued;
    const url = verifyAddress(base, found.code);
    const name = textOf(document, 'name');
    const holder = await this.issued.holder(found);
    // Kept by nobody on the way, and not found by going back: a consent can be withdrawn. Other previews than LinkedIn's were not asked about.
    if (holder) reply.headers({ 'cache-control': 'no-store', vary: 'accept-language, user-agent' });
    const previewed = holder?.onLinkedIn && /LinkedInBot/i.test(request.headers['user-agent'] ?? '') ? `${holder.name}: ` : '';
    const head = pageMeta({
      title: `${previewed}${name} · ${textOf(document['issuer'], 'name')}`, description: textOf(document, 'description'), url, language,
      image: { url: `${badgeImageAddress(base, found.badge)}?size=1024&lang=${language}`, alt: name, width: 1024, height: 1024 },
      siteName: 'Proofmark', otherLanguages: [language === 'ko' ? 'en' : 'ko'], oembed: oembedAddress(base, url),
    });
    return this.#page(credentialPage({ code: found.code, badge: found.badge, document, languages: Object.keys(found.editions), ...(holder && { holder: holder.name }) }, report, language, head));
  }

  /** Where a code is entered or a file is given. */
  @Get('verify')
  @ApiOperation({ summary: 'Page to verify a badge', description: 'Takes a code or a file; with a code it leads to the page of its credential.' })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'The page.' })
  form(@QueryParams() query: PageQuery, @Headers('accept-language') accepted: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): string {
    const language = languageOf(query, accepted);
    this.#html(reply);
    if (query.code === undefined) return this.#page(verifyForm(language, undefined, this.issued.base));
    const code = typeof query.code === 'string' ? readCode(query.code) : undefined;
    if (code === undefined) {
      reply.status(400);
      return this.#page(verifyForm(language, 'slip', this.issued.base));
    }
    reply.status(303).header('location', `${rootOf(this.issued.base)}/v/${code}?lang=${language}&via=code`);
    return '';
  }

  /** What is found out about a file. */
  @Post('verify')
  @HttpCode(200)
  @RouteConfig(ANY_BODY)
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } })
  @ApiOperation({ summary: 'Page with what was found out about a file' })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'The page.' })
  async file(@QueryParams() query: PageQuery, @Headers('accept-language') accepted: string | undefined, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const language = languageOf(query, accepted);
    this.#html(reply);
    const file = await fileInForm(request.body, request.headers['content-type'], 'file');
    if (!file || file.length === 0) {
      reply.status(400);
      return this.#page(verifyForm(language, 'noFile'));
    }
    const report = await this.verification.verify(file);
    await this.verification.noteUpload(report, request);
    return this.#page(reportPage(report, language));
  }

  async #look(code: string, request: FastifyRequest, reply: FastifyReply) {
    const found = await this.issued.find(code);
    if (found) return found;
    const { status } = this.missed.answer(new UnknownCode(code), request.ip);
    if (status !== 429) return undefined;
    reply.status(429).header('retry-after', '60');
    return 'too-many' as const;
  }

  #page(html: string): string {
    return below(rootOf(this.issued.base), html);
  }

  #html(reply: FastifyReply): void {
    reply.headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', vary: 'accept-language' });
  }
}
