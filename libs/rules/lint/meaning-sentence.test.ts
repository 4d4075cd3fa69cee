import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { criterion, decides, ruleOf } from '../arbitraries/rules.js';
import { badgeNames } from '../badge-names.js';
import { kindOf } from '../criteria/all.js';
import { parseRule } from '../parse.js';
import { RECURRENCES, type Recurs, type Rule, type Validity } from '../rule.js';
import { parsedRule, RULE_TEXT, where } from '../rule-text.js';
import { NO_NAMES, plain } from '../words.js';
import { meaningOf, type MeaningNames } from './meaning-sentence.js';
import { leavesIn, rootOf } from './tree.js';

/** Every rule of the demo's schools, by badge. */
const RULES: ReadonlyMap<string, Rule> = new Map(
  ['rules', 'rules/saebyeok'].flatMap((directory) => readdirSync(directory).map((file) => `${directory}/${file}`))
    .filter((file) => file.endsWith('.yaml') && !/\.(cases|issuer)\.yaml$/.test(file))
    .flatMap((file) => {
      const parsed = parseRule(readFileSync(file, 'utf8'), file);
      return parsed.ok ? [[parsed.rule.badge, parsed.rule] as const] : [];
    }),
);
const TITLES: Readonly<Record<string, string>> = { 'sql-basics': 'SQL Basics', 'team-project': 'Team Project' };
const NAMES: MeaningNames = { ...NO_NAMES, ...badgeNames(RULES.values()), course: (id) => TITLES[id] };

const of = (badge: string) => {
  const rule = RULES.get(badge);
  if (!rule) throw new Error(`there is no rule for ${badge}`);
  return meaningOf(rule, NAMES);
};

