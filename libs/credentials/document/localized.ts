import type { Words } from '#rules/words.js';

const own = (texts: Readonly<Record<string, string>>, language: string): string | undefined => (Object.hasOwn(texts, language) ? texts[language] : undefined);

/** The text in a language, else in the language without its region, else in English. */
export const inLanguage = (texts: Readonly<Record<string, string>>, language: string): string =>
  own(texts, language) ?? own(texts, language.split('-')[0] ?? '') ?? own(texts, 'en') ?? Object.values(texts)[0] ?? '';

/** What the product says by itself, in the language of a reader: Korean, or else English. */
export const said = (words: Words, language: string): string => (language === 'ko' || language.startsWith('ko-') ? words.ko : words.en);

/**
 * A text that every verifier treats alike: characters that are invisible or that change the direction of what follows
 * are left out, lone surrogates too, and what remains is in Unicode's composed form (NFC).
 */
export const cleanText = (text: string): string =>
  text
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]|\p{Cs}/gu, (found) => (found === '\t' ? ' ' : ''))
    .normalize('NFC');
