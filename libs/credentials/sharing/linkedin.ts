/** What LinkedIn's form "Add licence or certification" is filled in with. */
export interface LinkedInCertificate {
  readonly name: string;
  /** The organisation's name, which stands there where it has no page of its own. */
  readonly organization: string;
  /** LinkedIn's number of the organisation's page. */
  readonly organizationId?: string;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  readonly expiresAt?: number;
  /** The page that shows that the badge is real. */
  readonly url: string;
  readonly code: string;
}

/** LinkedIn cuts off what is longer. */
const MOST_CHARACTERS = 255;

const cut = (text: string): string => [...text].slice(0, MOST_CHARACTERS).join('');

/** The address that opens LinkedIn's form, filled in; months are those of UTC, from 1. */
export const addToProfileUrl = ({ name, organization, organizationId, issuedAt, expiresAt, url, code }: LinkedInCertificate): string => {
  const issued = new Date(issuedAt);
  const fields: [string, string][] = [
    ['startTask', 'CERTIFICATION_NAME'],
    ['name', cut(name)],
    organizationId === undefined ? ['organizationName', cut(organization)] : ['organizationId', organizationId],
    ['issueYear', String(issued.getUTCFullYear())],
    ['issueMonth', String(issued.getUTCMonth() + 1)],
  ];
  if (expiresAt !== undefined) {
    const expires = new Date(expiresAt);
    fields.push(['expirationYear', String(expires.getUTCFullYear())], ['expirationMonth', String(expires.getUTCMonth() + 1)]);
  }
  fields.push(['certUrl', url], ['certId', code]);
  // Not URLSearchParams, which writes blanks as "+": LinkedIn's apps show those.
  return `https://www.linkedin.com/profile/add?${fields.map(([field, value]) => `${field}=${encodeURIComponent(value)}`).join('&')}`;
};

/** The address that opens a post about a page; what it looks like comes from the page's own Open Graph. */
export const linkedInShareUrl = (url: string): string => `https://www.linkedin.com/sharing/share-offsite/?url=${encodeURIComponent(url)}`;
