import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { parseRule } from '#rules/parse.js';
import type { Rule } from '#rules/rule.js';
import { renderPng } from '../raster.js';
import { badgeArt, type BadgeSubject } from './badge-art.js';
import { pretendardLettering } from './pretendard-lettering.js';
import { subjectOfRule } from './subject-of-rule.js';
import { variantPlaces } from './variant.js';

const lettering = pretendardLettering();
const draw = (subject: Partial<BadgeSubject>, withName = true): string => badgeArt({ id: 'sql', name: 'SQL', language: 'en', ...subject }, lettering, { withName });
const pixels = (svg: string, width = 256): Buffer => PNG.sync.read(Buffer.from(renderPng(svg, { width }))).data;
/** Whether at least this share of the pixels differs so much that it can be seen. */
const differ = (one: Buffer, other: Buffer, share: number): boolean => {
  let missing = (one.length / 4) * share;
  for (let at = 0; at < one.length && missing > 0; at += 4) {
    for (let channel = at; channel < at + 4; channel++) {
      const by = (one[channel] as number) - (other[channel] as number);
      if (by <= 40 && by >= -40) continue;
      missing -= 1;
      break;
    }
  }
  return missing <= 0;
};
/** Which pixels are covered at all: the badge's edge. */
const silhouette = (svg: string): string => {
  const data = pixels(svg, 64);
  return Array.from({ length: data.length / 4 }, (_none, i) => ((data[i * 4 + 3] as number) > 127 ? '#' : '.')).join('');
};

/** Pairs of pictures that look too much alike. */
const alikeAmong = (svgs: readonly (readonly [badge: string, svg: string])[]): readonly string[] => {
  const drawn = svgs.map(([badge, svg]) => [badge, pixels(svg)] as const);
  return drawn.flatMap(([badge, one], i) => drawn.slice(i + 1).flatMap(([other, two]) => (differ(one, two, 0.08) ? [] : [`${badge} and ${other}`])));
};

const RULES = 'rules';
const rules: readonly Rule[] = readdirSync(RULES).filter((name) => /^[\w-]+\.yaml$/.test(name)).map((name) => {
  const parsed = parseRule(readFileSync(join(RULES, name), 'utf8'), name);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.rule;
});

