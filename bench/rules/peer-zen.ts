import type { ZenDecision } from '@gorules/zen-engine';
import { isCorrection } from '#domain/learning-event.js';
import type { LiveRule } from '#rules/rulebook.js';
import { PeerStates, type Condition, type PeerCourse } from './aggregates.js';
import type { Contender } from './contender.js';

const expression = (condition: Condition): string => {
  switch (condition.group) {
    case 'value':
      return `a${condition.slot} >= ${condition.least}`;
    case 'zero':
      return `a${condition.slot} == 0`;
    case 'all':
      return `(${condition.parts.map(expression).join(' and ')})`;
    case 'any':
      return `(${condition.parts.map(expression).join(' or ')})`;
    case 'not':
      return `not (${condition.parts.map(expression).join(' or ')})`;
  }
};

/** A decision of one expression node, which says of each of the course's rules whether it is met. */
const graphOf = ({ rules }: PeerCourse): object => {
  const expressions = rules.map(({ condition }, i) => ({ id: `e${i}`, key: `r${i}`, value: expression(condition) }));
  const node = (id: string, type: string, more: object = {}): object => ({ id, name: id, type, position: { x: 0, y: 0 }, ...more });
  const edge = (sourceId: string, targetId: string): object => ({ id: `${sourceId}-${targetId}`, type: 'edge', sourceId, targetId });
  return {
    nodes: [node('in', 'inputNode'), node('rules', 'expressionNode', { content: { expressions } }), node('out', 'outputNode')],
    edges: [edge('in', 'rules'), edge('rules', 'out')],
  };
};

/** zen-engine, a compiled decision for each course, asked after each event with the learner's hand-kept aggregates. */
export const zenEngine = async (rules: readonly LiveRule[]): Promise<Contender> => {
  const { ZenEngine, ZenDecisionContent } = await import('@gorules/zen-engine');
  const engine = new ZenEngine();
  const states = new PeerStates(rules);
  const decisions = new Map<PeerCourse, ZenDecision>();
  const decisionOf = (course: PeerCourse): ZenDecision => {
    let decision = decisions.get(course);
    if (!decision) decisions.set(course, (decision = engine.createDecision(new ZenDecisionContent(graphOf(course)))));
    return decision;
  };
  let changes = 0;
  return {
    consume: async (event) => {
      const state = isCorrection(event) ? undefined : states.of(event);
      if (isCorrection(event) || !state?.take(event)) return;
      const context: Record<string, number> = {};
      state.values.forEach((value, slot) => (context[`a${slot}`] = value));
      const response = await decisionOf(state.course).evaluate(context);
      const found = response.result as Readonly<Record<string, boolean>>;
      for (let i = 0; i < state.course.rules.length; i++) {
        if (state.note(i, found[`r${i}`] === true)) changes += 1;
      }
    },
    settle: () => undefined,
    met: () => states.met(),
    counts: () => ({ changes }),
    close: () => engine.dispose(),
  };
};
