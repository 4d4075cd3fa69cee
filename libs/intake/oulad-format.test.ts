import type { Mapped } from './mapped.js';
import { createOuladReader } from './oulad-format.js';

const DAY = 86_400_000;
const START = Date.UTC(2013, 9, 1);
const assignment = {
  id: 'as:1:s7',
  type: 'assignment',
  learner: 's7',
  course: 'AAA-2013J',
  activity: 'a1752',
  kind: 'TMA',
  score: 78,
  weight: 10,
  day: 18,
  due: 19,
  banked: false,
  time: '2013-10-19',
};
const mission = {
  id: 'mi:1:s7:2',
  type: 'mission',
  learner: 's7',
  course: 'AAA-2013J',
  activity: 'v1',
  tag: 'forum',
  kind: 'forumng',
  clicks: 5,
  day: 2,
  time: '2013-10-03',
};
const attendance = { id: 'at:AAA:s7:2', type: 'attendance', learner: 's7', course: 'AAA-2013J', activity: 'd2', clicks: 4, day: 2, time: '2013-10-03' };
const enrolment = { id: 'en:AAA:s7', type: 'enrolment', learner: 's7', course: 'AAA-2013J', day: -30, time: '2013-09-01' };
const correction = { id: 'co:1', type: 'correction', target: 'as:1:s7', targetType: 'assignment', learner: 's7', course: 'AAA-2013J', op: 'replace', score: 35 };

const read = (row: unknown): Mapped => createOuladReader()(row);
const events = (mapped: Mapped) => (mapped.ok ? mapped.events : []);
const own = (row: unknown) => events(read(row)).at(-1);

const base = { source: 'oulad', learner: 's7', course: 'AAA-2013J' };

describe('reading OULAD rows', () => {
  it('reads each kind of row', () => {
    expect(own(enrolment)).toEqual({ ...base, type: 'Enrolled', id: 'en:AAA:s7', time: START - 30 * DAY });
    expect(own({ ...enrolment, type: 'withdrawal' })).toMatchObject({ type: 'Withdrawn' });
    expect(own(attendance)).toEqual({
      ...base, type: 'AttendanceMarked', id: 'at:AAA:s7:2', activity: 'd2', time: START + 2 * DAY, status: 'present', attributes: { clicks: 4 },
    });
    expect(own(mission)).toEqual({
      ...base, type: 'MissionCompleted', id: 'mi:1:s7:2', activity: 'v1', time: START + 2 * DAY, kind: 'forumng', tags: ['forum'], attributes: { clicks: 5 },
    });
    expect(own(assignment)).toEqual({
      ...base, type: 'AssignmentGraded', id: 'as:1:s7', activity: 'a1752', time: START + 18 * DAY, score: 78, max: 100, kind: 'TMA', weight: 10, due: START + 19 * DAY, attributes: { banked: false },
    });
    expect(own({ ...assignment, score: null, due: null })).toEqual({
      ...base, type: 'AssignmentSubmitted', id: 'as:1:s7', activity: 'a1752', time: START + 18 * DAY, kind: 'TMA', weight: 10, attributes: { banked: false },
    });
  });

  it('reads corrections, which have no time', () => {
    expect(own(correction)).toEqual({ ...base, type: 'FactReplaced', id: 'co:1', target: 'as:1:s7', changes: { score: 35 } });
    expect(own({ ...correction, op: 'retract', score: undefined })).toEqual({ ...base, type: 'FactRetracted', id: 'co:1', target: 'as:1:s7' });
  });

  it('derives the course and the assignment from the first row that shows them, before the row itself', () => {
    const reader = createOuladReader();
    expect(events(reader(assignment)).slice(0, -1)).toEqual([
      { type: 'CourseOpened', id: 'opened:AAA-2013J', source: 'oulad', course: 'AAA-2013J', time: START, start: START, title: 'AAA-2013J' },
      {
        type: 'AssignmentPublished', id: 'published:AAA-2013J:a1752', source: 'oulad', course: 'AAA-2013J', activity: 'a1752', time: START, kind: 'TMA', weight: 10, due: START + 19 * DAY,
      },
    ]);
    expect(events(reader({ ...assignment, id: 'as:1:s8' }))).toHaveLength(1);
    expect(events(reader({ ...assignment, id: 'as:2:s7', activity: 'a2' })).map(({ type }) => type)).toEqual(['AssignmentPublished', 'AssignmentGraded']);
    expect(events(reader(mission))).toHaveLength(1);
  });

  it('derives nothing from a row without a day, or one that it refuses', () => {
    const reader = createOuladReader();
    expect(events(reader({ ...enrolment, day: null }))).toHaveLength(1);
    expect(reader({ ...mission, clicks: 'many' }).ok).toBe(false);
    expect(events(reader(mission)).map(({ type }) => type)).toEqual(['CourseOpened', 'MissionCompleted']);
  });

  it.each([
    [assignment, ['id', 'type', 'learner', 'course', 'activity', 'kind', 'score', 'weight', 'day', 'due', 'banked', 'time']],
    [mission, ['id', 'type', 'learner', 'course', 'activity', 'tag', 'kind', 'clicks', 'day', 'time']],
    [attendance, ['id', 'type', 'learner', 'course', 'activity', 'clicks', 'day', 'time']],
    [enrolment, ['id', 'type', 'learner', 'course', 'day', 'time']],
    [correction, ['id', 'learner', 'course', 'target', 'op', 'score']],
  ])('names the field that is missing or wrong (case %#)', (row, fields) => {
    for (const field of fields) {
      for (const value of [undefined, [], {}, 'a\u0000', NaN, '2013-02-30']) {
        if (typeof value === 'string' && !value.includes('\u0000') && field !== 'time') continue;
        expect(read({ ...row, [field]: value })).toMatchObject({ ok: false, reason: 'invalid', fields: [{ field }] });
      }
    }
  });

  it('rejects what is no row', () => {
    for (const delivery of ['{', '[]', 'null', '7', Buffer.from([0xff]), undefined]) {
      expect(read(delivery)).toMatchObject({ ok: false, reason: 'malformed' });
    }
  });
});
