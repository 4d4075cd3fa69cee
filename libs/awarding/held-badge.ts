import type { AwardEvent } from '#domain/award.js';
import type { Fact } from '#domain/facts.js';
import { heldBadge } from '#rules/held-badge.js';
import type { Level } from '#rules/rule.js';

/** What holds of a badge, as a fact, after an event of its award; undefined where it is not held. */
export const heldAfter = (event: AwardEvent, before: Fact | undefined, course: string, level: Level | undefined): Fact | undefined => {
  switch (event.type) {
    case 'BadgeAwarded':
    case 'AwardAmended':
    case 'AwardRenewed':
    case 'AwardReinstated':
      return heldBadge(event, course, level);
    case 'AwardKept':
      return before;
    case 'AwardSuspended':
    case 'AwardRevoked':
    case 'AwardExpired':
      return undefined;
  }
};
