import fc from 'fast-check';
import { applyEvent, currentFacts, emptyFactBook, type Fact } from '#domain/facts.js';
import { history } from '../arbitraries/histories.js';
import { offers } from '../arbitraries/offers.js';
import { context, inCourse, rule } from '../arbitraries/rules.js';
import { formatDiagnostic } from '../diagnostic.js';
import { referenceOutcome } from '../evaluate.js';
import { CATALOGUE, DIMENSIONS, type FindingCode } from './catalogue.js';
import { scored } from './finding.js';
import { soundness } from './soundness.js';
import { parseRule } from '../parse.js';
import type { Rule } from '../rule.js';
import { CHECKS, isWrong, lintRule, lintRules, type Lint } from './lint.js';
import type { Surroundings } from './subject.js';

/** A badge of which nothing is to be said. */
const GOOD = `badge: sql-basics
name: { en: SQL Basics, ko: SQL 기초 }
criteria-text:
  en: At least 3 different projects with an average of at least 70 %.
  ko: 서로 다른 프로젝트 3개 이상을 완성하고 평균 70점 이상이어야 합니다.
competency: { en: Queries a relational database., ko: 관계형 데이터베이스를 조회할 수 있다. }
evidence: { en: The marked projects., ko: 채점된 프로젝트. }
alignments:
  - { name: manage databases, url: https://example.org/skill/1, framework: ESCO }
image: sql-basics.svg
course: sql
decides: { at-close: course }
when-corrected: revoke
criteria:
  all:
    - count: { of: grades, kind: project, distinct: activity, at-least: 3 }
    - mean: { of: grades, kind: project, at-least: 70 }
`;

const where = (part: string, instead: string, text = GOOD): string => {
  if (!text.includes(part)) throw new Error(`no "${part}" in the text`);
  return text.replace(part, () => instead);
};
const withCriteria = (criteria: string, text = GOOD): string => `${text.slice(0, text.indexOf('criteria:\n'))}criteria: ${criteria}\n`;
const lint = (text: string, around: Surroundings = {}): Lint => {
  const found = lintRule({ file: 'r.yaml', text }, around);
  expect(found.diagnostics.map(formatDiagnostic)).toEqual([]);
  return found;
};
const codes = (text: string, around: Surroundings = {}): readonly FindingCode[] => lint(text, around).findings.map(({ code }) => code);
/** The text at the place of a finding. */
const textAt = (text: string, code: FindingCode, around: Surroundings = {}): string => {
  const found = lint(text, around).findings.find((finding) => finding.code === code);
  return found ? text.split('\n').slice(found.line - 1).join('\n').slice(found.column - 1) : 'not found';
};
const ruleOf = (text: string): Rule => {
  const parsed = parseRule(text, 'other.yaml');
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  return parsed.rule;
};
const beside = (...texts: readonly string[]): Surroundings => ({ others: texts.map((text, i) => ({ rule: ruleOf(text), file: `other-${i}.yaml` })) });
const other = (badge: string, text = GOOD): string => where('badge: sql-basics', `badge: ${badge}`, text);

const offer = (type: Fact['type'], activity: string, kind?: string): Fact => ({
  id: `lms/${activity}`, type, course: 'sql', activity, occurrence: undefined, time: 0, values: { ...(kind !== undefined && { kind }) }, correctedBy: [],
});

const GRADED = 'mean: { of: grades, at-least: 70 }';
const LEVEL = 'level: { of: sql, name: { en: Basic, ko: 기초 }, rank: 1 }\n';

