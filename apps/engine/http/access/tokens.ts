import { Body, Controller, Headers, HttpCode, Injectable, Post, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBadRequestResponse, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags, ApiUnauthorizedResponse, getSchemaPath } from '@nestjs/swagger';
import { Allow } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { MachineTokens, MACHINE_TOKEN_S } from '#access/machine-tokens.js';
import type { Engine } from '../../engine.js';
import { FORM_BODY } from '../bodies.js';
import { InjectEngine } from '../engine-token.js';
import { ApiKeyCheck } from './api-key-check.js';
import { ForEverybody } from './permission.js';

/** The tokens of this tenant. */
@Injectable()
export class Tokens {
  #tokens: Promise<MachineTokens> | undefined;

  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** Opened when it is first needed; a ring that cannot be read now is asked again. */
  open(): Promise<MachineTokens> {
    if (this.#tokens) return this.#tokens;
    const { keys, config: { tenant, publicUrl } } = this.engine;
    const opened = keys.mac('session', JSON.stringify(['machine', tenant])).then((secret) => new MachineTokens(secret, publicUrl, Date.now));
    this.#tokens = opened;
    opened.catch(() => (this.#tokens = undefined));
    return opened;
  }
}

class TokenBody {
  @ApiPropertyOptional({ description: '"client_credentials".', type: String })
  @Allow()
  grant_type?: unknown;

  @ApiPropertyOptional({ description: 'The id of the API key, where no Authorization header says it.', type: String })
  @Allow()
  client_id?: unknown;

  @ApiPropertyOptional({ description: 'The API key itself.', type: String })
  @Allow()
  client_secret?: unknown;

  @ApiPropertyOptional({ description: 'Not looked at: a token may do what its key may.', type: String })
  @Allow()
  scope?: unknown;
}

const basicOf = (header: string | undefined): readonly [id: string, secret: string] | undefined => {
  const [, text] = /^basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? [];
  const [id = '', secret = ''] = text === undefined ? [] : Buffer.from(text, 'base64').toString('utf8').split(':').map(decodeURIComponentSafely);
  return text === undefined ? undefined : [id, secret];
};

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign of its own: no key has one, so it is refused as what it is
  }
}

interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
}

/** An error in the words of RFC 6749. */
interface TokenError {
  readonly error: 'unsupported_grant_type' | 'invalid_client';
  readonly error_description: string;
}

/** Where programs get access tokens for their API keys. */
@ApiTags('access')
@ForEverybody()
@Controller('oauth')
export class TokensController {
  constructor(
    private readonly keys: ApiKeyCheck,
    private readonly tokens: Tokens,
  ) {}

  /** A token for a key. Errors are in the words of RFC 6749. */
  @Post('token')
  @HttpCode(200)
  @RouteConfig(FORM_BODY)
  @ApiOperation({ summary: 'Access token for an API key', description: `OAuth 2.0 client credentials: the key's id and the key itself. The token is good for ${MACHINE_TOKEN_S / 60} minutes, and no longer than the key.` })
  @ApiOkResponse({ description: 'The token.', schema: { $ref: getSchemaPath('TokenAnswer') } })
  @ApiBadRequestResponse({ description: 'Another way was asked for.', schema: { $ref: getSchemaPath('TokenError') } })
  @ApiUnauthorizedResponse({ description: 'There is no such key.', schema: { $ref: getSchemaPath('TokenError') } })
  async token(@Body() { grant_type: grant, client_id: id, client_secret: secret }: TokenBody, @Headers('authorization') authorization: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<TokenAnswer | TokenError> {
    reply.header('cache-control', 'no-store');
    if (grant !== 'client_credentials') {
      reply.status(400);
      return { error: 'unsupported_grant_type', error_description: 'Only "client_credentials" is offered.' };
    }
    const [client, key] = basicOf(authorization) ?? [id, secret];
    const known = typeof key === 'string' ? this.keys.find(key) : undefined;
    if (!known || known.key !== client) {
      reply.status(401).header('www-authenticate', 'Basic');
      return { error: 'invalid_client', error_description: 'There is no such key, or it was revoked.' };
    }
    return { access_token: await (await this.tokens.open()).open(known.key), token_type: 'Bearer', expires_in: MACHINE_TOKEN_S };
  }
}
