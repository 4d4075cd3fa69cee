import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { codeOfPage, embedWidth, oembedOf } from '#credentials/sharing/oembed.js';
import { embeddedBadge } from '#credentials/sharing/shared-credential.js';
import { ForEverybody } from '../access/permission.js';
import { IssuedCredentials } from '../issued-credentials.js';
import { UnknownCode } from '../missed-codes.js';
import { refuse } from '../problem.js';
import { documented, MEDIA, openToAll } from '../public-documents.js';

const CACHE_SECONDS = 300;
const PROVIDER = 'Proofmark';
const NOTHING = 'There is no badge at this address.';

/** A bound in pixels; undefined where there is none. */
const pixels = (value: unknown, name: string): number | undefined => {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^\d{1,5}$/.test(value)) return Number(value);
  throw refuse('bad-request', `${name} must be a number of pixels.`);
};

/**
 * Badges for pages that show what is behind an address (oEmbed 1.0). It knows the addresses of this server's own pages and
 * opens none. Consumers send parameters of their own along, which are passed over.
 */
@ApiTags('credentials')
@ForEverybody()
@Controller('oembed')
export class OEmbedController {
  constructor(private readonly issued: IssuedCredentials) {}

  /** What to show for an address. */
  @Get()
  @ApiOperation({ summary: 'oEmbed of a badge\'s page', description: 'For addresses of this server\'s own pages. JSON is the one format (501 for others); 404 for every other address, and for a badge that does not count.' })
  @ApiQuery({ name: 'url', description: 'The page.', type: String })
  @ApiQuery({ name: 'format', required: false, enum: ['json'] })
  @ApiQuery({ name: 'maxwidth', required: false, type: Number, description: 'In pixels.' })
  @ApiQuery({ name: 'maxheight', required: false, type: Number, description: 'In pixels.' })
  @ApiOkResponse({ description: 'HTML without scripts to put into the page, and its size.', content: documented(MEDIA.json) })
  @ApiNotFoundResponse({ description: 'There is no badge at this address.' })
  async get(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { url, format = 'json', maxwidth, maxheight } = request.query as Readonly<Record<string, unknown>>;
    if (format !== 'json') throw refuse('format-not-offered', 'oEmbed answers are JSON here: leave "format" out, or ask for format=json.');
    const code = typeof url === 'string' ? codeOfPage(this.issued.base, url) : undefined;
    const credential = code === undefined ? undefined : await this.issued.find(code);
    if (!credential) throw new UnknownCode(code ?? '', NOTHING);
    if (credential.status !== 'active') throw refuse('not-found', NOTHING);
    const width = embedWidth(pixels(maxwidth, 'maxwidth'), pixels(maxheight, 'maxheight'));
    if (width === undefined) throw refuse('not-found', 'A badge cannot be shown that small.');
    openToAll(reply, MEDIA.json, CACHE_SECONDS);
    return JSON.stringify(oembedOf(embeddedBadge(credential, this.issued.base, undefined), width, { name: PROVIDER, url: this.issued.base }));
  }
}
