import type { JsonObject } from './json.js';

/** A value in a document that may differ from one document of a shape to the next. */
export type Leaf = string | number | boolean;

/** What documents have in common that differ in their values alone, and the values of one of them. */
export interface Shape {
  /** Equal for documents of the same shape, and for no others. */
  readonly key: string;
  /** The values, in the order in which they stand in the document. */
  readonly leaves: readonly Leaf[];
}

/** What is put in place of the leaf with this number. */
export type Replace = (leaf: Leaf, index: number) => Leaf;

// Their texts are looked up in the contexts, so that they are part of the shape.
const TERM_KEYS = new Set(['type', 'proofPurpose', 'cryptosuite']);
const isTermKey = (key: string): boolean => TERM_KEYS.has(key) || (key.startsWith('@') && key !== '@id' && key !== '@value');

/** A document that has no shape, since what is in it cannot be told apart by keys alone. */
class Shapeless extends Error {}

class Walk {
  key = '';
  readonly leaves: Leaf[] = [];

  value(value: unknown): void {
    if (typeof value === 'string') {
      this.key += 's';
      this.leaves.push(value);
    } else if (typeof value === 'number' || typeof value === 'boolean') {
      this.key += 'v';
      this.leaves.push(value);
    } else if (Array.isArray(value)) {
      this.key += '[';
      for (const item of value) this.value(item);
      this.key += ']';
    } else if (typeof value === 'object' && value !== null) {
      this.#object(value as JsonObject);
    } else if (value === null) {
      this.key += 'n';
    } else {
      throw new Shapeless();
    }
  }

  #object(object: JsonObject): void {
    this.key += '{';
    for (const key in object) {
      const value = object[key];
      // With its length before it a key cannot be taken for what follows it.
      this.key += `${key.length}:${key}`;
      if (!isTermKey(key)) {
        this.value(value);
        continue;
      }
      const text = JSON.stringify(value);
      // A context that stands in the document itself may give any text a meaning of its own.
      if (text === undefined || text.includes('{')) throw new Shapeless();
      this.key += text;
    }
    this.key += '}';
  }
}

/** The shape of a document; undefined where it has none. */
export const shapeOf = (document: JsonObject): Shape | undefined => {
  const walk = new Walk();
  try {
    walk.value(document);
  } catch (thrown) {
    if (thrown instanceof Shapeless || thrown instanceof RangeError) return undefined;
    throw thrown;
  }
  return { key: walk.key, leaves: walk.leaves };
};

/** The document with its leaves replaced, counted as in its shape. */
export const withLeaves = (document: JsonObject, replace: Replace): JsonObject => {
  let index = 0;
  const replaced = (value: unknown): unknown => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return replace(value, index++);
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, isTermKey(key) ? (item as unknown) : replaced(item)]));
  };
  return replaced(document) as JsonObject;
};
