/** Characters of a certificate's text: what cannot be seen, or would reorder what can, is gone. */

// Controls, format characters (bidi marks and overrides, joiners, soft hyphen, tags), surrogates, private use, unassigned; line breaks stay for now.
const UNSEEN = /[^\P{C}\n]/gu;
// Spaces of any kind; fillers and blanks that are letters or symbols to Unicode but look like nothing.
const SPACES = /[^\S\n]+|[\u115f\u1160\u3164\uffa0\u2800]+/gu;
const VARIATION = /[\u034f\u180b-\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;
/** More marks than any language puts on one letter are noise that runs into other lines. */
const TOO_MANY_MARKS = /(\p{M}{2})\p{M}+/gu;

const bounded = (text: string, characters: number): string => {
  // Twice as many code units always hold that many characters, and what lies behind them need not be looked at.
  const start = text.slice(0, characters * 2 + 64);
  const all = [...start];
  return all.length > characters || start.length < text.length ? `${all.slice(0, characters).join('').trimEnd()}…` : start;
};

const cleanLine = (line: string): string => line.replace(TOO_MANY_MARKS, '$1').trim();

/** One line of at most `characters` characters (cut with an ellipsis), composed, without anything unseen. */
export const cleanText = (text: string, characters: number): string =>
  bounded(cleanLine(bounded(text, characters * 4).normalize('NFC').replace(/[\n\r\u2028\u2029]/gu, ' ').replace(/\t/gu, ' ')
    .replace(UNSEEN, '').replace(VARIATION, '').replace(SPACES, ' ').replace(/ {2,}/gu, ' ')), characters);

/** The same of a text of several lines; blank ones are left out. */
export const cleanLines = (text: string, characters: number): readonly string[] =>
  bounded(text.replace(/\r\n?|[\u2028\u2029\v\f]/gu, '\n'), characters).split('\n').map((line) => cleanText(line, characters)).filter((line) => line !== '');
