import type { Fact } from '#domain/facts.js';
import type { Level } from './rule.js';

/** An active award, as far as other rules may see it. */
export interface Held {
  readonly award: string;
  readonly badge: string;
  readonly earnedAt: number;
}

/** The id under which an award stands in evidence. */
export const heldBadgeId = (award: string): string => `award/${award}`;

/** A badge that is held, as a fact for the rules that ask for it: from the moment at which it was earned. */
export const heldBadge = ({ award, badge, earnedAt }: Held, course: string, level: Level | undefined): Fact => ({
  id: heldBadgeId(award),
  type: 'BadgeHeld',
  course,
  activity: badge,
  occurrence: undefined,
  time: earnedAt,
  values: level ? { kind: level.of, attributes: { rank: level.rank } } : {},
  correctedBy: [],
});
