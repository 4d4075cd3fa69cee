// Ids come from outside; the separators are escaped so that two different pairs never give one name.
const part = (id: string): string => (/[%.]/.test(id) ? id.replaceAll('%', '%25').replaceAll('.', '%2E') : id);
const unpart = (text: string): string => text.replaceAll('%2E', '.').replaceAll('%25', '%');

export const learnerStream = (tenant: string, learner: string): string => `learner-${part(tenant)}.${part(learner)}`;
export const courseStream = (tenant: string, course: string): string => `course-${part(tenant)}.${part(course)}`;
/** The log's own clock of a course; apart from the course stream, which intake alone writes. */
export const clockStream = (tenant: string, course: string): string => `clock-${part(tenant)}.${part(course)}`;
/** What cohorts of a course had to reach; awarding alone writes it. */
export const cohortStream = (tenant: string, course: string): string => `cohort-${part(tenant)}.${part(course)}`;
export const ruleStream = (tenant: string, badge: string): string => `rule-${part(tenant)}.${part(badge)}`;
export const awardStream = (award: string): string => `award-${award}`;
/** Profile and keys of an organisation that signs badges. */
export const issuerStream = (tenant: string, issuer: string): string => `issuer-${part(tenant)}.${part(issuer)}`;
/** Which credential has which place in an issuer's status lists. */
export const statusListStream = (tenant: string, issuer: string): string => `statuslist-${part(tenant)}.${part(issuer)}`;
/** The credentials that state an award; issuing alone writes it. */
export const credentialStream = (award: string): string => `credential-${award}`;
/** Who looks at a badge's credentials, verifies and shares them; nobody decides by it, so it has no expected revision. */
export const engagementStream = (tenant: string, badge: string): string => `engagement-${part(tenant)}.${part(badge)}`;
/** An API key's life. */
export const apiKeyStream = (tenant: string, key: string): string => `apikey-${part(tenant)}.${part(key)}`;
/** What a person is to a tenant, over time. */
export const accountStream = (tenant: string, account: string): string => `account-${part(tenant)}.${part(account)}`;
/** What a person or a key did; nobody decides by it, so it has no expected revision. */
export const actionStream = (tenant: string, by: string): string => `action-${part(tenant)}.${part(by)}`;
/** What a learner consents to; apart from the learner stream, which intake alone writes. */
export const consentStream = (tenant: string, learner: string): string => `consent-${part(tenant)}.${part(learner)}`;
/** Which awards a learner shows to whoever has the link. */
export const collectionStream = (tenant: string, learner: string): string => `collection-${part(tenant)}.${part(learner)}`;
/** That a learner is erased; a category of its own, so that whoever starts finds all erasures at once. */
export const erasureStream = (tenant: string, learner: string): string => `erasure-${part(tenant)}.${part(learner)}`;
export const deadLetterStream = (id: string): string => `deadletter-${id}`;

/** The category of a stream: its name up to the first hyphen. */
export const categoryOf = (stream: string): string => stream.slice(0, Math.max(0, stream.indexOf('-')));

/** Tenant and subject of a stream that is named for both; undefined for other names. */
export const parseStream = (stream: string): { readonly tenant: string; readonly subject: string } | undefined => {
  const hyphen = stream.indexOf('-');
  const dot = stream.indexOf('.', hyphen);
  if (hyphen < 0 || dot < 0) return undefined;
  return { tenant: unpart(stream.slice(hyphen + 1, dot)), subject: unpart(stream.slice(dot + 1)) };
};