describe('what a rule means, in words', () => {
  it.each<[string, string, string]>([
    [
      'data-analyst',
      'Learners get the badge as soon as they meet both of these: holding the badges SQL Foundations, Visualization Designer; and at least 2 of (holding a level of “sql” of rank 2 or higher (SQL Practitioner, SQL Specialist); holding at least 2 of the badges There Every Week, Weekly Practice, Studio Habits; and holding the badge Reliable Team Mate). It is valid for 730 days from when it was earned. If records are corrected later and no longer support the badge, it is taken back.',
      '학습자가 다음 조건을 모두 충족하는 즉시 배지를 수여합니다: ‘SQL 기초 이수’, ‘데이터 시각화 디자이너’ 배지 보유; 다음 중 2개 이상 충족(‘sql’ 2단계 이상 배지(SQL 실무자, SQL 전문가) 보유; ‘매주 출석’, ‘꾸준한 복습’, ‘성실한 작업 습관’ 배지 중 2개 이상 보유; ‘믿음직한 동료’ 배지 보유). 획득한 때부터 730일 동안 유효합니다. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 배지가 취소됩니다.',
    ],
    [
      'data-storyteller',
      'Learners get the badge as soon as they meet all of these: holding the badges Chart Storyteller, Constructive Critic; holding at least 1 of the badges Team Player, Demo Day Graduate; and being approved by a person. If records are corrected later and no longer support the badge, it is suspended until a person decides.',
      '학습자가 다음 조건을 모두 충족하는 즉시 배지를 수여합니다: ‘차트 스토리텔러’, ‘건설적인 비평가’ 배지 보유; ‘든든한 팀원’, ‘데모데이 수료’ 배지 중 1개 이상 보유; 담당자 1명의 승인. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 담당자가 결정할 때까지 배지가 보류됩니다.',
    ],
    [
      'sql-every-week',
      'Learners of the course “SQL Basics” get the badge as soon as they meet this: attendance marks (present or late, course day 0 to course day 83) in at least 11 different weeks. If records are corrected later and no longer support the badge, it is taken back.',
      '‘SQL Basics’ 과정 학습자가 다음 조건을 충족하는 즉시 배지를 수여합니다: 출석 기록(출석·지각, 개강일~개강 83일 후), 서로 다른 11주 이상. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 배지가 취소됩니다.',
    ],
    [
      'sql-first-steps',
      'Learners of the course “SQL Basics” get the badge as soon as they meet all of these: at least 2 different submissions (sql-a1, sql-a2, by course day 27); at least 2 different graded assignments (sql-a1, sql-a2); and an average of graded assignments (sql-a1, sql-a2) of at least 65 %. If records are corrected later and no longer support the badge, the learner keeps it.',
      '‘SQL Basics’ 과정 학습자가 다음 조건을 모두 충족하는 즉시 배지를 수여합니다: 서로 다른 과제 제출(sql-a1, sql-a2, 개강 27일 후까지) 2건 이상; 서로 다른 채점된 과제(sql-a1, sql-a2) 2개 이상; 채점된 과제(sql-a1, sql-a2) 평균 65% 이상. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되어도 배지는 그대로 유지됩니다.',
    ],
    [
      'sql-foundations',
      'Learners of the course “SQL Basics” get the badge when the course closes if they then meet all of these: at least 6 different graded assignments (assignment); an average of graded assignments (assignment) of at least 75 %; and no withdrawal. If records are corrected later and no longer support the badge, it is taken back.',
      '과정이 종료될 때 다음 조건을 모두 충족한 ‘SQL Basics’ 과정 학습자에게 배지를 수여합니다: 서로 다른 채점된 과제(assignment) 6개 이상; 채점된 과제(assignment) 평균 75% 이상; 수강 철회 없음. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 배지가 취소됩니다.',
    ],
    [
      'sql-honours',
      'Learners of the course “SQL Basics” get the badge when the course closes if they then meet both of these: being among the best 10 % of the course, by the mean of graded assignments (assignment), weighted as in the course, without the lowest 1, missing work counting 0; and at most 1 extension. If records are corrected later and no longer support the badge, it is suspended until a person decides.',
      '과정이 종료될 때 다음 조건을 모두 충족한 ‘SQL Basics’ 과정 학습자에게 배지를 수여합니다: 과정 상위 10%(채점된 과제(assignment) 평균 [과정의 가중치 적용, 하위 1개 제외, 미채점 과제는 0점]); 기한 연장 1건 이하. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 담당자가 결정할 때까지 배지가 보류됩니다.',
    ],
    [
      'sql-in-practice',
      'Learners of the course “SQL Basics” get the badge as soon as they meet this: at least 4 different completed missions (tagged “practice”), within 4 weeks. It is valid for 6 weeks from when it was earned, and renewed each time later records alone meet the criteria again. If records are corrected later and no longer support the badge, it is taken back.',
      '‘SQL Basics’ 과정 학습자가 다음 조건을 충족하는 즉시 배지를 수여합니다: 4주 동안 서로 다른 완료한 미션(‘practice’ 태그) 4개 이상. 획득한 때부터 6주 동안 유효하며, 그 뒤의 기록만으로 조건을 다시 충족할 때마다 갱신됩니다. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 배지가 취소됩니다.',
    ],
    [
      'sql-practitioner',
      'Learners of the course “SQL Basics” get the badge when the course closes if they then meet both of these: an average of graded assignments (assignment) of at least 82 %, weighted as in the course, missing work counting 0, late work losing 5 points a day, at most 30; and “minutes” of completed missions (tagged “practice”), 600 or more in total. If records are corrected later and no longer support the badge, it is taken back.',
      '과정이 종료될 때 다음 조건을 모두 충족한 ‘SQL Basics’ 과정 학습자에게 배지를 수여합니다: 채점된 과제(assignment) 평균 [과정의 가중치 적용, 미채점 과제는 0점, 지각 제출은 하루 5점, 최대 30점 감점] 82% 이상; 완료한 미션(‘practice’ 태그)의 ‘minutes’ 합계 600 이상. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 배지가 취소됩니다.',
    ],
    [
      'sql-specialist',
      'Learners of the course “SQL Basics” get the badge when the course closes if they then meet all of these: an average of graded assignments (assignment) of at least 88 %, the first attempt of each, weighted as in the course; at least 75 % in every assignment (assignment), the first attempt of each counting; having every assignment that was due handed in on time (assignment); and no flag (misconduct) until the end of course day 82. If records are corrected later and no longer support the badge, it is taken back.',
      '과정이 종료될 때 다음 조건을 모두 충족한 ‘SQL Basics’ 과정 학습자에게 배지를 수여합니다: 채점된 과제(assignment) 평균 [각 과제의 첫 시도, 과정의 가중치 적용] 88% 이상; 모든 과제(assignment)에서 75% 이상 [각 과제의 첫 시도]; 기한이 된 과제(assignment) 빠짐없이 제때 제출; 개강 82일 후까지 주의 기록(misconduct) 없음. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 배지가 취소됩니다.',
    ],
    [
      'team-demo-day',
      'Learners of the course “Team Project” get the badge at the end of course day 82 if they then meet all of these: at least 1 completed mission (team-demo-day, by course day 82); at least 4 different graded assignments (milestone, by course day 82); an average of graded assignments (milestone, by course day 82) of at least 75 %; and no withdrawal (by course day 82). If records are corrected later and no longer support the badge, it is suspended until a person decides.',
      '개강 82일 후, 그날이 끝날 때 다음 조건을 모두 충족한 ‘Team Project’ 과정 학습자에게 배지를 수여합니다: 완료한 미션(team-demo-day, 개강 82일 후까지) 1개 이상; 서로 다른 채점된 과제(milestone, 개강 82일 후까지) 4개 이상; 채점된 과제(milestone, 개강 82일 후까지) 평균 75% 이상; 수강 철회(개강 82일 후까지) 없음. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 담당자가 결정할 때까지 배지가 보류됩니다.',
    ],
    [
      'team-lead',
      'Learners of the course “Team Project” get the badge as soon as they meet all of these: being approved by 2 different people; at least 2 different completed missions (presentation); and no flag until the end of course day 76. If records are corrected later and no longer support the badge, it is suspended until a person decides.',
      '‘Team Project’ 과정 학습자가 다음 조건을 모두 충족하는 즉시 배지를 수여합니다: 서로 다른 담당자 2명의 승인; 서로 다른 완료한 미션(presentation) 2개 이상; 개강 76일 후까지 주의 기록 없음. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 담당자가 결정할 때까지 배지가 보류됩니다.',
    ],
    [
      'team-momentum',
      'Learners of the course “Team Project” get the badge as soon as they meet this: at least 150 points (15 for each completed mission (tagged “teamwork”), at most 30 per course week; 20 for each completed mission (tagged “presentation”); 10 for each attendance mark (present), at most 60 in all). It can be earned once in each month, on the records of that month alone. If records are corrected later and no longer support the badge, the learner keeps it.',
      '‘Team Project’ 과정 학습자가 다음 조건을 충족하는 즉시 배지를 수여합니다: 150점 이상(완료한 미션(‘teamwork’ 태그)마다 15점, 한 주당 최대 30점; 완료한 미션(‘presentation’ 태그)마다 20점; 출석 기록(출석)마다 10점, 모두 최대 60점). 매월 한 번씩, 그 기간의 기록만으로 받을 수 있습니다. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되어도 배지는 그대로 유지됩니다.',
    ],
    [
      'team-player',
      'Learners of the course “Team Project” get the badge as soon as they meet both of these: completed missions (tagged “teamwork”) in at least 10 different weeks; and at least 3 different completed missions (tagged “peer-review”). If records are corrected later and no longer support the badge, it is suspended until a person decides.',
      '‘Team Project’ 과정 학습자가 다음 조건을 모두 충족하는 즉시 배지를 수여합니다: 완료한 미션(‘teamwork’ 태그), 서로 다른 10주 이상; 서로 다른 완료한 미션(‘peer-review’ 태그) 3개 이상. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 담당자가 결정할 때까지 배지가 보류됩니다.',
    ],
    [
      'team-reliable',
      'Learners of the course “Team Project” hold the badge while they meet all of these: attendance marks (present or late or excused) in at least 10 different weeks; fewer than 3 attendance marks (absent); and no withdrawal. When new or corrected records no longer support the badge, it is taken back.',
      '‘Team Project’ 과정 학습자가 다음 조건을 모두 충족하는 동안 배지를 보유합니다: 출석 기록(출석·지각·공결), 서로 다른 10주 이상; 출석 기록(결석) 3건 미만; 수강 철회 없음. 새로운 기록이나 정정된 기록 때문에 조건에 더 이상 맞지 않게 되면 배지가 취소됩니다.',
    ],
    [
      'viz-critic',
      'Learners of the course “data-viz” get the badge as soon as they meet any one of these: at least 7 different completed missions (tagged “peer-review”); or all of (at least 4 different completed missions (tagged “peer-review”); and at least 3 different completed missions (tagged “presentation”)). If records are corrected later and no longer support the badge, it is suspended until a person decides.',
      '‘data-viz’ 과정 학습자가 다음 조건 중 하나 이상을 충족하는 즉시 배지를 수여합니다: 서로 다른 완료한 미션(‘peer-review’ 태그) 7개 이상; 다음을 모두 충족(서로 다른 완료한 미션(‘peer-review’ 태그) 4개 이상; 서로 다른 완료한 미션(‘presentation’ 태그) 3개 이상). 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 담당자가 결정할 때까지 배지가 보류됩니다.',
    ],
    [
      'viz-designer',
      'Learners of the course “data-viz” get the badge as soon as they meet both of these: at least 3 different graded assignments (project); and an average of graded assignments (project) of at least 80 %. If records are corrected later and no longer support the badge, it is suspended until a person decides.',
      '‘data-viz’ 과정 학습자가 다음 조건을 모두 충족하는 즉시 배지를 수여합니다: 서로 다른 채점된 과제(project) 3개 이상; 채점된 과제(project) 평균 80% 이상. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 담당자가 결정할 때까지 배지가 보류됩니다.',
    ],
    [
      'viz-storyteller',
      'Learners of the course “data-viz” get the badge as soon as they meet both of these: in this order (completed mission (presentation), then completed mission (peer-review), then graded assignment (project, with at least 80 %); each within 3 weeks of the one before); and at least 85 % in 2 different graded assignments (project), late work losing 10 points a day. It is awarded 2 weeks after it was earned, and corrections until then still count. If records are corrected later and no longer support the badge, it is suspended until a person decides.',
      '‘data-viz’ 과정 학습자가 다음 조건을 모두 충족하는 즉시 배지를 수여합니다: 순서대로(완료한 미션(presentation) → 완료한 미션(peer-review) → 채점된 과제(project, 80% 이상); 각 단계는 이전 단계 후 3주 이내); 서로 다른 채점된 과제(project) 2개에서 85% 이상 [지각 제출은 하루 10점 감점]. 조건을 충족하고 2주 뒤에 수여하며, 그동안 정정된 기록도 반영합니다. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 담당자가 결정할 때까지 배지가 보류됩니다.',
    ],
    [
      'viz-studio',
      'Learners of the course “data-viz” get the badge at the end of course day 82 if they then meet at least 3 of these: having attended at least 85 % of the sessions held so far (by course day 82); completed missions (by course day 82) in at least 80 % of the course weeks so far; having every assignment that was due handed in (exercise, by course day 82); and completed missions (tagged “quiz”, by course day 82) 6 weeks in a row, at most 1 missed in between. If records are corrected later and no longer support the badge, it is suspended until a person decides.',
      '개강 82일 후, 그날이 끝날 때 다음 조건 중 3개 이상을 충족한 ‘data-viz’ 과정 학습자에게 배지를 수여합니다: 지금까지 진행된 수업(개강 82일 후까지) 출석률 85% 이상; 완료한 미션(개강 82일 후까지), 지금까지의 과정 주차 중 80% 이상; 기한이 된 과제(exercise, 개강 82일 후까지) 빠짐없이 제출; 완료한 미션(‘quiz’ 태그, 개강 82일 후까지), 6주 연속, 중간에 최대 1주 누락 허용. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 담당자가 결정할 때까지 배지가 보류됩니다.',
    ],
    [
      'viz-weekly-practice',
      'Learners of the course “data-viz” get the badge as soon as they meet this: completed missions (tagged “quiz”, course day 0 to course day 83) in at least 9 different weeks. If records are corrected later and no longer support the badge, the learner keeps it.',
      '‘data-viz’ 과정 학습자가 다음 조건을 충족하는 즉시 배지를 수여합니다: 완료한 미션(‘quiz’ 태그, 개강일~개강 83일 후), 서로 다른 9주 이상. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되어도 배지는 그대로 유지됩니다.',
    ],
    [
      'first-build',
      'Learners of the course “maker-evenings” get the badge as soon as they meet both of these: at least 6 attendance marks (present or late); and at least 2 different completed missions (tagged “build”). If records are corrected later and no longer support the badge, it is suspended until a person decides.',
      '‘maker-evenings’ 과정 학습자가 다음 조건을 모두 충족하는 즉시 배지를 수여합니다: 출석 기록(출석·지각) 6건 이상; 서로 다른 완료한 미션(‘build’ 태그) 2개 이상. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 담당자가 결정할 때까지 배지가 보류됩니다.',
    ],
  ])('of %s', (badge, en, ko) => expect(of(badge)).toEqual({ en, ko }));

  it('is looked at of every rule', () => expect(RULES.size).toBe(20));
});

