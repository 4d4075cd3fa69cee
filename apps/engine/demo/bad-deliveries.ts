import type { DeadLetterReason } from '#domain/dead-letter.js';
import type { WireEvent } from './wire-event.js';

/** A delivery that intake must not record, and why. */
export interface BadDelivery {
  /** The body of one request. */
  readonly body: string;
  readonly reason: DeadLetterReason;
  /** What is wrong, for people. */
  readonly about: string;
}

const inTenYears = (time: string): string => `${Number(time.slice(0, 4)) + 10}-03-02${time.slice(10)}`;

/** The mistakes that class systems make, one delivery each; `graded` is an event of the term that intake took before. */
export const badDeliveries = (graded: WireEvent): readonly BadDelivery[] => {
  const { time = '' } = graded;
  const mistake = (n: number, reason: DeadLetterReason, about: string, change: object): BadDelivery => ({
    body: JSON.stringify({ ...graded, id: `mistake-${n}`, ...change }),
    reason,
    about,
  });
  return [
    mistake(1, 'invalid', 'a type of event that does not exist', { type: 'HomeworkGraded' }),
    mistake(2, 'invalid', 'a score without what could be reached', { max: undefined }),
    mistake(3, 'invalid', 'a score that is a text', { score: '17 of 20' }),
    mistake(4, 'invalid', 'nobody named', { learner: undefined }),
    mistake(5, 'invalid', 'a date without a time zone', { time: time.slice(0, 19) }),
    mistake(6, 'future', 'a year that was mistyped', { time: inTenYears(time) }),
    mistake(7, 'conflict', 'an id that was used before, with another score', { id: graded.id, score: (graded.score ?? 0) + 1 }),
    { body: JSON.stringify(graded).slice(0, -20), reason: 'malformed', about: 'a text that was cut off' },
  ];
};
