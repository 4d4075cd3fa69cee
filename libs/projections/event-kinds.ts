import { AWARD_EVENT_TYPES, type AwardEvent } from '#domain/award.js';
import { isLearningEventType, type LearningEvent } from '#domain/learning-event.js';
import type { LogEvent } from '#domain/log-event.js';

const AWARD_EVENTS: ReadonlySet<string> = new Set(AWARD_EVENT_TYPES);

/** True for an event of an award's life. */
export const isAwardEvent = (event: LogEvent): event is AwardEvent => AWARD_EVENTS.has(event.type);

/** True for an event that sets, replaces or retracts a fact. */
export const isLearningEvent = (event: LogEvent): event is LearningEvent => isLearningEventType(event.type);
