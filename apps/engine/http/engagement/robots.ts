/** What a request tells of who sent it. */
export interface Asker {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * Words in the user agents of crawlers and link previews, in lower case. To add one: take it from the crawler's own
 * documentation, and see that no browser has it.
 */
const ROBOTS = [
  'bot', 'crawl', 'spider', 'slurp', 'archiver', 'facebookexternalhit', 'facebookcatalog', 'meta-externalagent', 'whatsapp', 'skypeuripreview', 'slack-imgproxy',
  'kakaotalk-scrap', 'embedly', 'iframely', 'preview', 'unfurl', 'snippet', 'feedfetcher', 'mediapartners', 'google-read-aloud', 'headless', 'lighthouse', 'pagespeed', 'gtmetrix',
  'pingdom', 'uptime', 'statuscake', 'monitor', 'scanner', 'validator', 'mastodon', 'vkshare', 'qwantify', 'yeti/',
] as const;

/** Words in the user agents of programs: they verify like anybody else, but do not look at pages. */
const PROGRAMS = [
  'curl', 'wget', 'httpie', 'python', 'aiohttp', 'httpx', 'scrapy', 'go-http-client', 'java/', 'okhttp', 'apache-httpclient', 'libwww', 'perl', 'ruby', 'php', 'guzzle',
  'node', 'undici', 'axios', 'got (', 'postman', 'insomnia', 'dart', 'powershell',
] as const;

const one = (value: string | readonly string[] | undefined): string => (typeof value === 'string' ? value : (value?.join(' ') ?? '')).toLowerCase();

const hasOneOf = (text: string, words: readonly string[]): boolean => words.some((word) => text.includes(word));

/** True for what nobody has asked for: a HEAD request, a page that is fetched ahead, a crawler or a link preview. */
export const isRobot = ({ method, headers }: Asker): boolean =>
  method === 'HEAD' ||
  ['purpose', 'sec-purpose', 'x-purpose', 'x-moz'].some((name) => /prefetch|prerender|preview/.test(one(headers[name]))) ||
  hasOneOf(one(headers['user-agent']), ROBOTS);

/** True where a person seems to sit before a browser. */
export const isPerson = (asker: Asker): boolean => {
  const agent = one(asker.headers['user-agent']);
  return agent !== '' && !isRobot(asker) && !hasOneOf(agent, PROGRAMS);
};
