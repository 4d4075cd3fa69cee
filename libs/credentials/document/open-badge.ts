import type { RuleReference } from '#domain/award.js';
import type { StatusEntry } from '#domain/credential-event.js';
import type { IssuerProfile } from '#domain/issuer-event.js';
import type { Zone } from '#rules/calendar.js';
import type { Alignment, Rule } from '#rules/rule.js';
import { plain, type Words } from '#rules/words.js';
import {
  achievementAddress, badgeImageAddress, credentialAddress, statusListAddress, traceAddress,
} from './addresses.js';
import { describedResults } from './described-results.js';
import type { CriterionEvidence } from './evidence.js';
import { cleanText, inLanguage, said } from './localized.js';
import { profileNode } from './profile.js';
import type { StatedPeriod } from './stated-period.js';

/**
 * The contexts of every document that we sign, in this order (OB 3.0, section 8.1); the last one has the names of the schema's and
 * the refresh service's types.
 */
export const CONTEXTS = [
  'https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json', 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
] as const;
const SCHEMA = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json';

/** Everything that a credential states: plain data, so that the same statement always gives the same document. */
export interface Statement {
  /** The engine's public address, without a slash at its end. */
  readonly base: string;
  readonly issuer: { readonly id: string; readonly profile: IssuerProfile };
  readonly rule: Rule;
  readonly reference: RuleReference;
  readonly code: string;
  /** The learner's pseudonym, a URI. */
  readonly subject: string;
  /** When it was earned, ISO 8601 with the offset of the course's time zone: people there know that day. */
  readonly earnedOn: string;
  readonly validUntil?: number;
  /** Of a badge that recurs. */
  readonly period?: StatedPeriod;
  readonly evidence: readonly CriterionEvidence[];
  /** sha256 of the decision trace's canonical JSON, in hex. */
  readonly traceHash: string;
  readonly status: StatusEntry;
  /** When this edition is issued, epoch milliseconds. */
  readonly issuedAt: number;
}