/** What every picture must be, whatever its words; the drawing library reads XML strictly. */
const expectSound = (svg: string): void => {
  expect(PNG.sync.read(Buffer.from(renderPng(svg, { width: 32 }))).width).toBe(32);
  expect(svg).not.toMatch(/<(?:text|script|style|image|foreignObject|a|animate|set|!)\b/i);
  expect(svg.replace(/<title>.*<\/title>/, '')).not.toMatch(/\son\w+=|<\?|<!/i);
  for (const [, target] of svg.matchAll(/href="([^"]*)"/g)) expect(target).toMatch(/^#\w+$/);
  for (const [, target] of svg.matchAll(/url\(([^)]*)\)/g)) expect(target).toMatch(/^#\w+$/);
  // What is named is there.
  const ids = new Set(Array.from(svg.matchAll(/ id="(\w+)"/g), ([, id]) => id));
  for (const [, id] of svg.matchAll(/(?:href="|url\()#(\w+)/g)) expect(ids.has(id)).toBe(true);
  // Nobody can see characters that turn text around, so they are not in its title either.
  expect(svg.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
};

describe('the pictures of the badges of the demo', () => {
  it('are all there', () => expect(rules.length).toBeGreaterThanOrEqual(19));

  it.each(rules.map((rule) => [rule.badge, rule] as const))('%s: is the same each time, and sound in each language, with its name and without', (_badge, rule) => {
    for (const language of ['en', 'ko']) {
      for (const withName of [true, false]) {
        const svg = badgeArt(subjectOfRule(rule, language), lettering, { withName });
        expect(badgeArt(subjectOfRule(rule, language), pretendardLettering(), { withName })).toBe(svg);
        expectSound(svg);
        expect(svg.length).toBeLessThan(250_000);
      }
    }
  });

  it.each([['with their names', true], ['without', false]] as const)('differ in 8 % of their pixels at 256 pixels, %s', (_what, withName) => {
    const places = variantPlaces(rules);
    for (const language of ['en', 'ko']) expect(alikeAmong(rules.map((rule) => [rule.badge, badgeArt(subjectOfRule(rule, language, places.get(rule.badge)), lettering, { withName })]))).toEqual([]);
  });
});

describe('the pictures of the badges of one issuer', () => {
  const [example] = rules as [Rule];
  const { level: _level, role: _role, image: _image, issuer: _issuer, ...plain } = example.design;
  const ranked = (rank: number) => ({ ...plain, level: { of: 'x', name: { en: 'L' }, rank } });
  const FAMILIES: readonly (readonly [string, Rule['design'], number])[] = [
    ['plain', plain, 20], ['role', { ...plain, role: { en: 'R' } }, 10], ['bronze', ranked(1), 5], ['silver', ranked(2), 5], ['gold', ranked(3), 5],
  ];
  const ids = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z-]{0,20}$/), { minLength: 20, maxLength: 20 });
  const ofFamily = (design: Rule['design']) => (badge: string): Rule => ({ ...example, badge, design });

  it.each(FAMILIES)('differ in 8 % of their pixels though nothing but their ids does: %s', (_family, design, many) => {
    fc.assert(
      fc.property(ids, fc.boolean(), (badges, withName) => {
        const rulebook = badges.slice(0, many).map(ofFamily(design));
        const places = variantPlaces(rulebook);
        expect(alikeAmong(rulebook.map((rule) => [rule.badge, badgeArt(subjectOfRule(rule, 'en', places.get(rule.badge)), lettering, { withName })]))).toEqual([]);
      }),
      { numRuns: 2 },
    );
  });

  it('stay what they are whatever is published later, by them or others, and whatever becomes of other issuers', () => {
    const design = fc.constantFrom(...FAMILIES.map(([, one]) => one), { ...plain, issuer: 'other' });
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), design), { maxLength: 60, selector: ([badge]) => badge }), fc.nat(60), (badges, until) => {
        const rulebook = badges.map(([badge, one]) => ofFamily(one)(badge));
        const [before, after] = [variantPlaces(rulebook.slice(0, until)), variantPlaces(rulebook)];
        for (const [badge, place] of before) expect(after.get(badge)).toBe(place);
        const without = variantPlaces(rulebook.filter((rule) => rule.design.issuer !== 'other'));
        for (const [badge, place] of without) expect(after.get(badge)).toBe(place);
      }),
    );
  });

  it('are shared by as few as can be where there are more badges than variants', () => {
    const rulebook = Array.from({ length: 47 }, (_none, i) => ofFamily(plain)(`badge-${i}`));
    const times = new Map<number, number>();
    for (const place of variantPlaces(rulebook).values()) times.set(place, (times.get(place) ?? 0) + 1);
    expect([times.size, Math.min(...times.values()), Math.max(...times.values())]).toEqual([20, 2, 3]);
  });
});

