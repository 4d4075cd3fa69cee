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
  /** Whether there are characters beyond U+FFFF in what is the same for all documents. */
  readonly beyond: boolean;
}

/** A template that was filled in. */
export interface Filled {
  readonly nquads: string;
  /** Whether there may be characters beyond U+FFFF, or halves of them. */
  readonly beyond: boolean;
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
  return { blocks, beyond: SURROGATE.test(nquads) };
};

// What the JSON-LD processor leaves as it is, with the bundled contexts: no term and no prefix in them is like this.
const PLAIN_IRI = /^(?:https?:\/\/|did:|urn:|mailto:|data:)[^\s\u0000-\u0020<>"{}|^`\\\ud800-\udfff]*$/;
const SURROGATE = /[\ud800-\udfff]/;
// One look at a text finds both what is escaped and what makes the order of lines worth a second look.
const NEEDS_CARE = /["\\\u0000-\u001f\u007f\ud800-\udfff]/;
const NEED_ESCAPE = /["\\\u0000-\u001f\u007f]/g;
const SHORT_ESCAPES: { readonly [character: string]: string } = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '"': '\\"', '\\': '\\\\' };

const escaped = (text: string): string =>
  text.replace(NEED_ESCAPE, (character) => SHORT_ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);

/** True for a text that is an id and means itself in every bundled context. */
export const isPlainIri = (text: string): boolean => PLAIN_IRI.test(text);

/** Fills in one document. */
class Filling {
  beyond: boolean;

  constructor(
    readonly template: Template,
    readonly leaves: readonly Leaf[],
  ) {
    this.beyond = template.beyond;
  }

  subject(subject: Subject): string | undefined {
    if ('text' in subject) return subject.text;
    const iri = this.leaves[subject.iri] as string;
    return PLAIN_IRI.test(iri) ? `<${iri}>` : undefined;
  }

  line(head: string, value: Value): string | undefined {
    if ('text' in value) return head + value.text;
    if ('literal' in value) return `${head}"${this.#literal(this.leaves[value.literal] as string)}${value.after}`;
    const iri = this.leaves[value.iri] as string;
    return PLAIN_IRI.test(iri) ? `${head}<${iri}>${END}` : undefined;
  }

  #literal(text: string): string {
    if (!NEEDS_CARE.test(text)) return text;
    this.beyond ||= SURROGATE.test(text);
    return escaped(text);
  }

  /** The statements with one subject and one predicate. */
  run(subject: string, { predicate, values }: Run): string | undefined {
    const head = subject + predicate;
    const [only] = values;
    if (values.length === 1 && only) return this.line(head, only);
    const lines: string[] = [];
    for (const value of values) {
      const line = this.line(head, value);
      if (line === undefined) return undefined;
      lines.push(line);
    }
    lines.sort();
    // Saying the same twice is saying it once.
    return lines.filter((line, i) => line !== lines[i - 1]).join('');
  }

  /** All statements with one subject. */
  block(subject: string, runs: readonly Run[]): string | undefined {
    let text = '';
    for (const run of runs) {
      const lines = this.run(subject, run);
      if (lines === undefined) return undefined;
      text += lines;
    }
    return text;
  }
}

/** Where two nodes of the document turn out to be one: all its statements, sorted anew. */
const merged = (text: string): string => [...new Set(text.split(/(?<=\n)/))].sort().join('');

/**
 * The canonical form of a document with these leaves; undefined where one of them is not plainly an id and stands for one.
 * Statements are sorted by subject, then predicate, then object, which is the order of whole lines: no subject or predicate is the
 * beginning of another.
 */
export const filled = (template: Template, leaves: readonly Leaf[]): Filled | undefined => {
  const filling = new Filling(template, leaves);
  const parts: { readonly subject: string; readonly text: string }[] = [];
  for (const { subject, runs } of template.blocks) {
    const name = filling.subject(subject);
    const text = name === undefined ? undefined : filling.block(name, runs);
    if (name === undefined || text === undefined) return undefined;
    parts.push({ subject: name, text });
  }
  parts.sort((a, b) => byText(a.subject, b.subject));
  let all = '';
  for (const { text } of parts) all += text;
  const same = parts.some(({ subject }, i) => subject === parts[i - 1]?.subject);
  return { nquads: same ? merged(all) : all, beyond: filling.beyond };
};