/** A time in whole seconds as clocks in a time zone show it, with their offset. */
export const isoIn = (time: number, zone: Zone): string => {
  const day = zone.dayOf(time);
  const sinceMidnight = time - zone.instantOf(day, 0);
  const minutes = Math.round((day * 86_400_000 + sinceMidnight - time) / 60_000);
  if (minutes === 0) return isoSeconds(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.trunc(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return isoSeconds(time + minutes * 60_000).replace('Z', offset);
};

/**
 * Verifiers disagree on how characters beyond the basic plane are ordered, which matters where one thing has several
 * values of a kind: tags do without them.
 */
const tagText = (tag: string): string => cleanText(tag).replace(/[\u{10000}-\u{10ffff}]/gu, '').trim();

/** A node of the document. */
type Node = Readonly<Record<string, unknown>>;

/** A time in whole seconds of UTC, the form of XML Schema's dateTime that every verifier takes. */
export const isoSeconds = (time: number): string => new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');

const TARGET_TYPES: Readonly<Record<string, string>> = { case: 'CFItem', ctdl: 'CTDL', esco: 'ext:ESCOSkill' };

const alignmentNode = ({ name, url, framework, code }: Alignment, id: string): Node => {
  const targetType = TARGET_TYPES[framework.toLowerCase()];
  return {
    id,
    type: ['Alignment'],
    targetName: cleanText(name),
    targetUrl: url,
    targetFramework: cleanText(framework),
    ...(code !== undefined && { targetCode: cleanText(code) }),
    ...(targetType !== undefined && { targetType }),
  };
};

/** A place in a rule ("all[1].mean") as a fragment. */
const fragment = (path: string): string => path.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');

/** The name of a badge with its level. */
const badgeTitle = ({ name, design: { level } }: Rule, language: string): string => {
  const title = cleanText(inLanguage(name, language));
  const levelName = level && cleanText(inLanguage(level.name, language));
  return levelName === undefined || title.toLowerCase().includes(levelName.toLowerCase()) ? title : `${title} · ${levelName}`;
};

/** The name of a badge with its level, and with its period where it recurs. */
export const credentialTitle = (rule: Rule, period: StatedPeriod | undefined, language: string): string =>
  period ? `${badgeTitle(rule, language)} · ${cleanText(said(period.name, language))}` : badgeTitle(rule, language);

/** "March 2026 (2026-03-01 to 2026-03-31)". */
const periodWords = ({ name, days }: StatedPeriod): Words => ({
  en: days ? `${name.en} (${days.from} to ${days.to})` : name.en,
  ko: days ? `${name.ko}(${days.from}~${days.to})` : name.ko,
});

/** What tells this credential from others of a badge that recurs. */
const periodMembers = (period: StatedPeriod, language: string): Node => {
  const { en, ko } = periodWords(period);
  return {
    term: cleanText(said(period.name, language)),
    narrative: cleanText(said({ en: `Earned by what was recorded for ${en}.`, ko: `${ko}의 기록으로 취득한 배지입니다.` }, language)),
  };
};

/** The achievement in one language: immutable, since it is of one rule version. */
export const achievementNode = (statement: Pick<Statement, 'base' | 'issuer' | 'rule' | 'reference'>, language: string, languages: readonly string[]): Node => {
  const { base, issuer, rule, reference } = statement;
  const { badge, criteriaText, design } = rule;
  const id = achievementAddress(base, badge, reference.version, language);
  const title = badgeTitle(rule, language);
  const results = describedResults(rule.criteria);
  return {
    id,
    type: ['Achievement'],
    achievementType: design.role ? 'MicroCredential' : 'Badge',
    name: title,
    description: cleanText(inLanguage(design.competency ?? criteriaText, language)),
    criteria: { id: `${id}#criteria`, narrative: cleanText(inLanguage(criteriaText, language)) },
    image: { id: badgeImageAddress(base, badge), type: 'Image', caption: title },
    creator: profileNode(base, issuer.id, issuer.profile, language),
    inLanguage: language,
    version: String(reference.version),
    humanCode: badge,
    ...(design.alignments && { alignment: design.alignments.map((one, i) => alignmentNode(one, `${id}#alignment-${i + 1}`)) }),
    ...(design.tags && { tag: [...new Set(design.tags.map(tagText))] }),
    ...(results.length > 0 && {
      resultDescription: results.map(({ path, label, resultType, needed }) => ({
        id: `${id}#result-${fragment(path)}`,
        type: ['ResultDescription'],
        name: cleanText(said(label, language)),
        resultType,
        ...(needed !== undefined && { requiredValue: plain(needed) }),
      })),
    }),
    ...(languages.length > 1 && {
      related: languages.filter((other) => other !== language).map((other) => ({
        id: achievementAddress(base, badge, reference.version, other), type: ['Related'], inLanguage: other, version: String(reference.version),
      })),
    }),
  };
};

const GENRE = { en: 'Recorded outcomes', ko: '학습 기록' };
const TRACE = { en: 'How it was decided', ko: '판정 근거' };

const traceNarrative = ({ traceHash, reference }: Statement): Words => ({
  en: `Decided by version ${reference.version} of the rule (sha256 ${reference.hash}). The decision trace has the sha256 ${traceHash}.`,
  ko: `규칙 버전 ${reference.version}(sha256 ${reference.hash})에 따라 판정. 판정 기록의 sha256: ${traceHash}.`,
});

const evidenceNodes = (statement: Statement, language: string, id: string): readonly Node[] => [
  ...statement.evidence.map(({ path, label, outcome, facts }) => ({
    id: `${id}#evidence-${fragment(path)}`,
    type: ['Evidence'],
    name: cleanText(said(label, language)),
    ...(outcome && { description: said(outcome, language) }),
    ...(facts.length > 0 && { narrative: facts.map((line) => `- ${cleanText(said(line, language))}`).join('\n') }),
    genre: said(GENRE, language),
  })),
  { id: traceAddress(statement.base, statement.code), type: ['Evidence'], name: said(TRACE, language), narrative: said(traceNarrative(statement), language) },
];

/**
 * The unsigned `OpenBadgeCredential` (OB 3.0 on VC Data Model 2.0) in one language. Every node has an id, so that its
 * RDF has no blank node. It names nobody: its subject is a pseudonym.
 */
export const openBadge = (statement: Statement, language: string, languages: readonly string[]): Node => {
  const { base, issuer, rule, code, subject, earnedOn, validUntil, period, status, issuedAt } = statement;
  const id = credentialAddress(base, code, language);
  const achievement = achievementNode(statement, language, languages);
  // Of what the achievement describes, what the learner reached; of alternatives not everybody has each.
  const results = describedResults(rule.criteria).flatMap(({ path }) => statement.evidence.find((one) => one.path === path && one.outcome !== undefined) ?? []);
  const list = statusListAddress(base, issuer.id, status.list, 'revocation');
  return {
    '@context': [...CONTEXTS],
    id,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: credentialTitle(rule, period, language),
    description: cleanText(inLanguage(rule.criteriaText, language)),
    issuer: profileNode(base, issuer.id, issuer.profile, language),
    // What has ended before it was signed was valid once: a document that ends before it begins would be none.
    validFrom: isoSeconds(Math.min(issuedAt, (validUntil ?? Infinity) - 1000)),
    awardedDate: earnedOn,
    ...(validUntil !== undefined && { validUntil: isoSeconds(validUntil) }),
    credentialSubject: {
      id: subject,
      type: ['AchievementSubject'],
      achievement,
      ...(period && periodMembers(period, language)),
      ...(results.length > 0 && {
        result: results.map(({ path, value }) => ({
          id: `${id}#result-${fragment(path)}`,
          type: ['Result'],
          resultDescription: `${achievement['id'] as string}#result-${fragment(path)}`,
          value: plain(value),
        })),
      }),
    },
    evidence: evidenceNodes(statement, language, id),
    credentialSchema: [{ id: SCHEMA, type: '1EdTechJsonSchemaValidator2019' }],
    credentialStatus: { id: `${list}#${status.index}`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: String(status.index), statusListCredential: list },
    refreshService: { id: `${id}/refresh`, type: '1EdTechCredentialRefresh' },
  };
};

/** The languages in which a badge can be stated, its own first. */
export const languagesOf = ({ name }: Rule): readonly string[] => Object.keys(name);
