import type { LogEvent } from '#domain/log-event.js';
import { ALL_PROJECTIONS } from './all.js';
import { ErasedLearners } from './erased-learners.js';
import { entriesOf } from './fixtures.js';

const CREDENTIAL = { code: 'CODE000000000000', badge: 'b', issuer: 'i', list: 1, index: 7 };
const ERASED: LogEvent = { type: 'LearnerErased', tenant: 't', learner: 'ada', by: 'office', reason: 'asked', at: 5, credentials: [CREDENTIAL] };
const COMPLETED: LogEvent = { type: 'LearnerErasureCompleted', tenant: 't', learner: 'ada', at: 6, awards: 1, letters: 0, batches: 0, credentials: [CREDENTIAL] };
const enrolled = (learner: string): LogEvent => ({ type: 'Enrolled', id: `e-${learner}`, source: 'lms', learner, course: 'c', time: 1 });
const viewed: LogEvent = { type: 'CredentialViewed', tenant: 't', badge: 'b', code: CREDENTIAL.code, at: 9, via: 'page' };

describe('erased learners', () => {
  it('are known from what the log says, and what came after it about them is marked', async () => {
    const entries = await entriesOf(enrolled('ada'), viewed, ERASED, enrolled('ada'), enrolled('bob'), viewed, COMPLETED);
    const erased = new ErasedLearners();
    expect(erased.mark(entries).map((entry) => entry.erased ?? false)).toEqual([false, false, false, true, false, true, false]);
    expect([erased.has('t', 'ada'), erased.has('t', 'bob'), erased.has('other', 'ada')]).toEqual([true, false, false]);
  });

  it('say whose erasure is not completed', async () => {
    const [one, two] = await entriesOf(ERASED, COMPLETED);
    const erased = new ErasedLearners();
    erased.mark(one ? [one] : []);
    expect([erased.unfinished('t'), erased.unfinished('other')]).toEqual([['ada'], []]);
    erased.mark(two ? [two] : []);
    expect(erased.unfinished('t')).toEqual([]);
  });

  it('change nothing where there are none', async () => {
    const entries = await entriesOf(enrolled('ada'));
    expect(new ErasedLearners().mark(entries)).toBe(entries);
  });

  it('leave no row behind that a projection of theirs writes, and none comes after', async () => {
    const erased = new ErasedLearners();
    const entries = erased.mark(await entriesOf(enrolled('ada'), ERASED, enrolled('ada')));
    for (const { project } of ALL_PROJECTIONS) {
      const writes = project(entries);
      const forgotten = writes.findLastIndex(({ op }) => op === 'forget');
      for (const write of writes.slice(forgotten + 1)) expect('row' in write ? write.row : {}).not.toMatchObject({ learner: 'ada' });
    }
  });
});
