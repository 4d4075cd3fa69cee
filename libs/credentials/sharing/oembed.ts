import { readCode } from '../code.js';
import { verifyAddress } from '../document/addresses.js';
import { CAPTION_HEIGHT, EMBED_WIDTH, embedHtml, type EmbeddedBadge } from './embed.js';

/** The smallest picture on which something can be seen, in pixels. */
const LEAST_WIDTH = 64;
const CACHE_SECONDS = 3_600;

/** What an oEmbed consumer gets (oEmbed 1.0, section 2.3.4, type "rich"). */
export interface OEmbed {
  readonly version: '1.0';
  readonly type: 'rich';
  readonly title: string;
  readonly author_name: string;
  readonly provider_name: string;
  readonly provider_url: string;
  readonly cache_age: number;
  readonly html: string;
  readonly width: number;
  readonly height: number;
  readonly thumbnail_url: string;
  readonly thumbnail_width: number;
  readonly thumbnail_height: number;
}

/**
 * The code of the badge whose page an address names; undefined for every other address, of this server or another: the
 * address is compared and never opened. Query and fragment may be there, a user, another port or another path not.
 */
export const codeOfPage = (base: string, address: string): string | undefined => {
  if (address.length > 2_000 || !URL.canParse(address) || /[\\\s]/.test(address)) return undefined;
  const url = new URL(address);
  const own = new URL(verifyAddress(base, 'x'));
  const lead = own.pathname.slice(0, -1);
  if (url.origin !== own.origin || url.username !== '' || url.password !== '' || !url.pathname.startsWith(lead)) return undefined;
  const rest = url.pathname.slice(lead.length);
  return /^[0-9A-Za-z-]+$/.test(rest) ? readCode(rest) : undefined;
};

/** The address at which the oEmbed of a page is; pages name it in their heads. */
export const oembedAddress = (base: string, page: string): string => `${base}/oembed?format=json&url=${encodeURIComponent(page)}`;

/** How large a badge is shown within bounds; undefined where nothing could be seen. */
export const embedWidth = (maxWidth = EMBED_WIDTH, maxHeight = EMBED_WIDTH + CAPTION_HEIGHT): number | undefined => {
  const width = Math.min(EMBED_WIDTH, maxWidth, maxHeight - CAPTION_HEIGHT);
  return width < LEAST_WIDTH ? undefined : width;
};

/** A badge for an oEmbed consumer. */
export const oembedOf = (badge: EmbeddedBadge, width: number, provider: { readonly name: string; readonly url: string }): OEmbed => ({
  version: '1.0',
  type: 'rich',
  title: badge.title,
  author_name: badge.issuer,
  provider_name: provider.name,
  provider_url: provider.url,
  cache_age: CACHE_SECONDS,
  html: embedHtml(badge, width),
  width,
  height: width + CAPTION_HEIGHT,
  thumbnail_url: badge.image,
  thumbnail_width: width,
  thumbnail_height: width,
});
