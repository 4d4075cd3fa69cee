import type { LearnerErased } from '#domain/erasure-event.js';
import type { Collection, Write } from './read-model.js';

/** Takes all rows of an erased learner out of collections. */
export const forgetLearner = ({ tenant, learner }: LearnerErased, ...collections: readonly Collection[]): Write[] =>
  collections.map(({ name }) => ({ op: 'forget', collection: name, where: { tenant, learner } }));
