import type { LogEvent } from './log-event.js';

/** Why awards change though nobody decided it, as the log says it; in English, since a log is read by people and programs of every country. */
export const REASONS = {
  facts: 'new facts changed what the rule sees',
  correction: 'corrected facts changed what the rule sees',
  award: 'a badge that the rule asks for was awarded or changed',
  time: 'the time at which the rule changes its verdict has come',
  closing: 'the time at which the rule decides has come',
  ranked: 'everybody in the course was ranked',
  validity: 'the validity of the award has ended',
  erased: 'erased',
} as const;
export type Reason = keyof typeof REASONS;

const COURSE_CHANGED = 'the course has changed: ';

/** That something about a course has changed. */
export const courseChanged = (type: LogEvent['type']): string => `${COURSE_CHANGED}${type}`;

/** What has changed about a course; undefined for another reason. */
export const changeOfCourse = (reason: string): string | undefined => (reason.startsWith(COURSE_CHANGED) ? reason.slice(COURSE_CHANGED.length) : undefined);

/** That a rule was published. */
export const rulePublished = (badge: string): string => `the rule of ${badge} was published`;
