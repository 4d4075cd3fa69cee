import { outOfBounds, STRANGERS } from '../json-ld/bounds.js';
import { isJsonObject, type JsonObject } from '../json-ld/json.js';

/** Why a text is not read as a JSON object. */
export type JsonRefusal = 'too-large' | 'not-json' | 'duplicate-key' | 'forbidden-key' | 'out-of-bounds';

/** A JSON object, or why there is none. */
export type StrictJson = { readonly value: JsonObject } | { readonly refused: JsonRefusal; readonly detail: string };

/** The longest JSON text that is read. */
export const MAX_JSON = 1_000_000;

const refuse = (refused: JsonRefusal, detail: string): StrictJson => ({ refused, detail });

/** Where a string that starts at a quotation mark ends: behind its closing one. */
const endOfString = (text: string, start: number): number => {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
};

/** Keys are compared as what they mean: "\u0069d" is "id". */
const keyOf = (quoted: string): string | undefined => {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
};

/**
 * What a parser would silently decide: which of two members of one name counts, and whether "__proto__" is a member at all.
 * Parsers differ there, so that two of them would see different credentials under one signature.
 */
const ambiguity = (text: string): StrictJson | undefined => {
  const open: (Set<string> | undefined)[] = [];
  let keyNext = false;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"': {
        const end = endOfString(text, at);
        const names = open.at(-1);
        if (names && keyNext) {
          const key = keyOf(text.slice(at, end));
          if (key === undefined) return refuse('not-json', 'the name of a member is no string');
          if (key === '__proto__') return refuse('forbidden-key', key);
          if (names.has(key)) return refuse('duplicate-key', key);
          names.add(key);
          keyNext = false;
        }
        at = end - 1;
        break;
      }
      case '{':
      case '[':
        keyNext = text[at] === '{';
        open.push(keyNext ? new Set() : undefined);
        if (open.length > STRANGERS.depth) return refuse('out-of-bounds', `nested more than ${STRANGERS.depth} deep`);
        break;
      case '}':
      case ']':
        open.pop();
        keyNext = false;
        break;
      case ',':
        keyNext = open.at(-1) !== undefined;
        break;
      default:
    }
  }
  return undefined;
};

/** Reads a JSON object that every parser reads alike. Size and depth are bounded before it is parsed. */
export const readJson = (text: string): StrictJson => {
  if (text.length > MAX_JSON) return refuse('too-large', `longer than ${MAX_JSON} characters`);
  const ambiguous = ambiguity(text);
  if (ambiguous) return ambiguous;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return refuse('not-json', thrown instanceof Error ? thrown.message : String(thrown));
  }
  if (!isJsonObject(value)) return refuse('not-json', 'it is no object');
  const tooMuch = outOfBounds(value);
  return tooMuch === undefined ? { value } : refuse('out-of-bounds', tooMuch);
};
