import { escapeHtml } from './escape-html.js';

/** What a page of a badge tells those who show a link to it. */
export interface SharedPage {
  readonly title: string;
  readonly description: string;
  readonly url: string;
  readonly image: { readonly url: string; readonly alt: string; readonly width?: number; readonly height?: number };
  readonly siteName: string;
  /** BCP 47. */
  readonly language: string;
  /** Further languages of the same page. */
  readonly otherLanguages?: readonly string[];
  /** The picture is shown across the preview, and not small beside it. */
  readonly largeImage?: boolean;
  /** Where its oEmbed is. */
  readonly oembed?: string;
}

/** Languages as Open Graph writes them, with a territory; those that have one usual territory. */
const LOCALES: Readonly<Record<string, string>> = { en: 'en_US', ko: 'ko_KR', ja: 'ja_JP', zh: 'zh_CN', de: 'de_DE', fr: 'fr_FR', es: 'es_ES' };
const locale = (language: string): string => LOCALES[language] ?? language.replace('-', '_');

const MOST_CHARACTERS = 300;
const short = (text: string): string => {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  return characters.length <= MOST_CHARACTERS ? characters.join('') : `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
};

/** The tags of a page's head for link previews: Open Graph, which LinkedIn and others read, and Twitter's card; escaped. */
export const pageMeta = ({ title, description, url, image, siteName, language, otherLanguages = [], largeImage = false, oembed }: SharedPage): string => {
  const properties: readonly (readonly [string, string | undefined])[] = [
    ['og:type', 'website'],
    ['og:site_name', siteName],
    ['og:title', short(title)],
    ['og:description', short(description)],
    ['og:url', url],
    ['og:locale', locale(language)],
    ...otherLanguages.map((other) => ['og:locale:alternate', locale(other)] as const),
    ['og:image', image.url],
    ['og:image:alt', short(image.alt)],
    ['og:image:width', image.width === undefined ? undefined : String(image.width)],
    ['og:image:height', image.height === undefined ? undefined : String(image.height)],
  ];
  const names: readonly (readonly [string, string])[] = [
    ['description', short(description)],
    ['twitter:card', largeImage ? 'summary_large_image' : 'summary'],
    ['twitter:title', short(title)],
    ['twitter:description', short(description)],
    ['twitter:image', image.url],
    ['twitter:image:alt', short(image.alt)],
  ];
  return [
    ...properties.flatMap(([name, content]) => (content === undefined ? [] : [`<meta property="${name}" content="${escapeHtml(content)}">`])),
    ...names.map(([name, content]) => `<meta name="${name}" content="${escapeHtml(content)}">`),
    `<link rel="canonical" href="${escapeHtml(url)}">`,
    ...(oembed === undefined ? [] : [`<link rel="alternate" type="application/json+oembed" href="${escapeHtml(oembed)}" title="${escapeHtml(short(title))}">`]),
  ].join('\n');
};
