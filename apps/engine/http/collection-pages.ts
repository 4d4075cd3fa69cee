import { createHash } from 'node:crypto';
import { Controller, Get, Headers, Param, Query as QueryParams, Req, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Allow } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { collectionAddress } from '#credentials/document/addresses.js';
import { readCredentials } from '#credentials/issuing/read-credential.js';
import { isJsonObject } from '#credentials/json-ld/json.js';
import { renderPng } from '#credentials/raster.js';
import { COLLECTION_PICTURE, collectionPicture } from '#credentials/sharing/collection-picture.js';
import { pageMeta } from '#credentials/sharing/page-meta.js';
import { editionIn, statusAtTime } from '#credentials/sharing/shared-credential.js';
import { Recent } from '#event-store/recent.js';
import { rootOf } from './access/own-path.js';
import { ForEverybody } from './access/permission.js';
import type { Engine } from '../engine.js';
import { publicName, type PublicName } from '../privacy/public-name.js';
import { findCollection, type Shown } from '../privacy/shared-collection.js';
import { BadgePictures } from './badge-pictures.js';
import { collectionPage, collectionSummary, collectionTitle, noCollectionPage, type CollectedBadge } from './collection-page.html.js';
import { InjectEngine } from './engine-token.js';
import { preferredLanguage, type Language } from './languages.js';
import { MissedCodes, UnknownCode } from './missed-codes.js';
import { below } from './page.html.js';

/** What a page is asked; whatever it is, a person gets a page. */
class PageQuery {
  static readonly ignoresOthers = true;

  @ApiPropertyOptional({ description: 'en or ko; what the browser prefers where absent.', type: String })
  @Allow()
  lang?: unknown;
}

const languageOf = ({ lang }: PageQuery, accepted: string | undefined): Language => (lang === 'ko' || lang === 'en' ? lang : preferredLanguage(accepted));
const textOf = (node: unknown, name: string): string => {
  const value = isJsonObject(node) ? node[name] : undefined;
  return typeof value === 'string' ? value : '';
};

/** Pictures that are kept ready; each has some 200 kB. */
const KEPT = 40;
const BADGE_PIXELS = 512;
const NO_COLLECTION = 'There is no collection under this link.';

/** The pages on which learners show a choice of their awards, to whoever has the link; they need no script. */
@ApiTags('sharing')
@ForEverybody()
@Controller('c')
export class CollectionPagesController {
  readonly #pictures = new Recent<string, Uint8Array>(KEPT);

  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly missed: MissedCodes,
    private readonly badgePictures: BadgePictures,
  ) {}

  /** The badges that somebody shows. */
  @Get(':code')
  @ApiOperation({ summary: 'Page of a collection', description: 'For people: the badges that a learner has chosen to show, how each of them stands now, and whose they are while the learner consents to it (public-name). It needs no script.' })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'The page.' })
  @ApiNotFoundResponse({ description: 'The page for a link that leads nowhere, or not any more.', content: { 'text/html': {} } })
  async show(@Param('code') code: string, @QueryParams() query: PageQuery, @Headers('accept-language') accepted: string | undefined, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const language = languageOf(query, accepted);
    // Kept by nobody on the way: it can be withdrawn at any time.
    reply.headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', vary: 'accept-language, user-agent' });
    const found = await findCollection(this.engine, code);
    if (!found) {
      const { status } = this.missed.answer(new UnknownCode(code, NO_COLLECTION), request.ip);
      reply.status(status);
      if (status === 429) reply.header('retry-after', '60');
      return below(this.#root, noCollectionPage(language, status === 429));
    }
    const badges = await this.#badges(found, language);
    const holder = await this.#holder(found, badges);
    const previewed = holder?.onLinkedIn && /LinkedInBot/i.test(request.headers['user-agent'] ?? '') ? holder.name : undefined;
    const url = collectionAddress(this.engine.config.publicUrl, found.code);
    const summary = collectionSummary(language, badges);
    const { width, height } = COLLECTION_PICTURE;
    const head = pageMeta({
      title: collectionTitle(language, previewed), description: summary, url, language, otherLanguages: [language === 'ko' ? 'en' : 'ko'],
      image: { url: `${url}/picture.png?lang=${language}`, alt: summary, width, height }, largeImage: true, siteName: 'Proofmark',
    });
    return below(this.#root, collectionPage(found.code, badges, holder?.name, language, head));
  }

  /** The picture for previews of it. */
  @Get(':code/picture.png')
  @ApiOperation({ summary: 'Picture of a collection (PNG)', description: 'Its first badges that count, for link previews.' })
  @ApiProduces('image/png')
  @ApiOkResponse({ description: 'The picture.' })
  @ApiNotFoundResponse({ description: 'The link leads nowhere, or not any more.' })
  async picture(@Param('code') code: string, @QueryParams() query: PageQuery, @Headers('accept-language') accepted: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const language = languageOf(query, accepted);
    const found = await findCollection(this.engine, code);
    if (!found) throw new UnknownCode(code, NO_COLLECTION);
    const counting = (await this.#badges(found, language)).filter(({ status }) => status === 'active').slice(0, COLLECTION_PICTURE.most);
    const pictures = await Promise.all(counting.map(({ badge, language: edition }) => this.badgePictures.png(badge, edition, BADGE_PIXELS)));
    reply.headers({ 'content-type': 'image/png', 'cache-control': 'no-store', 'cross-origin-resource-policy': 'cross-origin' });
    return Buffer.from(this.#drawn(pictures));
  }

  #drawn(pictures: readonly Uint8Array[]): Uint8Array {
    const key = createHash('sha256').update(Buffer.concat(pictures)).digest('base64');
    const kept = this.#pictures.get(key);
    if (kept) return kept;
    const png = renderPng(collectionPicture(pictures), { width: COLLECTION_PICTURE.width });
    this.#pictures.set(key, png);
    return png;
  }

  /** The awards as they stand now, in the learner's order. One that is not signed yet could not be verified, so it waits. */
  async #badges({ awards }: Shown, language: Language): Promise<readonly CollectedBadge[]> {
    const now = Date.now();
    const found = await Promise.all(awards.map(async (award) => (await readCredentials(this.engine.store, award)).at(-1)));
    return found.flatMap((credential): readonly CollectedBadge[] => {
      if (!credential) return [];
      const document = editionIn(credential, language);
      const achievement = isJsonObject(document['credentialSubject']) ? document['credentialSubject']['achievement'] : undefined;
      return [{
        code: credential.code, badge: credential.badge, name: textOf(document, 'name'), issuer: textOf(document['issuer'], 'name'), awardedAt: textOf(document, 'awardedDate') || textOf(document, 'validFrom'),
        language: textOf(achievement, 'inLanguage') || language, status: statusAtTime(credential, now),
      }];
    });
  }

  /** As on the page of a badge, the name stands beside badges that count alone: where one is suspended or revoked, nobody is named. */
  async #holder({ learner }: Shown, badges: readonly CollectedBadge[]): Promise<PublicName | undefined> {
    const counts = badges.every(({ status }) => status === 'active' || status === 'expired');
    return badges.length > 0 && counts ? publicName(this.engine, { tenant: this.engine.config.tenant, learner, status: 'active' }) : undefined;
  }

  get #root(): string {
    return rootOf(this.engine.config.publicUrl);
  }
}