describe('the badge design score', () => {
  it('is 100 for a badge of which nothing is to be said', () => expect(lint(GOOD)).toMatchObject({ findings: [], score: 100 }));

  it('adds up to 100', () => expect(Object.values(DIMENSIONS).reduce((sum, { weight }) => sum + weight, 0)).toBe(100));

  it('has no finding that costs nothing or more than its dimension has', () => {
    for (const { points, dimension } of Object.values(CATALOGUE)) {
      expect(points).toBeGreaterThan(0);
      expect(points).toBeLessThanOrEqual(DIMENSIONS[dimension].weight);
    }
  });

  it('takes what each finding costs, and no more than a dimension has', () => {
    const { findings, score } = lint(withCriteria('{ count: { of: submissions, at-least: 1 } }', where('{ at-close: course }', 'as-soon-as-met')));
    expect(findings.map(({ code, effect }) => [code, effect])).toEqual([['submission-only', 25], ['one-event', 0]]);
    expect(score).toBe(75);
  });

  it('lists what costs most first', () => {
    const { findings, score } = lint(where('image: sql-basics.svg\n', '', where('competency:', '# ')));
    expect(findings.map(({ code, effect }) => [code, effect])).toEqual([['no-competency', 8], ['no-image', 2]]);
    expect(score).toBe(90);
  });

  it('speaks English and Korean', () => {
    for (const { why, fix } of Object.values(CATALOGUE)) {
      for (const { en, ko } of [why, fix]) {
        expect(en).not.toMatch(/\p{Script=Hangul}/u);
        expect(ko).toMatch(/\p{Script=Hangul}/u);
      }
    }
  });

  it('is null for a file that is no rule, which says why', () => {
    const found = lintRule({ file: 'r.yaml', text: where('kind: project', 'kin: project') });
    expect(found).toMatchObject({ score: null, rule: null, sentences: null, findings: [] });
    expect(found.diagnostics.map(formatDiagnostic)[0]).toMatch(/^r\.yaml:16:\d+ "count" has an unknown key "kin"; did you mean "kind"/);
  });

  it.each(['', '\0', 'a: [', '- 1', 'x'.repeat(70_000), `${'['.repeat(200)}`])('is null for %j', (text) => {
    const found = lintRule({ file: 'r.yaml', text: text.slice(0, 70_000) });
    expect(found.score).toBeNull();
    expect(found.diagnostics.length).toBeGreaterThan(0);
  });
});

