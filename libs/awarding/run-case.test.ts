import { formatDiagnostic } from '#rules/diagnostic.js';
import type { CaseResult } from './run-case.js';
import { testRule, type RuleTest } from './test-rule.js';

const test = (rule: string, cases: string): RuleTest => {
  const head = 'badge: b\nname: { en: B }\ncriteria-text: { en: Do it. }\n';
  const course = rule.includes('course:') ? '' : 'course: c\n';
  return testRule({ file: 'b.yaml', text: `${head}${course}${rule}` }, { file: 'b.cases.yaml', text: cases });
};
const result = (rule: string, body: string): CaseResult => {
  const tested = test(rule, `cases:\n  - case: one\n    course: { start: 2026-03-02 }\n${body.trim().split('\n').map((line) => `    ${line.trim()}\n`).join('')}`);
  expect(tested.diagnostics.map(formatDiagnostic)).toEqual([]);
  const [one] = tested.cases;
  if (!one) throw new Error('no case');
  return one;
};
const failures = (rule: string, body: string): readonly string[] =>
  result(rule, body).failures.map(({ what, expected, actual }) => `${what}: expected ${expected}, got ${actual}`);

const done = (least: number, more = ''): string => `criteria: { count: { of: missions, at-least: ${least} } }\nwhen-corrected: review\n${more}`;
const AT_ONCE = 'decides: as-soon-as-met\n';
const mission = (day: number): string => `{ type: MissionCompleted, activity: m${day}, time: day ${day} }`;
const missions = (...days: readonly number[]): string => `events: [${days.map(mission).join(', ')}]`;

