import { courseStream, learnerStream } from '#domain/streams.js';
import { courseRoster } from './course-roster.js';
import { awarded, entriesOf, T0 } from './fixtures.js';

describe('the roster', () => {
  const ann = { tenant: 't', course: 'c1', learner: 'ann' };
  const base = { source: 'lms', learner: 'ann', course: 'c1' };

  it('names a learner of a course once a batch, with enrolment and withdrawal', async () => {
    const entries = await entriesOf(
      { type: 'MissionCompleted', id: '1', ...base, time: T0 + 5 },
      { type: 'Enrolled', id: '2', ...base, time: T0 },
      { type: 'Withdrawn', id: '3', ...base, time: T0 + 9 },
      { type: 'MissionCompleted', id: '4', ...base, learner: 'bob', time: T0 },
    );
    expect(courseRoster.project(entries)).toEqual([
      { op: 'keep', collection: 'roster', row: { ...ann, firstPosition: 1 } },
      { op: 'patch', collection: 'roster', key: ann, set: { enrolledAt: T0, withdrawnAt: T0 + 9 } },
      { op: 'keep', collection: 'roster', row: { ...ann, learner: 'bob', firstPosition: 4 } },
    ]);
  });

  it('takes the learner of a correction from its stream and passes over one without a course', async () => {
    const retracted = { type: 'FactRetracted', id: '1', source: 'lms', target: '0' } as const;
    const entries = await entriesOf(
      { stream: learnerStream('t', 'ann'), event: { ...retracted, course: 'c1' } },
      { stream: learnerStream('t', 'ann'), event: retracted },
      { stream: courseStream('t', 'c1'), event: { ...retracted, course: 'c1' } },
      awarded(),
    );
    expect(courseRoster.project(entries)).toEqual([{ op: 'keep', collection: 'roster', row: { ...ann, firstPosition: 1 } }]);
  });

  it('knows courses by what was said of them last', async () => {
    const course = { source: 'lms', course: 'c1' };
    const entries = await entriesOf(
      { type: 'CourseOpened', id: '1', ...course, time: T0, title: 'Old', timezone: 'Asia/Seoul' },
      { type: 'CourseOpened', id: '1', ...course, version: 2, time: T0 + 1, title: 'New', start: T0 + 7 },
      { type: 'CourseClosed', id: '2', ...course, time: T0 + 50 },
      { type: 'ClosingTimeReached', course: 'c1', at: T0 + 51 },
      { type: 'SessionHeld', id: '3', ...course, course: 'c2', time: T0 },
    );
    const key = { tenant: 't', course: 'c1' };
    expect(courseRoster.project(entries)).toEqual([
      { op: 'keep', collection: 'course', row: { ...key, firstPosition: 1 } },
      {
        op: 'patch', collection: 'course', key,
        set: { openedAt: T0 + 1, start: T0 + 7, title: 'New', timezone: 'Asia/Seoul', closedAt: T0 + 50, closingReachedAt: T0 + 51 },
      },
      { op: 'keep', collection: 'course', row: { tenant: 't', course: 'c2', firstPosition: 5 } },
    ]);
  });
});
