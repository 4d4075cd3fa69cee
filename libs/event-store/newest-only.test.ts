import { newestOnly } from './newest-only.js';

/** Lets what waits for a promise have its turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('working with the newest value only', () => {
  it('takes one at a time, and of those that come meanwhile the newest', async () => {
    const begun: number[] = [];
    const going: (() => void)[] = [];
    const take = newestOnly((value: number) => {
      begun.push(value);
      return new Promise((resolve) => going.push(resolve));
    });
    const all = Promise.all([1, 2, 3, 4].map((value) => take(value)));
    expect(begun).toEqual([1]);
    going[0]?.();
    await turn();
    expect(begun).toEqual([1, 4]);
    const last = take(5);
    going[1]?.();
    await turn();
    going[2]?.();
    await Promise.all([all, last]);
    expect(begun).toEqual([1, 4, 5]);
  });

  it('tells those who wait that it has failed, and begins anew with the next', async () => {
    const done: number[] = [];
    let full = true;
    const take = newestOnly(async (value: number) => {
      if (full) throw new Error('the disk is full');
      done.push(value);
    });
    await expect(Promise.allSettled([take(1), take(2)])).resolves.toMatchObject([{ reason: { message: 'the disk is full' } }, { reason: { message: 'the disk is full' } }]);
    full = false;
    await take(3);
    expect(done).toEqual([3]);
  });

  it('begins anew also after work that threw before it gave a promise', async () => {
    const done: number[] = [];
    const take = newestOnly((value: number) => {
      if (value === 1) throw new Error('at once');
      done.push(value);
      return Promise.resolve();
    });
    await expect(take(1)).rejects.toThrow('at once');
    await take(2);
    expect(done).toEqual([2]);
  });
});
