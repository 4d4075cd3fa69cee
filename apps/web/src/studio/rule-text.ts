import { Document, isMap, isScalar, isSeq, parseDocument, stringify, YAMLMap, type Node, type Pair, type ParsedNode } from 'yaml';

/** Keys and places in lists that lead to a value of a rule. */
export type Path = readonly (string | number)[];

/** A rule's text as the builder sees it. */
export interface ReadText {
  /** Its values; undefined where it is no YAML mapping. */
  readonly value: Readonly<Record<string, unknown>> | undefined;
  /** What is wrong with it as YAML, by the line, from 1. */
  readonly broken?: { readonly line: number; readonly message: string };
}

const PRINT = { lineWidth: 0 } as const;

const open = (text: string): Document.Parsed => parseDocument(text, { uniqueKeys: true, keepSourceTokens: false, prettyErrors: false });

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Reads a rule's text. */
export const readText = (text: string): ReadText => {
  const doc = open(text);
  const [error] = doc.errors;
  if (error) return { value: undefined, broken: { line: lineAt(text, error.pos[0]), message: error.message } };
  if (doc.contents === null) return { value: {} };
  if (!isMap(doc.contents)) return { value: undefined, broken: { line: 1, message: '' } };
  try {
    return { value: doc.toJS() as Readonly<Record<string, unknown>> };
  } catch (thrown) {
    return { value: undefined, broken: { line: 1, message: thrown instanceof Error ? thrown.message : '' } }; // an alias (*name) of nothing
  }
};

const nodeOf = (doc: Document, path: Path): Node | undefined => doc.getIn(path, true) as Node | undefined;

const rangeOf = (node: Node | null | undefined): readonly [number, number] => {
  const range = (node as ParsedNode | null | undefined)?.range;
  return range ? [range[0], range[1]] : [0, 0];
};

/** Where a value ends, whatever stands after it: that of a block ends where its last line does. */
const endOf = (node: Node | null | undefined): number => {
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const last = node.items.at(-1);
    const value = isMap(node) ? ((last as Pair | undefined)?.value ?? (last as Pair | undefined)?.key) : last;
    if (value) return endOf(value as Node);
  }
  return rangeOf(node)[1];
};

/** The first place of the line after the one in which a value ends. */
const lineAfter = (text: string, node: Node | null | undefined): number => {
  const end = endOf(node);
  if (text[end - 1] === '\n') return end;
  const next = text.indexOf('\n', end);
  return next === -1 ? text.length : next + 1;
};

/** Where the part of a key at the top begins and where the next one does; what stands before the first belongs to none. */
const partOf = (doc: Document, text: string, key: string): readonly [number, number] | undefined => {
  if (!isMap(doc.contents) || doc.contents.flow === true) return undefined;
  const starts = doc.contents.items.map((pair) => ({ key: String((pair.key as { readonly value?: unknown }).value), at: rangeOf(pair.key as Node)[0] }));
  const i = starts.findIndex((one) => one.key === key);
  const found = starts[i];
  return found && [found.at, starts[i + 1]?.at ?? text.length];
};

const isFlow = (doc: Document, path: Path): boolean =>
  path.some((_, i) => {
    const node = i === 0 ? doc.contents : nodeOf(doc, path.slice(0, i));
    return (isMap(node) || isSeq(node)) && node.flow === true;
  });

