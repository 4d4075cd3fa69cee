import type { AwardEvent } from '#domain/award.js';
import { isLearningEventType, type LearningEvent } from '#domain/learning-event.js';
import type { LogEvent } from '#domain/log-event.js';

const AWARD_EVENTS: Readonly<Record<AwardEvent['type'], true>> = {
  BadgeAwarded: true,
  AwardAmended: true,
  AwardKept: true,
  AwardSuspended: true,
  AwardReinstated: true,
  AwardRevoked: true,
};

/** True for an event of an award's life. */
export const isAwardEvent = (event: LogEvent): event is AwardEvent => Object.hasOwn(AWARD_EVENTS, event.type);

/** True for an event that sets, replaces or retracts a fact. */
export const isLearningEvent = (event: LogEvent): event is LearningEvent => isLearningEventType(event.type);
