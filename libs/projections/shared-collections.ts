import { forgetLearner } from './forget-learner.js';
import type { Projection } from './projection.js';
import type { Collection, Write } from './read-model.js';

/** Whose collection stands under a code. What it shows is read from its stream, so that a withdrawal holds with its answer. */
export const SHARED_COLLECTION: Collection = {
  name: 'shared_collection',
  columns: { code: 'text', tenant: 'text', learner: 'text' },
  key: ['code'],
  indexes: [['tenant', 'learner']],
};

/** The collections of awards that learners show, by their codes. */
export const sharedCollections: Projection = {
  name: 'shared-collections',
  version: 1,
  collections: [SHARED_COLLECTION],
  project: (entries) =>
    entries.flatMap(({ event, erased }): readonly Write[] => {
      if (event.type === 'LearnerErased') return forgetLearner(event, SHARED_COLLECTION);
      if (erased) return [];
      if (event.type === 'CollectionShared') return [{ op: 'put', collection: 'shared_collection', row: { code: event.code, tenant: event.tenant, learner: event.learner } }];
      return event.type === 'CollectionWithdrawn' ? [{ op: 'remove', collection: 'shared_collection', key: { code: event.code } }] : [];
    }),
};
