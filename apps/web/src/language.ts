import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { AllTexts } from './texts/areas.ts';
import { en } from './texts/en.ts';
import { ko } from './texts/ko.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    readonly defaultNS: 'translation';
    readonly resources: { readonly translation: AllTexts };
  }
}

/** Languages of the pages. */
export type Language = 'en' | 'ko';
/** A text in the languages that an author gave. */
export type Localized = Readonly<Record<string, string>>;

const KEPT = 'proofmark-language';

const DAY_STYLES = {
  long: { year: 'numeric', month: 'long', day: 'numeric' },
  short: { month: 'short', day: 'numeric' },
  month: { year: 'numeric', month: 'long' },
  'short-month': { year: 'numeric', month: 'short' },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>;

const dayFormat = (language: Language, style: keyof typeof DAY_STYLES): Intl.DateTimeFormat => new Intl.DateTimeFormat(language, { ...DAY_STYLES[style], timeZone: 'UTC' });

const preferred = (): Language => {
  const kept = localStorage.getItem(KEPT);
  if (kept === 'en' || kept === 'ko') return kept;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'en' || tag === 'ko') ?? 'en';
};

const show = (language: string): void => {
  document.documentElement.lang = language;
};

/** Loads the texts in the reader's language. */
export const openLanguage = async (): Promise<void> => {
  await i18next.use(initReactI18next).init({ resources: { en: { translation: en }, ko: { translation: ko } }, lng: preferred(), fallbackLng: 'en', interpolation: { escapeValue: false }, nsSeparator: false, returnNull: false });
  show(i18next.language);
  i18next.on('languageChanged', show);
};

/** What a component needs to speak: the texts, the language, and how dates and numbers are written in it. */
export const useLanguage = () => {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === 'ko' ? 'ko' : 'en';
  const date = (iso: string | number, style: 'short' | 'long' = 'long'): string =>
    new Intl.DateTimeFormat(language, style === 'long' ? { year: 'numeric', month: 'long', day: 'numeric' } : { month: 'short', day: 'numeric' }).format(new Date(iso));
  const time = (iso: string): string => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
  /** A UTC day as the calendar has it, wherever the reader is. */
  const day = (of: string, style: keyof typeof DAY_STYLES = 'long'): string => dayFormat(language, style).format(new Date(of));
  /** From a UTC day to another, both meant. */
  const days = (from: string, to: string): string => dayFormat(language, 'long').formatRange(new Date(from), new Date(to));
  const percent = (share: number): string => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(share);
  /** Several things in one sentence. */
  const list = (things: readonly string[]): string => new Intl.ListFormat(language, { type: 'conjunction' }).format(things);
  const number = (value: number): string => new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value);
  /** The text in this language, else in English, else in any. */
  const say = (text: Localized): string => text[language] ?? text['en'] ?? Object.values(text)[0] ?? '';
  const change = (to: Language): void => {
    localStorage.setItem(KEPT, to);
    void i18n.changeLanguage(to);
  };
  return { t, language, date, time, day, days, percent, list, number, say, change };
};
