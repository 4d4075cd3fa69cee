import fc from 'fast-check';
import { atLeast, SKETCH_COLUMNS, sketchAmounts, sketchOf, wholeSketch, type Sketch } from './learner-sketch.js';

const of = (learner: string): Sketch => sketchOf(sketchAmounts(learner));

describe('a sketch of learners', () => {
  it('never has more of them than there are, however they are put together', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (learners) => {
        const sketch = learners.reduce((together, learner) => together | of(learner), 0);
        const different = new Set(learners).size;
        expect(atLeast(sketch)).toBeLessThanOrEqual(different);
        expect(atLeast(sketch) > 0).toBe(different > 0);
      }),
    );
  });

  it('tells eight with ids in a row from fewer than five, nearly always', () => {
    const groups = Array.from({ length: 500 }, (_none, g) => Array.from({ length: 8 }, (_one, i) => of(`s-${String(g * 8 + i).padStart(4, '0')}`)).reduce((a, b) => a | b, 0));
    expect(groups.filter((sketch) => atLeast(sketch) >= 5).length).toBeGreaterThan(490);
  });

  it('has nobody in what is about nobody, and is written in one form', () => {
    expect(atLeast(sketchOf({}))).toBe(0);
    expect(atLeast(sketchOf(wholeSketch(sketchAmounts('ann'))))).toBe(1);
    expect(Object.keys(wholeSketch(sketchAmounts('ann')))).toEqual(SKETCH_COLUMNS);
  });
});
