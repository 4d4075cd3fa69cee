import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiBadRequestResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pseudonymOf } from '#credentials/issuing/pseudonym.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { linksOf } from '#credentials/ob-api/paging.js';
import { OB_API, serviceDescription } from '#credentials/ob-api/service-description.js';
import { statusInfo } from '#credentials/ob-api/status-info.js';
import { editionIn } from '#credentials/sharing/shared-credential.js';
import { parseIsoTime } from '#domain/iso-time.js';
import { isId } from '#intake/field-values.js';
import { ForEverybody, May } from '../access/permission.js';
import type { Engine } from '../../engine.js';
import { VERSION } from '../../version.js';
import { InjectEngine } from '../engine-token.js';
import { refuse } from '../problem.js';
import { documented, MEDIA } from '../public-documents.js';
import { LearnerCredentials } from './learner-credentials.js';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

type Parameters = Readonly<Record<string, unknown>>;
type Answer = { readonly body: JsonObject; readonly headers?: Readonly<Record<string, string>> } | { readonly status: 400 | 404; readonly why: string };

const wholeNumber = (value: unknown, fallback: number, min: number): number | undefined => {
  if (value === undefined) return fallback;
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  return number >= min ? number : undefined;
};

/**
 * The Open Badges 3.0 API, as far as it reads, where it is switched on: there is no sign-in yet, so who reaches the engine
 * reads every learner's badges. Its errors are in the words of its specification.
 */
@ApiTags('open badges 3.0 API')
@Controller(OB_API)
export class OpenBadgesApiController {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly credentials: LearnerCredentials,
  ) {}

  /** The service description. */
  @ForEverybody()
  @Get('discovery')
  @ApiOperation({ summary: 'Service description (OB 3.0 API)' })
  @ApiOkResponse({ description: 'An OpenAPI document with the scopes.', content: documented(MEDIA.json) })
  @ApiNotFoundResponse({ description: 'The API is switched off.' })
  discovery(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.#answer(reply, async () => ({ body: serviceDescription({ base: this.engine.config.publicUrl, name: 'Proofmark', version: VERSION }) }));
  }

  /** A learner's credentials. */
  @May('learner:read', { query: true })
  @Get('credentials')
  @ApiOperation({ summary: 'Credentials of a learner (OB 3.0 API)' })
  @ApiQuery({ name: 'learner', type: String, description: 'Whose they are, until access tokens say so.' })
  @ApiQuery({ name: 'limit', required: false, type: Number, description: `At most ${MAX_LIMIT}.` })
  @ApiQuery({ name: 'offset', required: false, type: Number })
  @ApiQuery({ name: 'since', required: false, type: String, description: 'Issued after this time.' })
  @ApiOkResponse({ description: 'The signed credentials, one edition of each; `X-Total-Count` and `Link` lead on.', content: documented(MEDIA.json) })
  @ApiBadRequestResponse({ description: 'An `Imsx_StatusInfo` that says what is wrong.', content: documented(MEDIA.json) })
  @ApiNotFoundResponse({ description: 'The API is switched off.' })
  find(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.#answer(reply, () => this.#credentials(request.query as Parameters));
  }

  /** A learner's profile. */
  @May('learner:read', { query: true })
  @Get('profile')
  @ApiOperation({ summary: 'Profile of a learner (OB 3.0 API)' })
  @ApiQuery({ name: 'learner', type: String, description: 'Whose it is, until access tokens say so.' })
  @ApiOkResponse({ description: 'The profile: the pseudonym that stands in credentials, and no name.', content: documented(MEDIA.json) })
  @ApiBadRequestResponse({ description: 'An `Imsx_StatusInfo` that says what is wrong.', content: documented(MEDIA.json) })
  @ApiNotFoundResponse({ description: 'The API is switched off, or the learner holds no badge.', content: documented(MEDIA.json) })
  profile(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.#answer(reply, () => this.#profile(request.query as Parameters));
  }

  async #credentials({ learner, limit: limitText, offset: offsetText, since: sinceText }: Parameters): Promise<Answer> {
    const limit = wholeNumber(limitText, DEFAULT_LIMIT, 1);
    const offset = wholeNumber(offsetText, 0, 0);
    const since = sinceText === undefined ? -Infinity : parseIsoTime(sinceText);
    if (typeof learner !== 'string' || !isId(learner)) return { status: 400, why: 'Name the learner: ?learner=ID.' };
    if (limit === undefined) return { status: 400, why: 'limit must be a whole number from 1.' };
    if (offset === undefined) return { status: 400, why: 'offset must be a whole number from 0.' };
    if (since === undefined) return { status: 400, why: 'since must be an ISO 8601 time with its offset.' };
    const rows = (await this.credentials.rows(learner)).filter(({ issuedAt }) => Number(issuedAt) > since);
    const most = Math.min(limit, MAX_LIMIT);
    const page = await this.credentials.read(rows.slice(offset, offset + most));
    const address = new URL(`${this.engine.config.publicUrl}/${OB_API}/credentials`);
    address.searchParams.set('learner', learner);
    if (typeof sinceText === 'string') address.searchParams.set('since', sinceText);
    return {
      body: { credential: page.map((one) => editionIn(one, undefined)), compactJwsString: [] },
      headers: { 'x-total-count': String(rows.length), link: linksOf({ address: address.href, limit: most, offset, total: rows.length }) },
    };
  }

  async #profile({ learner }: Parameters): Promise<Answer> {
    if (typeof learner !== 'string' || !isId(learner)) return { status: 400, why: 'Name the learner: ?learner=ID.' };
    if ((await this.credentials.rows(learner)).length === 0) return { status: 404, why: 'There is no such profile.' };
    const id = await pseudonymOf(this.engine.keys, this.engine.config.tenant, learner);
    return { body: { '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'], id, type: ['Profile'] } };
  }

  async #answer(reply: FastifyReply, make: () => Promise<Answer>): Promise<string> {
    if (this.engine.config.obApi !== 'read-only') throw refuse('not-found', 'The Open Badges 3.0 API is switched off; PROOFMARK_OB_API=read-only switches it on.');
    const answer = await make();
    reply.headers({ 'content-type': MEDIA.json, 'cache-control': 'no-store' });
    if ('status' in answer) {
      reply.status(answer.status);
      return JSON.stringify(statusInfo(answer.status, answer.why));
    }
    reply.headers({ ...answer.headers });
    return JSON.stringify(answer.body);
  }
}