describe('parts that few rules have', () => {
  const words = (text: string) => meaningOf(parsedRule(text), NO_NAMES);
  const PERIODS = where('decides: as-soon-as-met', 'decides: { at-close: period }');

  it('are each said', () => {
    const { en, ko } = words(`${RULE_TEXT}stakes: high\n`);
    expect(en).toContain('It can be earned once in each half-year, on the records of that half-year alone.');
    expect(en).toContain('It is awarded 2 days after it was earned, and corrections until then still count.');
    expect(en).toContain('The stakes are high: a second person has to approve each change of the rule.');
    expect(ko).toContain('매 반기 한 번씩, 그 기간의 기록만으로 받을 수 있습니다.');
    expect(ko).toContain('조건을 충족하고 2일 뒤에 수여하며, 그동안 정정된 기록도 반영합니다.');
    expect(ko).toContain('중요한 배지이므로, 규칙을 바꿀 때마다 다른 사람 한 명의 승인이 더 필요합니다.');
  });

  it('say at the end of which periods', () => {
    expect(words(PERIODS).en).toMatch(/^Learners of the course “sql” get the badge at the end of each half-year if they then meet all of these: /);
    expect(words(PERIODS).ko).toMatch(/^매 반기 말에 다음 조건을 모두 충족한 ‘sql’ 과정 학습자에게 배지를 수여합니다: /);
    const terms = words(where('  each: half-year', '  terms: [{ name: spring, from: 2026-03-02, to: 2026-06-21 }]', PERIODS));
    expect(terms.en).toContain('at the end of each of the terms spring');
    expect(terms.ko).toContain('각 기간(spring)에 한 번씩, 그 기간의 기록만으로');
  });

  it('say groups within groups, and what must not be', () => {
    const { en, ko } = words(RULE_TEXT);
    expect(en).toContain('any one of (an average of graded assignments (TMA) of at least 70 %; or no attendance mark (s1, s2, present or late))');
    expect(ko).toContain('다음 중 하나 이상 충족(채점된 과제(TMA) 평균 70% 이상; 출석 기록(s1, s2, 출석·지각) 없음)');
  });

  it('call activities and courses by their titles, colons and brackets included', () => {
    const rule = parsedRule(where('        activity: [s1, s2]', '        activity: [s1]'));
    const { en } = meaningOf(rule, { ...NO_NAMES, activity: () => 'Lab: part 1 (of 2)', course: () => 'SQL: the basics' });
    expect(en).toContain('Learners of the course “SQL: the basics” get');
    expect(en).toContain('no attendance mark (Lab: part 1 (of 2), present or late)');
  });
});

