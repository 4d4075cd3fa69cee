import { Body, Controller, Get, HttpCode, Param, Post, Query as QueryParams, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiForbiddenResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Credential } from '#domain/credential-event.js';
import { bakePng } from '#credentials/baking/bake-png.js';
import { bakeSvg } from '#credentials/baking/bake-svg.js';
import { LANGUAGES, TEMPLATES, type Language, type Template } from '#credentials/certificate/certificate.js';
import { isoTime } from '#projections/timeline-view.js';
import { ForEverybody, May } from './access/permission.js';
import { BadgePictures } from './badge-pictures.js';
import { Certificates } from './certificates.js';
import { IdPipe, OptionalChoice, Text } from './fields.js';
import { IssuedCredentials } from './issued-credentials.js';
import { refuse } from './problem.js';
import { PrivateArtefacts } from './private-artefacts.js';
import { openToAll } from './public-documents.js';

class BakeQuery {
  static readonly ignoresOthers = true;

  @OptionalChoice('What is baked into the picture: the JSON, or the JSON Web Token.', ['json', 'jwt'])
  format?: 'json' | 'jwt';
}

class CertificateQuery {
  static readonly ignoresOthers = true;

  @OptionalChoice('The design; that of the issuer where absent.', TEMPLATES)
  template?: Template;
}

class CertificateBody {
  @Text('The 16 characters of the credential.', 40)
  code!: string;

  @Text('Whose name is printed on it. It is not kept.', 200)
  recipient!: string;

  @OptionalChoice("In which language; the badge's own where absent.", LANGUAGES)
  language?: Language;

  @OptionalChoice('The design; that of the issuer where absent.', TEMPLATES)
  template?: Template;
}

class LinkQuery {
  @Text('Until when it is good.', 20)
  until!: string;

  @Text('The signature of the address.', 100)
  signature!: string;
}

const languageIn = (language: string): Language => (language === 'ko' || language.startsWith('ko-') ? 'ko' : 'en');

/** Badges to take along: pictures that carry the credential, and certificates to print. */
@ApiTags('credentials')
@ForEverybody()
@Controller()
export class ArtefactsController {
  constructor(
    private readonly issued: IssuedCredentials,
    private readonly pictures: BadgePictures,
    private readonly certificates: Certificates,
    private readonly kept: PrivateArtefacts,
  ) {}

  /** The picture with the credential in it, as PNG. */
  @Get('credentials/:code/:language/badge.png')
  @ApiOperation({ summary: 'Baked badge (PNG)', description: 'The picture of the badge with the signed credential in it, which verifiers and backpacks read.' })
  @ApiProduces('image/png')
  @ApiOkResponse({ description: 'The picture.' })
  @ApiNotFoundResponse({ description: 'There is no credential of this code and language.' })
  async png(@Param('code') code: string, @Param('language') language: string, @QueryParams() { format }: BakeQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const { credential, text } = await this.#text(code, language, format);
    const baked = bakePng(await this.pictures.png(credential.badge, language, 1024), text);
    openToAll(reply, 'image/png', 0);
    this.#named(reply, `${credential.badge}.png`);
    return Buffer.from(baked);
  }

  /** The picture with the credential in it, as SVG. */
  @Get('credentials/:code/:language/badge.svg')
  @ApiOperation({ summary: 'Baked badge (SVG)' })
  @ApiProduces('image/svg+xml')
  @ApiOkResponse({ description: 'The picture.' })
  @ApiNotFoundResponse({ description: 'There is no credential of this code and language.' })
  async svg(@Param('code') code: string, @Param('language') language: string, @QueryParams() { format }: BakeQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { credential, text } = await this.#text(code, language, format);
    const baked = bakeSvg(await this.pictures.svg(credential.badge, language), text);
    openToAll(reply, 'image/svg+xml; charset=utf-8', 0);
    this.#named(reply, `${credential.badge}.svg`);
    return baked;
  }