/** A scalar as it is written in one line. */
const written = (value: unknown, inFlow: boolean): string => {
  if (typeof value !== 'string') return String(value);
  const text = stringify(value, PRINT).trimEnd();
  const needsQuotes = text.includes('\n') || (inFlow && /^[^"'].*[,[\]{}]/.test(text));
  return needsQuotes ? JSON.stringify(value) : text;
};

const isPlainValue = (value: unknown): boolean => value === null || typeof value !== 'object';

const sorted = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;

/** The same values, in whatever order mappings have them. */
const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a, sorted) === JSON.stringify(b, sorted);

/** The order in which a rule's keys are usually written. */
const ORDER = ['badge', 'name', 'criteria-text', 'competency', 'alignments', 'level', 'image', 'tags', 'evidence', 'pathway', 'role', 'issuer', 'course', 'decides', 'when-corrected', 'hold', 'recurs', 'validity', 'stakes', 'criteria'];

/** The text with a new key at the top, behind those that are usually written before it. */
const withKey = (doc: Document, text: string, key: string, value: unknown): string => {
  const line = new Document({ [key]: value }).toString(PRINT);
  const pairs = isMap(doc.contents) ? doc.contents.items : [];
  const named = (name: string): Pair | undefined => pairs.find((pair) => String((pair.key as { readonly value?: unknown }).value) === name);
  const before = ORDER.slice(0, Math.max(0, ORDER.indexOf(key))).findLast((name) => named(name) !== undefined);
  const pair = before === undefined ? pairs.at(-1) : named(before);
  if (!pair) return text === '' || text.endsWith('\n') ? text + line : `${text}\n${line}`;
  const at = lineAfter(text, (pair.value ?? pair.key) as Node);
  const head = text.slice(0, at);
  return `${head}${head.endsWith('\n') ? '' : '\n'}${line}${text.slice(at)}`;
};

const withoutKey = (doc: Document, text: string, key: string): string => {
  const part = partOf(doc, text, key);
  const pair = isMap(doc.contents) ? doc.contents.items.find((one) => String((one.key as { readonly value?: unknown }).value) === key) : undefined;
  if (!part || !pair) return text;
  return text.slice(0, part[0]) + text.slice(lineAfter(text, (pair.value ?? pair.key) as Node));
};

/** Prints the part of one key anew, after a change within it; all other text stays as it is, to the byte. */
const reprinted = (before: Document, text: string, changed: Document, key: string): string => {
  const whole = changed.toString(PRINT);
  const [old, fresh] = [partOf(before, text, key), partOf(open(whole), whole, key)];
  if (!old || !fresh) return whole;
  return text.slice(0, old[0]) + whole.slice(...fresh) + text.slice(old[1]);
};

/** Only what is surely right is given out: where a text does not say what was meant, the whole is printed anew. */
const checked = (text: string, changed: Document): string => (sameValue(readText(text).value, changed.toJS()) ? text : changed.toString(PRINT));

/** The text with a change within the part of one key at the top. */
const change = (text: string, key: string, apply: (doc: Document) => void): string => {
  const [before, changed] = [open(text), open(text)];
  apply(changed);
  return checked(reprinted(before, text, changed, key), changed);
};

/**
 * The text with another value at a place, or without it where that is undefined. Comments, order and the way in which the rest is written
 * stay. The text has to be a YAML mapping.
 */
export const withValue = (text: string, path: Path, value: unknown): string => {
  const doc = open(text);
  const [key] = path;
  if (typeof key !== 'string') return text;
  const changed = open(text);
  if (value === undefined) changed.deleteIn(path);
  else if (path.length === 1 && !isScalar(nodeOf(changed, path))) changed.set(key, changed.createNode(value));
  else setDeep(changed, path, value);
  if (path.length === 1 && value === undefined) return checked(withoutKey(doc, text, key), changed);
  if (!doc.has(key)) return value === undefined ? text : checked(withKey(doc, text, key, (changed.toJS() as Readonly<Record<string, unknown>>)[key]), changed);
  const node = nodeOf(doc, path);
  if (value !== undefined && isPlainValue(value) && isScalar(node) && node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED' && node.range && node.range[1] > node.range[0]) {
    return checked(text.slice(0, node.range[0]) + written(value, isFlow(doc, path)) + text.slice(node.range[1]), changed);
  }
  return checked(reprinted(doc, text, changed, key), changed);
};

/** Sets a value; mappings on the way that are not there yet, or hold nothing, are made. */
const setDeep = (doc: Document, path: Path, value: unknown): void => {
  for (let i = 1; i < path.length; i++) {
    const on = nodeOf(doc, path.slice(0, i));
    if (on === undefined || isScalar(on)) doc.setIn(path.slice(0, i), new YAMLMap());
  }
  const found = nodeOf(doc, path);
  if (isScalar(found) && isPlainValue(value)) found.value = value;
  else doc.setIn(path, doc.createNode(value));
};

/** The text with one more entry in a list, at a place. */
export const withEntry = (text: string, list: Path, at: number, value: unknown): string =>
  change(text, String(list[0]), (doc) => {
    const seq = nodeOf(doc, list);
    if (isSeq(seq)) seq.items.splice(at, 0, doc.createNode(value));
    else setDeep(doc, list, [value]);
  });

/** The text without an entry of a list. */
export const withoutEntry = (text: string, list: Path, at: number): string => change(text, String(list[0]), (doc) => doc.deleteIn([...list, at]));

/** The text with an entry of a list at another place. */
export const withEntryAt = (text: string, list: Path, from: number, to: number): string =>
  change(text, String(list[0]), (doc) => {
    const seq = nodeOf(doc, list);
    if (!isSeq(seq)) return;
    const [moved] = seq.items.splice(from, 1);
    if (moved !== undefined) seq.items.splice(to, 0, moved);
  });

/** The text with a value in another one's place that holds it: what was there keeps its comments. */
export const wrapped = (text: string, path: Path, around: (inner: unknown) => unknown, hole: unknown): string =>
  change(text, String(path[0]), (doc) => {
    const inner = nodeOf(doc, path);
    if (inner === undefined) return;
    const outer = doc.createNode(around(hole));
    fill(outer, hole, inner);
    if (path.length === 1) doc.set(path[0], outer);
    else doc.setIn(path, outer);
  });

/** The text with another keyword above what stands below one. */
export const withKeyword = (text: string, path: Path, from: string, to: string): string =>
  change(text, String(path[0]), (doc) => {
    const map = nodeOf(doc, path);
    const key = isMap(map) ? map.items.find((pair) => isScalar(pair.key) && pair.key.value === from)?.key : undefined;
    if (isScalar(key)) key.value = to;
  });

/** Puts a node where a mark stands. */
const fill = (node: unknown, hole: unknown, inner: Node): void => {
  if (isSeq(node)) {
    const at = node.items.findIndex((item) => isScalar(item) && item.value === hole);
    if (at === -1) for (const item of node.items) fill(item, hole, inner);
    else node.items[at] = inner;
  } else if (isMap(node)) {
    for (const pair of node.items) {
      if (isScalar(pair.value) && pair.value.value === hole) pair.value = inner;
      else fill(pair.value, hole, inner);
    }
  }
};

/** The text with what stands at one place moved to another above it, which it replaces. */
export const unwrapped = (text: string, path: Path, inner: Path): string =>
  change(text, String(path[0]), (doc) => {
    const kept = nodeOf(doc, [...path, ...inner]);
    if (kept === undefined) return;
    if (path.length === 1) doc.set(path[0], kept);
    else doc.setIn(path, kept);
  });
