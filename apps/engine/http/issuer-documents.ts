import { Controller, Get, Headers, Param, ParseIntPipe, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CONTEXTS } from '#credentials/document/open-badge.js';
import { profileNode } from '#credentials/document/profile.js';
import { didDocument, jwks, publicJwk, trustedKeys } from '#credentials/issuer/did-document.js';
import { profileOf } from '#credentials/issuing/issuers.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { ForEverybody } from './access/permission.js';
import { IdPipe } from './fields.js';
import { IssuedCredentials } from './issued-credentials.js';
import { preferredLanguage } from './languages.js';
import { refuse } from './problem.js';
import { documented, MEDIA, openToAll } from './public-documents.js';

const MINUTES = 60;

/** What verifiers need of an issuer: who it is, which keys speak for it, and what it has taken back. */
@ApiTags('issuers')
@ForEverybody()
@Controller('issuers')
export class IssuerDocumentsController {
  constructor(private readonly issued: IssuedCredentials) {}

  /** The profile. */
  @Get(':issuer')
  @ApiOperation({ summary: 'Profile of an issuer (OB 3.0)' })
  @ApiOkResponse({ description: 'The profile.', content: documented(MEDIA.jsonLd) })
  @ApiNotFoundResponse({ description: 'There is no such issuer.' })
  async profile(@Param('issuer', IdPipe) issuer: string, @Headers('accept-language') languages: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const found = await this.issued.issuer(issuer);
    const document = { '@context': [CONTEXTS[0], CONTEXTS[1]], ...profileNode(this.issued.base, issuer, profileOf(found, issuer), preferredLanguage(languages)) };
    return this.#send(reply, MEDIA.jsonLd, 5 * MINUTES, document, 'accept, accept-language');
  }

  /** The DID document. */
  @Get(':issuer/did.json')
  @ApiOperation({ summary: 'DID document of an issuer (did:web)', description: 'The keys whose signatures hold; a key that was given up is not there.' })
  @ApiOkResponse({ description: 'The DID document.', content: documented(MEDIA.did) })
  @ApiNotFoundResponse({ description: 'There is no such issuer.' })
  async did(@Param('issuer', IdPipe) issuer: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.#send(reply, MEDIA.did, 5 * MINUTES, didDocument(await this.issued.issuer(issuer), this.issued.base, issuer));
  }

  /** All keys at once. */
  @Get(':issuer/jwks.json')
  @ApiOperation({ summary: 'Keys of an issuer (JSON Web Key Set)' })
  @ApiOkResponse({ description: 'The key set.', content: documented(MEDIA.jwks) })
  @ApiNotFoundResponse({ description: 'There is no such issuer.' })
  async keys(@Param('issuer', IdPipe) issuer: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.#send(reply, MEDIA.jwks, 5 * MINUTES, jwks(await this.issued.issuer(issuer), this.issued.base, issuer));
  }

  /** One key: what the `kid` of a JSON Web Token leads to. */
  @Get(':issuer/keys/:kid')
  @ApiOperation({ summary: 'One key of an issuer (a bare JSON Web Key)' })
  @ApiOkResponse({ description: 'The key.', content: documented(MEDIA.jwk) })
  @ApiNotFoundResponse({ description: 'There is no such key, or it was given up.' })
  async key(@Param('issuer', IdPipe) issuer: string, @Param('kid', IdPipe) kid: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const key = trustedKeys(await this.issued.issuer(issuer)).find((one) => one.kid === kid);
    if (!key) throw refuse('not-found', `The issuer "${issuer}" has no key "${kid}" that holds.`);
    return this.#send(reply, MEDIA.jwk, 5 * MINUTES, publicJwk(key, this.issued.base, issuer));
  }

  /** A status list. */
  @Get(':issuer/status/:list/:purpose')
  @ApiOperation({ summary: 'Status list (Bitstring Status List v1.0)', description: 'Signed; `purpose` is revocation or suspension.' })
  @ApiOkResponse({ description: 'The `BitstringStatusListCredential`.', content: documented(MEDIA.credential) })
  @ApiNotFoundResponse({ description: 'There is no such list.' })
  async status(@Param('issuer', IdPipe) issuer: string, @Param('list', ParseIntPipe) list: number, @Param('purpose') purpose: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (purpose !== 'revocation' && purpose !== 'suspension') throw refuse('not-found', 'There are lists of "revocation" and of "suspension".');
    return this.#send(reply, MEDIA.credential, MINUTES, await this.issued.statusList({ issuer, list, purpose }));
  }

  #send(reply: FastifyReply, mediaType: string, maxAgeSeconds: number, document: JsonObject, vary?: string): string {
    openToAll(reply, mediaType, maxAgeSeconds, vary);
    return JSON.stringify(document);
  }
}
