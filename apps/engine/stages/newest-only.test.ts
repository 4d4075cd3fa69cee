import { newestOnly } from './newest-only.js';

describe('saving the newest position only', () => {
  it('saves one at a time, and of those that come meanwhile the newest', async () => {
    const saved: number[] = [];
    const going: (() => void)[] = [];
    const positions = newestOnly((position) => {
      saved.push(position);
      return new Promise((resolve) => going.push(resolve));
    });
    for (const position of [1, 2, 3, 4]) positions.save(position);
    expect(saved).toEqual([1]);
    going[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(saved).toEqual([1, 4]);
    positions.save(5);
    going[1]?.();
    await new Promise((resolve) => setImmediate(resolve));
    going[2]?.();
    await positions.settled();
    expect(saved).toEqual([1, 4, 5]);
  });

  it('tells the next who asks that it has failed, and tries again', async () => {
    const saved: number[] = [];
    let full = true;
    const positions = newestOnly(async (position) => {
      if (full) throw new Error('the disk is full');
      saved.push(position);
    });
    positions.save(1);
    await expect(positions.settled()).rejects.toThrow('the disk is full');
    positions.save(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(() => positions.save(3)).toThrow('the disk is full');
    full = false;
    positions.save(4);
    await positions.settled();
    expect(saved).toEqual([4]);
  });
});