  /** A certificate that names nobody, as PDF. */
  @Get('credentials/:code/:language/certificate.pdf')
  @ApiOperation({ summary: 'Certificate (PDF)', description: 'One A4 page with a QR code that leads to the page of the badge. It names nobody; POST /v1/certificates makes one with a name.' })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ description: 'The certificate.' })
  @ApiNotFoundResponse({ description: 'There is no credential of this code and language.' })
  pdf(@Param('code') code: string, @Param('language') language: string, @QueryParams() { template }: CertificateQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    return this.#certificate(code, language, template, 'pdf', reply);
  }

  /** A certificate that names nobody, as PNG. */
  @Get('credentials/:code/:language/certificate.png')
  @ApiOperation({ summary: 'Certificate (PNG)' })
  @ApiProduces('image/png')
  @ApiOkResponse({ description: 'The certificate.' })
  @ApiNotFoundResponse({ description: 'There is no credential of this code and language.' })
  picture(@Param('code') code: string, @Param('language') language: string, @QueryParams() { template }: CertificateQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    return this.#certificate(code, language, template, 'png', reply);
  }

  /** A certificate with a name, behind addresses that expire. */
  @May('certificate:name', { code: 'body' })
  @Post('v1/certificates')
  @HttpCode(201)
  @ApiOperation({ summary: 'Certificate with a name', description: 'Drawn as PDF and PNG. The addresses are signed and good for five minutes; the files are kept in memory until then and nowhere else.' })
  @ApiCreatedResponse({ description: 'The addresses.' })
  @ApiNotFoundResponse({ description: 'There is no credential of this code.' })
  async named(@Body() { code, recipient, language, template }: CertificateBody) {
    const credential = await this.issued.get(code);
    this.#holds(credential);
    const { pdf, png } = await this.certificates.draw(credential, { recipient, ...(language && { language }), ...(template && { template }) });
    const { until, addresses } = await this.kept.keep({ 'certificate.pdf': { bytes: pdf, mediaType: 'application/pdf' }, 'certificate.png': { bytes: png, mediaType: 'image/png' } });
    return { pdf: addresses['certificate.pdf'], png: addresses['certificate.png'], until: isoTime(until) };
  }

  /** A private file at its signed address. */
  @Get('artefacts/:id/:name')
  @ApiOperation({ summary: 'Private file' })
  @ApiOkResponse({ description: 'The file.' })
  @ApiForbiddenResponse({ description: 'The address was altered or has expired.' })
  async private(@Param('id', IdPipe) id: string, @Param('name', IdPipe) name: string, @QueryParams() { until, signature }: LinkQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const { bytes, mediaType } = await this.kept.get(id, name, until, signature);
    reply.headers({ 'content-type': mediaType, 'cache-control': 'no-store', 'content-disposition': `attachment; filename="${name}"` });
    return Buffer.from(bytes);
  }

  async #certificate(code: string, language: string, template: Template | undefined, type: 'pdf' | 'png', reply: FastifyReply): Promise<Buffer> {
    const { credential } = await this.issued.edition(code, language);
    this.#holds(credential);
    const files = await this.certificates.draw(credential, { language: languageIn(language), ...(template && { template }) });
    openToAll(reply, type === 'pdf' ? 'application/pdf' : 'image/png', 0);
    this.#named(reply, `${credential.badge}-certificate.${type}`);
    return Buffer.from(files[type]);
  }

  #holds({ status }: Credential): void {
    if (status !== 'active') throw refuse('conflict', `This badge is ${status}; there is no certificate of it.`);
  }

  async #text(code: string, language: string, format: 'json' | 'jwt' | undefined) {
    const { credential, document } = await this.issued.edition(code, language);
    return { credential, text: format === 'jwt' ? await this.issued.jwt(credential, document, 'ES256') : JSON.stringify(document) };
  }

  #named(reply: FastifyReply, name: string): void {
    reply.header('content-disposition', `inline; filename="${name}"`);
  }
}