/** For each finding: a rule with it, its place where that is worth a look, and what is around the rule. */
const CASES: readonly (readonly [code: FindingCode, text: string, place?: string | undefined, around?: Surroundings])[] = [
  ['never-met', withCriteria('{ all: [{ count: { of: grades, activity: [a, b], distinct: activity, at-least: 3 } }, { mean: { of: grades, at-least: 70 } }] }'), '3 } }, { mean'],
  ['never-met', withCriteria('{ count: { of: missions, distinct: course-week, from-course-day: 0, to-course-day: 27, at-least: 5 } }')],
  ['never-met', withCriteria('{ count: { of: missions, distinct: course-day, from: "2026-03-02", to: "2026-03-04", at-least: 4 } }')],
  ['never-met', withCriteria('{ all: [{ mean: { of: grades, at-least: 70 } }, { not: { count: { of: missions, activity: [a], distinct: activity, at-most: 1 } } }] }')],
  ['never-met', withCriteria('{ some: { at-least: 2, of: [{ mean: { of: grades, at-least: 70 } }, { count: { of: missions, activity: a, distinct: activity, at-least: 2 } }] } }')],
  ['never-met', withCriteria('{ streak: { of: missions, from-course-day: 0, to-course-day: 6, at-least: 8 } }')],
  ['never-met', withCriteria('{ points: { from: [{ of: missions, each: 5, at-most: 20 }, { of: grades, each: 1, at-most: 10 }], at-least: 31 } }')],
  ['never-met', withCriteria('{ sequence: { steps: [{ of: missions, from-course-day: 20 }, { of: grades, to-course-day: 10 }] } }')],
  ['dead-part', withCriteria('{ any: [{ mean: { of: grades, at-least: 70 } }, { count: { of: missions, activity: a, distinct: activity, at-least: 2 } }] }'), '2 } }'],
  ['idle-part', withCriteria('{ all: [{ mean: { of: grades, at-least: 70 } }, { count: { of: missions, activity: [a, b], distinct: activity, at-most: 2 } }] }')],
  ['contradiction', withCriteria('{ all: [{ count: { of: missions, tag: quiz, at-least: 2 } }, { none: { of: missions, tag: quiz } }] }'), '{ none'],
  ['contradiction', withCriteria('{ all: [{ count: { of: missions, tag: quiz, activity: [a], at-least: 2 } }, { none: { of: missions } }] }')],
  ['contradiction', withCriteria('{ all: [{ mean: { of: grades, at-least: 70 } }, { all: [{ none: { of: grades } }] }] }')],
  ['contradiction', withCriteria('{ all: [{ mean: { of: grades, at-least: 70 } }, { not: { mean: { of: grades, at-least: 70 } } }] }')],
  ['contradiction', withCriteria('{ all: [{ count: { of: missions, at-least: 5 } }, { not: { count: { of: missions, at-least: 4 } } }] }')],
  ['contradiction', withCriteria('{ all: [{ count: { of: missions, distinct: activity, at-least: 5 } }, { count: { of: missions, at-most: 4 } }] }')],
  ['met-by-nothing', withCriteria('{ none: { of: withdrawal } }')],
  ['met-by-nothing', withCriteria('{ absence: { of: flags, until-course-day: 80 } }')],
  ['met-by-nothing', withCriteria('{ any: [{ mean: { of: grades, at-least: 70 } }, { not: { count: { of: attendance, status: absent, at-least: 3 } } }] }')],
  ['more-than-offered', GOOD, '3 }', { offers: () => [offer('AssignmentPublished', 'p1', 'project'), offer('AssignmentPublished', 'p2', 'project'), offer('AssignmentPublished', 'e1', 'exam')] }],
  ['more-than-offered', withCriteria('{ score: { of: grades, in: 3, at-least: 70 } }'), '3, at-least', { offers: () => [offer('AssignmentPublished', 'a1')] }],
  ['more-than-offered', withCriteria('{ streak: { of: attendance, per: session, at-least: 3 } }'), '3 }', { offers: () => [offer('SessionHeld', 's1'), offer('SessionHeld', 's2')] }],
  ['more-than-full-marks', where('at-least: 70', 'at-least: 120')],
  ['more-than-full-marks', withCriteria('{ count: { of: grades, min-score: 101, at-least: 2 } }')],
  ['threshold-zero', withCriteria('{ attendance-rate: { at-least: 0 } }'), '0 }'],
  ['threshold-zero', where('at-least: 70', 'at-least: 0')],
  ['counts-after-close', where('decides: { at-close: course }', 'decides: { at-close: { course-day: 80 } }')],
  ['nearly-nobody', GOOD, 'sql-basics', { awardRate: () => ({ eligible: 400, awarded: 4 }) }],
  ['nearly-everybody', GOOD, 'sql-basics', { awardRate: () => ({ eligible: 100, awarded: 95 }) }],
  ['unknown-name', GOOD, 'sql\n', { known: { courses: ['sqll'] } }],
  ['unknown-name', withCriteria('{ count: { of: missions, tag: quizz, at-least: 3 } }'), undefined, { known: { tags: ['quiz'] } }],
  ['submission-only', withCriteria('{ count: { of: submissions, distinct: activity, at-least: 4 } }')],
  ['submission-only', withCriteria('{ all: [{ count: { of: grades, at-least: 4 } }, { none: { of: withdrawal } }] }')],
  ['submission-only', withCriteria('{ any: [{ mean: { of: grades, at-least: 70 } }, { count: { of: enrolment, at-least: 1 } }] }')],
  ['submission-only', withCriteria('{ none-missing: { of: submissions } }')],
  ['submission-only', withCriteria('{ streak: { of: grades, at-least: 4 } }')],
  ['attendance-only', withCriteria('{ attendance-rate: { at-least: 80 } }')],
  ['attendance-only', withCriteria('{ count: { of: attendance, at-least: 4 } }')],
  ['rate-of-one', withCriteria(`{ ${GRADED} }`, where('{ at-close: course }', 'as-soon-as-met'))],
  ['rate-of-one', withCriteria('{ attendance-rate: { at-least: 80 } }', where('{ at-close: course }', 'as-soon-as-met')), '80 }'],
  ['rate-of-one', withCriteria('{ none-missing: { of: submissions } }', where('{ at-close: course }', 'as-soon-as-met'))],
  ['rate-before-end', where('{ at-close: course }', 'as-soon-as-met'), '70 }'],
  ['one-event', withCriteria('{ count: { of: missions, activity: a, at-least: 1 } }', where('{ at-close: course }', 'as-soon-as-met'))],
  ['one-approver', withCriteria('{ approval: { by: 1 } }', where('course: sql', 'stakes: high\ncourse: sql'))],
  ['recurs-without-limit', withCriteria('{ count: { of: missions, at-least: 1 } }', where('{ at-close: course }', 'as-soon-as-met\nrecurs: { each: week }'))],
  ['no-competency', where('competency:', '# ')],
  ['text-too-short', where('en: SQL Basics', 'en: SQ'), 'SQ,'],
  ['text-too-short', withCriteria(`{ ${GRADED} }`, where('en: At least 3 different projects with an average of at least 70 %.', 'en: 70 % on average'))],
  ['text-without-threshold', where('at least 70 %', 'a good mark'), 'At least 3'],
  ['text-without-threshold', where('at-least: 70', 'at-least: 65')],
  ['text-without-threshold', withCriteria('{ cohort: { by: { mean: { of: grades } }, top-percent: 25 } }')],
  ['text-without-threshold', withCriteria('{ score: { of: grades, in: 3, at-least: 65 } }')],
  ['prerequisite-unknown', withCriteria('{ all: [{ badges: { badge: [sql-bsics] } }, { mean: { of: grades, at-least: 70 } }] }'), '{ badges', beside()],
  ['prerequisite-unknown', withCriteria('{ badges: { level-of: sql, from-rank: 2 } }'), undefined, beside(other('sql-b') + LEVEL)],
  ['prerequisite-cycle', withCriteria('{ badges: { badge: sql-b } }'), undefined, beside(
    other('sql-b', withCriteria('{ badges: { badge: sql-c } }')),
    other('sql-c', withCriteria('{ badges: { badge: sql-basics } }')),
  )],
  ['no-alignment', where('alignments:\n  - {', '# {')],
  ['alignment-no-link', where('https://example.org/skill/1', 'urn:esco:1'), 'urn:esco:1'],
  ['no-evidence', withCriteria('{ all: [{ none: { of: withdrawal } }, { count: { of: attendance, status: absent, at-most: 2 } }] }')],
  ['no-evidence-text', where('evidence:', '# ')],
  ['badge-twice', GOOD, 'sql-basics', beside(GOOD)],
  ['same-criteria', GOOD, undefined, beside(other('sql-again'))],
  ['implied', GOOD, undefined, beside(other('sql-good', where('at-least: 70', 'at-least: 80')))],
  ['implied', GOOD, undefined, beside(other('sql-easy', where('at-least: 3', 'at-least: 2')))],
  ['level-taken', GOOD + LEVEL, undefined, beside(other('sql-b', withCriteria('{ count: { of: missions, at-least: 3 } }')) + LEVEL)],
  ['level-gap', `${GOOD}${LEVEL.replace('rank: 1', 'rank: 3')}`, '3 }', beside(other('sql-b', withCriteria('{ count: { of: missions, at-least: 3 } }')) + LEVEL)],
  ['pathway-unknown', `${GOOD}pathway: analyst\n`, 'analyst', beside()],
  ['pathway-no-role', `${GOOD}pathway: analyst\n`, undefined, beside(other('analyst', withCriteria('{ count: { of: missions, at-least: 9 } }')))],
  ['language-missing', where('name: { en: SQL Basics, ko: SQL 기초 }', 'name: { en: SQL Basics }'), '{ en: SQL Basics }'],
  ['no-image', where('image: sql-basics.svg\n', '')],
];

