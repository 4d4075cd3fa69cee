import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import { nearest, type Diagnostic } from './diagnostic.js';

/** Rule files longer than this are refused unread, bytes. */
const MAX_LENGTH = 65_536;

/** Collects what is wrong in one file. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  readonly #lines = new LineCounter();

  constructor(readonly file: string) {}

  get lines(): LineCounter {
    return this.#lines;
  }

  /** Notes a finding at a place in the text, counted from its start. */
  at(offset: number, message: string, expected?: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.diagnostics.push({
      file: this.file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      message,
      ...(expected !== undefined && { expected }),
    });
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

  text(maxLength = 2000): string | undefined {
    const value = this.scalar();
    if (typeof value === 'string' && value.trim() !== '' && value.length <= maxLength) return value;
    if (typeof value === 'number' && isScalar(this.node) && this.node.source) return this.node.source;
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

  constructor(
    readonly node: YAMLMap,
    readonly offset: number,
    readonly report: Report,
    readonly label: string,
  ) {}

  /** Every key with its value, in order. */
  entries(): readonly (readonly [key: string, key: ValueReader, value: ValueReader])[] {
    return this.node.items.map((pair) => {
      const keyReader = valueReader(pair.key, this.offset, this.report, 'key');
      const name = String(keyReader.scalar());
      return [name, keyReader, valueReader(pair.value, keyReader.offset, this.report, name)] as const;
    });
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

  integer(key: string, range: { readonly min: number; readonly max: number }): number | undefined {
    return this.required(key, `a whole number from ${range.min} to ${range.max}`)?.number(range, true);
  }

  number(key: string, range: { readonly min: number; readonly max: number }): number | undefined {
    return this.required(key, `a number from ${range.min} to ${range.max}`)?.number(range);
  }

  optionalChoice<const T extends string>(key: string, choices: readonly T[]): T | undefined {
    return this.optional(key)?.choice(choices);
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

/** Opens the text of a YAML file; undefined after reporting that it is not one. */
export const openYaml = (text: string, report: Report): ValueReader | undefined => {
  if (text.length > MAX_LENGTH) {
    report.at(0, `the file is longer than ${MAX_LENGTH} characters`, 'one rule a file');
    return undefined;
  }
  const document = parseDocument(text, { lineCounter: report.lines, strict: true, uniqueKeys: true, prettyErrors: false });
  for (const error of [...document.errors, ...document.warnings]) report.at(error.pos[0], error.message);
  if (document.errors.length > 0) return undefined;
  let aliases = 0;
  const seek = (node: unknown): void => {
    if (isAlias(node)) aliases += 1;
    else if (isSeq(node)) node.items.forEach(seek);
    else if (isMap(node)) node.items.forEach((pair) => seek(pair.value));
  };
  seek(document.contents);
  if (aliases > 0) {
    report.at(0, 'the file uses YAML aliases (*name)', 'each part written out');
    return undefined;
  }
  return valueReader(document.contents, 0, report, 'rule');
};
