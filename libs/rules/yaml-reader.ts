import { Composer, isAlias, isMap, isNode, isScalar, isSeq, Lexer, LineCounter, Parser, YAMLMap, type CST, type Node, type Scalar } from 'yaml';
import { nearest, type Diagnostic } from './diagnostic.js';

/** Rule files longer than this are refused unread, characters. */
const MAX_LENGTH = 65_536;

/** Mappings and lists in one another; a rule that is within its own limits needs half of it. */
const MAX_NESTING = 64;

/** So much that is wrong in one file is reported; who has read that starts afresh. */
const MAX_DIAGNOSTICS = 100;

/** A thing that a file speaks of by its id or tag, and where. */
export interface Mention {
  readonly what: 'course' | 'activity' | 'tag' | 'badge';
  readonly name: string;
  readonly offset: number;
}

/** Collects what is wrong in one file, and the names that it mentions. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  readonly mentions: Mention[] = [];
  readonly #lines = new LineCounter();

  constructor(readonly file: string) {}

  /** Learns where the lines of the text begin; until then every place is in its first line. */
  open(text: string): void {
    this.#lines.addNewLine(0);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#lines.addNewLine(at + 1);
  }

  /** The finding at a place in the text, counted from its start. */
  diagnostic(offset: number, message: string, expected?: string): Diagnostic {
    const { line, col } = this.#lines.linePos(offset);
    return {
      file: this.file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      message,
      ...(expected !== undefined && { expected }),
    };
  }

  /** Notes an error at a place in the text. */
  at(offset: number, message: string, expected?: string): void {
    if (this.diagnostics.length > MAX_DIAGNOSTICS) return;
    const isTooMuch = this.diagnostics.length === MAX_DIAGNOSTICS;
    this.diagnostics.push(isTooMuch ? this.diagnostic(offset, 'there is more that is wrong from here on') : this.diagnostic(offset, message, expected));
  }
}

/** A value of the file with its place. Readers report what is wrong and return undefined; they never throw. */
export class ValueReader {
  constructor(
    readonly node: Node | null,
    readonly offset: number,
    readonly report: Report,
    /** What the value is called in messages. */
    readonly label: string,
  ) {}

  fail(message: string, expected?: string): undefined {
    this.report.at(this.offset, message, expected);
    return undefined;
  }

  /** The plain value of a scalar; undefined for anything else. */
  scalar(): unknown {
    return isScalar(this.node) ? this.node.value : undefined;
  }

  /** True where a key has no value. */
  isNothing(): boolean {
    return this.node === null || this.scalar() === null;
  }

  /** A mapping without keys, in the place of this value. */
  asEmptyMapping(): ValueReader {
    return new ValueReader(new YAMLMap(), this.offset, this.report, this.label);
  }

  /** The value below it that some keys and places in lists lead to, as far as they lead. */
  at(path: readonly (string | number)[]): ValueReader {
    const [step, ...rest] = path;
    let next: ValueReader | undefined;
    if (typeof step === 'string' && isMap(this.node)) next = this.mapping()?.optional(step);
    if (typeof step === 'number' && isSeq(this.node)) next = this.list()?.[step];
    return next ? next.at(rest) : this;
  }

  text(maxLength = 2000): string | undefined {
    const value = this.scalar();
    const written = typeof value === 'number' && isScalar(this.node) ? this.node.source : value;
    if (typeof written === 'string' && written.trim() !== '' && written.length <= maxLength) return written;
    return this.fail(`"${this.label}" is not a text`, `a text of at most ${maxLength} characters`);
  }

  number(range: { readonly min: number; readonly max: number }, whole = false): number | undefined {
    const value = this.scalar();
    const fits = typeof value === 'number' && value >= range.min && value <= range.max;
    if (fits && (!whole || Number.isInteger(value))) return value;
    const kind = whole ? 'a whole number' : 'a number';
    return this.fail(`"${this.label}" is not ${kind} in range`, `${kind} from ${range.min} to ${range.max}`);
  }

  choice<const T extends string>(choices: readonly T[]): T | undefined {
    const value = this.scalar();
    const chosen = choices.find((choice) => choice === value);
    if (chosen !== undefined) return chosen;
    const meant = typeof value === 'string' ? nearest(value, choices) : undefined;
    return this.fail(
      `"${this.label}" is ${typeof value === 'string' ? `"${value}"` : 'not a word'}${meant ? `; did you mean "${meant}"?` : ''}`,
      `one of ${choices.join(', ')}`,
    );
  }

  mapping(): MappingReader | undefined {
    if (isMap(this.node)) return new MappingReader(this.node, this.offset, this.report, this.label);
    return this.fail(`"${this.label}" is not a mapping`, 'indented "key: value" lines');
  }

  /** The members of a list; a single value counts as a list of one where `orSingle`. */
  list(orSingle = false): readonly ValueReader[] | undefined {
    if (isSeq(this.node)) {
      return this.node.items.map((item, i) => valueReader(item, this.offset, this.report, `${this.label}[${i}]`));
    }
    if (orSingle && isScalar(this.node)) return [this];
    return this.fail(`"${this.label}" is not a list`, 'lines that start with "- "');
  }
}

const valueReader = (node: unknown, fallback: number, report: Report, label: string): ValueReader => {
  const known = isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node : null;
  const reader = new ValueReader(known, known?.range?.[0] ?? fallback, report, label);
  return reader;
};

