import { escapeHtml } from './escape-html.js';

/** A badge as other people's pages show it. */
export interface EmbeddedBadge {
  readonly title: string;
  readonly issuer: string;
  /** The page that shows that the badge is real. */
  readonly url: string;
  /** A picture of the badge, as wide as it is high. */
  readonly image: string;
}

/** What a badge needs below its picture for its name and issuer, in pixels. */
export const CAPTION_HEIGHT = 56;
/** The width of a picture where nobody asks for another, in pixels. */
export const EMBED_WIDTH = 240;

/**
 * HTML to copy into any page: a picture that leads to the page that shows that the badge is real. It has no script, sets
 * nothing, and tells the page's readers' addresses to nobody but the server of the picture.
 */
export const embedHtml = ({ title, issuer, url, image }: EmbeddedBadge, width = EMBED_WIDTH): string =>
  `<figure style="margin:0;width:${width}px;text-align:center;font-family:sans-serif">` +
  `<a href="${escapeHtml(url)}" rel="noopener noreferrer" target="_blank" style="color:inherit;text-decoration:none">` +
  `<img src="${escapeHtml(image)}" alt="${escapeHtml(title)}" width="${width}" height="${width}" loading="lazy" referrerpolicy="no-referrer" style="display:block;max-width:100%;height:auto">` +
  `<figcaption style="font-size:14px;line-height:1.4"><strong>${escapeHtml(title)}</strong><br>${escapeHtml(issuer)}</figcaption></a></figure>`;
