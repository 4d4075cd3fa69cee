import type { StatusPurpose } from '../status-list.js';

/** Where the things of a credential stand on the web. `base` is the engine's public address, without a slash at its end. */
export const issuerAddress = (base: string, issuer: string): string => `${base}/issuers/${issuer}`;
export const keyAddress = (base: string, issuer: string, kid: string): string => `${issuerAddress(base, issuer)}/keys/${kid}`;
export const credentialAddress = (base: string, code: string, language: string): string => `${base}/credentials/${code}/${language}`;
export const traceAddress = (base: string, code: string): string => `${base}/credentials/${code}/trace`;
export const badgeAddress = (base: string, badge: string): string => `${base}/badges/${badge}`;
export const badgeImageAddress = (base: string, badge: string): string => `${badgeAddress(base, badge)}/image.png`;
/** The page that people open to see whether a badge is real. */
export const verifyAddress = (base: string, code: string): string => `${base}/v/${code}`;
/** The page of a choice of awards that a learner shows. */
export const collectionAddress = (base: string, code: string): string => `${base}/c/${code}`;
/** What a QR code says: the same page, which can tell that it was scanned. */
export const scanAddress = (base: string, code: string): string => `${verifyAddress(base, code)}?via=qr`;
/** An achievement is immutable, so its address names the rule version. */
export const achievementAddress = (base: string, badge: string, version: number, language: string): string =>
  `${badgeAddress(base, badge)}/${version}/${language}`;

export const statusListAddress = (base: string, issuer: string, list: number, purpose: StatusPurpose): string =>
  `${issuerAddress(base, issuer)}/status/${list}/${purpose}`;

/** Which of our lists stands at an address; undefined where none can. */
export const parseStatusListAddress = (base: string, address: string): { readonly issuer: string; readonly list: number; readonly purpose: StatusPurpose } | undefined => {
  const [, issuer, list, purpose] = address.startsWith(`${base}/issuers/`) ? (/\/issuers\/([^/]+)\/status\/(\d{1,9})\/(revocation|suspension)$/.exec(address) ?? []) : [];
  return issuer === undefined ? undefined : { issuer, list: Number(list), purpose: purpose as StatusPurpose };
};

/**
 * The issuer's decentralized identifier by its place on the web (did:web, "Method Syntax"): the host with its port
 * escaped, and the path with colons.
 */
export const issuerDid = (base: string, issuer: string): string => {
  const { host, pathname } = new URL(issuerAddress(base, issuer));
  return `did:web:${host.replace(':', '%3A')}${pathname.replaceAll('/', ':')}`;
};

/** Where the document of a did:web identifier stands; undefined for any other text. */
export const didDocumentAddress = (did: string, scheme: 'https' | 'http' = 'https'): string | undefined => {
  const [, host, path] = /^did:web:([A-Za-z0-9.-]+(?:%3[Aa]\d{1,5})?)((?::[A-Za-z0-9._~%-]+)*)$/.exec(did) ?? [];
  if (host === undefined || path === undefined) return undefined;
  const place = path === '' ? '/.well-known' : path.replaceAll(':', '/');
  const address = `${scheme}://${host.replace(/%3a/i, ':')}${place}/did.json`;
  return URL.canParse(address) ? address : undefined;
};
