/** The states that an award can be in. */
export const AWARD_STATES = ['active', 'suspended', 'revoked'] as const;
export type AwardState = (typeof AWARD_STATES)[number];
