import { CAPTION_HEIGHT, embedHtml } from './embed.js';
import { codeOfPage, embedWidth, oembedAddress, oembedOf } from './oembed.js';
import { pageMeta } from './page-meta.js';
import { newCode, showCode } from '../code.js';

const BASE = 'https://badges.school.example/x';
const CODE = newCode(new Uint8Array(10).fill(77));
const HOSTILE = `"><script>alert('1')</script>&`;
const BADGE = { title: HOSTILE, issuer: HOSTILE, url: `${BASE}/v/${CODE}?a=1&b="`, image: `${BASE}/badges/sql/image.png` };

/** Nothing of a text gets out of where it was put: what is left without tags' own quotes and brackets has none. */
const inert = (html: string): boolean => !/<script|alert\('1'\)|="[^"]*<|"">/i.test(html);

describe('a badge in other pages', () => {
  it('is plain HTML, whatever its name', () => {
    const html = embedHtml(BADGE);
    expect(inert(html)).toBe(true);
    expect(html).toContain('&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;');
    expect(html).toContain(`href="${BASE}/v/${CODE}?a=1&amp;b=&quot;"`);
    expect(html.match(/<(\w+)/g)).toEqual(['<figure', '<a', '<img', '<figcaption', '<strong', '<br']);
    expect(html).not.toMatch(/\son\w+=|javascript:/);
  });

  it('fits into what the consumer gives it', () => {
    const width = embedWidth(120, 5_000) ?? 0;
    expect(oembedOf(BADGE, width, { name: 'Proofmark', url: BASE })).toMatchObject({ version: '1.0', type: 'rich', width: 120, height: 120 + CAPTION_HEIGHT, thumbnail_width: 120, html: embedHtml(BADGE, 120) });
    expect([embedWidth(), embedWidth(9_999, 9_999), embedWidth(9_999, 156), embedWidth(63, 999), embedWidth(999, 119)]).toEqual([240, 240, 100, undefined, undefined]);
  });
});

describe('the address of a page of ours', () => {
  it('is told, however its code is written', () => {
    for (const address of [`${BASE}/v/${CODE}`, `${BASE}/v/${showCode(CODE).toLowerCase()}`, `${BASE}/v/${CODE}?lang=ko#top`, `HTTPS://BADGES.school.example:443/x/v/${CODE}`]) expect(codeOfPage(BASE, address)).toBe(CODE);
    expect(new URL(oembedAddress(BASE, `${BASE}/v/${CODE}`)).searchParams.get('url')).toBe(`${BASE}/v/${CODE}`);
  });

  it.each([
    `https://evil.example/x/v/${CODE}`, `https://badges.school.example@evil.example/x/v/${CODE}`, `https://user:pw@badges.school.example/x/v/${CODE}`, `http://badges.school.example/x/v/${CODE}`,
    `https://badges.school.example:8443/x/v/${CODE}`, `//evil.example/x/v/${CODE}`, `\\\\evil.example\\x\\v\\${CODE}`, `https:\\\\badges.school.example\\x\\v\\${CODE}`, `javascript:alert(1)//x/v/${CODE}`,
    `${BASE}/v/${CODE}/../../../evil`, `${BASE}/v/../v/${CODE}/x`, `${BASE}/w/${CODE}`, `https://badges.school.example/v/${CODE}`, `${BASE}/v/${CODE.slice(0, 15)}`, `${BASE}/v/`, `${BASE}/v/%2e%2e`,
    '', 'x', `${BASE}/v/${CODE}?${'x'.repeat(3_000)}`, ` ${BASE}/v/${CODE}`,
  ])('is not %s', (address) => expect(codeOfPage(BASE, address)).toBeUndefined());
});

describe('the head of a page', () => {
  const page = { title: HOSTILE, description: 'One\n  two', url: `${BASE}/v/${CODE}`, image: { url: BADGE.image, alt: HOSTILE, width: 600, height: 600 }, siteName: 'Hanbit Academy', language: 'ko', otherLanguages: ['en'] };

  it('says all that previews need, once, and escaped', () => {
    const head = pageMeta({ ...page, oembed: oembedAddress(BASE, page.url) });
    const said = new Map([...head.matchAll(/<meta (?:property|name)="([^"]+)" content="([^"]*)">/g)].map(([, name, content]) => [name, content]));
    expect(inert(head)).toBe(true);
    for (const name of ['og:title', 'og:type', 'og:url', 'og:image', 'og:image:width', 'og:image:alt', 'og:description', 'og:site_name', 'twitter:card', 'twitter:title', 'twitter:image', 'description']) expect(said.has(name)).toBe(true);
    expect([said.get('og:locale'), said.get('og:locale:alternate'), said.get('og:description'), said.get('og:url')]).toEqual(['ko_KR', 'en_US', 'One two', page.url]);
    expect(head).toContain(`<link rel="canonical" href="${page.url}">`);
    expect(head).toContain('<link rel="alternate" type="application/json+oembed"');
  });

  it('cuts long texts short', () => {
    const [, description = ''] = /og:description" content="([^"]*)"/.exec(pageMeta({ ...page, description: '가'.repeat(9_000) })) ?? [];
    expect([...description]).toHaveLength(300);
    expect(description.endsWith('…')).toBe(true);
  });
});
