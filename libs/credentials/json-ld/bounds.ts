import { hasLoneSurrogate } from './code-points.js';

/** What a document may be at most; anything above is refused before it is looked at any further. */
export const MAX_DEPTH = 48;
export const MAX_VALUES = 8_000;

/** Says why a JSON value is too large, too deep or not Unicode text; undefined where it is none of these. */
export const outOfBounds = (root: unknown): string | undefined => {
  let level: unknown[] = [root];
  let values = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return `nested more than ${MAX_DEPTH} deep`;
    values += level.length;
    if (values > MAX_VALUES) return `more than ${MAX_VALUES} values`;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'string') {
        if (hasLoneSurrogate(value)) return 'half of a surrogate pair in a text, which is no Unicode character';
      } else if (Array.isArray(value)) {
        if (value.length > MAX_VALUES) return `more than ${MAX_VALUES} values`;
        for (const item of value) next.push(item);
      } else if (typeof value === 'object' && value !== null) {
        for (const [key, item] of Object.entries(value)) {
          if (hasLoneSurrogate(key)) return 'half of a surrogate pair in a name, which is no Unicode character';
          next.push(item);
        }
      }
    }
    level = next;
  }
  return undefined;
};
