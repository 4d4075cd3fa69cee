import type { Criterion } from './rule.js';
import { ruleFindings } from './rule-findings.js';
import { COMMON_TEXT, findings, parsedRule, RULE_TEXT, where, withCriteria } from './rule-text.js';

const placed = (text: string, part: string): string => {
  const before = text.slice(0, text.indexOf(part)).split('\n');
  return `r.yaml:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
};

describe('parts of a rule that do not go together are reported at the place of one:', () => {
  it.each([
    ['a close of periods without any', where('as-soon-as-met', '{ at-close: period }', COMMON_TEXT), 'period }', '"at-close: period" needs "recurs"; expected "recurs: { each: month }", or "at-close: course"'],
    ['periods of what holds while it is met', where('as-soon-as-met', 'continuously', `${COMMON_TEXT}recurs: { each: year }\n`), '{ each', '"recurs" does not go with how the rule decides; expected "decides: as-soon-as-met", or "at-close: period"'],
    ['periods of what is decided once', where('as-soon-as-met', '{ at-close: course }', `${COMMON_TEXT}recurs: { each: year }\n`), '{ each', '"recurs" does not go with how the rule decides; expected "decides: as-soon-as-met", or "at-close: period"'],
    ['an end of what holds while it is met', where('as-soon-as-met', 'continuously', `${COMMON_TEXT}validity: { for: 9 days }\n`), '{ for', 'an award that holds while the criteria are met has no other end; expected no "validity", or another "decides"'],
    ['renewal in periods', where('renewal: none', 'renewal: earn-again'), 'earn-again', '"earn-again" is only for "decides: as-soon-as-met" without "recurs"; expected "renewal: none"'],
    ['renewal of what is decided once', where('as-soon-as-met', '{ at-close: course }', `${COMMON_TEXT}validity: { for: 9 days, renewal: earn-again }\n`), 'earn-again', '"earn-again" is only for "decides: as-soon-as-met" without "recurs"; expected "renewal: none"'],
    ['a cohort without a close', withCriteria('{ cohort: { by: { mean: {} }, rank: 3 } }'), 'as-soon-as-met', 'a cohort is ranked once, when the course is over; expected "at-close: course", or "at-close: { course-day: 150 }"'],
    ['a cohort of periods', where('as-soon-as-met', '{ at-close: period }', `${withCriteria('{ all: [{ cohort: { by: { mean: {} }, rank: 3 } }] }')}recurs: { each: year }\n`), '{ at-close', 'a cohort is ranked once, when the course is over; expected "at-close: course", or "at-close: { course-day: 150 }"'],
    ['a pathway to itself', where('data-analyst', 'sql-basics'), 'sql-basics\nrecurs', 'a badge is not part of its own pathway; expected the id of a role badge'],
    ['a role without badges', `${RULE_TEXT}role:\n  en: Data analyst\n`, 'en: Data analyst', 'a role badge rests on other badges; expected a criterion that asks for badges'],
  ])('%s', (_what, text, part, expected) => expect(findings(text)).toEqual([`${placed(text, part)} ${expected}`]));

  it('all of them, in one go', () => {
    const text = where('as-soon-as-met', 'continuously', where('data-analyst', 'sql-basics'));
    expect(findings(text)).toHaveLength(3);
  });
});

describe('a rule without a course', () => {
  const without = (criteria: string): string => where('course: sql\n', '', withCriteria(criteria));

  it('is right where it looks at badges and approvals alone', () => {
    expect(parsedRule(without('{ none: { of: approvals } }')).course).toBe('');
    expect(parsedRule(without('{ not: { none: { of: approvals, from: 2026-03-02 } } }')).course).toBe('');
  });

  it('is right where it decides at the end of periods, which are no matter of a course', () => {
    const text = where('as-soon-as-met', '{ at-close: period }', without('{ none: { of: approvals } }'));
    expect(findings(`${text}recurs: { each: year }\n`)).toEqual([]);
  });

  it.each([
    ['facts of one', '{ all: [{ none: { of: approvals } }, { none: { of: missions } }] }'],
    ['days of one', '{ none: { of: approvals, to-course-day: 9 } }'],
    ['days since enrolment in one', '{ none: { of: approvals, from-enrolment-day: 9 } }'],
  ])('is wrong where it looks at %s', (_what, criteria) => {
    expect(findings(without(criteria))).toEqual(['r.yaml:1:1 "rule" lacks "course", and "none" looks into one; expected the id of a course, as the class system sends it']);
  });

  it.each(['course', '{ course-day: 9 }'])('is wrong where it decides at the close of %s', (of) => {
    const text = where('as-soon-as-met', `{ at-close: ${of} }`, without('{ none: { of: approvals } }'));
    expect(findings(text)).toEqual(['r.yaml:1:1 "rule" lacks "course", and it decides when one closes; expected the id of a course, as the class system sends it']);
  });
});

describe('a role badge', () => {
  const role = { en: 'Data analyst' };
  const rule = parsedRule(RULE_TEXT);
  const badges: Criterion = { leaf: { keyword: 'count', selects: [{ type: 'BadgeHeld', activities: ['sql'] }], settings: { 'at-least': 1 } } };

  it('is right where some criterion asks for badges', () => {
    expect(ruleFindings({ ...rule, design: { role }, criteria: { group: 'any', parts: [rule.criteria, { group: 'not', parts: [badges] }] } })).toEqual([]);
  });
});