describe('the picture of a badge', () => {
  const level = (rank: number) => ({ level: { name: 'Level', rank } });
  const edges = { 1: draw(level(1)), 2: draw(level(2)), 3: draw(level(3)), none: draw({}), role: draw({ role: true }) };

  it('has an edge for each level, one for none and one for a role', () => {
    expect(new Set(Object.values(edges).map(silhouette)).size).toBe(5);
  });

  it('has the same edge for the same level, whatever it is about', () => {
    for (const rank of [1, 2, 3]) expect(silhouette(draw({ ...level(rank), id: 'other', name: 'Team Player', words: { tags: ['team'] } }))).toBe(silhouette(edges[rank as 1 | 2 | 3]));
    // Levels beyond the highest that is drawn, and below the lowest.
    expect([silhouette(draw(level(99))), silhouette(draw(level(0)))]).toEqual([silhouette(edges[3]), silhouette(edges[1])]);
  });

  it('names no level where it has none, and its level in its title where it has one', () => {
    expect(/<title>(.*)<\/title>/.exec(edges[2])?.[1]).toBe('SQL · Level');
    expect(/<title>(.*)<\/title>/.exec(edges.none)?.[1]).toBe('SQL');
  });

  it('is another one for another badge of the same name', () => expect(differ(pixels(draw({ id: 'a' })), pixels(draw({ id: 'b' })), 0.01)).toBe(true));

  it('takes an icon that is there, and the one of its field for any other', () => {
    expect(draw({ icon: 'leaf' })).not.toBe(draw({}));
    for (const icon of ['__proto__', 'constructor', 'no-such-icon', '"><script>']) expect(pixels(draw({ icon })).equals(pixels(draw({})))).toBe(true);
  });

  it('stands beside others on one page: ids are its own', () => {
    const idsOf = (svg: string): readonly string[] => Array.from(svg.matchAll(/ id="(\w+)"/g), ([, id]) => id ?? '');
    const all = [draw({}), draw({ id: 'b' }), draw({}, false), draw({ language: 'ko' })].flatMap(idsOf);
    expect(new Set(all).size).toBe(all.length);
  });

  it('is drawn of nothing but one ink where it is printed in one', () => {
    const svg = badgeArt({ id: 'sql', name: 'SQL', language: 'en', ...level(2) }, lettering, { oneColour: '#123456' });
    expect([...new Set(svg.match(/#[0-9a-f]{6}\b/gi))]).toEqual(['#123456']);
  });
});

describe('names that were made to do harm', () => {
  it.each([
    ['markup', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['the end of the title', '</title><image href="https://evil.example"/>', '&lt;/title&gt;&lt;image href=&quot;https://evil.example&quot;/&gt;'],
    ['an entity', '&xxe; & &#0;', '&amp;xxe; &amp; &amp;#0;'],
    ['CDATA', ']]><svg onload=alert(1)>', ']]&gt;&lt;svg onload=alert(1)&gt;'],
    ['characters that turn text around', 'S\u202eQ\u2066L\u200f', 'SQL'],
    ['controls and halves of characters', 'S\u0000Q\ud800L\u0007\udc00', 'S QL'],
    ['pictographs', 'SQL 🎉', 'SQL 🎉'],
    ['nothing', '', ''],
    ['nothing that is seen', '\u200b\u2060\ufeff', ''],
  ])('%s: stand in the title as text, or not at all', (_what, name, title) => {
    const svg = draw({ name, level: { name, rank: 2 } });
    expectSound(svg);
    const shown = /<title>(.*)<\/title>/.exec(svg)?.[1];
    expect(shown).toBe(title === '' ? '' : `${title} · ${title}`);
  });

  it.each([['10 kB', 'Ada Lovelace '.repeat(800)], ['10 kB without a blank', 'W'.repeat(10_000)], ['marks', `S${'\u0301'.repeat(10_000)}`], ['Hangul', '한'.repeat(10_000)]])('%s: stay small', (_what, name) => {
    const svg = draw({ name, level: { name, rank: 2 } });
    expectSound(svg);
    expect(svg.length).toBeLessThan(400_000);
    expect((/<title>(.*)<\/title>/.exec(svg)?.[1] ?? '').length).toBeLessThan(700);
  });

  it('are harmless wherever they stand, whatever they are', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('<', '&', '"', ']]>', '\u202e', '\u0000', '__proto__', '한글'));
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: -5, max: 100 }), (id, name, icon, rank) => {
        expectSound(draw({ id, name, icon, level: { name: id, rank }, words: { names: [name], tags: [icon], longer: [id] } }));
      }),
      { numRuns: 30 },
    );
  });
});
