import { isPerson, isRobot, type Asker } from './robots.js';

const asked = (agent: string | undefined, headers: Record<string, string> = {}, method = 'GET'): Asker => ({ method, headers: { ...(agent !== undefined && { 'user-agent': agent }), ...headers } });
const SAFARI = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

describe('robots and people', () => {
  it.each([
    SAFARI,
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 Edg/137.0.0.0',
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 KAKAOTALK 25.4.0',
  ])('a person: %s', (agent) => expect([isPerson(asked(agent)), isRobot(asked(agent))]).toEqual([true, false]));

  it.each([
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
    'facebookexternalhit/1.1;kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984',
    'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
    'WhatsApp/2.23.20.0',
    'Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/137.0.0.0 Safari/537.36',
  ])('a robot: %s', (agent) => expect([isPerson(asked(agent)), isRobot(asked(agent))]).toEqual([false, true]));

  it.each(['curl/8.5.0', 'python-requests/2.32', 'Go-http-client/2.0', 'node', undefined])('a program, which may verify: %s', (agent) =>
    expect([isPerson(asked(agent)), isRobot(asked(agent))]).toEqual([false, false]));

  it('takes what is fetched ahead, and a mere look at the headers, for nobody', () => {
    for (const headers of [{ purpose: 'prefetch' }, { 'sec-purpose': 'prefetch;prerender' }, { 'x-moz': 'prefetch' }, { 'x-purpose': 'preview' }]) expect(isRobot(asked(SAFARI, headers))).toBe(true);
    expect(isRobot(asked(SAFARI, {}, 'HEAD'))).toBe(true);
  });
});
