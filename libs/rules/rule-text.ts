/* TEST SUPPORT: the text of a rule that is right, for tests to put something wrong into. */

/** Every part that a rule may have. */
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
`;
