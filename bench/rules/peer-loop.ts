import { isCorrection } from '#domain/learning-event.js';
import type { LiveRule } from '#rules/rulebook.js';
import { PeerStates, type Condition } from './aggregates.js';
import type { Contender } from './contender.js';

const holds = (condition: Condition, values: readonly number[]): boolean => {
  switch (condition.group) {
    case 'value':
      return (values[condition.slot] ?? 0) >= condition.least;
    case 'zero':
      return values[condition.slot] === 0;
    case 'all':
      return condition.parts.every((part) => holds(part, values));
    case 'any':
      return condition.parts.some((part) => holds(part, values));
    case 'not':
      return !condition.parts.some((part) => holds(part, values));
  }
};

/** The loop that one writes without an engine: after each event, every rule of its course that is still open. */
export const handWrittenLoop = (rules: readonly LiveRule[]): Contender => {
  const states = new PeerStates(rules);
  let changes = 0;
  return {
    consume: (event) => {
      if (isCorrection(event)) return;
      const state = states.of(event);
      if (!state?.take(event)) return;
      const { values, met, course } = state;
      for (let i = 0; i < course.rules.length; i++) {
        const rule = course.rules[i];
        if (!rule || (met[i] && rule.sticky)) continue;
        if (state.note(i, holds(rule.condition, values))) changes += 1;
      }
    },
    settle: () => undefined,
    met: () => states.met(),
    counts: () => ({ changes }),
    close: () => undefined,
  };
};
