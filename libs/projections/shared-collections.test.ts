import type { LogEvent } from '#domain/log-event.js';
import { ErasedLearners } from './erased-learners.js';
import { entriesOf } from './fixtures.js';
import { sharedCollections } from './shared-collections.js';

const OF = { tenant: 't', learner: 'ada', code: 'ONE', at: 1 };
const SHARED: LogEvent = { type: 'CollectionShared', ...OF, awards: ['a'] };
const ERASED: LogEvent = { type: 'LearnerErased', tenant: 't', learner: 'ada', by: 'office', reason: 'asked', at: 5, credentials: [] };
const ROW = { op: 'put', collection: 'shared_collection', row: { code: 'ONE', tenant: 't', learner: 'ada' } };
const FORGET = { op: 'forget', collection: 'shared_collection', where: { tenant: 't', learner: 'ada' } };

const writes = async (...events: LogEvent[]) => sharedCollections.project(new ErasedLearners().mark(await entriesOf(...events)));

describe('collections by their codes', () => {
  it('say whose they are and nothing else, from when they are shown until they are withdrawn', async () => {
    expect(await writes(SHARED, { type: 'CollectionChanged', ...OF, awards: ['b'] }, { type: 'CollectionWithdrawn', ...OF })).toEqual([ROW, { op: 'remove', collection: 'shared_collection', key: { code: 'ONE' } }]);
  });

  it('go with their learner, and none comes after', async () => {
    expect(await writes(SHARED, ERASED, { ...SHARED, code: 'TWO' })).toEqual([ROW, FORGET]);
  });
});
