import type { IssuerProfile } from '#domain/issuer-event.js';
import { zoneOf } from '#rules/calendar.js';
import type { Rule } from '#rules/rule.js';
import { TEMPLATES, type Certificate, type Language, type Template } from '../certificate/certificate.js';
import { scanAddress, verifyAddress } from './addresses.js';
import { inLanguage } from './localized.js';
import { statedPeriod } from './stated-period.js';

/** What a certificate is made from. */
export interface CertificateSubject {
  /** The engine's public address, without a slash at its end. */
  readonly base: string;
  readonly profile: IssuerProfile;
  readonly rule: Rule;
  readonly code: string;
  /** Epoch milliseconds. */
  readonly earnedAt: number;
  readonly validUntil?: number;
  /** Of the award, as it names it; '' for a badge that is earned once. */
  readonly period?: string;
  /** Of the course: its IANA time zone, and what it is called. */
  readonly timeZone: string;
  readonly course?: string;
  /** The badge's picture, SVG. */
  readonly art: string;
  /** The issuer's logo, PNG. */
  readonly logo?: Uint8Array;
}

/** The design that somebody asks for, else the issuer's, else the first. */
const templateOf = (asked: Template | undefined, { certificate }: IssuerProfile): Template =>
  asked ?? TEMPLATES.find((template) => template === certificate) ?? 'classic';

/** The language of a badge's certificates where nobody asks for one: Korean where the badge's own is, else English. */
export const ownLanguage = ({ name }: Rule): Language => (Object.keys(name)[0]?.split('-')[0] === 'ko' ? 'ko' : 'en');

/** What is printed about a credential in a language; without a recipient it names nobody. */
export const certificateOf = (subject: CertificateSubject, how: { readonly language: Language; readonly template?: Template; readonly recipient?: string }): Certificate => {
  const { base, profile, rule, code, earnedAt, validUntil, period = '', timeZone, course, art, logo } = subject;
  const { language, template, recipient } = how;
  const { level, competency } = rule.design;
  const { signatory, accent } = profile;
  const stated = statedPeriod(rule.recurs, period, zoneOf(timeZone));
  return {
    template: templateOf(template, profile),
    language,
    ...(recipient !== undefined && { recipient }),
    badge: inLanguage(rule.name, language),
    ...(level && { level: inLanguage(level.name, language) }),
    ...(stated && { period: stated.name[language] }),
    ...(competency && { competence: inLanguage(competency, language) }),
    criteria: inLanguage(rule.criteriaText, language),
    issuer: inLanguage(profile.name, language),
    ...(signatory && { signatory: { name: inLanguage(signatory.name, language), ...(signatory.title && { title: inLanguage(signatory.title, language) }) } }),
    ...(accent !== undefined && { accent }),
    awarded: new Date(earnedAt).toISOString(),
    ...(validUntil !== undefined && { validUntil: new Date(validUntil).toISOString() }),
    timeZone,
    ...(course !== undefined && { course }),
    code,
    verificationUrl: verifyAddress(base, code),
    scanUrl: scanAddress(base, code),
    art,
    ...(logo && { logo }),
  };
};
