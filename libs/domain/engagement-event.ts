/** How somebody looked whether a badge is real: scanned its picture, typed its code, opened or gave its address, asked as a program, gave a file. */
export const VERIFICATION_WAYS = ['qr', 'code', 'url', 'api', 'upload'] as const;
export type VerificationWay = (typeof VERIFICATION_WAYS)[number];

/** Where a badge was shared to. */
export const SHARE_TARGETS = ['linkedin', 'link', 'embed', 'download'] as const;
export type ShareTarget = (typeof SHARE_TARGETS)[number];

/** What happened to one credential among strangers. It says nothing of who they are: no address, no browser, no name. */
interface OfEngagement {
  readonly tenant: string;
  readonly badge: string;
  /** The credential's public name. */
  readonly code: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Somebody looked at a badge. */
export interface CredentialViewed extends OfEngagement {
  readonly type: 'CredentialViewed';
  /** Where it was looked at: on its own page. */
  readonly via: 'page';
}
/** Somebody looked whether a badge is real. */
export interface CredentialVerified extends OfEngagement {
  readonly type: 'CredentialVerified';
  readonly via: VerificationWay;
}
/** Somebody set out to show a badge elsewhere. */
export interface CredentialShared extends OfEngagement {
  readonly type: 'CredentialShared';
  readonly via: ShareTarget;
}

export type EngagementEvent = CredentialViewed | CredentialVerified | CredentialShared;
