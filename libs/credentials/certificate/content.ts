import type { Certificate, Language } from './certificate.js';
import { cleanLines, cleanText } from './clean-text.js';
import { accentOf } from './colour.js';
import { logoOf, type Logo } from './logo.js';
import { inFace } from './typeface.js';
import { codeInFours, dayOf, wordingOf, type Wording } from './wording.js';

/** What a template lays out: texts that are clean and bounded, days in words, a logo that can be drawn. */
export interface Content {
  readonly language: Language;
  readonly wording: Wording;
  readonly recipient: string | undefined;
  readonly badge: string;
  /** Level, period and course, where there are. */
  readonly about: string | undefined;
  readonly competence: string | undefined;
  readonly criteria: readonly string[];
  readonly issuer: string;
  readonly logo: Logo | undefined;
  readonly signatory: { readonly name: string; readonly title: string | undefined } | undefined;
  readonly accent: string;
  readonly awarded: string;
  readonly validUntil: string | undefined;
  /** 4-4-4-4. */
  readonly code: string;
  readonly url: string;
  /** What the QR code says. */
  readonly scanned: string;
  /** The address as it is printed: without its scheme. */
  readonly address: string;
  readonly art: string;
}

/** Characters that are looked at; more than a page has room for. */
const NAME = 400;
const TEXT = 3_000;

/** A text that is not there, or of which nothing can be printed, is nothing: a line for a name must not stay empty. */
const some = (text: string | undefined, characters: number): string | undefined => {
  const clean = text === undefined ? '' : cleanText(text, characters);
  return inFace('sans', clean).text === '' ? undefined : clean;
};

/** What a certificate says, ready to be laid out. */
export const contentOf = (certificate: Certificate): Content => {
  const { language, signatory, validUntil } = certificate;
  const wording = wordingOf(language);
  const signs = some(signatory?.name, NAME);
  const about = [certificate.level, certificate.period, certificate.course].flatMap((part) => some(part, NAME) ?? []).join('  ·  ');
  return {
    language, wording,
    recipient: some(certificate.recipient, NAME),
    badge: some(certificate.badge, NAME) ?? '–',
    about: about || undefined,
    competence: some(certificate.competence, TEXT),
    criteria: cleanLines(certificate.criteria, TEXT),
    issuer: some(certificate.issuer, NAME) ?? '–',
    logo: logoOf(certificate.logo),
    signatory: signs === undefined ? undefined : { name: signs, title: some(signatory?.title, NAME) },
    accent: accentOf(certificate.accent),
    awarded: dayOf(certificate.awarded, certificate),
    validUntil: validUntil === undefined ? undefined : wording.until(dayOf(validUntil, certificate)),
    code: codeInFours(cleanText(certificate.code, 64)),
    url: certificate.verificationUrl,
    scanned: certificate.scanUrl ?? certificate.verificationUrl,
    address: cleanText(certificate.verificationUrl.replace(/^https?:\/\//u, '').replace(/\/$/u, ''), NAME),
    art: certificate.art,
  };
};