const DAY = 86_400_000;
const recurs: fc.Arbitrary<Recurs> = fc.oneof(
  fc.constantFrom(...RECURRENCES).map((each) => ({ each })),
  fc.constant({ terms: [{ name: 'spring', from: 0, to: 80 }, { name: 'autumn', from: 90, to: 170 }] }),
);
const validity: fc.Arbitrary<Validity> = fc.record({ for: fc.integer({ min: 1, max: 900 }).map((days) => days * DAY), renewal: fc.constantFrom('none' as const, 'earn-again' as const) });
/** Rules with every part that sentences are made of, together or not. */
const whole: fc.Arbitrary<Rule> = fc
  .record(
    {
      criteria: criterion,
      decides: fc.oneof(decides, fc.constant({ mode: 'at-close' as const, of: 'period' as const })),
      whenCorrected: fc.constantFrom('keep' as const, 'review' as const, 'revoke' as const),
      course: fc.constantFrom('', 'c1'),
      hold: fc.integer({ min: 1, max: 8760 }).map((hours) => hours * 3_600_000),
      recurs,
      validity,
      stakes: fc.constant('high' as const),
    },
    { requiredKeys: ['criteria', 'decides', 'whenCorrected', 'course'] },
  )
  .map((made) => ruleOf(made));

const hasNumber = (text: string, value: number): boolean => new RegExp(`(?<![\\d.])${plain(value).replace('.', '\\.')}(?!\\d|\\.\\d)`).test(text);

describe('of any rule', () => {
  it('is never empty, nor half said, and names every threshold', () => {
    fc.assert(
      fc.property(whole, (rule) => {
        const words = meaningOf(rule, NO_NAMES);
        for (const text of [words.en, words.ko]) {
          expect(text).toMatch(/\S.*\.$/);
          expect(text).not.toMatch(/undefined|NaN|null|\[object|\(\)/);
        }
        for (const { node } of leavesIn(rootOf(rule.criteria))) {
          for (const key of kindOf(node.keyword).thresholds ?? []) {
            const value = node.settings[key];
            // One is often "a" or "no"; all the others are numbers.
            if (typeof value === 'number' && value > 1) for (const text of [words.en, words.ko]) expect([key, value, text, hasNumber(text, value)]).toEqual([key, value, text, true]);
          }
        }
      }),
    );
  });
});
