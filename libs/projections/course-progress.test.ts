import type { LearningEvent } from '#domain/learning-event.js';
import { schemaVersion, writeLogEvent } from '#domain/log-event.js';
import { evolveCourse, unknownCourse } from '#rules/course-context.js';
import { parseRule } from '#rules/parse.js';
import type { LiveRule } from '#rules/rulebook.js';
import { coursePlaceOf, hurdlesOf, stagesOf, type BadgePlace, type CoursePlace, type HurdleNames } from './course-progress.js';
import type { AwardRow } from './growth-path-view.js';

const day = (n: number): number => Date.UTC(2026, 2, 1 + n);

const liveRule = (badge: string, criteria: string, more = 'decides: as-soon-as-met'): LiveRule => {
  const parsed = parseRule(`badge: ${badge}\nname: { en: X }\ncriteria-text: { en: X }\ncourse: C1\n${more}\nwhen-corrected: revoke\ncriteria:\n${criteria}`, 'rule.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return { rule: parsed.rule, reference: { badge, version: 1, hash: parsed.hash } };
};

const BOTH = liveRule('both', '  all:\n    - count: { of: missions, at-least: 4 }\n    - count: { of: approvals, at-least: 1 }\n');
const ALONE = liveRule('alone', '  count: { of: missions, at-least: 4 }\n');
const CLOSED = liveRule('closed', '  count: { of: missions, at-least: 9 }\n', 'decides: { at-close: course }');

const course = unknownCourse();
const titles = new Map<string, string>();
evolveCourse(course, { id: 'open', source: 'lms', type: 'CourseOpened', course: 'C1', time: day(0) });

const mission = (n: number): LearningEvent => ({ id: `m${n}`, source: 'lms', type: 'MissionCompleted', learner: 'ana', course: 'C1', activity: `m${n}`, time: day(n) });
const missions = (many: number): readonly LearningEvent[] => Array.from({ length: many }, (_none, i) => mission(i + 1));
const awarded = (badge: string, status: AwardRow['status'], byPerson = false): AwardRow => ({
  award: `a-${badge}`, badge, course: 'C1', period: '', status, earnedAt: day(5), validUntil: null, awardedAt: day(5), decidedAt: day(5), decidedByPerson: byPerson, cause: { kind: 'facts', reason: '' }, evidence: [],
});

const names: HurdleNames = new Map();
const placed = (events: readonly LearningEvent[], awards: readonly AwardRow[] = [], state = course): CoursePlace =>
  coursePlaceOf('C1', ['both', 'alone', 'closed'], {
    rows: events.map((event, position) => ({ position, time: event.time ?? 0, course: 'course' in event ? (event.course ?? null) : null, type: event.type, schema: schemaVersion(event.type), entry: writeLogEvent(event) })),
    rules: [BOTH, ALONE, CLOSED], courseOf: () => ({ context: state.context, titles }), awards, now: day(30),
  }, names);
const stages = (place: CoursePlace): readonly string[] => [...place.badges.values()].map(({ stage }) => stage);

describe('the place of a learner in a course', () => {
  it('is told for each badge', () => {
    expect(stages(placed([{ id: 'e', source: 'lms', type: 'Enrolled', learner: 'ana', course: 'C1', time: day(0) }]))).toEqual(['not-begun', 'not-begun', 'not-begun']);
    expect(stages(placed(missions(2)))).toEqual(['under-way', 'under-way', 'under-way']);
    expect(stages(placed(missions(3)))).toEqual(['under-way', 'close', 'under-way']);
    expect(stages(placed(missions(4)))).toEqual(['close', 'met', 'under-way']);
    expect(stages(placed(missions(4), [awarded('alone', 'active')]))).toEqual(['close', 'earned', 'under-way']);
    expect(stages(placed(missions(4), [awarded('alone', 'revoked', true)]))).toEqual(['close', 'out', 'under-way']);
  });

  it('is out of reach where the course has closed', () => {
    const closed = unknownCourse();
    evolveCourse(closed, { id: 'open', source: 'lms', type: 'CourseOpened', course: 'C1', time: day(0) });
    evolveCourse(closed, { id: 'close', source: 'lms', type: 'CourseClosed', course: 'C1', time: day(20) });
    evolveCourse(closed, { type: 'ClosingTimeReached', course: 'C1', at: day(20) });
    expect(stages(placed(missions(3), [], closed))[2]).toBe('out');
  });

  it('says when they last did something, in that course, and not what was said of them', () => {
    const said: readonly LearningEvent[] = [
      { id: 'x', source: 'lms', type: 'AttendanceMarked', learner: 'ana', course: 'C1', activity: 's1', status: 'absent', time: day(9) },
      { id: 'y', source: 'lms', type: 'LearnerFlagged', learner: 'ana', course: 'C1', kind: 'misconduct', time: day(10) },
      { id: 'z', source: 'lms', type: 'MissionCompleted', learner: 'ana', course: 'C2', activity: 'm', time: day(11) },
    ];
    expect(placed([...missions(3), ...said]).lastAt).toBe(day(3));
    expect(placed([...missions(3), { id: 'r', source: 'lms', type: 'FactRetracted', target: 'm3', learner: 'ana', course: 'C1', time: day(12) }]).lastAt).toBe(day(2));
    expect(placed(said.slice(0, 2)).lastAt).toBeUndefined();
  });
});

describe('what learners are stuck at', () => {
  const of = (badge: string, ...all: readonly CoursePlace[]): readonly BadgePlace[] => all.flatMap(({ badges }) => badges.get(badge) ?? []);

  it('is what alone is missing for most, then what is missing for most', () => {
    const all = of('both', placed(missions(4)), placed(missions(4)), placed(missions(1)), placed(missions(2)), placed([mission(1), { id: 'ok', source: 'lms', type: 'ApprovalGiven', learner: 'ana', course: 'C1', activity: 'both', occurrence: 'kim', time: day(3) }]), placed(missions(4), [awarded('both', 'active')]));
    expect(hurdlesOf(all, names.get('both')).map(({ path, lack, only }) => [path, lack, only])).toEqual([['all[1].count', 4, 2], ['all[0].count', 3, 1]]);
    expect(hurdlesOf(all, names.get('both'))[0]?.label.en).toMatch(/approval/i);
    expect(stagesOf(all)).toEqual({ earned: 1, met: 0, close: 3, 'under-way': 2, 'not-begun': 0, out: 0 });
  });

  it('is what those lacked who have missed the badge, where nobody can earn it any more', () => {
    const [near, far] = [{ path: 'a', text: { en: 'A', ko: 'A' } }, { path: 'b', text: { en: 'B', ko: 'B' } }];
    const missed = (...lacks: BadgePlace['lacks']): BadgePlace => ({ stage: 'out', closeness: 0.5, criteriaMet: 1, criteriaTotal: 3, lacks });
    const counted = (...all: readonly BadgePlace[]) => hurdlesOf(all, undefined).map(({ path, lack, only }) => [path, lack, only]);
    expect(counted(missed(near), missed(near, far), missed(near))).toEqual([['a', 3, 2], ['b', 1, 0]]);
    expect(counted(missed(near), { ...missed(far), stage: 'under-way' })).toEqual([['b', 1, 1]]);
  });

  it('is not told as the only thing where there is but one', () => {
    expect(hurdlesOf(of('alone', placed(missions(1)), placed(missions(4))), undefined)).toMatchObject([{ lack: 1, only: 0 }]);
  });
});
