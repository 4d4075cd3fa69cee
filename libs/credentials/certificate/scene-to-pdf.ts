import PDFDocument from 'pdfkit';
import type { PdfForm, PdfPicture } from './pdf-forms.js';
import { pdfNumber, pdfPathOf } from './pdf-path.js';
import type { Block, Picture, Scene, Shape } from './scene.js';
import { fontOf } from './typeface.js';

/** What a PDF says of itself; `created` makes its bytes the same each time. */
export interface DocumentFacts {
  readonly title: string;
  readonly author: string;
  readonly subject: string;
  readonly keywords: string;
  /** BCP 47. */
  readonly language: string;
  readonly created: Date;
}

/** Finds the vector form of a picture that is SVG, or else a PNG of it. */
export type FindPicture = (svg: string) => PdfPicture | Uint8Array;

type Document = InstanceType<typeof PDFDocument>;
type Reference = ReturnType<Document['ref']>;

const paint = (document: Document, { path, fill, stroke, evenOdd }: Shape): void => {
  const operators = pdfPathOf(path);
  if (operators === undefined) return;
  document.save();
  if (fill) document.fillColor(fill.colour, fill.opacity ?? 1);
  if (stroke) {
    document.strokeColor(stroke.colour, stroke.opacity ?? 1).lineWidth(stroke.width);
    if (stroke.round) document.lineCap('round').lineJoin('round');
  }
  const star = evenOdd ? '*' : '';
  document.addContent(operators).addContent(fill ? (stroke ? `B${star}` : `f${star}`) : stroke ? 'S' : 'n');
  document.restore();
};

const write = (document: Document, { lines, colour }: Block): void => {
  document.fillColor(colour);
  for (const { face, text, x, y, size, tracking } of lines) {
    // The writer takes a font that was read already; its types only know files and bytes.
    document.font(fontOf(face) as unknown as string, size)
      .text(text, x, y, { lineBreak: false, baseline: 'alphabetic', characterSpacing: tracking });
  }
};

const resources = (form: PdfForm, references: readonly Reference[]): object => ({
  ExtGState: Object.fromEntries(Object.entries(form.states).map(([name, state]) => [name, { Type: 'ExtGState', ...state }])),
  Pattern: Object.fromEntries(Object.entries(form.patterns).map(([name, { matrix, coordinates, stops }]) => {
    const pairs = stops.slice(1).map((stop, index) => ({ FunctionType: 2, Domain: [0, 1], N: 1, C0: stops[index]?.colour, C1: stop.colour }));
    const Function = { FunctionType: 3, Domain: [0, 1], Functions: pairs, Bounds: stops.slice(1, -1).map(({ offset }) => offset), Encode: pairs.flatMap(() => [0, 1]) };
    const Shading = { ShadingType: coordinates.length === 4 ? 2 : 3, ColorSpace: 'DeviceRGB', Coords: coordinates, Function, Extend: [true, true] };
    return [name, { Type: 'Pattern', PatternType: 2, Matrix: matrix, Shading }];
  })),
  XObject: Object.fromEntries(Object.entries(form.forms).map(([name, place]) => [name, references[place]])),
});

/** Farther than anything is drawn: what a picture may cover is decided where it is placed. */
const EVERYWHERE = [-20_000, -20_000, 20_000, 20_000];

const draw = (document: Document, { forms, width, height }: PdfPicture, at: Picture): void => {
  const references: Reference[] = [];
  for (const form of forms) {
    const reference = document.ref({
      Type: 'XObject', Subtype: 'Form', BBox: references.length === forms.length - 1 ? [0, 0, width, height] : EVERYWHERE, Filter: 'FlateDecode',
      Resources: resources(form, references), ...(form.group ? { Group: { S: 'Transparency' } } : {}),
    });
    reference.end(form.deflated);
    references.push(reference);
  }
  const names = document.page.xobjects as Record<string, Reference>;
  const name = `V${Object.keys(names).length + 1}`;
  names[name] = references.at(-1) as Reference;
  document.addContent(`q ${pdfNumber(at.width / width)} 0 0 ${pdfNumber(at.height / height)} ${pdfNumber(at.x)} ${pdfNumber(at.y)} cm /${name} Do Q`);
};

const picture = (document: Document, at: Picture, find: FindPicture): void => {
  const found = 'png' in at.content ? at.content.png : find(at.content.svg);
  if (found instanceof Uint8Array) document.image(Buffer.from(found), at.x, at.y, { width: at.width, height: at.height });
  else draw(document, found, at);
};

/** The scene as a PDF of one page: its text is text, in subsets of its faces, tagged in reading order. */
export const sceneToPdf = async (scene: Scene, facts: DocumentFacts, find: FindPicture): Promise<Uint8Array> => {
  const document = new PDFDocument({
    size: [scene.width, scene.height], margin: 0, pdfVersion: '1.7', lang: facts.language, tagged: true, displayTitle: true,
    // No face is set before the first text: the built-in one would not be embedded.
    font: null as unknown as string,
    info: {
      Title: facts.title, Author: facts.author, Subject: facts.subject, Keywords: facts.keywords,
      Creator: 'Proofmark', Producer: 'Proofmark', CreationDate: facts.created, ModDate: facts.created,
    },
  });
  const chunks: Uint8Array[] = [];
  const done = new Promise<Uint8Array>((resolve, reject) => {
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  const root = document.struct('Document');
  document.addStructure(root);
  const ornament = (drawing: () => void): void => {
    document.markContent('Artifact', { type: 'Layout' });
    drawing();
    document.endMarkedContent();
  };
  const figure = (alt: string | undefined, drawing: () => void): void => {
    if (alt === undefined) ornament(drawing);
    else root.add(document.struct('Figure', { alt }, [drawing]));
  };
  ornament(() => document.rect(0, 0, scene.width, scene.height).fill(scene.paper));
  for (const drawing of scene.drawings) {
    switch (drawing.kind) {
      case 'shape': figure(drawing.alt, () => paint(document, drawing)); break;
      case 'block': root.add(document.struct(drawing.role, {}, [() => write(document, drawing)])); break;
      case 'picture': figure(drawing.alt, () => picture(document, drawing, find)); break;
      case 'link': document.link(drawing.x, drawing.y, drawing.width, drawing.height, drawing.url); break;
    }
  }
  root.end();
  document.end();
  return done;
};
