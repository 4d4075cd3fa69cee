import { deflateSync } from 'node:zlib';
import { after, boxOf, flatTree, IDENTITY, matrixOf, pathCommands, type FlatElement, type Matrix, type PathCommand } from './flat-drawing.js';
import { pdfColour, pdfNumber, pdfPath } from './pdf-path.js';

/** A drawing that is used as a whole: compressed operators, and what they name. */
export interface PdfForm {
  readonly deflated: Uint8Array;
  readonly states: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly patterns: Readonly<Record<string, PdfGradient>>;
  /** Names of other forms, and their places in the list of forms. */
  readonly forms: Readonly<Record<string, number>>;
  /** Its opacity is that of the whole, not of each thing in it. */
  readonly group: boolean;
}

/** An axial (two points) or radial (two circles) gradient. */
export interface PdfGradient {
  readonly matrix: Matrix;
  readonly coordinates: readonly number[];
  readonly stops: readonly { readonly offset: number; readonly colour: readonly number[] }[];
}

/** A picture for PDF: forms, of which each names only earlier ones; the last one is the picture, in a box of this size. */
export interface PdfPicture {
  readonly width: number;
  readonly height: number;
  readonly forms: readonly PdfForm[];
}

/** What a picture uses that is not drawn here: it is then printed as pixels. */
class NotDrawn extends Error {}

const needed = <T>(value: T | undefined): T => {
  if (value === undefined) throw new NotDrawn();
  return value;
};

const numberOf = (text: string | undefined, otherwise: number): number => {
  const value = text === undefined ? otherwise : Number(text);
  return Number.isFinite(value) ? value : otherwise;
};

/** Path data as long as this is written once, however often it is used. */
const SHARED_LENGTH = 300;
const DRAWN = new Set(['fill', 'fill-opacity', 'fill-rule', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-linecap', 'stroke-linejoin',
  'stroke-miterlimit', 'stroke-dasharray', 'stroke-dashoffset', 'd', 'id', 'transform', 'paint-order', 'shape-rendering']);
const GROUPED = new Set(['id', 'transform', 'opacity', 'clip-path']);

class Picture {
  readonly forms: PdfForm[] = [];
  private readonly definitions = new Map<string, FlatElement>();
  private readonly uses = new Map<string, number>();
  private readonly shared = new Map<string, number>();

  constructor(svg: FlatElement) {
    this.survey(svg);
  }

  private survey(element: FlatElement): void {
    const id = element.attributes.get('id');
    if (id !== undefined) this.definitions.set(id, element);
    if (element.name === 'path') {
      const key = Picture.key(element);
      this.uses.set(key, (this.uses.get(key) ?? 0) + 1);
    }
    for (const child of element.children) this.survey(child);
  }

  private static key(path: FlatElement): string {
    return [...path.attributes].filter(([name]) => name !== 'id' && name !== 'transform').map(([name, value]) => `${name}=${value}`).join(' ');
  }

  /** The place of a path's own form, where it pays to have one. */
  formOf(path: FlatElement): number | undefined {
    const key = Picture.key(path);
    if ((this.uses.get(key) ?? 0) < 2 || key.length < SHARED_LENGTH) return undefined;
    let place = this.shared.get(key);
    if (place === undefined) {
      const content = new Content(this);
      content.path(path, IDENTITY);
      this.shared.set(key, (place = this.add(content, false)));
    }
    return place;
  }

