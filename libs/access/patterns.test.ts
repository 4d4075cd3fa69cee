import fc from 'fast-check';
import { names, overlap } from './patterns.js';

const text = fc.stringMatching(/^[ab]{0,3}$/);
const pattern = fc.tuple(text, fc.boolean()).map(([stem, open]) => (open ? `${stem}*` : stem));
const IDS = ['', ...['a', 'b'].flatMap((x) => [x, ...['a', 'b'].flatMap((y) => [x + y, ...['a', 'b'].flatMap((z) => [x + y + z, `${x}${y}${z}a`])])])];

describe('patterns of ids', () => {
  it('name ids as written, and with a "*" all that begin so', () => {
    expect(names(['C1', 'sql-*'], 'C1')).toBe(true);
    expect(names(['C1', 'sql-*'], 'sql-7')).toBe(true);
    expect(names(['C1', 'sql-*'], 'C10')).toBe(false);
    expect(names(['*'], 'anything')).toBe(true);
    expect(names([], 'C1')).toBe(false);
  });

  it('overlap exactly where some id is named by both', () => {
    fc.assert(fc.property(fc.array(pattern, { maxLength: 3 }), fc.array(pattern, { maxLength: 3 }), (some, others) => {
      expect(overlap(some, others)).toBe(IDS.some((id) => names(some, id) && names(others, id)));
    }));
  });
});
