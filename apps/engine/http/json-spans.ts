const SPACE = new Set([' ', '\t', '\n', '\r']);

const skipSpace = (text: string, from: number): number => {
  let at = from;
  while (SPACE.has(text[at] ?? '')) at++;
  return at;
};

const skipString = (text: string, from: number): number => {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
};

/** The place after the value that starts here. */
const skipValue = (text: string, from: number): number => {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') at = skipString(text, at);
    else if (char === ',' || char === ']' || char === '}') {
      if (depth === 0) return at;
      if (char !== ',') depth--;
      at++;
      if (depth === 0 && char !== ',') return at;
    } else {
      if (char === '[' || char === '{') depth++;
      at++;
    }
  }
  return at;
};

/** The texts of the elements of a JSON array, as they were written. The text must be valid JSON. */
export const elementTexts = (array: string): readonly string[] => {
  const texts: string[] = [];
  let at = skipSpace(array, skipSpace(array, 0) + 1);
  while (at < array.length && array[at] !== ']') {
    const end = skipValue(array, at);
    texts.push(array.slice(at, end).trimEnd());
    at = skipSpace(array, skipSpace(array, end) + (array[skipSpace(array, end)] === ',' ? 1 : 0));
  }
  return texts;
};

/** The text of a member of a JSON object, as it was written; the last one where the name is repeated. The text must be valid JSON. */
export const memberText = (object: string, name: string): string | undefined => {
  let found: string | undefined;
  let at = skipSpace(object, skipSpace(object, 0) + 1);
  while (at < object.length && object[at] !== '}') {
    const keyEnd = skipString(object, at);
    const key = JSON.parse(object.slice(at, keyEnd)) as string;
    const start = skipSpace(object, skipSpace(object, keyEnd) + 1);
    const end = skipValue(object, start);
    if (key === name) found = object.slice(start, end).trimEnd();
    at = skipSpace(object, end);
    if (object[at] === ',') at = skipSpace(object, at + 1);
  }
  return found;
};
