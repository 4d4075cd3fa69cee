import type { Engine, TopLevelCondition } from 'json-rules-engine';
import { isCorrection } from '#domain/learning-event.js';
import type { LiveRule } from '#rules/rulebook.js';
import { PeerStates, type Condition, type PeerCourse } from './aggregates.js';
import type { Contender } from './contender.js';

type Nested = Extract<TopLevelCondition, { all: unknown }>['all'][number];

const nested = (condition: Condition): Nested => {
  switch (condition.group) {
    case 'value':
      return { fact: `a${condition.slot}`, operator: 'greaterThanInclusive', value: condition.least };
    case 'zero':
      return { fact: `a${condition.slot}`, operator: 'equal', value: 0 };
    case 'all':
      return { all: condition.parts.map(nested) };
    case 'any':
      return { any: condition.parts.map(nested) };
    case 'not':
      return { not: { any: condition.parts.map(nested) } };
  }
};

/** json-rules-engine, an engine for each course, asked after each event with the learner's hand-kept aggregates. */
export const jsonRulesEngine = async (rules: readonly LiveRule[]): Promise<Contender> => {
  const library = await import('json-rules-engine');
  const states = new PeerStates(rules);
  const engines = new Map<PeerCourse, Engine>();
  const engineOf = (course: PeerCourse): Engine => {
    let engine = engines.get(course);
    if (!engine) {
      const made = course.rules.map(({ condition }, i) => ({ conditions: { all: [nested(condition)] }, event: { type: String(i) } }));
      engines.set(course, (engine = new library.Engine(made)));
    }
    return engine;
  };
  let changes = 0;
  return {
    consume: async (event) => {
      const state = isCorrection(event) ? undefined : states.of(event);
      if (isCorrection(event) || !state?.take(event)) return;
      const facts: Record<string, number> = {};
      state.values.forEach((value, slot) => (facts[`a${slot}`] = value));
      const { events, failureEvents } = await engineOf(state.course).run(facts);
      for (const { type } of events) if (state.note(Number(type), true)) changes += 1;
      for (const { type } of failureEvents) if (state.note(Number(type), false)) changes += 1;
    },
    settle: () => undefined,
    met: () => states.met(),
    counts: () => ({ changes }),
    close: () => undefined,
  };
};
