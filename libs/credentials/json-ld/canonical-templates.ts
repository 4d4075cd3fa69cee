import { Recent } from '#event-store/recent.js';
import { canonicalize, canonicalLines, type Canonical } from './canonical.js';
import { hasLoneSurrogate } from './code-points.js';
import type { JsonObject } from './json.js';
import { shapeOf, withLeaves, type Leaf, type Shape } from './shape.js';
import { filled, leafMark, leavesOfBlankNodes, templateOf, type Template } from './template.js';

/** A template; or none, where documents are canonicalized the stock way. */
type Made = Template | 'none';

/** What is known of the documents of one shape. */
interface Known {
  /** Leaves whose values are part of the template: numbers, and what the labels of nameless nodes depend on. */
  readonly pinned: readonly number[];
  /** By the values of the pinned leaves. */
  readonly templates: Recent<string, Made | Promise<Made>>;
  found: number;
  made: number;
}

/** How much is kept, about: up to twice as much. Templates take some ten kilobytes each. */
export interface TemplateLimits {
  readonly shapes: number;
  /** Of each shape, which differ in pinned leaves. */
  readonly templates: number;
}

// Making a template takes three times as long as doing without; where hardly one is used again, none is made.
const TRIED = 24;

/**
 * Gives the canonical form of documents, fast for those that are like earlier ones: the stock library canonicalizes the first document of
 * a shape with marks in place of its values, and later ones are filled in. The first document of each template is
 * held against the stock library's form of it. What cannot be filled in goes the stock way, so that the answer is always the same.
 */
export class CanonicalTemplates {
  readonly #shapes: Recent<string, Known | Promise<Known>>;
  readonly #limits: TemplateLimits;
  /** Documents that were filled in, and all. */
  readonly counts = { filled: 0, documents: 0 };

  constructor(limits: TemplateLimits = { shapes: 256, templates: 64 }) {
    this.#limits = limits;
    this.#shapes = new Recent(limits.shapes);
  }

  /** The same as `canonicalize`, at once where there is a template. */
  readonly canonicalize = (document: JsonObject): Canonical | Promise<Canonical> => {
    this.counts.documents += 1;
    const shape = shapeOf(document);
    if (!shape) return canonicalize(document);
    const known = this.#shapes.get(shape.key);
    if (!known || known instanceof Promise) return this.#later(document, shape);
    const template = known.templates.get(pinnedKey(known, shape.leaves));
    if (!template || template === 'none' || template instanceof Promise) return this.#later(document, shape);
    known.found += 1;
    return this.#filled(template, shape.leaves) ?? canonicalize(document);
  };

  #filled(template: Template, leaves: readonly Leaf[]): Canonical | undefined {
    const form = filled(template, leaves);
    // Halves of surrogate pairs are for the stock way to refuse.
    if (!form || (form.beyond && hasLoneSurrogate(form.nquads))) return undefined;
    this.counts.filled += 1;
    return form.beyond ? canonicalLines(form.nquads) : { nquads: form.nquads };
  }

  /** Makes what is not there yet; of documents that come at the same time, one makes it and the others wait. */
  async #later(document: JsonObject, shape: Shape): Promise<Canonical> {
    const known = await this.#known(document, shape);
    if (known.made > TRIED && known.found < known.made) return canonicalize(document);
    const key = pinnedKey(known, shape.leaves);
    const there = known.templates.get(key);
    if (there) {
      const template = await there;
      return (template === 'none' ? undefined : this.#filled(template, shape.leaves)) ?? canonicalize(document);
    }
    known.made += 1;
    const stock = canonicalize(document);
    const making = this.#make(document, shape.leaves, known.pinned, stock);
    known.templates.set(key, making);
    known.templates.set(key, await making);
    return stock;
  }

  async #known(document: JsonObject, { key, leaves }: Shape): Promise<Known> {
    const known = this.#shapes.get(key);
    if (known) return known;
    const making = this.#pinned(document, leaves).then((pinned) => ({
      pinned,
      templates: new Recent<string, Made | Promise<Made>>(this.#limits.templates),
      found: 0,
      made: 0,
    }));
    this.#shapes.set(key, making);
    const made = await making;
    this.#shapes.set(key, made);
    return made;
  }

  async #pinned(document: JsonObject, leaves: readonly Leaf[]): Promise<readonly number[]> {
    const numbers = leaves.flatMap((leaf, index) => (typeof leaf === 'string' ? [] : [index]));
    const marked = await canonicalize(markedDocument(document, new Set(numbers)));
    return 'refused' in marked ? numbers : [...numbers, ...leavesOfBlankNodes(marked.nquads)];
  }

  async #make(document: JsonObject, leaves: readonly Leaf[], pinned: readonly number[], stock: Promise<Canonical>): Promise<Made> {
    const kept = new Set(pinned);
    const marked = await canonicalize(markedDocument(document, kept));
    if ('refused' in marked || leavesOfBlankNodes(marked.nquads).length > 0) return 'none';
    const template = templateOf(marked.nquads, new Set([...leaves.keys()].filter((index) => !kept.has(index))));
    const expected = await stock;
    if (!template || 'refused' in expected) return 'none';
    return filled(template, leaves)?.nquads === expected.nquads ? template : 'none';
  }
}

const pinnedKey = ({ pinned }: Known, leaves: readonly Leaf[]): string => (pinned.length === 0 ? '' : JSON.stringify(pinned.map((index) => leaves[index])));

const markedDocument = (document: JsonObject, kept: ReadonlySet<number>): JsonObject =>
  withLeaves(document, (leaf, index) => (kept.has(index) ? leaf : leafMark(index)));
