/** Where the things of Open Badges 2.0 stand on the web. `base` is the engine's public address, without a slash at its end. */
const root = (base: string): string => `${base}/ob2`;

/** What every assertion's address begins with. */
export const ob2AssertionsAddress = (base: string): string => `${root(base)}/assertions/`;
export const ob2AssertionAddress = (base: string, code: string): string => `${ob2AssertionsAddress(base)}${code}`;
/** A badge class is immutable, so its address names the rule version. */
export const ob2BadgeAddress = (base: string, badge: string, version: string, language: string): string => `${root(base)}/badges/${badge}/${version}/${language}`;
export const ob2IssuerAddress = (base: string, issuer: string): string => `${root(base)}/issuers/${issuer}`;
