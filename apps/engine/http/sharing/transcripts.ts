import { randomUUID } from 'node:crypto';
import { Controller, Get, Param, Query as QueryParams, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Credential } from '#domain/credential-event.js';
import { clrCredential } from '#credentials/clr/clr-credential.js';
import { profileNode } from '#credentials/document/profile.js';
import { profileOf } from '#credentials/issuing/issuers.js';
import { pseudonymOf } from '#credentials/issuing/pseudonym.js';
import { editionIn } from '#credentials/sharing/shared-credential.js';
import { May } from '../access/permission.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { OptionalId } from '../fields.js';
import { LearnerPipe } from '../learner-pipe.js';
import { IssuedCredentials } from '../issued-credentials.js';
import { refuse } from '../problem.js';
import { MEDIA } from '../public-documents.js';
import { LearnerCredentials } from './learner-credentials.js';

class TranscriptQuery {
  @OptionalId('In which language (BCP 47); each badge\'s own where it has no such edition, and where absent.')
  language?: string;

  @OptionalId('The issuer that signs it; the one with most of the badges where absent.')
  issuer?: string;
}

/** The issuer with most of the credentials; of several that with the latest one. */
const mainIssuer = (credentials: readonly Credential[]): string => {
  const counts = new Map<string, number>();
  for (const { issuer } of credentials) counts.set(issuer, (counts.get(issuer) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), ['', 0])[0];
};

/** Everything that a learner holds, as one signed document. */
@ApiTags('learners')
@May('learner:read', { learner: 'id' })
@Controller('v1/learners')
export class TranscriptsController {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly issued: IssuedCredentials,
    private readonly credentials: LearnerCredentials,
  ) {}

  /** The transcript. */
  @Get(':id/transcript')
  @ApiOperation({
    summary: 'Transcript (CLR 2.0)',
    description: 'A `ClrCredential` of the badges that the learner holds now, as a JSON Web Token (ES256): each badge in it is whole, with its own proof. It names the learner by the pseudonym alone.',
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'The compact JWS.' })
  @ApiNotFoundResponse({ description: 'The learner holds no badge, or there is no such issuer.' })
  async get(@Param('id', LearnerPipe) learner: string, @QueryParams() { language, issuer: asked }: TranscriptQuery, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const held = await this.credentials.counting(learner);
    const [latest] = held;
    if (!latest) throw refuse('not-found', `The learner "${learner}" holds no badge.`);
    const issuer = asked ?? mainIssuer(held);
    const profile = profileOf(await this.issued.issuer(issuer), issuer);
    const inLanguage = language ?? Object.keys(latest.editions)[0] ?? 'en';
    const document = clrCredential({
      id: `urn:uuid:${randomUUID()}`,
      issuer: profileNode(this.issued.base, issuer, profile, inLanguage),
      subject: await pseudonymOf(this.engine.keys, this.engine.config.tenant, learner),
      credentials: held.map((one) => editionIn(one, language)),
      language: inLanguage,
      issuedAt: Date.now(),
    });
    reply.header('content-type', MEDIA.jwt);
    return this.issued.jwt({ issuer }, document, 'ES256');
  }
}
