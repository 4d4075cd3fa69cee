import { collection, type CollectionChanged, type CollectionCommand, type CollectionShared, type CollectionWithdrawn } from './collection.js';
import { fold } from './decider.js';
import { given } from './given-when-then.js';

const OF = { tenant: 't', learner: 'ada' };
const show = (awards: readonly string[], code = 'NEW', at = 2): CollectionCommand => ({ type: 'Show', ...OF, code, awards, at });
const shared: CollectionShared = { type: 'CollectionShared', ...OF, code: 'ONE', at: 1, awards: ['a', 'b'] };
const changed: CollectionChanged = { type: 'CollectionChanged', ...OF, code: 'ONE', at: 2, awards: ['b', 'a'] };
const withdrawn: CollectionWithdrawn = { type: 'CollectionWithdrawn', ...OF, code: 'ONE', at: 3 };

describe("a learner's collection", () => {
  it('gets a link when it is shown', () => given(collection).when(show(['a'])).then({ type: 'CollectionShared', ...OF, code: 'NEW', at: 2, awards: ['a'] }));
  it('keeps its link when the choice changes, its order too', () => given(collection, shared).when(show(['b', 'a'])).then(changed));
  it('changes nothing when it is the same', () => given(collection, shared).when(show(['a', 'b'])).then());
  it('is withdrawn once', () => {
    given(collection, shared).when({ type: 'Withdraw', ...OF, at: 3 }).then(withdrawn);
    given(collection, shared, withdrawn).when({ type: 'Withdraw', ...OF, at: 4 }).then();
    given(collection).when({ type: 'Withdraw', ...OF, at: 4 }).then();
  });
  it('never comes back under a link that was withdrawn', () => given(collection, shared, withdrawn).when(show(['a', 'b'])).then({ type: 'CollectionShared', ...OF, code: 'NEW', at: 2, awards: ['a', 'b'] }));
  it('knows since when it is there', () => {
    expect(fold(collection, [shared, changed])).toEqual({ status: 'shared', code: 'ONE', awards: ['b', 'a'], sharedAt: 1, changedAt: 2 });
    expect(fold(collection, [shared, withdrawn])).toEqual({ status: 'none' });
  });
});
