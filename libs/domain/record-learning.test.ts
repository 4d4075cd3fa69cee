import fc from 'fast-check';
import type { LearnerFactEvent } from './learning-event.js';
import { writeLogEvent } from './log-event.js';
import { decideRecord, eventDigest, evolveRecorded, nothingRecorded, type Recorded } from './record-learning.js';

const graded = (values: Partial<LearnerFactEvent> = {}): LearnerFactEvent => ({
  type: 'AssignmentGraded',
  id: 'e1',
  source: 'lms',
  learner: 'ada',
  course: 'algebra',
  activity: 'a1',
  time: 1000,
  score: 50,
  max: 100,
  ...values,
});

const digest = (event: LearnerFactEvent): number => eventDigest(event.type, writeLogEvent(event));

/** Decides, and records what is new. */
const receive = (state: Recorded, event: LearnerFactEvent): string => {
  const { outcome } = decideRecord(state, event, digest(event));
  if (outcome === 'record') evolveRecorded(state, event, digest(event), state.revision + 1);
  return outcome;
};

describe('recording a learning event', () => {
  it('records an id once', () => {
    const state = nothingRecorded();
    expect(receive(state, graded())).toBe('record');
    expect(receive(state, graded())).toBe('duplicate');
    expect(state.revision).toBe(0);
  });

  it('refuses other content under a known id, and names the id', () => {
    const state = nothingRecorded();
    receive(state, graded());
    const other = graded({ score: 60 });
    expect(decideRecord(state, other, digest(other))).toMatchObject({ outcome: 'conflict', detail: expect.stringContaining('"e1"') as string });
  });

  it('records a newer version, by version or by event time', () => {
    const state = nothingRecorded();
    expect(receive(state, graded())).toBe('record');
    expect(receive(state, graded({ score: 60, time: 2000 }))).toBe('record');
    expect(receive(state, graded({ score: 70, time: 500, version: 1 }))).toBe('record');
    expect(receive(state, graded({ score: 80, time: 9000 }))).toBe('conflict');
  });

  it('takes every recorded version that comes again for a duplicate, not only the newest', () => {
    const versions = [graded({ version: 1 }), graded({ version: 2, score: 60 }), graded({ version: 3, score: 70 })];
    const state = nothingRecorded();
    expect(versions.map((event) => receive(state, event))).toEqual(['record', 'record', 'record']);
    expect(versions.map((event) => receive(state, event))).toEqual(['duplicate', 'duplicate', 'duplicate']);
  });

  it('knows a version that the log holds after a newer one', () => {
    const state = nothingRecorded();
    const [older, newer] = [graded({ version: 1 }), graded({ version: 2, score: 60 })];
    evolveRecorded(state, newer, digest(newer), 0);
    evolveRecorded(state, older, digest(older), 1);
    expect([receive(state, older), receive(state, newer)]).toEqual(['duplicate', 'duplicate']);
    expect(receive(state, graded({ version: 2, score: 1 }))).toBe('conflict');
  });

  it('keeps the ids of two sources apart', () => {
    const state = nothingRecorded();
    expect(receive(state, graded())).toBe('record');
    expect(receive(state, graded({ source: 'other', score: 60 }))).toBe('record');
  });

  it('changes nothing when any sequence is sent twice', () => {
    const events = fc.array(
      fc
        .record({ id: fc.constantFrom('e1', 'e2'), version: fc.option(fc.nat(3), { nil: undefined }), score: fc.nat(3), time: fc.nat(3) })
        .map(({ version, ...values }) => graded({ ...values, ...(version !== undefined && { version }) })),
    );
    fc.assert(
      fc.property(events, (sent) => {
        const state = nothingRecorded();
        const first = sent.map((event) => receive(state, event));
        const again = sent.map((event) => receive(state, event));
        expect(again).toEqual(first.map((outcome) => (outcome === 'conflict' ? 'conflict' : 'duplicate')));
      }),
    );
  });
});