describe('an example case', () => {
  it('passes where everything comes out as expected', () => {
    expect(result(AT_ONCE + done(2), `${missions(1, 3)}
      expect: { awarded: true, award: active, earned: day 3, criteria: { count: { met: true, value: 2, needed: 2, evidence: [e2, e1] } } }`)).toMatchObject({
      case: 'one', file: 'b.cases.yaml', line: 2, column: 5, passed: true, failures: [],
      award: { status: 'active', period: '', earned: 'day 3 12:00' },
      history: [{ type: 'BadgeAwarded', at: 'day 3 12:00' }],
    });
  });

  it('passes with the values that are shown, though what falls short is never shown as what is needed', () => {
    const rule = `${AT_ONCE}criteria: { mean: { of: grades, at-least: 80 } }\nwhen-corrected: review\n`;
    const short = (value: number): string => `events: [{ type: AssignmentGraded, activity: a, score: 79.996, max: 100, time: day 1 }]
      expect: { awarded: false, criteria: { mean: { met: false, value: ${value}, needed: 80 } } }`;
    expect(result(rule, short(79.99))).toMatchObject({ passed: true, criteria: { value: 79.99, needed: 80, met: false } });
    expect(failures(rule, short(79.98))).toEqual(['mean: value: expected 79.98, got 79.996']);
  });

  it('fails with what was expected, what came out, and the trace in words', () => {
    const failed = result(AT_ONCE + done(3), `${missions(1, 3)}
      expect: { awarded: true, award: active, earned: day 3, valid-until: day 9, criteria: { count: { met: true, value: 3, needed: 2, evidence: [e1] }, cuont: {}, other: {} } }`);
    expect(failed.passed).toBe(false);
    expect(failed.failures.map(({ what, expected, actual }) => `${what}: ${expected} / ${actual}`)).toEqual([
      'awarded: true / false',
      'award: active / none',
      'earned: day 3 / never',
      'valid-until: day 9 / never',
      'count: met: true / false',
      'count: value: 3 / 2',
      'count: needed: 2 / 3',
      'count: evidence: e1 / e1, e2',
      'cuont: a criterion / there is none; did you mean "count"?',
      'other: a criterion / there is none; there are count',
    ]);
    expect(failed.criteria).toMatchObject({ label: { en: 'At least 3 completed missions' }, value: 2, needed: 3, met: false });
  });

  it.each([
    ['keep', 'active', true],
    ['review', 'suspended', false],
    ['revoke', 'revoked', false],
  ])('sees what "%s" does to an award that a correction takes the ground from', (policy, award, awarded) => {
    const rule = AT_ONCE + done(2).replace('review', policy);
    expect(failures(rule, `events: [${mission(1)}, ${mission(3)}, { type: FactRetracted, target: e1, time: day 5 }]
      expect: { awarded: ${awarded}, award: ${award}, criteria: { count: { met: false, value: 1 } } }`)).toEqual([]);
  });

  it('knows what arrives late, and a correction that comes before what it corrects', () => {
    expect(failures(AT_ONCE + done(1), `events: [{ type: FactRetracted, target: early, time: day 1 }, { type: MissionCompleted, id: early, activity: m, time: day 0 }]
      expect: { awarded: false, award: none }`)).toEqual([]);
    expect(result(AT_ONCE + done(1), `events: [{ type: MissionCompleted, activity: m, time: day 0, arrives: day 7 }]
      expect: { awarded: true, earned: day 0 }`)).toMatchObject({ passed: true, history: [{ type: 'BadgeAwarded', at: 'day 7 12:00' }] });
  });

  it('waits for the close of the course', () => {
    const rule = `decides: { at-close: course }\n${done(1)}`;
    expect(failures(rule, `${missions(1)}\nexpect: { awarded: false }`)).toEqual([]);
    expect(failures(rule, `${missions(1)}\nclosed: day 9\nexpect: { awarded: true, earned: day 9 }`)).toEqual([]);
    expect(failures(rule, `${missions(1)}\nclosed: day 9\nnow: day 8\nexpect: { awarded: false }`)).toEqual([]);
  });

  it('waits for a day of the course', () => {
    const rule = `decides: { at-close: { course-day: 9 } }\n${done(1)}`;
    expect(failures(rule, `${missions(1)}\nexpect: { awarded: false }`)).toEqual([]);
    expect(failures(rule, `${missions(1)}\nnow: day 9\nexpect: { awarded: true, earned: day 9 }`)).toEqual([]);
    expect(result(rule, `events: [${mission(1)}, { type: FactRetracted, target: e1, time: day 20 }]\nexpect: { awarded: false, award: suspended }`).history).toEqual([
      { type: 'BadgeAwarded', at: 'day 9 23:59' }, { type: 'AwardSuspended', at: 'day 20 12:00' },
    ]);
  });

  it('lets a hold pass before it awards', () => {
    const rule = AT_ONCE + done(1, 'hold: 2 days\n');
    expect(failures(rule, `${missions(1)}\nnow: day 2\nexpect: { awarded: false }`)).toEqual([]);
    expect(failures(rule, `${missions(1)}\nnow: day 3\nexpect: { awarded: true, earned: day 1 }`)).toEqual([]);
    expect(failures(rule, `events: [${mission(1)}, { type: FactRetracted, target: e1, time: day 2 }]\nnow: day 9\nexpect: { awarded: false, award: none }`)).toEqual([]);
  });

  it('lets awards expire, and be renewed', () => {
    const rule = AT_ONCE + done(1, 'validity: { for: 7 days, renewal: earn-again }\n');
    expect(failures(rule, `${missions(1)}\nnow: day 5\nexpect: { awarded: true, valid-until: day 8 }`)).toEqual([]);
    expect(failures(rule, `${missions(1)}\nnow: day 9\nexpect: { awarded: false, award: expired, valid-until: day 8 12:00 }`)).toEqual([]);
    expect(failures(rule, `${missions(1, 6)}\nnow: day 9\nexpect: { awarded: true, earned: day 6, valid-until: day 13 }`)).toEqual([]);
  });

  it('speaks of one period of a badge that recurs', () => {
    const rule = AT_ONCE + done(2, 'recurs: { each: week }\n');
    const body = (expected: string): string => `${missions(1, 3, 8, 15, 16)}\nexpect: { ${expected} }`;
    expect(failures(rule, body('awarded: true, earned: day 3'))).toEqual([]);
    expect(failures(rule, body('awarded: true, period: 2026-w12, earned: day 16'))).toEqual([]);
    expect(failures(rule, body('awarded: false, period: 2026-w11, criteria: { count: { value: 1, evidence: [e3] } }'))).toEqual([]);
    expect(failures(rule, body('awarded: false, period: march'))).toEqual(['period: expected march, got no such period; there are 2026-w10, 2026-w11, 2026-w12']);
    expect(failures(AT_ONCE + done(1), `${missions(1)}\nexpect: { awarded: false, period: 2026-w10 }`)).toEqual(['period: expected 2026-w10, got the badge does not recur']);
  });

  it('gives the learner other badges, from when they were earned', () => {
    const rule = `${AT_ONCE}when-corrected: keep\ncriteria: { all: [{ badges: { badge: [x, y] } }, { approval: { by: 1 } }] }\n`;
    expect(failures(rule, `events: [{ type: ApprovalGiven, approver: kim, time: day 2 }]
      badges: [{ badge: x, earned: day 1 }, { badge: y, earned: day 5 }]
      expect: { awarded: true, earned: day 5, criteria: { "all[0].badges": { evidence: [award/x, award/y] } } }`)).toEqual([]);
    expect(failures(rule, `events: [{ type: ApprovalGiven, approver: kim, badge: other, time: day 2 }]
      badges: [{ badge: x, earned: day 1 }, { badge: y, earned: day 5 }]
      expect: { awarded: false }`)).toEqual([]);
  });

  it('measures against what the course offers', () => {
    const rule = 'decides: { at-close: course }\nwhen-corrected: keep\ncriteria: { attendance-rate: { at-least: 50 } }\n';
    const offers = (last: string): string => `cases:
  - case: one
    course: { start: 2026-03-02, events: [{ type: SessionHeld, activity: s1, time: day 0 }, { type: SessionHeld, activity: s2, time: day 7 }, ${last}] }
    events: [{ type: AttendanceMarked, activity: s1, status: present, time: day 0 }]
    closed: day 20
    expect: { awarded: false }
`;
    expect(test(rule, offers('{ type: SessionHeld, activity: s3, time: day 14 }')).passed).toBe(true);
    expect(test(rule, offers('{ type: FactRetracted, target: c2 }')).passed).toBe(false);
  });

  it('ranks the learner among the others of a cohort, alone where there are none, and nobody where they are not given', () => {
    const rule = 'decides: { at-close: course }\nwhen-corrected: keep\ncriteria: { cohort: { by: { mean: { of: grades } }, top-percent: 25 } }\n';
    const body = (others: string, awarded: boolean): string =>
      `events: [{ type: AssignmentGraded, activity: a, score: 80, max: 100, time: day 1 }]\nclosed: day 9\n${others}\nexpect: { awarded: ${awarded} }`;
    expect([failures(rule, body('others: [80, 70, 60]', true)), failures(rule, body('others: [81, 70, 60]', false)), failures(rule, body('others: []', true)), failures(rule, body('', false))]).toEqual([[], [], [], []]);
  });
});

describe('the cases of a rule', () => {
  const RULE = { file: 'b.yaml', text: `badge: b\nname: { en: B }\ncriteria-text: { en: Do it. }\ncourse: c\n${AT_ONCE}${done(1)}` };

  it('are missed with a warning', () => {
    const tested = testRule(RULE, undefined);
    expect(tested).toMatchObject({ badge: 'b', passed: true, cases: [] });
    expect(tested.diagnostics.map(formatDiagnostic)).toEqual(['b.yaml:1:1 warning: the rule has no example cases; expected a file of the same name that ends in .cases.yaml']);
  });

  it('do not pass where the rule or they themselves cannot be read', () => {
    expect(testRule({ ...RULE, text: 'badge: [' }, undefined)).toMatchObject({ badge: null, passed: false, diagnostics: [{ file: 'b.yaml' }] });
    expect(testRule(RULE, { file: 'b.cases.yaml', text: 'cases: 1' })).toMatchObject({ badge: 'b', passed: false, diagnostics: [{ file: 'b.cases.yaml' }] });
  });
});
