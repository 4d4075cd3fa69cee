import { called, CHOICES, CRITERIA, KEYS } from './rule-words.js';

/*
 * What differs between two versions of a rule comes from the server: of criteria in sentences, of the rest in the words of the rule
 * language, and these are said here as the builder says them.
 */

type Language = 'en' | 'ko';

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isTexts = (value: Readonly<Record<string, unknown>>): boolean => Object.keys(value).length > 0 && Object.keys(value).every((key) => key === 'en' || key === 'ko');

/** A value with its parts by the names of their keys; texts in several languages in the reader's. */
const told = (value: unknown, language: Language): string => {
  if (Array.isArray(value)) return (value as readonly unknown[]).map((one) => told(one, language)).join(value.some(isMembers) ? '; ' : ', ');
  if (!isMembers(value)) return String(value);
  if (isTexts(value)) return String(value[language] ?? Object.values(value)[0]);
  return Object.entries(value).map(([name, of]) => `${called(KEYS, name, language)}: ${name === 'each' ? called(CHOICES, String(of), language) : told(of, language)}`).join(', ');
};

const parsed = (text: string): unknown => {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a text of somebody's that only begins like JSON: it is told as it stands
  }
};

/** `at-close: course-day 9`, or one word. */
const decided = (text: string, language: Language): string => {
  const [word = '', of] = text.split(': ');
  if (of === undefined) return called(CHOICES, word, language);
  const [moment = '', day] = of.split(' ');
  return `${called(KEYS, word, language)}: ${day === undefined ? called(CHOICES, moment, language) : `${called(KEYS, moment, language)} ${day}`}`;
};

/** `all(count, at least 2 of(score, mean))` */
const combined = (text: string, language: Language): string =>
  text
    .replace(/at least (\d+) of\(/g, (_whole, needed: string) => `${called(CRITERIA, 'some', language)}: ${called(KEYS, 'at-least', language)} ${needed} (`)
    .replace(/\b(all|any|not)\(/g, (_whole, group: string) => `${called(CRITERIA, group, language)} (`)
    .replace(/(?<=^|\(|, )[a-z-]+(?=[,)]|$)/g, (keyword) => called(CRITERIA, keyword, language));

const CHOSEN: readonly string[] = ['when-corrected', 'stakes'];

/** How one side of a difference reads to people; `part` is the key of the rule that differs. */
export const changeWords = (part: string, text: string, language: Language): string => {
  if (part === 'criteria') return combined(text, language);
  if (part === 'decides') return decided(text, language);
  if (CHOSEN.includes(part)) return called(CHOICES, text, language);
  if (part === 'validity') return text.replace(/renewal: ([\w-]+)$/, (_whole, renewal: string) => `${called(KEYS, 'renewal', language)}: ${called(CHOICES, renewal, language)}`);
  const value = parsed(text);
  if (value !== undefined) return told(value, language);
  const [, en, ko] = /^en: (.*); ko: (.*)$/s.exec(text) ?? [];
  return en === undefined || ko === undefined ? text : `${called(KEYS, 'en', language)}: ${en}; ${called(KEYS, 'ko', language)}: ${ko}`;
};
