import { learnerStream } from '#domain/streams.js';
import { awarded, awardLife, DAY, entriesOf, T0 } from './fixtures.js';
import { issuerAnalytics, utcDay } from './issuer-analytics.js';
import { atLeast, sketchOf } from './learner-sketch.js';
import type { LogEntry } from './projection.js';
import type { Write } from './read-model.js';

const adds = (entries: readonly LogEntry[], collection: string): readonly unknown[] =>
  issuerAnalytics.project(entries).flatMap((write: Write) =>
    write.op === 'add' && write.collection === collection ? [[...Object.values(write.key), write.add]] : [],
  );

describe('issuer analytics', () => {
  it('count events by course, type and day, once a batch', async () => {
    const done = { type: 'MissionCompleted', source: 'lms', learner: 'ann', course: 'c1' } as const;
    const entries = await entriesOf(
      { ...done, id: '1', time: T0 },
      { ...done, id: '2', time: T0 + 1 },
      { ...done, id: '3', time: T0 + DAY },
      { stream: learnerStream('t', 'ann'), event: { type: 'FactRetracted', id: '4', source: 'lms', target: '1' } },
    );
    expect(adds(entries, 'event_day')).toEqual([
      ['t', 'c1', 'MissionCompleted', '2024-01-10', { events: 2 }],
      ['t', 'c1', 'MissionCompleted', '2024-01-11', { events: 1 }],
      ['t', '', 'FactRetracted', utcDay(entries[3]?.recorded.recordedAt ?? 0), { events: 1 }],
    ]);
  });

  it('count grants by the day they were earned, with the time they took', async () => {
    const entries = await entriesOf(awarded('ann'), { ...awarded('bob'), startedAt: T0 - DAY / 2 }, { ...awarded('eve'), startedAt: T0 + DAY });
    expect(adds(entries, 'award_day')).toEqual([
      ['t', 'starter', 'c1', '2024-01-10', { awarded: 3, secondsToEarn: 10 * 86_400 + 43_200, days2: 1, days0: 2 }],
    ]);
  });

  it('count decisions by the day they were made, and what they change of the number in force', async () => {
    const found = adds(await entriesOf(...awardLife()), 'decision_day') as [string, string, string, Record<string, number>][];
    expect(found.map(([, , , { active: _active, ...one }]) => one)).toEqual([
      { awarded: 1 }, { amended: 1 }, { kept: 1 }, { suspended: 1 }, { revoked: 1 }, { reinstated: 1 }, { revoked: 1 },
    ]);
    expect(found.map(([, , , { active }]) => active ?? 0)).toEqual([1, 0, 0, -1, 0, 1, -1]);
    expect(found[0]?.slice(0, 3)).toEqual(['t', 'starter', '2024-01-12']);
  });

  it('sketch whom the counts are about, also where a correction names its learner by the stream alone', async () => {
    const done = { type: 'MissionCompleted', source: 'lms', course: 'c1', time: T0 } as const;
    const entries = await entriesOf(
      { ...done, learner: 'ann', id: '1' },
      { ...done, learner: 'ann', id: '2' },
      { ...done, learner: 'bob', id: '3' },
      { stream: learnerStream('t', 'ann'), event: { type: 'FactRetracted', id: '4', source: 'lms', target: '1' } },
      { type: 'CourseOpened', source: 'lms', course: 'c2', id: '5', time: T0 },
      awarded('ann'),
    );
    const found = (adds(entries, 'learner_day') as [string, string, string, string, string, Record<string, number>][]).map(([, what, course, badge, day, sketch]) => [what, course, badge, day, atLeast(sketchOf(sketch))]);
    expect(found).toEqual([
      ['events', 'c1', '', '2024-01-10', 2],
      ['events', '', '', utcDay(entries[3]?.recorded.recordedAt ?? 0), 1],
      ['awarded', '', 'starter', '2024-01-12', 1],
      ['earned', 'c1', 'starter', '2024-01-10', 1],
    ]);
  });

  it('never fail on a time that no calendar has', () => {
    expect([utcDay(9e15), utcDay(NaN), utcDay(0)]).toEqual(['', '', '1970-01-01']);
  });
});
