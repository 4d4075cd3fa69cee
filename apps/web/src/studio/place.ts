/** Where somebody writes in a rule's text. */
export interface Place {
  /** Keys and places in lists that lead there. */
  readonly path: readonly (string | number)[];
  /** Whether a key is written there, or else the value of the last key of the path. */
  readonly isKey: boolean;
  /** What is written already, and where it begins. */
  readonly written: string;
  readonly from: number;
}

const KEY = /^([\w-]+|"[^"]*"|'[^']*')\s*:(?:\s|$)/;

interface Line {
  readonly indent: number;
  /** The dashes of list entries before what is written. */
  readonly dashes: readonly number[];
  /** Where what is written begins. */
  readonly at: number;
  readonly key: string | undefined;
}

const lineOf = (text: string): Line => {
  const dashes: number[] = [];
  let at = text.length - text.trimStart().length;
  const indent = at;
  while (/^-(\s|$)/.test(text.slice(at))) {
    dashes.push(at);
    at += 1 + (/^\s*/.exec(text.slice(at + 1))?.[0].length ?? 0);
  }
  return { indent, dashes, at, key: KEY.exec(text.slice(at))?.[1]?.replaceAll(/^["']|["']$/g, '') };
};

/** How many entries of a list begin at an indentation before a line, within the same list. */
const entriesBefore = (lines: readonly string[], until: number, dash: number): number => {
  let count = 0;
  for (let i = until - 1; i >= 0; i--) {
    const text = lines[i] ?? '';
    if (text.trim() === '' || text.trimStart().startsWith('#')) continue;
    const { indent, dashes } = lineOf(text);
    if (dashes.includes(dash)) count += 1;
    else if (indent < dash || (indent === dash && dashes.length === 0)) return count;
  }
  return count;
};

/** The path of what stands at an indentation in a line: what is above it, less indented, holds it. */
const pathAbove = (lines: readonly string[], row: number, column: number): readonly (string | number)[] => {
  const path: (string | number)[] = [];
  let below = column;
  const own = lineOf(lines[row] ?? '');
  for (const dash of [...own.dashes].reverse()) {
    if (dash < below) {
      path.unshift(entriesBefore(lines, row, dash));
      below = dash;
    }
  }
  for (let i = row - 1; i >= 0 && below > 0; i--) {
    const text = lines[i] ?? '';
    if (text.trim() === '' || text.trimStart().startsWith('#')) continue;
    const line = lineOf(text);
    // A list may stand as deep as the key that holds it.
    const holds = line.at < below || (line.at === below && typeof path[0] === 'number' && line.key !== undefined);
    if (line.key !== undefined && holds) {
      path.unshift(line.key);
      below = line.at;
    }
    for (const dash of [...line.dashes].reverse()) {
      if (dash >= below) continue;
      path.unshift(entriesBefore(lines, i, dash));
      below = dash;
    }
  }
  return path;
};

/** What of a line stands within brackets that are still open: the path through them, and what is written last. */
const withinBrackets = (written: string): { readonly path: readonly (string | number)[]; readonly last: string } | undefined => {
  const open: { readonly bracket: string; key: string | undefined; index: number }[] = [];
  let last = '';
  for (const character of written) {
    const inner = open.at(-1);
    if (character === '{' || character === '[') {
      if (inner?.bracket === '{') inner.key = KEY.exec(`${last.trim()} `)?.[1] ?? inner.key;
      open.push({ bracket: character, key: undefined, index: 0 });
      last = '';
    } else if (character === '}' || character === ']') {
      open.pop();
      last = '';
    } else if (character === ',' && inner) {
      inner.key = undefined;
      inner.index += 1;
      last = '';
    } else last += character;
  }
  if (open.length === 0) return undefined;
  const path = open.slice(0, -1).flatMap(({ bracket, key, index }): (string | number)[] => (bracket === '[' ? [index] : key === undefined ? [] : [key]));
  const inner = open.at(-1);
  return { path: inner?.bracket === '[' ? [...path, inner.index] : path, last: last.trimStart() };
};

const within = (path: readonly (string | number)[], written: string, end: number): Place => {
  const [, key, value] = /^([\w-]+)\s*:\s+(.*)$/.exec(written) ?? [];
  if (key !== undefined) return { path: [...path, key], isKey: false, written: value ?? '', from: end - (value ?? '').length };
  return { path, isKey: true, written, from: end - written.length };
};

/** Where in a rule something is written that ends at a place of its text, whether or not the text is YAML yet. */
export const placeAt = (text: string, offset: number): Place => {
  const lines = text.slice(0, offset).split('\n');
  const row = lines.length - 1;
  const line = lines[row] ?? '';
  const { at, key } = lineOf(line);
  const above = pathAbove(lines, row, at);
  const written = line.slice(at);
  const bracketed = withinBrackets(key === undefined ? written : written.slice(written.indexOf(':') + 1));
  if (bracketed) {
    const base = key === undefined ? above : [...above, key];
    const inList = typeof bracketed.path.at(-1) === 'number';
    return inList ? { path: [...base, ...bracketed.path.slice(0, -1)], isKey: false, written: bracketed.last, from: offset - bracketed.last.length } : within([...base, ...bracketed.path], bracketed.last, offset);
  }
  return within(above, written, offset);
};
