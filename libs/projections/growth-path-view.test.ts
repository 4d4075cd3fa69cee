import type { LearningEvent } from '#domain/learning-event.js';
import { schemaVersion, writeLogEvent, type LogEvent } from '#domain/log-event.js';
import type { CriterionVerdict } from '#domain/verdict.js';
import { evolveCourse, unknownCourse } from '#rules/course-context.js';
import type { LiveRule } from '#rules/rulebook.js';
import { parseRule } from '#rules/parse.js';
import { withEarnedBy } from './earned-by.js';
import { coursesOf, growthPathOf, type AwardRow, type GrowthPath, type TimelineRow } from './growth-path-view.js';

const day = (n: number): number => Date.UTC(2026, 2, 1 + n);

const liveRule = (text: string): LiveRule => {
  const parsed = parseRule(text, 'rule.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return { rule: parsed.rule, reference: { badge: parsed.rule.badge, version: 1, hash: parsed.hash } };
};

const GRADES = liveRule(`
badge: grades
name: { en: Grades, ko: 성적 }
criteria-text: { en: Three graded with an average of 70 }
course: C1
decides: as-soon-as-met
when-corrected: review
criteria:
  all:
    - count: { of: grades, kind: TMA, distinct: activity, at-least: 3 }
    - mean: { of: grades, kind: TMA, at-least: 70 }
`);
const STAYED = liveRule(`
badge: stayed
name: { en: Stayed }
criteria-text: { en: Not withdrawn by day 10 }
course: C1
decides: { at-close: { course-day: 10 } }
when-corrected: revoke
criteria:
  all:
    - none: { of: withdrawal, to-course-day: 10 }
    - count: { of: missions, at-least: 4 }
`);
const ELSEWHERE = liveRule(`
badge: elsewhere
name: { en: Elsewhere }
criteria-text: { en: In another course }
course: C2
decides: continuously
when-corrected: keep
criteria:
  count: { of: attendance, at-least: 1 }
`);

const course = unknownCourse();
const opening: LearningEvent = { id: 'open', source: 'lms', type: 'CourseOpened', course: 'C1', time: day(0) };
evolveCourse(course, opening);

const grade = (id: string, activity: string, score: number, more: object = {}): LearningEvent => ({
  id, source: 'lms', type: 'AssignmentGraded', learner: 'ana', course: 'C1', activity, time: day(3), score, max: 100, kind: 'TMA', ...more,
});
const correction = (id: string, target: string, score: number): LearningEvent => ({
  id, source: 'lms', type: 'FactReplaced', target, learner: 'ana', time: day(5), changes: { score },
});

const rowsOf = (events: readonly LogEvent[]): TimelineRow[] =>
  events.map((event, i) => ({
    position: i + 1,
    time: 'time' in event && event.time !== undefined ? event.time : day(6),
    course: 'course' in event && event.course !== undefined ? event.course : null,
    type: event.type,
    schema: schemaVersion(event.type),
    entry: writeLogEvent(event),
  }));

const path = (events: readonly LogEvent[], awards: readonly AwardRow[] = []): GrowthPath =>
  growthPathOf({
    rows: rowsOf(events),
    rules: [STAYED, GRADES, ELSEWHERE],
    courseOf: () => ({ context: course.context, titles: new Map([['A1', 'First essay']]) }),
    awards,
    now: day(6),
  });

const award = (changes: Partial<AwardRow> = {}): AwardRow => ({
  award: 'a1', badge: 'grades', course: 'C1', period: '', status: 'active', validUntil: null, earnedAt: day(3), awardedAt: day(4), decidedAt: day(4),
  decidedByPerson: 0, cause: { kind: 'facts', reason: 'all met' }, evidence: ['lms/g1'], ...changes,
});

describe('growth path', () => {
  it('tells for each badge in reach what is met and what is missing, closest first', () => {
    const { inReach } = path([grade('g1', 'A1', 61), grade('g2', 'A2', 70)]).badges;
    expect(inReach.map(({ badge }) => badge)).toEqual(['grades', 'stayed']);
    expect(inReach[0]).toMatchObject({
      criteriaMet: 0,
      criteriaTotal: 2,
      met: false,
      closed: false,
      criteria: [
        {
          path: 'all[0].count',
          label: { en: 'At least 3 different graded assignments (TMA)', ko: '서로 다른 채점된 과제(TMA) 3개 이상' },
          value: 2,
          needed: 3,
          met: false,
          missing: { amount: 1, text: { en: '1 more graded assignment', ko: '채점된 과제 1개 더 필요' } },
        },
        { path: 'all[1].mean', value: 65.5, needed: 70, missing: { amount: 4.5, text: { en: 'The average must rise by 4.5 points' } } },
      ],
    });
    expect(inReach[1]).toMatchObject({
      decides: 'at-close',
      closesAt: day(11) - 1,
      criteriaMet: 1,
      criteria: [{ met: true, missing: null, label: { en: 'No withdrawal (by course day 10)' } }, { value: 0, missing: { amount: 4 } }],
    });
  });

  it('says of a badge that has expired what renews it', () => {
    const RENEWED = liveRule(`
badge: renewed
name: { en: Renewed }
criteria-text: { en: Two graded every day }
course: C1
decides: as-soon-as-met
when-corrected: keep
validity: { for: 1 days, renewal: earn-again }
criteria: { count: { of: grades, at-least: 2 } }
`);
    const expired = award({ badge: 'renewed', status: 'expired', validUntil: day(4) });
    const inReach = (rule: LiveRule, ...events: LearningEvent[]) =>
      growthPathOf({ rows: rowsOf(events), rules: [rule], courseOf: () => ({ context: course.context, titles: new Map() }), awards: [expired], now: day(6) }).badges.inReach;
    const earned = [grade('g1', 'A1', 61), grade('g2', 'A2', 70)];
    expect(inReach(RENEWED, ...earned)).toMatchObject([{ met: false, closeness: 0, criteriaMet: 0, nextSteps: [{ amount: 2 }], possible: true, award: { status: 'expired' } }]);
    expect(inReach(RENEWED, ...earned, grade('g3', 'A3', 70, { time: day(5) }))).toMatchObject([{ met: false, closeness: 0.5, criteria: [{ value: 1 }], nextSteps: [{ amount: 1 }] }]);
    const once: LiveRule = { ...RENEWED, rule: { ...RENEWED.rule, validity: { for: 86_400_000, renewal: 'none' } } };
    expect(inReach(once, ...earned)).toEqual([]);
  });

  it('says that nothing can be done where a rule has decided', () => {
    const [stayed] = growthPathOf({
      rows: rowsOf([grade('g1', 'A1', 61)]), rules: [STAYED], awards: [], now: day(12),
      courseOf: () => ({ context: { ...course.context, clock: day(12) }, titles: new Map() }),
    }).badges.inReach;
    expect(stayed).toMatchObject({ badge: 'stayed', closed: true, met: false, possible: false, nextSteps: [{ amount: 4 }] });
  });

  it('shows a correction as what it changed, in any order of arrival', () => {
    const graded = grade('g1', 'A1', 61);
    const corrected = correction('c1', 'g1', 72);
    for (const events of [[graded, corrected], [corrected, graded]]) {
      const { timeline, badges } = path(events);
      expect(timeline.map(({ kind, text }) => [kind, text.en])).toEqual([
        ['correction', 'Correction of First essay: score 61 → 72'],
        ['fact', 'First essay graded: 72 of 100'],
      ]);
      expect(timeline[0]?.changes).toEqual([{ field: 'score', from: 61, to: 72 }]);
      expect(badges.inReach[0]?.criteria[1]).toMatchObject({ value: 72, met: true });
    }
  });

  it('shows a newer version of a fact as what it changed', () => {
    const { timeline } = path([grade('g1', 'A1', 61, { version: 1 }), grade('g1', 'A1', 72, { version: 2 })]);
    expect(timeline.map(({ status, text }) => [status, text.en])).toEqual([
      ['current', 'First essay graded: 72 of 100 (score 61 → 72)'],
      ['replaced', 'First essay graded: 61 of 100'],
    ]);
  });

  it('does not show a mark that is not released, in whatever event it stands', () => {
    const held = grade('g1', 'A1', 61.5, { version: 1, released: false });
    const rescored = grade('g1', 'A1', 72.5, { version: 2, released: false });
    const moderated: LearningEvent = { id: 'c1', source: 'lms', type: 'FactReplaced', target: 'g1', learner: 'ana', version: 2, time: day(4), changes: { score: 75.5 } };
    const before = path([held, rescored, moderated]).timeline;
    expect(before.map(({ text, values }) => [text.en, values?.score])).toEqual([
      ['Correction of First essay, mark not released yet', undefined],
      ['First essay graded, mark not released yet', undefined],
      ['First essay graded, mark not released yet', undefined],
    ]);
    expect(JSON.stringify(before)).not.toMatch(/61\.5|72\.5|75\.5/);

    const released: LearningEvent = { id: 'c2', source: 'lms', type: 'FactReplaced', target: 'g1', learner: 'ana', version: 3, time: day(5), changes: { released: true } };
    const after = path([held, rescored, moderated, released]).timeline;
    expect(after.map(({ text }) => text.en)).toEqual([
      'Correction of First essay: score – → 75.5, released false → true',
      'Correction of First essay, mark not released yet',
      'First essay graded: 75.5 of 100',
      'First essay graded, mark not released yet',
    ]);

    const hidden: LearningEvent = { id: 'c3', source: 'lms', type: 'FactReplaced', target: 'g1', learner: 'ana', time: day(5), changes: { released: false } };
    const [, newer] = path([grade('g1', 'A1', 61.5), grade('g1', 'A1', 72.5, { time: day(4) }), hidden]).timeline;
    expect(newer).toMatchObject({ type: 'AssignmentGraded', status: 'current' });
    expect(JSON.stringify(newer)).not.toMatch(/72\.5/);
  });

  it('tells of extensions, flags, approvals and staff in words', () => {
    const about = { source: 'lms', learner: 'ana', course: 'C1' };
    const { timeline } = path([
      { ...about, id: 'x1', type: 'ExtensionGranted', activity: 'A1', due: day(9), time: day(4) },
      { ...about, id: 'f1', type: 'LearnerFlagged', kind: 'misconduct', time: day(3) },
      { ...about, id: 'k1', type: 'ApprovalGiven', activity: 'grades', occurrence: 'mentor', time: day(2) },
      { ...about, id: 'n1', type: 'Enrolled', role: 'staff', timezone: 'Asia/Seoul', time: day(1) },
    ]);
    expect(timeline.map(({ text }) => text)).toEqual([
      { en: 'Extension for First essay: due 2026-03-10T00:00:00.000Z', ko: 'First essay 기한 연장: 2026-03-10T00:00:00.000Z까지' },
      { en: 'Flagged: misconduct', ko: '주의 기록: misconduct' },
      { en: 'Approved by mentor: Grades', ko: 'mentor 승인: 성적' },
      { en: 'Enrolled as staff', ko: '운영진으로 등록' },
    ]);
    expect(timeline[2]).toMatchObject({ badge: 'grades' });
    expect(timeline[2]).not.toHaveProperty('activity');
    expect(timeline[3]?.values).toEqual({ role: 'staff', timezone: 'Asia/Seoul' });
  });

  it.each([
    ['count: { of: approvals, at-least: 2 }', 'At least 2 approvals', '승인 2건 이상'],
    ['none: { of: flags, kind: misconduct }', 'No flag (misconduct)', '주의 기록(misconduct) 없음'],
    ['count: { of: extensions, at-least: 1 }', 'At least 1 extension', '기한 연장 1건 이상'],
  ])('says what %s asks for', (criteria, en, ko) => {
    const rule = liveRule(`
badge: asked
name: { en: Asked }
criteria-text: { en: Asked }
course: C1
decides: as-soon-as-met
when-corrected: review
criteria: { ${criteria} }
`);
    const { badges } = growthPathOf({ rows: rowsOf([grade('g1', 'A1', 61)]), rules: [rule], courseOf: () => ({ context: course.context, titles: new Map() }), awards: [], now: day(6) });
    expect(badges.inReach[0]?.criteria[0]?.label).toEqual({ en, ko });
  });

  it('marks a withdrawn fact, which then counts for nothing', () => {
    const retraction: LearningEvent = { id: 'r1', source: 'lms', type: 'FactRetracted', target: 'g1', learner: 'ana', time: day(4) };
    const { timeline } = path([grade('g1', 'A1', 61), grade('g2', 'A2', 80), retraction]);
    expect(timeline.map(({ type, status, countsFor }) => [type, status, countsFor])).toEqual([
      ['FactRetracted', 'current', undefined],
      ['AssignmentGraded', 'current', [{ badge: 'grades', state: 'in-reach' }]],
      ['AssignmentGraded', 'withdrawn', []],
    ]);
  });

  it('says that a correction waits for the record that it corrects', () => {
    const { timeline, badges } = path([correction('c1', 'not-there', 72)]);
    expect(timeline).toMatchObject([{ kind: 'correction', status: 'waiting', fact: 'lms/not-there' }]);
    expect(badges).toEqual({ earned: [], inReach: [] });
  });

  it('names the badges that a fact is evidence of', () => {
    const { timeline, badges } = path([grade('g1', 'A1', 90)], [award()]);
    expect(timeline[0]?.countsFor).toEqual([{ badge: 'grades', state: 'earned' }]);
    expect(badges.earned).toMatchObject([{ badge: 'grades', status: 'active', name: { ko: '성적' } }]);
    expect(badges.inReach.map(({ badge }) => badge)).toEqual(['stayed']);
  });

  it('gives the reason of a suspended award and keeps the badge in reach', () => {
    const suspended = award({ status: 'suspended', cause: { kind: 'correction', reason: 'a grade was changed' } });
    const { badges } = path([grade('g1', 'A1', 40)], [suspended]);
    expect(badges.earned).toMatchObject([{ status: 'suspended', reason: { en: 'a grade was changed', ko: expect.stringContaining('정정된 기록') as string } }]);
    expect(badges.inReach[0]).toMatchObject({ badge: 'grades', award: { award: 'a1', status: 'suspended' } });
  });

  it('does not promise again what a person revoked', () => {
    const revoked = award({ status: 'revoked', decidedByPerson: 1, cause: { kind: 'person', reason: 'plagiarism' } });
    const { badges } = path([grade('g1', 'A1', 40)], [revoked]);
    expect(badges.earned).toMatchObject([{ status: 'revoked', reason: { en: 'plagiarism', ko: 'plagiarism' } }]);
    expect(badges.inReach.map(({ badge }) => badge)).toEqual(['stayed']);
  });

  it('says what was met where a badge was earned, by the version that decided, and keeps the cause of what became of it', () => {
    const rule = (version: number, atLeast: number): LiveRule => {
      const { rule: parsed, reference } = liveRule(`
badge: proven
name: { en: Proven }
criteria-text: { en: Proven }
course: C1
decides: as-soon-as-met
when-corrected: review
criteria:
  all:
    - none: { of: withdrawal }
    - count: { of: grades, activity: A1, at-least: ${atLeast} }
    - any:
        - mean: { of: grades, at-least: 70 }
        - count: { of: missions, at-least: 9 }
    - not: { count: { of: flags, at-least: 1 } }
    - count: { of: grades, at-least: 1 }
`);
      return { rule: parsed, reference: { ...reference, version } };
    };
    const found = (criterion: string, value: number, needed: number, more: Partial<CriterionVerdict> = {}): CriterionVerdict =>
      ({ criterion, path: criterion, met: true, value, needed, unit: 'count', evidence: [], ...more });
    const root = found('all', 5, 5, {
      parts: [
        found('none', 0, 0), found('count', 2, 1), found('any', 1, 1, { parts: [found('mean', 86.666, 70, { unit: 'percent' }), found('count', 1, 9, { met: false })] }),
        found('not', 0, 1, { parts: [found('count', 0, 1, { met: false })] }), found('count', 3, 1),
      ],
    });
    const subject = { award: 'a1', tenant: 't', learner: 'ana', badge: 'proven', decidedAt: day(6) } as const;
    const decision = { ...subject, cause: { kind: 'facts', events: [], reason: 'new records changed what the rule sees' } } as const;
    const verdict = { met: true, decided: true, root };
    const awarded = { ...decision, type: 'BadgeAwarded', course: 'C1', period: '', rule: rule(1, 1).reference, earnedAt: day(3), startedAt: day(0), verdict } as const;
    const entries = (given: LogEvent, known: readonly LiveRule[] = [rule(1, 1), rule(2, 4)]) => {
      const growth = growthPathOf({
        rows: rowsOf([given]), rules: [rule(2, 4)], awards: [], now: day(6),
        courseOf: () => ({ context: course.context, titles: new Map([['A1', 'First essay']]) }),
      });
      return growth.timeline.map((one) => withEarnedBy(one, growth, ({ version }) => known.find(({ reference }) => reference.version === version)?.rule));
    };
    const [entry] = entries(awarded);
    expect(entry?.earnedBy).toEqual({
      criteria: [
        { label: { en: 'At least 1 graded assignment (First essay)', ko: '채점된 과제(First essay) 1개 이상' }, value: 2, unit: 'count', tellsMore: true },
        { label: { en: 'Average of graded assignments at least 70 %', ko: '채점된 과제 평균 70% 이상' }, value: 86.67, unit: 'percent', tellsMore: true },
        { label: { en: 'At least 1 graded assignment', ko: '채점된 과제 1개 이상' }, value: 3, unit: 'count', tellsMore: true },
      ],
      more: 2,
    });
    // Words of another version would not be true.
    expect(entries(awarded, [rule(2, 4)])[0]).not.toHaveProperty('earnedBy');
    expect(entries({ ...awarded, cause: { kind: 'person', events: [], reason: 'by the board' } })[0]).not.toHaveProperty('earnedBy');
    const [amended] = entries({ ...decision, type: 'AwardAmended', earnedAt: day(3), verdict });
    expect(amended).not.toHaveProperty('earnedBy');
    expect(amended?.reason?.en).toBe('new records changed what the rule sees');
  });

  it('names the course of an entry where the learner is in more than one', () => {
    const seen = (id: string, at: string): LearningEvent => ({ id, source: 'lms', type: 'AttendanceMarked', learner: 'ana', course: at, activity: 'S1', time: day(2), status: 'late' });
    const named = (...events: readonly LogEvent[]) =>
      growthPathOf({
        rows: rowsOf(events), rules: [], awards: [], now: day(6),
        courseOf: (of) => ({ context: course.context, titles: new Map([['S1', 'Class 1']]), ...(of === 'C1' && { title: 'Writing' }) }),
      }).timeline.map(({ text, courseTitle }) => [text.en, text.ko, courseTitle]);
    expect(named(seen('1', 'C1'), seen('2', 'C2'))).toEqual([['Class 1: late', 'Class 1: 지각', 'C2'], ['Class 1: late', 'Class 1: 지각', 'Writing']]);
    // A badge of no course is not in one more.
    const given: LogEvent = {
      type: 'BadgeAwarded', award: 'a1', tenant: 't', learner: 'ana', badge: 'any', course: '', period: '', rule: { badge: 'any', version: 1, hash: '' }, earnedAt: day(3), startedAt: day(0), decidedAt: day(6),
      cause: { kind: 'facts', events: [], reason: 'all met' }, verdict: { met: true, decided: true, root: { criterion: 'count', path: 'count', met: true, value: 1, needed: 1, unit: 'count', evidence: [] } },
    };
    expect(named(seen('1', 'C1'), given).map(([text, , title]) => [text, title])).toEqual([['Badge awarded: any', undefined], ['Class 1: late', undefined]]);
    expect([...coursesOf(rowsOf([seen('1', 'C1'), given]))]).toEqual(['C1', '']); // rules of no course have an outline of their own
    expect(named(seen('1', 'C1'))).toEqual([['Class 1: late', 'Class 1: 지각', undefined]]);
  });

  it('shows the changes of an award among the facts', () => {
    const event: LogEvent = {
      type: 'AwardRevoked', award: 'a1', tenant: 't', learner: 'ana', badge: 'grades', from: 'active', decidedAt: day(6),
      cause: { kind: 'correction', events: ['lms/c1'], reason: 'a grade was changed' },
    };
    const { timeline } = path([grade('g1', 'A1', 40), event], [award({ status: 'revoked' })]);
    expect(timeline[0]).toMatchObject({ kind: 'award', type: 'AwardRevoked', award: 'a1', course: 'C1', text: { en: 'Award revoked: Grades', ko: '배지 취소: 성적' }, reason: { en: 'a grade was changed', ko: '정정된 기록이 규칙의 판정에 반영되었습니다' } });
  });
});
