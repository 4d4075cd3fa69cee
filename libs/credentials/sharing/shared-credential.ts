import type { Credential } from '#domain/credential-event.js';
import { showCode } from '../code.js';
import { badgeImageAddress, credentialAddress, verifyAddress } from '../document/addresses.js';
import { isJsonObject, type JsonObject } from '../json-ld/json.js';
import { ob2AssertionAddress } from '../ob2/addresses.js';
import { embedHtml, type EmbeddedBadge } from './embed.js';
import { addToProfileUrl, linkedInShareUrl } from './linkedin.js';
import { oembedAddress } from './oembed.js';

/** What a credential is to who asks now. */
export type PublicStatus = 'active' | 'suspended' | 'revoked' | 'expired';

/** A credential as pages show it: nothing of it tells whose it is. */
export interface SharedCredential {
  readonly code: string;
  /** The code as people read it. */
  readonly shownCode: string;
  readonly status: PublicStatus;
  readonly badge: string;
  /** By language, the badge's own first. */
  readonly name: Readonly<Record<string, string>>;
  readonly description: Readonly<Record<string, string>>;
  readonly issuer: { readonly id: string; readonly name: string };
  readonly awardedAt: string;
  readonly issuedAt: string;
  readonly changedAt: string;
  readonly validUntil?: string;
  /** The page that shows that it is real. */
  readonly page: string;
  readonly image: string;
  readonly documents: readonly { readonly language: string; readonly credential: string; readonly jwt: string }[];
  /** The same award for software that reads Open Badges 2.0. */
  readonly openBadges2: string;
  /** Absent for a badge that does not count now. */
  readonly share?: ShareLinks;
}

/** Where and how a badge can be shared. */
interface ShareLinks {
  readonly link: string;
  readonly linkedIn: { readonly addToProfile: string; readonly post: string };
  /** HTML to copy. */
  readonly embed: string;
  readonly oembed: string;
}

const textOf = (node: unknown, name: string): string => {
  const value = isJsonObject(node) ? node[name] : undefined;
  return typeof value === 'string' ? value : '';
};

/** The edition in a language, else the badge's own one. */
export const editionIn = ({ editions }: Pick<Credential, 'editions'>, language: string | undefined): JsonObject =>
  (language !== undefined && Object.hasOwn(editions, language) ? editions[language] : undefined) ?? Object.values(editions)[0] ?? {};

/** What a credential is at a moment: expiry is in the document, the rest in the log. */
export const statusAtTime = (credential: Pick<Credential, 'status' | 'editions'>, now: number): PublicStatus => {
  const until = Date.parse(textOf(editionIn(credential, undefined), 'validUntil'));
  return credential.status === 'active' && until <= now ? 'expired' : credential.status;
};

/** A badge as other people's pages show it. */
export const embeddedBadge = (credential: Pick<Credential, 'badge' | 'code' | 'editions'>, base: string, language: string | undefined): EmbeddedBadge => {
  const document = editionIn(credential, language);
  return { title: textOf(document, 'name'), issuer: textOf(document['issuer'], 'name'), url: verifyAddress(base, credential.code), image: badgeImageAddress(base, credential.badge) };
};

const shareLinks = (credential: Credential, base: string, language: string | undefined, linkedIn: string | undefined): ShareLinks => {
  const document = editionIn(credential, language);
  const badge = embeddedBadge(credential, base, language);
  const expiresAt = Date.parse(textOf(document, 'validUntil'));
  return {
    link: badge.url,
    linkedIn: {
      addToProfile: addToProfileUrl({
        name: badge.title, organization: badge.issuer, ...(linkedIn !== undefined && { organizationId: linkedIn }), issuedAt: Date.parse(textOf(document, 'awardedDate')),
        ...(!Number.isNaN(expiresAt) && { expiresAt }), url: badge.url, code: showCode(credential.code),
      }),
      post: linkedInShareUrl(badge.url),
    },
    embed: embedHtml(badge),
    oembed: oembedAddress(base, badge.url),
  };
};

/** How a credential is shown and shared. */
export interface ShowOptions {
  readonly base: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** In which language it is shared; the badge's own where absent. */
  readonly language?: string;
  /** LinkedIn's number of the issuer's page. */
  readonly linkedIn?: string;
}

/** A credential for pages, with the links to share it where it counts. */
export const sharedCredential = (credential: Credential, { base, now, language, linkedIn }: ShowOptions): SharedCredential => {
  const { code, badge, editions } = credential;
  const own = editionIn(credential, language);
  const status = statusAtTime(credential, now);
  const validUntil = textOf(own, 'validUntil');
  const texts = (name: string): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(editions).map(([tag, document]) => [tag, textOf(document, name)]));
  return {
    code,
    shownCode: showCode(code),
    status,
    badge,
    name: texts('name'),
    description: texts('description'),
    issuer: { id: textOf(own['issuer'], 'id'), name: textOf(own['issuer'], 'name') },
    awardedAt: textOf(own, 'awardedDate'),
    issuedAt: new Date(credential.issuedAt).toISOString(),
    changedAt: new Date(credential.changedAt).toISOString(),
    ...(validUntil !== '' && { validUntil }),
    page: verifyAddress(base, code),
    image: badgeImageAddress(base, badge),
    documents: Object.keys(editions).map((tag) => ({ language: tag, credential: credentialAddress(base, code, tag), jwt: `${credentialAddress(base, code, tag)}?format=jwt` })),
    openBadges2: ob2AssertionAddress(base, code),
    ...((status === 'active' || status === 'expired') && { share: shareLinks(credential, base, language, linkedIn) }),
  };
};
