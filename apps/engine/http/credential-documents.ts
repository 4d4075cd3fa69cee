import { Controller, Get, Headers, Param, Query as QueryParams, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { canonicalJson } from '#domain/ids.js';
import { verifyAddress } from '#credentials/document/addresses.js';
import { ForEverybody } from './access/permission.js';
import { OptionalChoice } from './fields.js';
import { IssuedCredentials } from './issued-credentials.js';
import { documented, MEDIA, openToAll, prefers } from './public-documents.js';

class EditionQuery {
  static readonly ignoresOthers = true;

  @OptionalChoice('jwt: as a JSON Web Token.', ['json', 'jwt'])
  format?: 'json' | 'jwt';

  @OptionalChoice('With which algorithm a JSON Web Token is signed; ES256 where absent.', ['ES256', 'RS256'])
  algorithm?: 'ES256' | 'RS256';
}

/** Signed credentials at their own addresses, for wallets and verifiers. */
@ApiTags('credentials')
@ForEverybody()
@Controller('credentials')
export class CredentialDocumentsController {
  constructor(private readonly issued: IssuedCredentials) {}

  /** The trace whose hash a credential states. */
  @Get(':code/trace')
  @ApiOperation({ summary: 'Decision trace', description: 'The canonical JSON (RFC 8785) of the decision trace; its sha256 stands in the credential.' })
  @ApiOkResponse({ description: 'Each criterion with its value, what was needed, and a digest of the id of each fact that counts.', content: documented(MEDIA.json) })
  @ApiNotFoundResponse({ description: 'There is no credential of this code.' })
  async trace(@Param('code') code: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { trace } = await this.issued.get(code);
    openToAll(reply, MEDIA.json, 0);
    return canonicalJson(trace);
  }

  /** The credential anew, for wallets that refresh what they hold (OB 3.0 `RefreshService`). */
  @Get(':code/:language/refresh')
  @ApiOperation({ summary: 'Signed credential, as it is now' })
  @ApiOkResponse({ description: 'The `OpenBadgeCredential`.', content: documented(MEDIA.credential, MEDIA.newCredential) })
  @ApiNotFoundResponse({ description: 'There is no credential of this code and language.' })
  refresh(@Param('code') code: string, @Param('language') language: string, @Headers('accept') accept: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.edition(code, language, {}, accept, reply);
  }

  /** The signed document, as JSON-LD or as a JSON Web Token; a browser is led to the page for people. */
  @Get(':code/:language')
  @ApiOperation({ summary: 'Signed credential', description: 'An `OpenBadgeCredential` with its proof; as a JSON Web Token for `Accept: text/plain` or `format=jwt`.' })
  @ApiProduces(MEDIA.credential, MEDIA.newCredential, 'text/plain', 'text/html')
  @ApiOkResponse({ description: 'The credential.', content: documented(MEDIA.credential, MEDIA.newCredential) })
  @ApiNotFoundResponse({ description: 'There is no credential of this code and language.' })
  async edition(
    @Param('code') code: string, @Param('language') language: string, @QueryParams() { format, algorithm = 'ES256' }: EditionQuery,
    @Headers('accept') accept: string | undefined, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { credential, document } = await this.issued.edition(code, language);
    if (format === 'jwt' || (format === undefined && prefers(accept, 'text/plain'))) {
      openToAll(reply, MEDIA.jwt, 0);
      return this.issued.jwt(credential, document, algorithm);
    }
    if (format === undefined && prefers(accept, 'text/html')) {
      reply.status(303).header('location', verifyAddress(this.issued.base, credential.code)).header('vary', 'accept');
      return '';
    }
    openToAll(reply, prefers(accept, MEDIA.newCredential) ? MEDIA.newCredential : MEDIA.credential, 0);
    return JSON.stringify(document);
  }
}
