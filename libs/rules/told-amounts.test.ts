import { toldAmounts } from './told-amounts.js';

describe('what was reached and what was needed, as they are told', () => {
  it.each([
    ['short by less than can be told', 79.996, 80, false, [79.99, 80]],
    ['short of what has more decimals itself', 12.341, 12.344, false, [12.34, 12.35]],
    ['more than there may be, by less than can be told', 3.004, 3, false, [3.01, 3]],
    ['just met, with more decimals than are told', 12.345, 12.345, true, [12.35, 12.35]],
    ['met by less than can be told', 12.3451, 12.345, true, [12.35, 12.35]],
    ['met by more', 86.666, 70, true, [86.67, 70]],
    ['just reached, and yet not met', 12.345, 12.345, false, [12.35, 12.35]],
    ['two decimals that doubles do not hold', 0.29, 1, false, [0.29, 1]],
    ['counts', 2, 3, false, [2, 3]],
  ])('%s', (_what, value, needed, met, amounts) => {
    const told = toldAmounts({ value, needed, met });
    expect([told.value, told.needed]).toEqual(amounts);
  });
});
