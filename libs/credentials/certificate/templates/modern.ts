import { INK, PAPER, QUIET } from '../colour.js';
import type { Content } from '../content.js';
import { badgeArt, column, heightOf, item, labelled, logoSize, qrCode, type Item } from '../elements.js';
import { rings } from '../engraving.js';
import { A4, line, type Drawing, type Scene } from '../scene.js';
import { place, set, setLine, shrinking, type Style } from '../typesetting.js';

const [WIDTH, HEIGHT] = [A4.short, A4.long];
const MARGIN = 54;
const MEASURE = WIDTH - 2 * MARGIN;
const BADGE = { x: WIDTH - MARGIN - 118, y: 226, size: 224 };

/** Upright and bold: a large badge in rings that run off the page, the name as large as it fits. */
export const modern = (content: Content): Scene => ({
  width: WIDTH, height: HEIGHT, paper: '#ffffff',
  drawings: [
    { kind: 'picture', x: 0, y: 0, width: WIDTH, height: HEIGHT, content: { svg: rings(WIDTH, HEIGHT, content.accent, PAPER, [BADGE.x, BADGE.y]) } },
    badgeArt(content, BADGE.x - BADGE.size / 2, BADGE.y - BADGE.size / 2, BADGE.size),
    ...head(content), ...body(content), ...foot(content),
  ],
});

const head = ({ issuer, logo, wording, accent }: Content): readonly Drawing[] => {
  const top = 54;
  const size = logo && logoSize(logo, { width: 132, height: 38 });
  const name = set(issuer, { face: 'sans-semibold', size: 12.5, colour: INK, leading: 1.3 }, 168, [{ size: 12.5, lines: 3 }, { size: 10, lines: 4 }]);
  const title = set(wording.title, { face: 'sans-bold', size: 17, colour: accent, leading: 1.25, tracking: -0.01 }, 150, [{ size: 17, lines: 3 }]);
  const below = size ? size.height + 16 : 0;
  return [
    ...(logo && size ? [{ kind: 'picture' as const, x: MARGIN, y: top, ...size, content: { png: logo.png } }] : []),
    ...(name ? [place(name, MARGIN, top + below)] : []),
    ...(title ? [place(title, MARGIN, 356 - title.height)] : []),
  ];
};

const body = (content: Content): readonly Drawing[] => {
  const { wording, recipient, badge, about, competence, criteria, accent } = content;
  const small: Style = { face: 'sans', size: 12, colour: QUIET, leading: 1.5 };
  const hero = { face: 'sans-bold', tracking: -0.022, leading: 1.1, colour: INK, role: 'H1', size: 0 } as const;
  const statement = (text: string | undefined) => (text === undefined ? undefined : set(text, small, MEASURE, [{ size: 12, lines: 2 }], true));
  const upper: Item[] = [
    ...(recipient === undefined
      ? [...item(statement(wording.holder), 0, MARGIN), ...item(set(badge, hero, MEASURE, shrinking(54, 26, 3)), 20, MARGIN)]
      : [
          ...item(statement(wording.certifies), 0, MARGIN),
          ...item(set(recipient, hero, MEASURE, shrinking(54, 24, 2)), 18, MARGIN),
          ...item(statement(wording.earned), 22, MARGIN),
          ...item(set(badge, { ...hero, role: 'H2', tracking: -0.012, colour: accent }, MEASURE, shrinking(28, 16, 2)), 18, MARGIN),
        ]),
    ...item(about === undefined ? undefined : set(about, { face: 'sans-medium', size: 11.5, colour: INK }, MEASURE, [{ size: 11.5, lines: 1 }, { size: 9.5, lines: 2 }]), 14, MARGIN),
    ...item(competence === undefined ? undefined
      : set(competence, { face: 'sans', size: 13, colour: INK, leading: 1.55 }, MEASURE, [{ size: 13, lines: 3 }, { size: 11.5, lines: 4 }, { size: 10, lines: 5 }]), 26, MARGIN),
  ];
  const [from, to] = [392, 694];
  const title = setLine(wording.criteria, { face: 'sans-semibold', size: 8.5, tracking: 0.02, colour: QUIET });
  const room = to - from - heightOf(upper) - 26 - (title?.height ?? 0) - 10;
  const lines = (size: number): number => Math.max(1, Math.floor((room - size * 0.7) / (size * 1.55)) + 1);
  const text = set(criteria, { face: 'sans', size: 9.5, colour: QUIET, leading: 1.55 }, MEASURE,
    [{ size: 9.5, lines: Math.min(5, lines(9.5)) }, { size: 9, lines: Math.min(8, lines(9)) }, { size: 8, lines: lines(8) }]);
  const items = [...upper, ...(text ? [...item(title, 26, MARGIN), ...item(text, 10, MARGIN)] : [])];
  const free = Math.max(0, to - from - heightOf(items));
  const spaces = items.slice(1).reduce((sum, { space }) => sum + space, 0);
  return column(items, from, 1 + Math.min(0.4, (free * 0.6) / Math.max(1, spaces)));
};

const foot = (content: Content): readonly Drawing[] => {
  const { wording, awarded, validUntil, signatory, issuer, code, address } = content;
  const qr = 84;
  const [rule, top] = [716, 742];
  const styles = {
    label: { face: 'sans-medium', size: 7.5, tracking: 0.02, colour: QUIET },
    value: { face: 'sans-semibold', size: 10.5, colour: INK },
  } as const;
  const first = MARGIN + qr + 14;
  const signed = 168;
  const addressLines = set(address, { face: 'sans', size: 8, colour: QUIET, leading: 1.35 }, 190, [{ size: 8, lines: 1 }, { size: 7.5, lines: 2 }, { size: 6.5, lines: 2 }]);
  const dates = awarded.length + (validUntil?.length ?? 0) > 0;
  return [
    ...(signatory ? [
      line(WIDTH - MARGIN - signed, rule, WIDTH - MARGIN, rule, { colour: INK, width: 0.6 }),
      ...labelled(signatory.name, [signatory.title, issuer].filter((part) => part !== undefined).join(', '), {
        label: { face: 'sans-semibold', size: 10.5, colour: INK }, value: { face: 'sans', size: 8.5, colour: QUIET },
      }, WIDTH - MARGIN - signed, rule + 12, signed),
    ] : []),
    ...(dates ? labelled(wording.awarded, awarded, styles, MARGIN, rule - 12, 130) : []),
    ...(validUntil === undefined ? [] : labelled(wording.validUntil, validUntil, styles, MARGIN + 132, rule - 12, 150)),
    ...qrCode(content, MARGIN - 6, top - 6, qr),
    ...labelled(wording.verify, code, { ...styles, value: { ...styles.value, tracking: 0.03 } }, first, top + 20, 166),
    ...(addressLines ? [place(addressLines, first, top + 52)] : []),
  ];
};
