/*
 * CP949, in which Korean Excel saves "CSV (쉼표로 분리)". The runtime's EUC-KR decoder knows its older half alone (KS X 1001);
 * the rest are the Hangul syllables that this half lacks, in the order of Unicode.
 */

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
/** What stands for bytes that mean nothing. */
const NOTHING = 0xfffd;

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from + 1 }, (_none, i) => from + i);
const LETTERS = [...range(0x41, 0x5a), ...range(0x61, 0x7a)];
/** The second bytes of added syllables: fewer where the older half has its own below the same first byte. */
const ADDED = { wide: [...LETTERS, ...range(0x81, 0xfe)], narrow: [...LETTERS, ...range(0x81, 0xa0)] };

const build = (): Uint16Array => {
  const table = new Uint16Array(0x10000).fill(NOTHING);
  const eucKr = new TextDecoder('euc-kr');
  const known = new Set<number>();
  for (const lead of range(0xa1, 0xfe)) {
    for (const trail of range(0xa1, 0xfe)) {
      const text = eucKr.decode(Uint8Array.of(lead, trail));
      if (text.length !== 1) continue;
      const unit = text.charCodeAt(0);
      table[(lead << 8) | trail] = unit;
      known.add(unit);
    }
  }
  let syllable = FIRST_SYLLABLE;
  for (const lead of range(0x81, 0xc6)) {
    for (const trail of lead <= 0xa0 ? ADDED.wide : ADDED.narrow) {
      while (known.has(syllable)) syllable += 1;
      if (syllable > LAST_SYLLABLE) return table;
      table[(lead << 8) | trail] = syllable;
      syllable += 1;
    }
  }
  return table;
};

let built: Uint16Array | undefined;

/** Decodes CP949 piece by piece. */
export class Cp949Decoder {
  readonly #table = (built ??= build());
  #lead = 0;

  /** The text of the next bytes; undefined where they are no CP949. */
  decode(bytes: Uint8Array): string | undefined {
    const units = new Uint16Array(bytes.length);
    let length = 0;
    for (const byte of bytes) {
      if (this.#lead > 0) {
        const unit = this.#table[(this.#lead << 8) | byte] ?? NOTHING;
        if (unit === NOTHING) return undefined;
        units[length++] = unit;
        this.#lead = 0;
      } else if (byte < 0x80) units[length++] = byte;
      else if (byte === 0x80 || byte === 0xff) return undefined;
      else this.#lead = byte;
    }
    let text = '';
    // As many arguments as every engine takes.
    for (let at = 0; at < length; at += 8192) text += String.fromCharCode(...units.subarray(at, Math.min(length, at + 8192)));
    return text;
  }

  /** Whether nothing of a character is left over. */
  get complete(): boolean {
    return this.#lead === 0;
  }
}
