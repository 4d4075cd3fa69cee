import type { AwardEvent } from '#domain/award.js';
import type { Fact } from '#domain/facts.js';
import type { Level } from '#rules/rule.js';

/** The id under which an award stands in evidence. */
export const heldBadgeId = (award: string): string => `award/${award}`;

/**
 * What holds of a badge, as a fact for the rules that ask for it, after an event of its award; undefined where it is
 * not held. It counts from the moment at which it was earned.
 */
export const heldBadge = (
  event: AwardEvent,
  before: Fact | undefined,
  course: string,
  level: Level | undefined,
): Fact | undefined => {
  const { award, badge } = event;
  switch (event.type) {
    case 'BadgeAwarded':
    case 'AwardAmended':
    case 'AwardRenewed':
    case 'AwardReinstated':
      return {
        id: heldBadgeId(award),
        type: 'BadgeHeld',
        course,
        activity: badge,
        occurrence: undefined,
        time: event.earnedAt,
        values: level ? { kind: level.of, attributes: { rank: level.rank } } : {},
        correctedBy: [],
      };
    case 'AwardKept':
      return before;
    case 'AwardSuspended':
    case 'AwardRevoked':
    case 'AwardExpired':
      return undefined;
  }
};
