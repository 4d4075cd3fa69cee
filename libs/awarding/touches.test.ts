import { createRulebook } from '#rules/rulebook.js';
import { emptyLearner } from './learner-state.js';
import { rule, SOON } from './terms-under-test.js';
import { Touches, type Waiting } from './touches.js';

const [live] = createRulebook([{ rule: rule(SOON), reference: { badge: 'b', version: 1, hash: '' } }]).rules;
const learner = emptyLearner('t', 'ada', true);

describe('what was touched', () => {
  it('takes up what has waited, each cause once, beside what was touched meanwhile', () => {
    if (!live) throw new Error('no rule');
    const waiting: Waiting = { rule: live, earliest: 5, kind: 'correction', causes: ['s/1', 's/2'], times: undefined };
    const touches = new Touches();
    touches.again(learner, waiting);
    expect(touches.take()).toEqual([{ learner, ...waiting }]);
    touches.add(learner, live, 3, { kind: 'facts', id: 's/3' });
    touches.again(learner, waiting);
    expect(touches.take()).toEqual([{ learner, ...waiting, earliest: 3, causes: ['s/1', 's/2', 's/3'] }]);
    expect(touches.take()).toEqual([]);
  });
});
