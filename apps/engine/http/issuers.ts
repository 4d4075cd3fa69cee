import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access/principal.js';
import { KEY_ALGORITHMS, type IssuerProfile, type KeyAlgorithm } from '#domain/issuer-event.js';
import { issuerDid } from '#credentials/document/addresses.js';
import { profileOf } from '#credentials/issuing/issuers.js';
import { isoTime } from '#projections/timeline-view.js';
import { May } from './access/permission.js';
import { Who } from './access/who.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { Choice, IdPipe, Text } from './fields.js';
import { IssuedCredentials } from './issued-credentials.js';

class RotateBody {
  @Choice('What the new key signs: Ed25519 Data Integrity proofs, ES256 or RS256 JSON Web Tokens.', KEY_ALGORITHMS)
  algorithm!: KeyAlgorithm;
}

class ReasonBody {
  @Text('Why, for the record.', 500)
  reason!: string;
}

interface IssuerView {
  readonly id: string;
  readonly did: string;
  readonly profile: IssuerProfile;
  readonly keys: readonly { readonly kid: string; readonly algorithm: KeyAlgorithm; readonly status: string; readonly addedAt: string; readonly credentials: number }[];
}

/** The organisations that sign badges here, and their keys. */
@ApiTags('issuers')
@Controller('v1/issuers')
export class IssuersController {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly issued: IssuedCredentials,
  ) {}

  /** All issuers. */
  @May('issuer:read')
  @Get()
  @ApiOperation({ summary: 'Issuers', description: 'Each with its profile and its keys: which sign, which are retired and still verify, which were given up.' })
  @ApiOkResponse({ description: 'The issuers.' })
  async find(): Promise<{ readonly items: readonly IssuerView[] }> {
    const ids = await this.issued.issuers();
    return { items: await Promise.all(ids.map((id) => this.#view(id))) };
  }

  /** One issuer. */
  @May('issuer:read')
  @Get(':issuer')
  @ApiOperation({ summary: 'One issuer' })
  @ApiOkResponse({ description: 'The issuer.' })
  @ApiNotFoundResponse({ description: 'There is no such issuer.' })
  get(@Param('issuer', IdPipe) issuer: string): Promise<IssuerView> {
    return this.#view(issuer);
  }

  /** A new key takes over; what the one before has signed goes on verifying. */
  @May('issuer:manage')
  @Post(':issuer/keys')
  @HttpCode(201)
  @ApiOperation({ summary: 'Rotate a key', description: 'Makes a key that signs from now on. The one before signs nothing more and goes on verifying.' })
  @ApiCreatedResponse({ description: 'The issuer with its keys.' })
  @ApiNotFoundResponse({ description: 'There is no such issuer.' })
  async rotate(@Param('issuer', IdPipe) issuer: string, @Body() { algorithm }: RotateBody, @Who() who: Principal): Promise<IssuerView> {
    await this.issued.issuer(issuer);
    await this.engine.followers.issuer({ act: 'rotate', ...this.#act(issuer, who), algorithm });
    return this.#view(issuer);
  }

  /** Gives a key up that somebody else may know. */
  @May('issuer:manage')
  @Post(':issuer/keys/:kid/compromised')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Give a key up',
    description: 'For a key that somebody else may know: it verifies nothing any more, another takes its place, and every credential that it signed is signed anew, under the same code.',
  })
  @ApiAcceptedResponse({ description: 'The issuer with its keys; signing anew goes on, and `credentials` of the key counts what is left.' })
  @ApiNotFoundResponse({ description: 'There is no such issuer or key.' })
  async compromised(@Param('issuer', IdPipe) issuer: string, @Param('kid', IdPipe) kid: string, @Body() { reason }: ReasonBody, @Who() who: Principal): Promise<IssuerView> {
    await this.issued.issuer(issuer);
    await this.engine.followers.issuer({ act: 'compromised', ...this.#act(issuer, who), kid, reason });
    return this.#view(issuer);
  }

  /** Issues everything anew. */
  @May('issuer:manage')
  @Post(':issuer/reissue')
  @HttpCode(202)
  @ApiOperation({ summary: 'Issue everything anew', description: 'Under the same codes: after the public address or the profile has changed, say.' })
  @ApiAcceptedResponse({ description: 'The issuer; signing anew goes on.' })
  @ApiNotFoundResponse({ description: 'There is no such issuer.' })
  async reissue(@Param('issuer', IdPipe) issuer: string, @Body() { reason }: ReasonBody, @Who() who: Principal): Promise<IssuerView> {
    await this.issued.issuer(issuer);
    await this.engine.followers.issuer({ act: 'reissue', ...this.#act(issuer, who), reason });
    return this.#view(issuer);
  }

  #act(issuer: string, { id: by }: Principal) {
    return { tenant: this.engine.config.tenant, issuer, by };
  }

  async #view(issuer: string): Promise<IssuerView> {
    const found = await this.issued.issuer(issuer);
    const { readModels, config: { tenant } } = this.engine;
    const keys = await Promise.all(found.keys.map(async ({ kid, algorithm, status, addedAt }) => ({
      kid, algorithm, status, addedAt: isoTime(addedAt), credentials: await readModels.count('credential', { tenant, issuer, kid }),
    })));
    return { id: issuer, did: issuerDid(this.issued.base, issuer), profile: profileOf(found, issuer), keys };
  }
}
