import { readLogEvent } from '#domain/log-event.js';
import { courseStream, learnerStream } from '#domain/streams.js';
import { awarded, awardLife, entriesOf, T0 } from './fixtures.js';
import { growthPath } from './growth-path.js';
import type { LogEntry } from './projection.js';
import type { Row } from './read-model.js';

const rows = (entries: readonly LogEntry[]): readonly Row[] => growthPath.project(entries).map((write) => (write.op === 'put' ? write.row : {}));

describe('the growth path', () => {
  it('has a row for each event of a learner, its text untouched', async () => {
    const graded = { type: 'AssignmentGraded', id: '7', source: 'lms', learner: 'a.b', course: 'c1', time: T0, activity: 'x', score: 5 } as const;
    const [entry] = await entriesOf(graded);
    const [row] = rows(entry ? [entry] : []);
    expect(row).toEqual({ position: 1, tenant: 't', learner: 'a.b', course: 'c1', time: T0, type: 'AssignmentGraded', schema: 1, entry: entry?.recorded.json });
    expect(readLogEvent('AssignmentGraded', 1, row?.['entry'] as string)).toEqual(graded);
  });

  it('has corrections as rows of their own, at the time of recording where they give none', async () => {
    const correction = { type: 'FactRetracted', id: '8', source: 'lms', target: '7' } as const;
    const entries = await entriesOf(
      { stream: learnerStream('t', 'a.b'), event: correction },
      { stream: learnerStream('t', 'a.b'), event: { ...correction, time: T0, course: 'c1' } },
    );
    expect(rows(entries)).toMatchObject([
      { learner: 'a.b', course: null, time: entries[0]?.recorded.recordedAt },
      { learner: 'a.b', course: 'c1', time: T0 },
    ]);
  });

  it('has awards where they were earned and their changes where they were decided', async () => {
    const [, , kept] = awardLife();
    if (!kept) throw new Error('no such event');
    expect(rows(await entriesOf(awarded(), kept))).toMatchObject([
      { learner: 'ann', course: 'c1', time: T0, type: 'BadgeAwarded' },
      { learner: 'ann', course: null, time: kept.decidedAt, type: 'AwardKept' },
    ]);
  });

  it('leaves out what is about no learner', async () => {
    const entries = await entriesOf(
      { type: 'CourseOpened', id: '1', source: 'lms', course: 'c1', time: T0 },
      { type: 'ClosingTimeReached', course: 'c1', at: T0 },
      { stream: courseStream('t', 'c1'), event: { type: 'FactRetracted', id: '2', source: 'lms', target: '1' } },
    );
    expect(entries).toHaveLength(3);
    expect(rows(entries)).toEqual([]);
  });
});
