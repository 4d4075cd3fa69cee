import { kindOf } from './criteria/all.js';
import type { CriterionNode } from './criterion.js';
import { leavesOf } from './evaluate.js';
import type { Rule } from './rule.js';
import { isOfAnyCourse, type Selector } from './selector.js';
import type { Finding } from './shape.js';
import { COURSE } from './text-shapes.js';

/** Whether what a selector takes depends on a course: its facts are of one, or its days are. */
const isOfCourse = ({ type, fromDay, toDay, fromEnrolmentDay, toEnrolmentDay }: Selector): boolean =>
  !isOfAnyCourse(type) || [fromDay, toDay, fromEnrolmentDay, toEnrolmentDay].some((bound) => bound !== undefined);

const needsCourse = ({ keyword, selects, settings }: CriterionNode): boolean =>
  selects.some(isOfCourse) || (kindOf(keyword).depends?.(settings).some((on) => on !== 'clock') ?? false);

/** Why a rule that names no course has to name one, if it has to. */
const courseFindings = ({ course, decides, criteria }: Rule): readonly Finding[] => {
  if (course !== '') return [];
  const closes = decides.mode === 'at-close' && decides.of !== 'period';
  const leaf = leavesOf(criteria).find(needsCourse);
  if (!closes && !leaf) return [];
  const reason = leaf ? `"${leaf.keyword}" looks into one` : 'it decides when one closes';
  return [{ path: [], message: `"rule" lacks "course", and ${reason}`, expected: COURSE.expected }];
};

/** What the parts of a rule, each of them right, get wrong together. */
export const ruleFindings = (rule: Rule): readonly Finding[] => {
  const { badge, decides, criteria, recurs, validity, design } = rule;
  const atOnce = decides.mode === 'as-soon-as-met';
  const atPeriod = decides.mode === 'at-close' && decides.of === 'period';
  const findings: Finding[] = [...courseFindings(rule)];
  const note = (path: Finding['path'], message: string, expected: string): void => void findings.push({ path, message, expected });

  if (atPeriod && !recurs) note(['decides', 'at-close'], '"at-close: period" needs "recurs"', '"recurs: { each: month }", or "at-close: course"');
  if (recurs && !atOnce && !atPeriod) {
    note(['recurs'], '"recurs" does not go with how the rule decides', '"decides: as-soon-as-met", or "at-close: period"');
  }
  if (validity && decides.mode === 'continuously') {
    note(['validity'], 'an award that holds while the criteria are met has no other end', 'no "validity", or another "decides"');
  }
  if (validity?.renewal === 'earn-again' && (!atOnce || recurs)) {
    note(['validity', 'renewal'], '"earn-again" is only for "decides: as-soon-as-met" without "recurs"', '"renewal: none"');
  }
  const ranks = leavesOf(criteria).some(({ keyword, settings }) => kindOf(keyword).depends?.(settings).includes('cohort'));
  if (ranks && (decides.mode !== 'at-close' || atPeriod)) {
    note(['decides'], 'a cohort is ranked once, when the course is over', '"at-close: course", or "at-close: { course-day: 150 }"');
  }
  if (design.pathway === badge) note(['pathway'], 'a badge is not part of its own pathway', 'the id of a role badge');
  const asksForBadges = leavesOf(criteria).some(({ selects }) => selects.some(({ type }) => type === 'BadgeHeld'));
  if (design.role && !asksForBadges) note(['role'], 'a role badge rests on other badges', 'a criterion that asks for badges');
  return findings;
};
