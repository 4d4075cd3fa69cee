import { INK, mixed, PAPER, QUIET } from '../colour.js';
import type { Content } from '../content.js';
import { badgeArt, column, heightOf, item, labelled, logoSize, qrCode, type Item } from '../elements.js';
import { flourish, frame } from '../engraving.js';
import { A4, line, type Drawing, type Scene } from '../scene.js';
import { place, set, setLine, shrinking, type Style } from '../typesetting.js';

const [WIDTH, HEIGHT] = [A4.long, A4.short];
const MIDDLE = WIDTH / 2;
const MEASURE = 560;
const SEAL = 106;

/** Formal: serif, centred, in an engraved frame, with the badge as its seal. */
export const classic = (content: Content): Scene => {
  const line = mixed(content.accent, INK, 0.25);
  return {
    width: WIDTH, height: HEIGHT, paper: PAPER,
    drawings: [
      { kind: 'picture', x: 0, y: 0, width: WIDTH, height: HEIGHT, content: { svg: frame(WIDTH, HEIGHT, line, PAPER) } },
      ...body(content, line), ...foot(content),
    ],
  };
};

const body = (content: Content, colour: string): readonly Drawing[] => {
  const { wording, recipient, badge, about, competence, criteria, issuer, logo, accent, awarded, validUntil, language } = content;
  const size = logo && logoSize(logo, { width: 150, height: 34 });
  const quiet: Style = { face: 'serif', size: 11.5, colour: QUIET, leading: 1.6 };
  const hero = { face: 'serif-bold', size: 0, leading: 1.2, colour: INK, role: 'H1' } as const;
  const statement = (text: string | undefined) => (text === undefined ? undefined : set(text, quiet, MEASURE, [{ size: 11.5, lines: 2 }], true));
  const ornament = { width: 190, height: 16 };
  const days = [`${wording.awarded} ${awarded}`, ...(validUntil === undefined ? [] : [`${wording.validUntil} ${validUntil}`])].join('   ·   ');
  const head: Item[] = [
    ...(logo && size ? [{ space: 0, height: size.height, draw: (top: number): readonly Drawing[] => [{ kind: 'picture', x: MIDDLE - size.width / 2, y: top, ...size, content: { png: logo.png } }] }] : []),
    ...item(set(issuer, { face: 'serif-bold', size: 12, tracking: 0.04, colour: INK }, MEASURE, [{ size: 12, lines: 1 }, { size: 10, lines: 2 }], true), 12, MIDDLE, 'centre'),
    ...item(setLine(wording.title, { face: 'serif-extrabold', size: language === 'ko' ? 32 : 31, tracking: language === 'ko' ? 0.16 : 0.005, colour: accent }), 20, MIDDLE, 'centre'),
    { space: 12, height: ornament.height, draw: (top) => [{ kind: 'picture', x: MIDDLE - ornament.width / 2, y: top, ...ornament, content: { svg: flourish(ornament.width, colour) } }] },
  ];
  const main: Item[] = recipient === undefined
    ? [
        ...item(statement(wording.holder), 16, MIDDLE, 'centre'),
        ...item(set(badge, hero, MEASURE, shrinking(36, 20, 2), true), 18, MIDDLE, 'centre'),
      ]
    : [
        ...item(statement(wording.certifies), 14, MIDDLE, 'centre'),
        ...item(set(recipient, hero, MEASURE, shrinking(34, 18, 2), true), 14, MIDDLE, 'centre'),
        ...item(statement(wording.earned), 16, MIDDLE, 'centre'),
        ...item(set(badge, { ...hero, role: 'H2', colour: accent }, MEASURE, shrinking(22, 14, 2), true), 14, MIDDLE, 'centre'),
      ];
  const upper = [
    ...head, ...main,
    ...item(about === undefined ? undefined : set(about, { face: 'serif-bold', size: 11, colour: INK }, MEASURE, [{ size: 11, lines: 1 }, { size: 9.5, lines: 1 }]), 11, MIDDLE, 'centre'),
    ...item(competence === undefined ? undefined
      : set(competence, { face: 'serif', size: 11.5, colour: INK, leading: 1.6 }, MEASURE, [{ size: 11.5, lines: 2 }, { size: 10.5, lines: 3 }], true), 18, MIDDLE, 'centre'),
  ];
  const dates = set(days, { face: 'serif', size: 10, colour: INK }, MEASURE, [{ size: 10, lines: 1 }], true);
  const [from, to] = [74, 417];
  const room = to - from - heightOf(upper) - 14 - 16 - (dates?.height ?? 0);
  const lines = (of: number): number => Math.floor((room - of * 0.7) / (of * 1.5)) + 1;
  // Where there is no room for a line of them the criteria are left out: the page of the badge has them.
  const text = lines(8) < 1 ? undefined
    : set(criteria, { face: 'serif', size: 8.5, colour: QUIET, leading: 1.5 }, MEASURE, [{ size: 9, lines: Math.max(1, Math.min(3, lines(9))) }, { size: 8, lines: lines(8) }], true);
  const items = [...upper, ...item(text, 14, MIDDLE, 'centre'), ...item(dates, 16, MIDDLE, 'centre')];
  const free = to - from - heightOf(items);
  const spaces = Math.max(1, items.slice(1).reduce((sum, { space }) => sum + space, 0));
  if (free < 0) return column(items, from, Math.max(0.3, 1 + free / spaces));
  return column(items, from + Math.min(14, free * 0.15), 1 + Math.min(0.5, (free * 0.7) / spaces));
};

const foot = (content: Content): readonly Drawing[] => {
  const { wording, code, address, signatory, issuer } = content;
  const qr = 66;
  const [left, right] = [84, WIDTH - 84];
  const bottom = HEIGHT - 72;
  const label: Style = { face: 'serif', size: 8, colour: QUIET };
  const signed = 190;
  const besides = left + qr + 12;
  const addressLines = set(address, { face: 'serif', size: 7.5, colour: QUIET, leading: 1.3 }, 186, [{ size: 7.5, lines: 1 }, { size: 7, lines: 2 }, { size: 6, lines: 2 }]);
  return [
    badgeArt(content, MIDDLE - SEAL / 2, HEIGHT - 60 - SEAL, SEAL),
    ...qrCode(content, left, bottom - qr, qr),
    ...labelled(wording.verify, code, { label, value: { face: 'serif-bold', size: 10, tracking: 0.03, colour: INK } }, besides, bottom - 48, 186),
    ...(addressLines ? [place(addressLines, besides, bottom - 18)] : []),
    ...(signatory ? [
      line(right - signed, bottom - 36, right, bottom - 36, { colour: INK, width: 0.6 }),
      ...labelled(signatory.name, [signatory.title, issuer].filter((part) => part !== undefined).join(', '), {
        label: { face: 'serif-bold', size: 11, colour: INK }, value: { face: 'serif', size: 8.5, colour: QUIET },
      }, right - signed / 2, bottom - 24, signed, 'centre'),
    ] : []),
  ];
};
