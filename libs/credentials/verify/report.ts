import type { Words } from '#rules/words.js';
import { cleanText } from '../document/localized.js';
import { REASONS, VERDICTS, type Effect, type Reason } from './reasons.js';

/** What is looked at, in this order. */
export const CHECKS = ['input', 'schema', 'contexts', 'key', 'proof', 'dates', 'revocation', 'suspension', 'evidence', 'recorded'] as const;
export type CheckName = (typeof CHECKS)[number];

export type Verdict = 'valid' | 'invalid' | 'expired' | 'suspended' | 'revoked' | 'cannot-be-told' | 'unsupported';

/** What became of one check. */
export interface Finding {
  readonly reason: Reason;
  /** Where, or which: may quote the credential, so it is cleaned and cut. */
  readonly detail?: string;
}

/** One check in the report. */
export interface Check extends Finding {
  readonly check: CheckName;
  readonly result: 'passed' | 'failed' | 'not-checked';
  readonly words: Words;
}

/** How a badge came. */
export type Format = 'json' | 'jwt' | 'png' | 'svg';

/** What the badge says; each of it is in the part that the issuer signed, and nothing is given before that was verified. */
export interface VerifiedBadge {
  readonly id: string;
  readonly name: string;
  readonly issuer: { readonly id: string; readonly name?: string };
  readonly achievement?: { readonly id: string; readonly description?: string };
  readonly subject?: string;
  readonly language?: string;
  readonly validFrom?: string;
  readonly validUntil?: string;
  readonly awardedDate?: string;
}

/** What a verifier found out about a badge. */
export interface Report {
  readonly verdict: Verdict;
  readonly words: Words;
  /** Absent where the input could not be read. */
  readonly format?: Format;
  readonly checks: readonly Check[];
  /** Absent unless the signature is the issuer's. */
  readonly badge?: VerifiedBadge;
  /** Where the issuer's keys are from. */
  readonly issuerSource?: string;
}

const MAX_DETAIL = 300;
const MAX_TEXT = 2_000;

const clip = (text: string, most: number): string => {
  const clean = cleanText(text);
  return clean.length > most ? `${clean.slice(0, most)}…`.replace(/[\ud800-\udbff]…$/, '…') : clean;
};

/** A text of a stranger as it may be shown: one line, without what is invisible or turns the direction of writing, and not endless. */
export const shownText = (text: string): string => clip(text.replace(/\s+/g, ' '), MAX_TEXT);

/** Says what became of a check. */
export const finding = (reason: Reason, detail?: string): Finding => (detail === undefined ? { reason } : { reason, detail: clip(detail, MAX_DETAIL).replace(/\s+/g, ' ') });

/** A finding as it stands in the report. */
export const checkOf = (check: CheckName, { reason, detail }: Finding): Check => {
  const { result, en, ko } = REASONS[reason];
  return { check, result, reason, ...(detail !== undefined && { detail }), words: { en, ko } };
};

/** What a finding does to the verdict; nothing where it is as it should be. */
export const effectOf = ({ reason }: Finding): Effect | undefined => REASONS[reason].effect;

/** From the heaviest to the lightest: who made a badge comes before what became of it since. */
const EFFECTS: readonly (readonly [Effect, Verdict])[] = [
  ['invalid', 'invalid'],
  ['unsupported', 'unsupported'],
  ['maker-unknown', 'cannot-be-told'],
  ['revoked', 'revoked'],
  ['suspended', 'suspended'],
  ['expired', 'expired'],
  ['status-unknown', 'cannot-be-told'],
];

/** The verdict that follows from what was found. */
export const verdictOf = (findings: readonly Finding[]): { readonly verdict: Verdict; readonly words: Words } => {
  const effects = new Set(findings.map(effectOf));
  const [effect, verdict] = EFFECTS.find(([one]) => effects.has(one)) ?? [undefined, 'valid' as const];
  return { verdict, words: VERDICTS[effect ?? 'valid'] };
};
