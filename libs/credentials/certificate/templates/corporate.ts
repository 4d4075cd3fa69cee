import { INK, LINE, mixed, PAPER, QUIET } from '../colour.js';
import type { Content } from '../content.js';
import { badgeArt, column, heightOf, item, labelled, logoSize, qrCode, type Item } from '../elements.js';
import { panel } from '../engraving.js';
import { A4, circle, line, type Drawing, type Scene } from '../scene.js';
import { place, set, setLine, shrinking, type Style } from '../typesetting.js';

const [WIDTH, HEIGHT] = [A4.long, A4.short];
const PANEL = 236;
const [LEFT, RIGHT] = [288, 790];
const MEASURE = RIGHT - LEFT;
/** The middle of the badge on the panel. */
const MEDAL = { x: PANEL / 2, y: 196, radius: 84, art: 148 };

/** Sober: a dark panel with badge and QR code on the left, the text flush left beside it. */
export const corporate = (content: Content): Scene => {
  const deep = mixed(content.accent, INK, 0.45);
  return {
    width: WIDTH, height: HEIGHT, paper: PAPER,
    drawings: [...side(content, deep), ...head(content), ...body(content), ...foot(content)],
  };
};

const side = (content: Content, deep: string): readonly Drawing[] => {
  const { wording, code, address } = content;
  const bright = mixed(deep, '#ffffff', 0.94);
  const soft = mixed(deep, '#ffffff', 0.72);
  const qr = 92;
  const top = 424;
  const label = setLine(wording.verify, { face: 'sans-medium', size: 7.5, tracking: 0.06, colour: soft });
  const codeLine = setLine(code, { face: 'sans-semibold', size: 10.5, tracking: 0.05, colour: bright }, PANEL - 40);
  const addressLine = set(address, { face: 'sans', size: 7, colour: soft, leading: 1.35 }, PANEL - 48, [{ size: 7, lines: 2 }, { size: 6, lines: 2 }], true);
  return [
    { kind: 'picture', x: 0, y: 0, width: PANEL, height: HEIGHT, content: { svg: panel(PANEL, HEIGHT, deep, [MEDAL.x, MEDAL.y]) } },
    { kind: 'shape', path: circle(MEDAL.x, MEDAL.y, MEDAL.radius), fill: { colour: PAPER } },
    { kind: 'shape', path: circle(MEDAL.x, MEDAL.y, MEDAL.radius + 4), stroke: { colour: PAPER, width: 0.7, opacity: 0.8 } },
    badgeArt(content, MEDAL.x - MEDAL.art / 2, MEDAL.y - MEDAL.art / 2, MEDAL.art),
    ...(label ? [place(label, PANEL / 2, top - 16, 'centre')] : []),
    ...qrCode(content, (PANEL - qr) / 2, top, qr, 4),
    ...(codeLine ? [place(codeLine, PANEL / 2, top + qr + 15, 'centre')] : []),
    ...(addressLine ? [place(addressLine, PANEL / 2, top + qr + 33, 'centre')] : []),
  ];
};

const head = ({ issuer, logo }: Content): readonly Drawing[] => {
  const middle = 66;
  const size = logo && logoSize(logo, { width: 150, height: 36 });
  const start = size ? LEFT + size.width + 16 : LEFT;
  const name = set(issuer, { face: 'sans-semibold', size: 13, colour: INK, leading: 1.25 }, RIGHT - start, [{ size: 13, lines: 1 }, { size: 11, lines: 1 }, { size: 10, lines: 2 }]);
  return [
    ...(logo && size ? [{ kind: 'picture' as const, x: LEFT, y: middle - size.height / 2, ...size, content: { png: logo.png } }] : []),
    ...(name ? [place(name, start, middle - name.height / 2)] : []),
  ];
};