  definition(reference: string): FlatElement {
    return needed(this.definitions.get(/^url\(#(.+)\)$/u.exec(reference)?.[1] ?? ''));
  }

  add(content: Content, group: boolean): number {
    this.forms.push(content.form(group));
    return this.forms.length - 1;
  }
}

/** The operators of one form, as they are found. */
class Content {
  private readonly operators: string[] = [];
  private readonly states: Record<string, Record<string, number>> = {};
  private readonly patterns: Record<string, PdfGradient> = {};
  private readonly used: Record<string, number> = {};

  constructor(private readonly picture: Picture) {}

  form(group: boolean): PdfForm {
    return { deflated: deflateSync(this.operators.join('\n'), { level: 9 }), states: this.states, patterns: this.patterns, forms: this.used, group };
  }

  children(element: FlatElement, matrix: Matrix): void {
    for (const child of element.children) {
      if (child.name === 'g') this.group(child, matrix);
      else if (child.name === 'path') this.placed(child, matrix);
      else if (child.name !== 'defs') throw new NotDrawn();
    }
  }

  private group(group: FlatElement, matrix: Matrix): void {
    for (const name of group.attributes.keys()) if (!GROUPED.has(name)) throw new NotDrawn();
    const own = needed(matrixOf(group.attributes.get('transform')));
    const opacity = numberOf(group.attributes.get('opacity'), 1);
    const clip = group.attributes.get('clip-path');
    this.operators.push('q', this.transformation(own));
    if (clip !== undefined) this.clip(this.picture.definition(clip));
    if (opacity < 1) {
      const content = new Content(this.picture);
      content.children(group, IDENTITY);
      this.state({ ca: opacity, CA: opacity });
      this.use(this.picture.add(content, true));
    } else {
      this.children(group, after(matrix, own));
    }
    this.operators.push('Q');
  }

  private placed(path: FlatElement, matrix: Matrix): void {
    const own = needed(matrixOf(path.attributes.get('transform')));
    const form = this.picture.formOf(path);
    this.operators.push('q', this.transformation(own));
    if (form === undefined) this.path(path, after(matrix, own));
    else this.use(form);
    this.operators.push('Q');
  }

  path({ attributes }: FlatElement, matrix: Matrix): void {
    for (const name of attributes.keys()) if (!DRAWN.has(name)) throw new NotDrawn();
    if ((attributes.get('paint-order') ?? 'normal') !== 'normal') throw new NotDrawn();
    const commands = needed(pathCommands(attributes.get('d') ?? ''));
    const fill = attributes.get('fill') ?? '#000000';
    const stroke = attributes.get('stroke') ?? 'none';
    const state: Record<string, number> = {};
    if (fill !== 'none') {
      this.paint(fill, commands, matrix, 'rg', 'scn');
      if (attributes.has('fill-opacity')) state['ca'] = numberOf(attributes.get('fill-opacity'), 1);
    }
    if (stroke !== 'none') {
      this.paint(stroke, commands, matrix, 'RG', 'SCN');
      if (attributes.has('stroke-opacity')) state['CA'] = numberOf(attributes.get('stroke-opacity'), 1);
      this.line(attributes);
    }
    if (Object.keys(state).length > 0) this.state(state);
    const star = attributes.get('fill-rule') === 'evenodd' ? '*' : '';
    const paint = fill === 'none' ? (stroke === 'none' ? 'n' : 'S') : stroke === 'none' ? `f${star}` : `B${star}`;
    this.operators.push(pdfPath(commands), paint);
  }

  private line(attributes: FlatElement['attributes']): void {
    const caps = ['butt', 'round', 'square'].indexOf(attributes.get('stroke-linecap') ?? 'butt');
    const joins = ['miter', 'round', 'bevel'].indexOf(attributes.get('stroke-linejoin') ?? 'miter');
    if (caps < 0 || joins < 0) throw new NotDrawn();
    const dashes = (attributes.get('stroke-dasharray') ?? '').split(/[\s,]+/u).filter((dash) => dash !== '' && dash !== 'none').map((dash) => numberOf(dash, 0));
    this.operators.push(`${pdfNumber(numberOf(attributes.get('stroke-width'), 1))} w ${caps} J ${joins} j ${pdfNumber(numberOf(attributes.get('stroke-miterlimit'), 4))} M`);
    if (dashes.length > 0) this.operators.push(`[${dashes.map(pdfNumber).join(' ')}] ${pdfNumber(numberOf(attributes.get('stroke-dashoffset'), 0))} d`);
  }

  private paint(paint: string, commands: readonly PathCommand[], matrix: Matrix, plain: string, patterned: string): void {
    if (!paint.startsWith('url(')) {
      this.operators.push(`${needed(pdfColour(paint))} ${plain}`);
      return;
    }
    const name = `P${Object.keys(this.patterns).length}`;
    this.patterns[name] = gradientOf(this.picture.definition(paint), boxOf(commands), matrix);
    this.operators.push(`/Pattern ${patterned === 'scn' ? 'cs' : 'CS'} /${name} ${patterned}`);
  }

  private clip(definition: FlatElement): void {
    if (definition.name !== 'clipPath' || definition.attributes.has('clip-path')) throw new NotDrawn();
    if ((definition.attributes.get('clipPathUnits') ?? 'userSpaceOnUse') !== 'userSpaceOnUse') throw new NotDrawn();
    const [path, more] = definition.children;
    // Several paths would have to be united; their outlines as one path are only where they do not overlap.
    if (!path || more || path.name !== 'path' || path.attributes.has('clip-path')) throw new NotDrawn();
    const matrix = after(needed(matrixOf(definition.attributes.get('transform'))), needed(matrixOf(path.attributes.get('transform'))));
    const commands = needed(pathCommands(path.attributes.get('d') ?? '')).map(({ letter, points }) => ({
      letter,
      points: points.map((value, index) => (index % 2 === 0
        ? matrix[0] * value + matrix[2] * (points[index + 1] as number) + matrix[4]
        : matrix[1] * (points[index - 1] as number) + matrix[3] * value + matrix[5])),
    }));
    this.operators.push(pdfPath(commands), path.attributes.get('clip-rule') === 'evenodd' ? 'W* n' : 'W n');
  }

  private transformation(matrix: Matrix): string {
    return `${matrix.map((value) => value.toFixed(6).replace(/\.?0+$/u, '')).join(' ')} cm`;
  }

  private state(state: Record<string, number>): void {
    const name = `G${Object.entries(state).map(([key, value]) => `${key}${Math.round(value * 1000)}`).join('')}`;
    this.states[name] = state;
    this.operators.push(`/${name} gs`);
  }

  private use(form: number): void {
    const name = `F${form}`;
    this.used[name] = form;
    this.operators.push(`/${name} Do`);
  }
}

const gradientOf = ({ name, attributes, children }: FlatElement, box: readonly [number, number, number, number], matrix: Matrix): PdfGradient => {
  if ((attributes.get('spreadMethod') ?? 'pad') !== 'pad') throw new NotDrawn();
  const stops = children.map((stop) => {
    if (numberOf(stop.attributes.get('stop-opacity'), 1) < 1) throw new NotDrawn();
    const colour = needed(pdfColour(stop.attributes.get('stop-color') ?? '#000000'));
    return { offset: Math.min(1, Math.max(0, numberOf(stop.attributes.get('offset'), 0))), colour: colour.split(' ').map(Number) };
  });
  if (stops.length < 2) throw new NotDrawn();
  const [left, top, width, height] = box;
  const units: Matrix = attributes.get('gradientUnits') === 'userSpaceOnUse' ? IDENTITY : [width, 0, 0, height, left, top];
  const at = (key: string, otherwise: number): number => numberOf(attributes.get(key), otherwise);
  if (name !== 'linearGradient' && name !== 'radialGradient') throw new NotDrawn();
  const coordinates = name === 'linearGradient'
    ? [at('x1', 0), at('y1', 0), at('x2', 1), at('y2', 0)]
    : [at('fx', at('cx', 0.5)), at('fy', at('cy', 0.5)), 0, at('cx', 0.5), at('cy', 0.5), at('r', 0.5)];
  return { matrix: after(after(matrix, units), needed(matrixOf(attributes.get('gradientTransform')))), coordinates, stops };
};

/** A simplified SVG as forms; nothing where it uses what is not drawn here (masks, filters, patterns, pictures, veiled gradients). */
export const pdfPictureOf = (flat: string): PdfPicture | undefined => {
  const svg = flatTree(flat).children.find(({ name }) => name === 'svg');
  const box = (svg?.attributes.get('viewBox') ?? '').split(/[\s,]+/u).map(Number);
  const [width, height] = [numberOf(svg?.attributes.get('width'), 0), numberOf(svg?.attributes.get('height'), 0)];
  if (!svg || box.length !== 4 || !box.every(Number.isFinite) || !((box[2] as number) > 0) || !((box[3] as number) > 0) || !(width > 0) || !(height > 0)) return undefined;
  try {
    const picture = new Picture(svg);
    const content = new Content(picture);
    const view: Matrix = [width / (box[2] as number), 0, 0, height / (box[3] as number), -(box[0] as number) * width / (box[2] as number), -(box[1] as number) * height / (box[3] as number)];
    content.children({ name: 'g', attributes: new Map(), children: [{ name: 'g', attributes: new Map([['transform', `matrix(${view.join(' ')})`]]), children: svg.children }] }, IDENTITY);
    picture.add(content, false);
    return { width, height, forms: picture.forms };
  } catch (thrown) {
    if (thrown instanceof NotDrawn) return undefined;
    throw thrown;
  }
};
