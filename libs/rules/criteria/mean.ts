import type { Fact } from '#domain/facts.js';
import type { CriterionKind, CriterionNode, Tracker } from '../criterion.js';
import { SortedFacts } from '../sorted-facts.js';

/**
 * Scores are summed as whole millionths of a percent, so that a sum never depends on the order of its terms and a
 * mean of exactly the needed value is met.
 */
const MILLIONTHS = 1_000_000;

const scoreOf = (fact: Fact): number | undefined => {
  const { score, max } = fact.values;
  return score === undefined || max === undefined ? undefined : Math.round((score * 100 * MILLIONTHS) / max);
};

const neededOf = (node: CriterionNode): number => node.settings['at-least'] as number;

const meets = (sum: number, terms: number, needed: number): boolean =>
  terms > 0 && sum >= Math.round(needed * MILLIONTHS) * terms;

/** Unweighted mean of the scores, in percent of what could be reached. */
export const mean: CriterionKind = {
  keyword: 'mean',
  summary: 'unweighted mean of the scores, in percent of what could be reached',

  parse: (settings) => {
    const needed = settings.number('at-least', { min: 0, max: 1000 });
    return needed === undefined ? undefined : { 'at-least': needed };
  },

  measure: (node, facts) => {
    const needed = neededOf(node);
    const evidence = facts.filter((fact) => scoreOf(fact) !== undefined);
    let sum = 0;
    for (const fact of evidence) sum += scoreOf(fact) ?? 0;
    const value = evidence.length === 0 ? 0 : sum / evidence.length / MILLIONTHS;
    return { met: meets(sum, evidence.length, needed), value, needed, unit: 'percent', evidence };
  },

  track: (node) => trackMean(neededOf(node)),
};

const trackMean = (needed: number): Tracker => {
  const facts = new SortedFacts();
  const sums: number[] = []; // sums[i] and terms[i] are of facts 0 to i
  const terms: number[] = [];
  const flips: number[] = [];

  /** Facts from a place on, at a moment or later, have changed. */
  const recount = (place: number, moment: number): void => {
    // Facts of one moment count together, so start over at the first one of that moment.
    let start = place;
    while (start > 0 && facts.items[start - 1]?.time === moment) start--;
    sums.length = start;
    terms.length = start;
    while (flips.length > 0 && (flips.at(-1) ?? 0) >= moment) flips.pop();
    let met = flips.length % 2 === 1;
    for (let i = start; i < facts.items.length; i++) {
      const fact = facts.items[i];
      if (!fact) break;
      const score = scoreOf(fact);
      sums[i] = (sums[i - 1] ?? 0) + (score ?? 0);
      terms[i] = (terms[i - 1] ?? 0) + (score === undefined ? 0 : 1);
      if (facts.items[i + 1]?.time === fact.time) continue;
      if (meets(sums[i] ?? 0, terms[i] ?? 0, needed) !== met) {
        met = !met;
        flips.push(fact.time);
      }
    }
  };

  return {
    insert: (fact) => recount(facts.insert(fact), fact.time),
    remove: (fact) => recount(facts.remove(fact), fact.time),
    first: () => facts.first(),
    truth: () => ({ initially: false, flips }),
  };
};
