import type { Baked } from './read-input.js';
import { finding } from './report.js';

/** Elements that carry a badge, by namespace: Open Badges 3.0 and 2.0. */
const CARRIERS: Readonly<Record<string, string>> = { 'https://purl.imsglobal.org/ob/v3p0': 'credential', 'http://openbadges.org': 'assertion' };
const MAX_DEPTH = 256;
const MAX_TAGS = 50_000;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const ATTRIBUTE = /\s+([^\s=<>"'/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;

class NotXml extends Error {}

/** A text with its references resolved: the five of XML and characters by number, and never one that the image defines. */
const resolved = (text: string): string =>
  text.replace(/&([^;&\s]{0,16});?/g, (reference, name: string) => {
    const known = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
    if (known !== undefined) return known;
    const [, hex, decimal] = /^#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}))$/.exec(name) ?? [];
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    if (!(code > 0 && code <= 0x10ffff) || !reference.endsWith(';')) throw new NotXml('a reference to an entity that is not XML’s own');
    return String.fromCodePoint(code);
  });

interface Open {
  readonly name: string;
  readonly namespaces: ReadonlyMap<string, string>;
  /** Set where it is the carrier of a badge. */
  readonly badge?: { readonly verify: string | undefined; text: string; elements: number };
}

const attributesOf = (tag: string, from: number): readonly [ReadonlyMap<string, string>, string] => {
  const attributes = new Map<string, string>();
  ATTRIBUTE.lastIndex = from;
  let end = from;
  for (let found = ATTRIBUTE.exec(tag); found; found = ATTRIBUTE.exec(tag)) {
    const [, name = '', double, single] = found;
    if (attributes.has(name)) throw new NotXml('an attribute that stands twice');
    attributes.set(name, resolved(double ?? single ?? ''));
    end = ATTRIBUTE.lastIndex;
  }
  return [attributes, tag.slice(end).trim()];
};

const carries = (name: string, namespaces: ReadonlyMap<string, string>): boolean => {
  const [local = '', prefix = ''] = name.split(':').reverse();
  return CARRIERS[namespaces.get(prefix) ?? ''] === local;
};

/** Where a tag that opens at `<` ends: at the first `>` outside of quotes. */
const endOfTag = (svg: string, start: number): number => {
  let quote = '';
  for (let at = start; at < svg.length; at++) {
    const character = svg[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
  }
  throw new NotXml('a tag without an end');
};

const behind = (svg: string, end: string, from: number): number => {
  const at = svg.indexOf(end, from);
  if (at < 0) throw new NotXml(`"${end}" is missing`);
  return at + end.length;
};

/** What each carrier in the image holds. Nothing is drawn, executed or looked up, and entities are never expanded. */
const badgesIn = (svg: string): readonly string[] => {
  const found: string[] = [];
  const open: Open[] = [];
  let tags = 0;
  let rooted = false;
  const addText = (text: string): void => {
    const badge = open.at(-1)?.badge;
    if (badge) badge.text += text;
  };
  const close = ({ badge }: Open): void => {
    if (!badge) return;
    if (badge.elements > 0) throw new NotXml('elements inside the badge');
    found.push(badge.verify ?? badge.text);
  };
  for (let at = 0; at < svg.length; ) {
    const tag = svg.indexOf('<', at);
    const text = svg.slice(at, tag < 0 ? undefined : tag);
    if (open.at(-1)?.badge && text !== '') addText(resolved(text));
    if (tag < 0) break;
    if (svg.startsWith('<!--', tag)) at = behind(svg, '-->', tag + 4);
    else if (svg.startsWith('<![CDATA[', tag)) {
      at = behind(svg, ']]>', tag + 9);
      addText(svg.slice(tag + 9, at - 3));
    } else if (svg.startsWith('<?', tag)) at = behind(svg, '?>', tag + 2);
    else if (svg.startsWith('<!', tag)) {
      at = endOfTag(svg, tag) + 1;
      if (svg.slice(tag, at).includes('[')) throw new NotXml('it defines entities of its own');
    } else {
      const end = endOfTag(svg, tag);
      at = end + 1;
      if (++tags > MAX_TAGS) throw new NotXml(`more than ${MAX_TAGS} tags`);
      const inside = svg.slice(tag + 1, end);
      if (inside.startsWith('/')) {
        const closed = open.pop();
        if (closed?.name !== inside.slice(1).trim()) throw new NotXml('tags that do not match');
        close(closed);
        continue;
      }
      const name = /^[^\s/>]+/.exec(inside)?.[0] ?? '';
      const [attributes, left] = attributesOf(inside, name.length);
      if (name === '' || (left !== '' && left !== '/')) throw new NotXml('a tag that is none');
      if (!rooted && name.split(':').at(-1) !== 'svg') throw new NotXml('it is no SVG image');
      if (rooted && open.length === 0) throw new NotXml('it has more than one root');
      rooted = true;
      const above = open.at(-1);
      if (above?.badge) above.badge.elements += 1;
      const declared = [...attributes].flatMap(([key, value]) => (key === 'xmlns' ? [['', value] as const] : key.startsWith('xmlns:') ? [[key.slice(6), value] as const] : []));
      const namespaces = declared.length === 0 && above ? above.namespaces : new Map([...(above?.namespaces ?? []), ...declared]);
      const element: Open = { name, namespaces, ...(carries(name, namespaces) && { badge: { verify: attributes.get('verify'), text: '', elements: 0 } }) };
      if (left === '/') close(element);
      else {
        open.push(element);
        if (open.length > MAX_DEPTH) throw new NotXml(`nested more than ${MAX_DEPTH} deep`);
      }
    }
  }
  if (open.length > 0 || !rooted) throw new NotXml('it ends too early');
  return found;
};

/** The badge in an SVG image: the text, or the token, of the one element that carries it. */
export const bakedInSvg = (svg: string): Baked => {
  try {
    const found = badgesIn(svg);
    if (found.length > 1) return { refused: finding('malformed-image', 'it carries more than one badge') };
    const [text] = found;
    return text === undefined ? { refused: finding('no-badge-in-image') } : { text };
  } catch (thrown) {
    if (!(thrown instanceof NotXml)) throw thrown;
    return { refused: finding('malformed-image', thrown.message) };
  }
};
