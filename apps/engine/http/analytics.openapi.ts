import { DECIDED } from './analytics-reads.js';
import { AWARD_STATES } from './award-counts.js';

/** What every description of group figures says. */
export const LEFT_OUT =
  'A figure about fewer learners than `PROOFMARK_SMALL_GROUP` is null, and others with it from which it would follow; `suppressed` says so then. It is so for everybody who asks.';

const count = (description: string) => ({ type: 'integer' as const, minimum: 0, nullable: true, description: `${description} null: about few learners.` });
const number = (description: string) => ({ type: 'number' as const, nullable: true, description });
const text = (description: string) => ({ type: 'string' as const, description });
const object = (properties: Readonly<Record<string, object>>) => ({ type: 'object' as const, properties });
const localized = { type: 'object' as const, additionalProperties: { type: 'string' as const } };

const SUPPRESSED = { ...object({ fewerThan: { type: 'integer' as const } }), description: 'There where something is left out: figures about fewer learners than this.' };

/** A list of such items, with what it leaves out. */
export const listOf = (item: object) => object({ items: { type: 'array' as const, items: item }, suppressed: SUPPRESSED });

const AWARDS = object(Object.fromEntries(AWARD_STATES.map((state) => [state, count(`Awards that are ${state}.`)])));

/** Totals. */
export const SUMMARY_SCHEMA = object({
  learners: count('Different learners.'), courses: { type: 'integer' }, events: count('Learning events.'), badges: { type: 'integer' }, awards: AWARDS, openDeadLetters: { type: 'integer' }, suppressed: SUPPRESSED,
});

/** A course's figures. */
export const COURSE_SCHEMA = object({
  course: text('Its id.'), title: text('Its title.'), closedAt: { ...text('When it closed.'), format: 'date-time' },
  learners: count('Learners.'), events: count('Learning events.'), activeAwards: count('Active awards.'),
});

/** A badge's figures. */
export const BADGE_FIGURES_SCHEMA = object({
  badge: text('Its id.'), name: localized, course: text('Its course.'), awards: AWARDS, learners: count('Learners of the course.'),
  awardRate: number('Active awards by learners of the course. null: it has none, or either of them is not told.'),
  timeToEarn: object({
    awards: count('Awards that were ever granted.'),
    meanDays: number('null: there are no awards, or they are not told.'),
    histogram: { type: 'array', items: object({ upToDays: number('null: longer than all others.'), awards: count('Awards that took so long.') }) },
  }),
});

/** A badge, and how many awards of it there are. */
export const BADGE_SCHEMA = object({
  id: text('Its id.'), name: localized, criteriaText: localized, course: text('Its course.'),
  rule: object({ version: { type: 'integer' }, hash: text('Of the rule.'), publishedAt: { ...text('When.'), format: 'date-time' } }),
  retiredAt: { ...text('When its rule was retired.'), format: 'date-time' }, awards: AWARDS, suppressed: SUPPRESSED,
});

const seriesOf = (names: readonly string[], description: string) => ({
  type: 'array' as const,
  nullable: true,
  description: `${description} null: all of it is about few learners.`,
  items: object({
    start: text('The first day (UTC).'),
    until: text('There where several intervals are told together, or left out together: the day before which they end.'),
    ...Object.fromEntries(names.map((name) => [name, count(`How many: ${name}.`)])),
  }),
});

const interval = { type: 'string' as const, enum: ['day', 'week', 'month'] };

/** Awards over time. */
export const AWARD_SERIES_SCHEMA = object({ interval, earned: seriesOf(['awarded'], 'By the day on which they were earned.'), decided: seriesOf([...DECIDED, 'active'], 'By the day of the decision.'), suppressed: SUPPRESSED });

/** Learning events over time. */
export const EVENT_SERIES_SCHEMA = object({ interval, events: seriesOf(['events'], 'By the day on which they happened.'), suppressed: SUPPRESSED });

const counts = (description: string) => ({ type: 'object' as const, nullable: true, additionalProperties: { type: 'integer' as const }, description: `${description} null: about few learners.` });

/** What became of a badge among those who see it. */
export const ENGAGEMENT_SCHEMA = object({
  badge: text('Its id.'), name: localized, course: text('Its course.'), awarded: count('Awards that were granted.'), views: count('Views.'), verifications: counts('Verifications, in all and by way.'),
  shares: counts('Shares, in all and by place.'), sharedCredentials: count('Credentials that were ever shared.'), shareRate: number('They by all awards. null: there are none, or it is not told.'),
  lastViewedOn: { ...text('UTC day. null: nobody ever looked, or it is not told.'), nullable: true }, fatigued: { type: 'boolean', nullable: true, description: 'null: about few learners.' },
});
