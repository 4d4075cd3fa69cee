import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { en, type Texts } from './texts/en.ts';
import { ko } from './texts/ko.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    readonly defaultNS: 'translation';
    readonly resources: { readonly translation: Texts };
  }
}

/** Languages of the pages. */
export type Language = 'en' | 'ko';
/** A text in the languages that an author gave. */
export type Localized = Readonly<Record<string, string>>;

const KEPT = 'proofmark-language';

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
  const number = (value: number): string => new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value);
  /** The text in this language, else in English, else in any. */
  const say = (text: Localized): string => text[language] ?? text['en'] ?? Object.values(text)[0] ?? '';
  const change = (to: Language): void => {
    localStorage.setItem(KEPT, to);
    void i18n.changeLanguage(to);
  };
  return { t, language, date, time, number, say, change };
};
