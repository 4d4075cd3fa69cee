import type { Leaf } from './shape.js';

/** A subject: one text for all documents, or the id that is a leaf. */
type Subject = { readonly text: string } | { readonly iri: number };
/** An object, with what follows it up to the end of the line. */
type Value = { readonly text: string } | { readonly iri: number } | { readonly literal: number; readonly after: string };

interface Run {
  /** The predicate, with the spaces around it. */
  readonly predicate: string;
  readonly values: readonly Value[];
}

interface Block {
  readonly subject: Subject;
  readonly runs: readonly Run[];
}

/** Canonical N-Quads with places for leaves. */
export interface Template {
  readonly blocks: readonly Block[];
}

const END = ' .\n';
const MARKED_IRI = /^<urn:proofmark-leaf:(\d+);>$/;
const MARKED_LITERAL = /^"urn:proofmark-leaf:(\d+);"(@[A-Za-z0-9-]+|\^\^<[^>]*>)?$/;
const ANY_MARK = /urn:proofmark-leaf:(\d+);/g;
const LINE = /^(<[^>]*>|_:c14n\d+) (<[^>]*>) (<[^>]*>|_:c14n\d+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?) \.$/;

/** What stands for a leaf while a template is made: it is an IRI, and so it may stand for an id as well as for a text. */
export const leafMark = (index: number): string => `urn:proofmark-leaf:${index};`;

/** The leaves whose marks are in a text. */
const marksIn = (text: string): readonly number[] => Array.from(text.matchAll(ANY_MARK), ([, index]) => Number(index));

const linesOf = (nquads: string): readonly string[] => nquads.split('\n').filter((line) => line !== '');

/**
 * The leaves that the labels of nameless nodes depend on: those in statements about such a node, unless there is only one
 * node without a name, which has the same label whatever is said about it.
 */
export const leavesOfBlankNodes = (nquads: string): readonly number[] => {
  const about = linesOf(nquads).filter((line) => /^_:|^<[^>]*> <[^>]*> _:/.test(line));
  const labels = new Set(about.flatMap((line) => [/^(_:c14n\d+) /.exec(line)?.[1], / (_:c14n\d+) \.$/.exec(line)?.[1]].filter((label) => label !== undefined)));
  return labels.size < 2 ? [] : [...new Set(about.flatMap(marksIn))].sort((a, b) => a - b);
};

const subjectOf = (text: string): Subject => {
  const [, iri] = MARKED_IRI.exec(text) ?? [];
  return iri === undefined ? { text } : { iri: Number(iri) };
};
const valueOf = (text: string): Value => {
  const [, iri] = MARKED_IRI.exec(text) ?? [];
  if (iri !== undefined) return { iri: Number(iri) };
  const [, literal, type = ''] = MARKED_LITERAL.exec(text) ?? [];
  return literal === undefined ? { text: text + END } : { literal: Number(literal), after: `"${type}${END}` };
};

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Makes a template of the canonical form of a document in which marks stand for the leaves; undefined where a leaf does not come out
 * as one whole id or text, wherever it does come out.
 */
export const templateOf = (nquads: string, marked: ReadonlySet<number>): Template | undefined => {
  const bySubject = new Map<string, Map<string, Value[]>>();
  const found = new Set<number>();
  for (const line of linesOf(nquads)) {
    const [, subject, predicate, object] = LINE.exec(line) ?? [];
    if (subject === undefined || predicate === undefined || object === undefined) return undefined;
    const whole = [subjectOf(subject), valueOf(object)].filter((term) => !('text' in term)).length;
    const marks = marksIn(line);
    if (marks.length !== whole) return undefined;
    marks.forEach((index) => found.add(index));
    const ofSubject = bySubject.get(subject) ?? new Map<string, Value[]>();
    bySubject.set(subject, ofSubject);
    ofSubject.set(predicate, [...(ofSubject.get(predicate) ?? []), valueOf(object)]);
  }
  if (found.size !== marked.size) return undefined;
  const blocks = Array.from(bySubject, ([subject, ofSubject]) => ({
    subject: subjectOf(subject),
    runs: [...ofSubject].sort(([a], [b]) => byText(a, b)).map(([predicate, values]) => ({ predicate: ` ${predicate} `, values })),
  }));
  return { blocks };
};

// What the JSON-LD processor leaves as it is, with the bundled contexts: no term and no prefix in them is like this.
const PLAIN_IRI = /^(?:https?:\/\/|did:|urn:|mailto:|data:)[^\s\u0000-\u0020<>"{}|^`\\]*$/;
const NEEDS_ESCAPE = /["\\\u0000-\u001f\u007f]/;
const NEED_ESCAPE = /["\\\u0000-\u001f\u007f]/g;
const SHORT_ESCAPES: { readonly [character: string]: string } = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '"': '\\"', '\\': '\\\\' };

const escaped = (text: string): string =>
  NEEDS_ESCAPE.test(text)
    ? text.replace(NEED_ESCAPE, (character) => SHORT_ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)
    : text;

/** True for a text that is an id and means itself in every bundled context. */
export const isPlainIri = (text: string): boolean => PLAIN_IRI.test(text);

const lineOf = (head: string, value: Value, leaves: readonly Leaf[]): string | undefined => {
  if ('text' in value) return head + value.text;
  if ('literal' in value) return `${head}"${escaped(leaves[value.literal] as string)}${value.after}`;
  const iri = leaves[value.iri] as string;
  return PLAIN_IRI.test(iri) ? `${head}<${iri}>${END}` : undefined;
};

/**
 * The canonical form of a document with these leaves; undefined where one of them is not plainly an id and stands for one.
 * Statements are sorted by subject, then predicate, then object, which is the order of whole lines: no subject or predicate is the
 * beginning of another.
 */
export const filled = ({ blocks }: Template, leaves: readonly Leaf[]): string | undefined => {
  const parts: { readonly subject: string; readonly text: string }[] = [];
  for (const { subject, runs } of blocks) {
    let name: string;
    if ('text' in subject) {
      name = subject.text;
    } else {
      const iri = leaves[subject.iri] as string;
      if (!PLAIN_IRI.test(iri)) return undefined;
      name = `<${iri}>`;
    }
    let text = '';
    for (const { predicate, values } of runs) {
      const head = name + predicate;
      const [only] = values;
      if (values.length === 1 && only) {
        const line = lineOf(head, only, leaves);
        if (line === undefined) return undefined;
        text += line;
        continue;
      }
      const lines: string[] = [];
      for (const value of values) {
        const line = lineOf(head, value, leaves);
        if (line === undefined) return undefined;
        lines.push(line);
      }
      lines.sort();
      // Saying the same twice is saying it once.
      for (let i = 0; i < lines.length; i++) if (lines[i] !== lines[i - 1]) text += lines[i] ?? '';
    }
    parts.push({ subject: name, text });
  }
  parts.sort((a, b) => byText(a.subject, b.subject));
  if (parts.some(({ subject }, i) => subject === parts[i - 1]?.subject)) return merged(parts.map(({ text }) => text).join(''));
  let all = '';
  for (const { text } of parts) all += text;
  return all;
};

/** Where two nodes of the document turn out to be one: all its statements, sorted anew. */
const merged = (text: string): string => [...new Set(text.split(/(?<=\n)/))].sort().join('');
