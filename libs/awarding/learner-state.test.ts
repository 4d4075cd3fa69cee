import { UNKNOWN_COURSE } from '#rules/course-context.js';
import { createRulebook, type LiveRule } from '#rules/rulebook.js';
import { dropAward, emptyLearner, foldLearnerEvent, keepAward } from './learner-state.js';
import { day, knownAward, leaf, mission, rule, SOON } from './terms-under-test.js';

it('an award that was dropped is looked up at the next event that its rule takes, though that one counts for nothing', () => {
  const different = leaf('count', { 'at-least': 2, distinct: 'activity' }, { type: 'MissionCompleted' });
  const liveRule: LiveRule = { rule: rule(SOON, different), reference: { badge: 'b', version: 1, hash: '' } };
  const rulebook = createRulebook([liveRule]);
  let touched = false;
  const folding = { rulebook, contextOf: () => UNKNOWN_COURSE, onTouch: () => (touched = true) };
  const state = emptyLearner('t', 'ada', false);
  const touches = (name: string, time: number): boolean => {
    touched = false;
    foldLearnerEvent(state, { ...mission(name, time), id: `${name} at ${time}` }, folding);
    return touched;
  };
  touches('m1', day(1));
  touches('m2', day(2));
  keepAward(state, 'c', 'b', '', knownAward(liveRule, 'active', { earnedAt: day(2) }));
  expect(touches('m1', day(3))).toBe(false);
  dropAward(state, { badge: 'b', period: '' }, rulebook);
  expect(touches('m1', day(4))).toBe(true);
});
