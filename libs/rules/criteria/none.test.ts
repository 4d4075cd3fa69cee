import { circumstances, days, fact, leaf, measure, track } from '../graded-criterion-under-test.js';

const nothing = leaf('none', {});

describe('none', () => {
  it('is met until the first fact', () => {
    expect(measure(nothing, [])).toMatchObject({ met: true, value: 0, needed: 0 });
    expect(measure(nothing, [fact('a', 1)])).toMatchObject({ met: false, value: 1 });
    const at = circumstances();
    const tracker = track(nothing, [fact('b', 4), fact('a', 2)], at);
    const found = (): unknown => days(tracker.truth({}, at));
    expect(found()).toEqual([true, 2]);
    tracker.remove(fact('a', 2), at);
    expect(found()).toEqual([true, 4]);
    tracker.remove(fact('b', 4), at);
    expect(found()).toEqual([true]);
  });
});
