import { createHash } from 'node:crypto';
import type { IssuerProfile } from '#domain/issuer-event.js';
import { issuerAddress } from '../document/addresses.js';
import { cleanText, inLanguage } from '../document/localized.js';
import { isJsonObject, type JsonObject } from '../json-ld/json.js';
import { ob2AssertionAddress, ob2AssertionsAddress, ob2BadgeAddress, ob2IssuerAddress } from './addresses.js';

/** The context of Open Badges 2.0. */
const CONTEXT = 'https://w3id.org/openbadges/v2';

/** Where the documents stand, and whose they are. */
export interface Ob2Place {
  /** The engine's public address, without a slash at its end. */
  readonly base: string;
  readonly issuer: string;
}

const nodesOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? (value as readonly unknown[]).filter(isJsonObject) : isJsonObject(value) ? [value] : []);

/** These members of a node, under these names, where it has them. */
const some = (node: JsonObject, names: Readonly<Record<string, string>>): JsonObject =>
  Object.fromEntries(Object.entries(names).flatMap(([from, to]) => (node[from] === undefined ? [] : [[to, node[from]]])));

/**
 * The learner as Open Badges 2.0 has it: a salted hash of the pseudonym, "sha256$" and hexadecimal digits of the identity
 * followed by the salt ("IdentityHash"). Who holds the badge proves it by the pseudonym, and names stay out of it.
 */
export const recipientOf = (pseudonym: string, salt: string): JsonObject => ({
  type: 'id',
  hashed: true,
  salt,
  identity: `sha256$${createHash('sha256').update(pseudonym + salt, 'utf8').digest('hex')}`,
});

/** A credential of Open Badges 3.0 that is stated in 2.0 as well. */
export interface StatedCredential {
  readonly base: string;
  readonly badge: string;
  readonly code: string;
  /** The signed document whose statement it repeats. */
  readonly document: JsonObject;
}

const evidenceOf = (document: JsonObject): readonly JsonObject[] =>
  nodesOf(document['evidence']).map((node) => {
    // Pieces within the credential have a fragment of its address for their id, which is no page that presents them.
    const id = typeof node['id'] === 'string' && !node['id'].includes('#') ? { id: node['id'] } : {};
    return { type: 'Evidence', ...id, ...some(node, { name: 'name', description: 'description', narrative: 'narrative', genre: 'genre' }) };
  });

/** The Assertion of an award, hosted: it holds because it stands at its address (Open Badges 2.0, "Hosted"). */
export const assertion = ({ base, badge, code, document }: StatedCredential): JsonObject => {
  const subject = isJsonObject(document['credentialSubject']) ? document['credentialSubject'] : {};
  const achievement = isJsonObject(subject['achievement']) ? subject['achievement'] : {};
  // For which period it is, and what was asked for.
  const narrative = [subject['narrative'], document['description']].filter((text) => typeof text === 'string').join('\n\n');
  return {
    '@context': CONTEXT,
    type: 'Assertion',
    id: ob2AssertionAddress(base, code),
    recipient: recipientOf(String(subject['id']), code),
    badge: ob2BadgeAddress(base, badge, String(achievement['version']), String(achievement['inLanguage'])),
    verification: { type: 'HostedBadge' },
    ...some(document, { awardedDate: 'issuedOn', validUntil: 'expires' }),
    ...(narrative !== '' && { narrative }),
    evidence: evidenceOf(document),
  };
};

/** What stands at the address of an award that does not count: to be sent with the status 410 ("Revoking"). */
export const revokedAssertion = (base: string, code: string, reason: string): JsonObject => ({
  '@context': CONTEXT,
  type: 'Assertion',
  id: ob2AssertionAddress(base, code),
  revoked: true,
  revocationReason: reason,
});

/** The BadgeClass of a rule version, from its achievement of Open Badges 3.0. */
export const badgeClass = ({ base, issuer }: Ob2Place, badge: string, achievement: JsonObject): JsonObject => {
  const address = (node: JsonObject): string => ob2BadgeAddress(base, badge, String(node['version']), String(node['inLanguage']));
  const image = isJsonObject(achievement['image']) ? achievement['image'] : {};
  const criteria = isJsonObject(achievement['criteria']) ? achievement['criteria'] : {};
  const alignments = nodesOf(achievement['alignment']);
  const related = nodesOf(achievement['related']);
  return {
    '@context': CONTEXT,
    type: 'BadgeClass',
    id: address(achievement),
    ...some(achievement, { name: 'name', description: 'description', inLanguage: '@language', version: 'version', tag: 'tags' }),
    image: some(image, { id: 'id', caption: 'caption' }),
    criteria: some(criteria, { narrative: 'narrative' }),
    issuer: ob2IssuerAddress(base, issuer),
    ...(alignments.length > 0 && {
      alignment: alignments.map((one) => ({
        type: 'AlignmentObject', ...some(one, { targetName: 'targetName', targetUrl: 'targetUrl', targetFramework: 'targetFramework', targetCode: 'targetCode' }),
      })),
    }),
    ...(related.length > 0 && { related: related.map((one) => ({ id: address(one), '@language': one['inLanguage'], version: one['version'] })) }),
  };
};

/** The issuer's Profile; it says that its assertions stand here and nowhere else. */
export const issuerProfile = ({ base, issuer }: Ob2Place, { name, url, email, description, image }: IssuerProfile, language: string): JsonObject => ({
  '@context': CONTEXT,
  type: 'Issuer',
  id: ob2IssuerAddress(base, issuer),
  name: cleanText(inLanguage(name, language)),
  url: url ?? issuerAddress(base, issuer),
  ...(email !== undefined && { email }),
  ...(description && { description: cleanText(inLanguage(description, language)) }),
  ...(image?.startsWith('https://') && { image }),
  verification: { type: 'VerificationObject', startsWith: ob2AssertionsAddress(base) },
});