const body = (content: Content): readonly Drawing[] => {
  const { wording, recipient, badge, about, competence, criteria, accent } = content;
  const small: Style = { face: 'sans', size: 11.5, colour: QUIET, leading: 1.5 };
  const kicker = setLine(wording.title, { face: 'sans-semibold', size: 10.5, tracking: 0.04, colour: accent });
  const hero = { face: 'sans-bold', tracking: -0.012, leading: 1.16, colour: INK, role: 'H1', size: 0 } as const;
  const statement = (text: string | undefined) => (text === undefined ? undefined : set(text, small, MEASURE, [{ size: 11.5, lines: 2 }], true));
  const top: Item[] = recipient === undefined
    ? [
        ...item(kicker, 0, LEFT),
        ...item(statement(wording.holder), 30, LEFT),
        ...item(set(badge, hero, MEASURE, shrinking(44, 22, 3), true), 20, LEFT),
      ]
    : [
        ...item(kicker, 0, LEFT),
        ...item(statement(wording.certifies), 28, LEFT),
        ...item(set(recipient, hero, MEASURE, shrinking(42, 20, 2), true), wording.certifies ? 16 : 28, LEFT),
        ...item(statement(wording.earned), 20, LEFT),
        ...item(set(badge, { ...hero, role: 'H2', face: 'sans-semibold', colour: accent }, MEASURE, shrinking(26, 15, 2), true), 17, LEFT),
      ];
  const level = about === undefined ? undefined : set(about, { face: 'sans-medium', size: 11, colour: INK }, MEASURE, [{ size: 11, lines: 1 }, { size: 9.5, lines: 1 }]);
  const sentence = competence === undefined ? undefined
    : set(competence, { face: 'sans', size: 12, colour: INK, leading: 1.55 }, MEASURE, [{ size: 12.5, lines: 2 }, { size: 11.5, lines: 3 }, { size: 10, lines: 4 }]);
  const upper = [...top, ...item(level, 12, LEFT), ...item(sentence, 22, LEFT)];
  const [from, to] = [126, 456];
  const style: Style = { face: 'sans', size: 9, colour: QUIET, leading: 1.55 };
  const title = setLine(wording.criteria, { face: 'sans-semibold', size: 8, tracking: 0.04, colour: QUIET });
  const room = to - from - heightOf(upper) - 26 - (title?.height ?? 0) - 10;
  const lines = (size: number): number => Math.max(1, Math.floor((room - size * 0.7) / (size * 1.55)) + 1);
  const text = set(criteria, style, MEASURE, [{ size: 9.5, lines: Math.min(4, lines(9.5)) }, { size: 9, lines: Math.min(7, lines(9)) }, { size: 8, lines: lines(8) }]);
  const items = [...upper, ...(text ? [...item(title, 26, LEFT), ...item(text, 10, LEFT)] : [])];
  const free = Math.max(0, to - from - heightOf(items));
  const spaces = items.slice(1).reduce((sum, { space }) => sum + space, 0);
  // What is left over opens the spaces a little, the rest stays below.
  const stretch = 1 + Math.min(0.4, (free * 0.6) / Math.max(1, spaces));
  return column(items, from + Math.min(14, free * 0.12), stretch);
};

const foot = ({ wording, awarded, validUntil, signatory, issuer }: Content): readonly Drawing[] => {
  const [rule, top] = [484, 521];
  const styles = {
    label: { face: 'sans-medium', size: 7.5, tracking: 0.04, colour: QUIET },
    value: { face: 'sans-semibold', size: 10.5, colour: INK },
  } as const;
  const signed = 196;
  return [
    line(LEFT, rule, RIGHT, rule, { colour: LINE, width: 0.8 }),
    ...labelled(wording.awarded, awarded, styles, LEFT, top, 138),
    ...(validUntil === undefined ? [] : labelled(wording.validUntil, validUntil, styles, LEFT + 146, top, 150)),
    ...(signatory ? [
      line(RIGHT - signed, top - 7, RIGHT, top - 7, { colour: INK, width: 0.6 }),
      ...labelled(signatory.name, [signatory.title, issuer].filter((part) => part !== undefined).join(', '), {
        label: { face: 'sans-semibold', size: 10.5, colour: INK }, value: { face: 'sans', size: 8.5, colour: QUIET },
      }, RIGHT - signed, top + 5, signed),
    ] : []),
  ];
};