describe('what is found', () => {
  it.each(CASES.map(([code, text, place, around]) => ({ code, text, place, around })))('$code: $text', ({ code, text, place, around }) => {
    expect(codes(text, around)).toContain(code);
    if (place !== undefined) expect(textAt(text, code, around).slice(0, place.length)).toBe(place);
    for (const { message } of lint(text, around).findings) {
      expect(message.en).not.toMatch(/undefined|NaN|Infinity|\[object/);
      expect(message.ko).toMatch(/\p{Script=Hangul}/u);
    }
  });

  it('is tried for every finding that there is', () => {
    expect([...new Set(CASES.map(([code]) => code))].sort()).toEqual(Object.keys(CATALOGUE).sort());
  });
});

describe('what is not found', () => {
  it.each([
    ['more-than-offered', 'where the course offers nothing of the kind', GOOD, { offers: () => [offer('MissionPublished', 'm')] }],
    ['nearly-nobody', 'among few learners', GOOD, { awardRate: () => ({ eligible: 19, awarded: 0 }) }],
    ['implied', 'between levels of one family', GOOD + LEVEL, beside(other('sql-2', where('at-least: 70', 'at-least: 80')) + LEVEL.replace('rank: 1', 'rank: 2'))],
    ['same-criteria', 'in another course', GOOD, beside(other('viz', where('course: sql', 'course: viz')))],
    ['contradiction', 'between different windows', withCriteria('{ all: [{ count: { of: missions, to-course-day: 10, at-least: 1 } }, { none: { of: missions, from-course-day: 11 } }] }'), {}],
    ['contradiction', 'where what must not happen is narrower', withCriteria('{ all: [{ count: { of: missions, at-least: 1 } }, { none: { of: missions, tag: late } }] }'), {}],
    ['contradiction', 'between ways of "any"', withCriteria('{ any: [{ count: { of: missions, at-least: 3 } }, { all: [{ none: { of: missions } }, { mean: { of: grades, at-least: 70 } }] }] }'), {}],
    ['never-met', 'where a window of four weeks begins within one', withCriteria('{ count: { of: missions, distinct: course-week, from-course-day: 3, to-course-day: 30, at-least: 5 } }'), {}],
    ['rate-before-end', 'where all that the mean names is marked', withCriteria('{ all: [{ count: { of: grades, activity: [a, b], distinct: activity, at-least: 2 } }, { mean: { of: grades, activity: [a, b], at-least: 70 } }] }', where('{ at-close: course }', 'as-soon-as-met')), {}],
    ['text-without-threshold', 'where a number is a word', where('3 different', 'three different'), {}],
    ['text-without-threshold', 'where "at most 2" stands for not 3', withCriteria('{ all: [{ mean: { of: grades, at-least: 70 } }, { not: { count: { of: attendance, status: absent, at-least: 3 } } }] }', where('At least 3 different projects with', 'At most 2 absences with')), {}],
    ['submission-only', 'where the marks must be good', withCriteria('{ count: { of: grades, min-score: 60, at-least: 3 } }'), {}],
        ['one-event', 'for a sequence', withCriteria('{ sequence: { steps: [{ of: missions, tag: a }, { of: missions, tag: b }] } }', where('{ at-close: course }', 'as-soon-as-met')), {}],
    ['one-approver', 'for two of them', withCriteria('{ approval: { by: 2 } }', where('course: sql', 'stakes: high\ncourse: sql')), {}],
    ['one-approver', 'beside a result', withCriteria('{ all: [{ approval: {} }, { count: { of: missions, at-least: 3 } }] }', where('course: sql', 'stakes: high\ncourse: sql')), {}],
    ['one-approver', 'without high stakes', withCriteria('{ approval: { by: 1 } }'), {}],
    ['one-event', 'for a badge on other badges', withCriteria('{ badges: { badge: sql-b } }', where('{ at-close: course }', 'as-soon-as-met')), {}],
    ['rate-of-one', 'for a single good score', withCriteria('{ score: { of: grades, at-least: 70 } }', where('{ at-close: course }', 'as-soon-as-met')), {}],
    ['never-met', 'where points have one source without a limit', withCriteria('{ points: { from: [{ of: missions, each: 5, at-most: 20 }, { of: grades, each: 1 }], at-least: 31 } }'), {}],
    ['never-met', 'where the steps follow each other', withCriteria('{ sequence: { steps: [{ of: missions, to-course-day: 10 }, { of: grades, from-course-day: 10 }] } }'), {}],
    ['pathway-no-role', 'where the badge stands for a role', `${GOOD}pathway: analyst\n`, beside(other('analyst', withCriteria('{ badges: { badge: sql-basics } }', where('image:', 'role: { en: Analyst }\nimage:'))))],
  ] as const)('%s %s', (code, _why, text, around) => expect(codes(text, around)).not.toContain(code));
});

describe('rules that belong together', () => {
  it('know each other', () => {
    const lints = lintRules([{ file: 'a.yaml', text: GOOD }, { file: 'b.yaml', text: GOOD }, { file: 'c.yaml', text: 'badge: [' }]);
    expect(lints.map(({ findings, score }) => [findings.map(({ code }) => code), score])).toEqual([[['badge-twice'], 95], [['badge-twice'], 95], [[], null]]);
  });

  it('are wrong with an error, and where asked with a warning', () => {
    const wrong = (text: string, strict: boolean): boolean => isWrong(lintRule({ file: 'r.yaml', text }), strict);
    expect([wrong(GOOD, true), wrong(where('image:', '# '), true)]).toEqual([false, false]);
    expect([wrong(where('competency:', '# '), false), wrong(where('competency:', '# '), true)]).toEqual([false, true]);
    expect([wrong(withCriteria('{ none: { of: withdrawal } }'), false), wrong('', false)]).toEqual([true, true]);
  });

  it('say in plain language what they ask for', () => {
    const { sentences } = lint(withCriteria('{ all: [{ badges: { badge: sql-b } }, { mean: { of: grades, at-least: 70 } }] }'), beside(other('sql-b')));
    expect(sentences).toEqual({
      path: 'all',
      label: { en: 'All of these', ko: '다음을 모두 충족' },
      parts: [
        { path: 'all[0].badges', label: { en: 'Holds the badge SQL Basics', ko: '‘SQL 기초’ 배지 보유' } },
        { path: 'all[1].mean', label: { en: 'Average of graded assignments at least 70 %', ko: '채점된 과제 평균 70% 이상' } },
      ],
    });
  });
});

describe('any rule', () => {
  it('is looked at without an error, and scores from 0 to 100', () => {
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 3 }), offers, (rules, offered) => {
        const [first, ...others] = rules;
        if (!first) return;
        const subject = { rule: first, around: { others: others.map((one) => ({ rule: one })), offers: () => offered } };
        const found = CHECKS.flatMap((check) => check(subject));
        const { score, findings } = scored(found, 'r.yaml', () => ({ line: 1, column: 1 }));
        expect(score).toBe(100 - findings.reduce((sum, { effect }) => sum + effect, 0));
        expect(score).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  });

  it('that can never be met is never met, by both evaluators', () => {
    let seen = 0;
    fc.assert(
      fc.property(rule, context, history, (one, course, events) => {
        const hopeless = soundness({ rule: one, around: {} }).some(({ code }) => code === 'never-met' || code === 'contradiction');
        if (!hopeless) return;
        seen++;
        const book = emptyFactBook();
        for (const event of events) applyEvent(book, event);
        expect(referenceOutcome(one, currentFacts(book), inCourse(course)).supported).toBe(false);
      }),
      { numRuns: 1500 },
    );
    expect(seen).toBeGreaterThan(5);
  });
});
