import { hasLoneSurrogate } from './code-points.js';

/** What a document may be at most; anything above is refused before it is looked at any further. */
export interface Bounds {
  readonly depth: number;
  /** Values of all kinds, containers included: the work grows with the square of some of them. */
  readonly values: number;
  /** Entries of "@context", wherever they are: each is worked through anew. */
  readonly contexts: number;
}

/** Bounds for documents of strangers: ten times what a large credential has; the worst takes less than half a second. */
export const STRANGERS: Bounds = { depth: 48, values: 5_000, contexts: 200 };
/** Bounds for documents that hold many credentials. */
export const COLLECTIONS: Bounds = { depth: 48, values: 100_000, contexts: 2_000 };

/** Says why a JSON value is too large, too deep or not Unicode text; undefined where it is none of these. */
export const outOfBounds = (root: unknown, bounds: Bounds = STRANGERS): string | undefined => {
  let level: unknown[] = [root];
  let [values, contexts] = [0, 0];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > bounds.depth) return `nested more than ${bounds.depth} deep`;
    values += level.length;
    if (values > bounds.values) return `more than ${bounds.values} values`;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string') {
        if (hasLoneSurrogate(value)) return 'half of a surrogate pair in a text, which is no Unicode character';
      } else if (Array.isArray(value)) {
        for (const item of value) next.push(item);
      } else if (typeof value === 'object' && value !== null) {
        for (const [key, item] of Object.entries(value)) {
          if (hasLoneSurrogate(key)) return 'half of a surrogate pair in a name, which is no Unicode character';
          if (key === '@context') contexts += Array.isArray(item) ? item.length : 1;
          next.push(item);
        }
      }
    }
    if (contexts > bounds.contexts) return `more than ${bounds.contexts} contexts`;
    level = next;
  }
  return undefined;
};
