import { rankedAtClose } from './criteria/cohort.js';
import { CRITERION } from './criterion-shape.js';
import { DESIGN_MEMBERS, designOf } from './design-shape.js';
import { RECURS } from './recurs-shape.js';
import type { Decides, Rule } from './rule.js';
import { ruleFindings } from './rule-findings.js';
import { DAYS } from './selector-shape.js';
import { agreeing, choice, duration, integer, mapped, mapping, mentioned, optional, required, wordOr, type Shape } from './shape.js';
import { COURSE, ID, LOCALIZED } from './text-shapes.js';

const CLOSING = wordOr(
  choice(['course', 'period']),
  mapped(mapping({ 'course-day': required(integer(DAYS), 'the end of this day of the course; its first day is 0') }), (close) => ({
    courseDay: close['course-day'],
  })),
  'course, period, or "course-day: 150"',
);

const DECIDES: Shape<Decides> = wordOr(
  mapped(choice(['as-soon-as-met', 'continuously']), (mode) => ({ mode })),
  mapped(mapping({ 'at-close': required(CLOSING, 'once, on all facts, when this is over') }), (close) => ({
    mode: 'at-close' as const,
    of: close['at-close'],
  })),
  'as-soon-as-met, continuously, or "at-close: course"',
);

const VALIDITY = mapping({
  for: required(duration({ min: '1 day', max: '36500 days' }), 'how long an award holds from when it was earned'),
  renewal: optional(choice(['none', 'earn-again']), 'earn-again: meeting the criteria on later facts alone renews it; none where absent'),
});

const MEMBERS = {
  badge: required(ID, 'the id of the badge'),
  name: required(LOCALIZED, 'what the badge is called'),
  'criteria-text': required(LOCALIZED, 'what a learner has to do, for people'),
  course: optional(mentioned('course', COURSE), 'the id of the course whose facts count; only a rule on badges and approvals has none'),
  decides: required(DECIDES, 'when the criteria being met becomes an award'),
  'when-corrected': required(choice(['keep', 'review', 'revoke']), 'what becomes of an award that corrected facts no longer support'),
  criteria: required(CRITERION, 'what has to be met'),
  hold: optional(duration({ min: '1 hour', max: '365 days' }), 'how long corrections still count between earning and awarding'),
  recurs: optional(RECURS, 'how often the badge can be earned; once where absent'),
  validity: optional(VALIDITY, 'how long an award holds; for ever where absent'),
  stakes: optional(choice(['high']), 'high: a second person has to approve each change of the rule'),
  ...DESIGN_MEMBERS,
};

/** A rule file. */
export const RULE: Shape<Rule> = agreeing(
  mapped(mapping(MEMBERS), (reading): Rule => {
    const { badge, name, course, decides, criteria, hold, recurs, validity, stakes } = reading;
    return {
      badge,
      name,
      criteriaText: reading['criteria-text'],
      course: course ?? '',
      decides,
      whenCorrected: reading['when-corrected'],
      criteria: rankedAtClose(criteria(badge), decides),
      ...(hold !== undefined && { hold }),
      ...(recurs && { recurs }),
      ...(validity && { validity: { for: validity.for, renewal: validity.renewal ?? 'none' } }),
      ...(stakes && { stakes }),
      design: designOf(reading),
    };
  }),
  ruleFindings,
);
