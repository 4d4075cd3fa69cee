import { qrMatrix } from '../qr.js';
import type { Content } from './content.js';
import { INK } from './colour.js';
import type { Logo } from './logo.js';
import { rectangle, short, type Drawing, type Picture } from './scene.js';
import { place, setLine, type Align, type Setting, type Style } from './typesetting.js';

/** The QR code that leads to the verification page, its quiet zone (white) included in `size`; it can be clicked. */
export const qrCode = ({ url, scanned, wording }: Content, x: number, y: number, size: number, radius = 0): readonly Drawing[] => {
  const rows = qrMatrix(scanned);
  const quiet = 3;
  const module = size / (rows.length + quiet * 2);
  let path = '';
  for (const [row, modules] of rows.entries()) {
    for (let from = 0; from < modules.length; from += 1) {
      if (!modules[from]) continue;
      let to = from;
      while (modules[to + 1]) to += 1;
      path += bar(x + (from + quiet) * module, y + (row + quiet) * module, (to - from + 1) * module, module);
      from = to;
    }
  }
  return [
    { kind: 'shape', path: rectangle(x, y, size, size, radius), fill: { colour: '#ffffff' } },
    { kind: 'shape', path, fill: { colour: INK }, alt: wording.qrOf(url) },
    ...(/^https?:\/\//u.test(url) ? [{ kind: 'link' as const, x, y, width: size, height: size, url }] : []),
  ];
};

/** A bar in ten-thousandths of a point, so that neighbours meet. */
const bar = (x: number, y: number, width: number, height: number): string => {
  const [x0, y0, x1, y1] = [x, y, x + width, y + height].map((value) => Math.round(value * 1e4) / 1e4);
  return `M${x0} ${y0}L${x1} ${y0}L${x1} ${y1}L${x0} ${y1}Z`;
};

/** The badge's picture. */
export const badgeArt = ({ art, badge, wording }: Content, x: number, y: number, size: number): Picture =>
  ({ kind: 'picture', x, y, width: size, height: size, alt: wording.artOf(badge), content: { svg: art } });

/** The size a logo has in a box: as large as fits, but a square one not larger than a wide one of the same area. */
export const logoSize = ({ width, height }: Logo, most: { readonly width: number; readonly height: number }): { readonly width: number; readonly height: number } => {
  const scale = Math.min(most.width / width, most.height / height);
  return { width: Number(short(width * scale)), height: Number(short(height * scale)) };
};

/** A small label and what it names below it; the height is that of both. */
export const labelled = (
  label: string, value: string, styles: { readonly label: Style; readonly value: Style }, x: number, top: number, width: number, align: Align = 'left',
): readonly Drawing[] => {
  const head = setLine(label, styles.label, width);
  const body = setLine(value, styles.value, width);
  return [
    ...(head ? [place(head, x, top, align)] : []),
    ...(body ? [place(body, x, top + (head?.height ?? 0) + 8, align)] : []),
  ];
};

/** One thing in a column: its height, the space above it, and how it is drawn. */
export interface Item {
  readonly space: number;
  readonly height: number;
  readonly draw: (top: number) => readonly Drawing[];
}

/** A text as a thing in a column; nothing where there is no text. */
export const item = (setting: Setting | undefined, space: number, x: number, align: Align = 'left'): readonly Item[] =>
  setting ? [{ space, height: setting.height, draw: (top) => [place(setting, x, top, align)] }] : [];

/** The height of things in a column; the space above the first is none. */
export const heightOf = (items: readonly Item[]): number =>
  items.reduce((sum, { space, height }, index) => sum + height + (index === 0 ? 0 : space), 0);

/** Things below each other from `top`; their spaces are stretched by `stretch`. */
export const column = (items: readonly Item[], top: number, stretch = 1): readonly Drawing[] => {
  const drawings: Drawing[] = [];
  let at = top;
  for (const [index, { space, height, draw }] of items.entries()) {
    if (index > 0) at += space * stretch;
    drawings.push(...draw(at));
    at += height;
  }
  return drawings;
};
