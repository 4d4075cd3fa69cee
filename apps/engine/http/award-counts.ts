/** In which states awards are. */
export const AWARD_STATES = ['active', 'suspended', 'revoked', 'expired'] as const;
export type AwardState = (typeof AWARD_STATES)[number];

/** How many awards are in each state; null where that would be about few learners. */
export type AwardCounts = Readonly<Record<AwardState, number | null>>;
