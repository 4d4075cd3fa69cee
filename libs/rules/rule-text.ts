/* TEST SUPPORT: the text of a rule that is right, for tests to put something wrong into. */
import { formatDiagnostic } from './diagnostic.js';
import { parseRule } from './parse.js';
import type { Rule } from './rule.js';

/** Every part that a rule may have; from `recurs` on, parts that do not go with every way to decide. */
export const RULE_TEXT = `badge: sql-basics
name:
  en: SQL Basics
  ko: SQL 기초
criteria-text:
  en: Do it all.
course: sql
decides: as-soon-as-met
when-corrected: revoke
criteria:
  all:
    - count:
        of: missions
        tag: quiz
        from-course-day: 0
        to-course-day: 150
        distinct: activity
        at-least: 4
    - any:
        - mean:
            of: grades
            kind: TMA
            at-least: 70
        - not:
            count:
              of: attendance
              status: [present, late]
              activity: [s1, s2]
              at-least: 1
    - none:
        of: withdrawal
    - some:
        at-least: 1
        of:
          - count:
              of: enrolment
              role: learner
              from: 2026-03-02
              to: 2026-06-30
              at-most: 1
          - mean:
              min-score: 40
              from-enrolment-day: 0
              to-enrolment-day: 90
              at-least: 55.5
hold: 48 hours
competency:
  en: Writes queries over several tables.
alignments:
  - name: SQL
    url: http://data.europa.eu/esco/skill/598de5b0-5b58-4ea7-8058-a4bc4d18c742
    framework: ESCO
    code: S5.5.1
  - name: Databases
    url: urn:uuid:0b1a8bb6-9d9f-4f5b-9f0c-0a6d2f6a1c11
    framework: Hanbit
level:
  of: sql
  name:
    en: Basic
  rank: 1
image: images/sql-basics.svg
tags: [sql, data]
issuer: hanbit
evidence:
  en: The marked assignments.
pathway: data-analyst
recurs:
  each: half-year
validity:
  for: 730 days
  renewal: none
`;

/** The same without what does not go with every way to decide. */
export const COMMON_TEXT = RULE_TEXT.slice(0, RULE_TEXT.indexOf('recurs:'));

/** A text with one part replaced; the part must be there. */
export const where = (part: string, instead: string, text = RULE_TEXT): string => {
  if (!text.includes(part)) throw new Error(`no "${part}" in the text`);
  return text.replace(part, () => instead);
};

/** A rule of little more than these criteria, in line 10. */
export const withCriteria = (criteria: string): string => `${RULE_TEXT.slice(0, RULE_TEXT.indexOf('criteria:\n'))}criteria: ${criteria}\n`;

/** What is wrong with a text, as people read it. */
export const findings = (text: string): string[] => {
  const parsed = parseRule(text, 'r.yaml');
  return parsed.ok ? [] : parsed.diagnostics.map(formatDiagnostic);
};

/** The rule that a text says; throws where it says none. */
export const parsedRule = (text: string): Rule => {
  const parsed = parseRule(text, 'r.yaml');
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  return parsed.rule;
};
