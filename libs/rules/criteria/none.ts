import type { CriterionKind } from '../criterion.js';
import { SortedFacts } from '../sorted-facts.js';
import { until } from '../truth.js';

/** Not one such fact. */
export const none: CriterionKind = {
  keyword: 'none',
  summary: 'not one such fact',

  parse: () => ({}),

  measure: (_node, facts) => ({
    met: facts.length === 0,
    value: facts.length,
    needed: 0,
    unit: 'count',
    evidence: facts,
  }),

  track: () => {
    const facts = new SortedFacts();
    return {
      insert: (fact) => void facts.insert(fact),
      remove: (fact) => void facts.remove(fact),
      first: () => facts.first(),
      truth: () => until(facts.first()),
    };
  },
};