/** A mapping of the file; remembers which keys were asked for, so that the others can be reported. */
export class MappingReader {
  readonly #asked = new Set<string>();
  #entries: readonly (readonly [key: string, key: ValueReader, value: ValueReader])[] | undefined;

  constructor(
    readonly node: YAMLMap,
    readonly offset: number,
    readonly report: Report,
    readonly label: string,
  ) {}

  /** Every key with its value, in order. */
  entries(): readonly (readonly [key: string, key: ValueReader, value: ValueReader])[] {
    this.#entries ??= this.node.items.flatMap((pair) => {
      if (!isNamed(pair.key)) return []; // reported when the file was opened
      const keyReader = valueReader(pair.key, this.offset, this.report, 'key');
      const name = String(keyReader.scalar());
      return [[name, keyReader, valueReader(pair.value, keyReader.offset, this.report, name)] as const];
    });
    return this.#entries;
  }

  optional(key: string): ValueReader | undefined {
    this.#asked.add(key);
    return this.entries().find(([name]) => name === key)?.[2];
  }

  required(key: string, expected: string): ValueReader | undefined {
    const value = this.optional(key);
    if (!value) this.report.at(this.offset, `"${this.label}" lacks "${key}"`, expected);
    return value;
  }

  /** Reports the keys that nobody asked for: a typing error must not silently widen a rule. */
  finish(): void {
    for (const [name, key] of this.entries()) {
      if (this.#asked.has(name)) continue;
      const meant = nearest(name, [...this.#asked]);
      key.fail(
        `"${this.label}" has an unknown key "${name}"${meant ? `; did you mean "${meant}"?` : ''}`,
        `one of ${[...this.#asked].join(', ')}`,
      );
    }
  }
}

/** What the file has open above and beside its collections while it is cut into tokens: the document and a scalar. */
const AROUND = 2;

/**
 * Cuts a text into tokens, and says where it is nested too deeply, if it is. Whoever cuts and composes YAML calls
 * itself for each level and looks through what is open for each token, so that neither may see more levels; of errors,
 * no more are made than are reported.
 */
const tokensOf = (text: string): { readonly tokens: readonly CST.Token[]; readonly tooDeep?: number } => {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let errors = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === 'error') errors += 1;
    }
    if (parser.stack.length > MAX_NESTING + AROUND) return { tokens, tooDeep: parser.offset };
    if (errors > MAX_DIAGNOSTICS) return { tokens };
  }
  tokens.push(...parser.end());
  return { tokens };
};

const isNamed = (key: unknown): key is Scalar => isScalar(key) && key.value !== null;

/** Reports keys that are no names, or stand twice; what composes YAML could tell the latter, but compares each with each. */
const reportKeys = ({ items, range }: YAMLMap, report: Report): void => {
  const names = new Set<unknown>();
  for (const { key } of items) {
    if (!isNamed(key)) {
      const what = isMap(key) ? 'a mapping' : isSeq(key) ? 'a list' : 'nothing';
      report.at((isNode(key) ? key.range?.[0] : undefined) ?? range?.[0] ?? 0, `${what} stands where a key should`, 'a key, then a colon');
      continue;
    }
    const name = String(key.value);
    if (names.has(name)) report.at(key.range?.[0] ?? 0, `"${name}" stands twice`, 'unique keys');
    names.add(name);
  }
};

/** Opens the text of a YAML file that holds a `what`; undefined after reporting that it is not one. */
export const openYaml = (text: string, report: Report, what = 'rule'): ValueReader | undefined => {
  if (text.length > MAX_LENGTH) {
    report.at(0, `the file is longer than ${MAX_LENGTH} characters`, `one ${what} a file`);
    return undefined;
  }
  report.open(text);
  // What is no UTF-8 was replaced when it was read: names would be published garbled.
  const garbled = ['\u0000', '\ufffd'].map((character) => text.indexOf(character)).filter((at) => at >= 0);
  if (garbled.length > 0) {
    report.at(Math.min(...garbled), 'this is not UTF-8 text', 'a file that is saved as UTF-8');
    return undefined;
  }
  if (text.includes('\r') && !text.includes('\n')) {
    report.at(text.indexOf('\r'), 'the lines end in a carriage return alone', 'lines that end in a line feed, as editors save them now');
    return undefined;
  }
  const { tokens, tooDeep } = tokensOf(text);
  if (tooDeep !== undefined) {
    report.at(tooDeep, `the file is nested deeper than ${MAX_NESTING}`, `a flatter ${what}`);
    return undefined;
  }
  const [document, another] = new Composer({ strict: true, uniqueKeys: false }).compose(tokens, true, text.length);
  if (another) report.at(another.range[0], 'the file has several documents', `one ${what} a file`);
  for (const error of [...(document?.errors ?? []), ...(document?.warnings ?? [])]) report.at(error.pos[0], error.message);
  if (!document || document.errors.length > 0) return undefined;
  let aliases = 0;
  const seek = (node: unknown): void => {
    if (isAlias(node)) aliases += 1;
    else if (isSeq(node)) node.items.forEach(seek);
    else if (isMap(node)) {
      reportKeys(node, report);
      node.items.forEach((pair) => seek(pair.value));
    }
  };
  seek(document.contents);
  if (aliases > 0) {
    report.at(0, 'the file uses YAML aliases (*name)', 'each part written out');
    return undefined;
  }
  return valueReader(document.contents, 0, report, what);
};
