import { FewAtOnce } from './few-at-once.js';

it('runs a few at once, in order, lets a few wait and turns others away', async () => {
  const few = new FewAtOnce(2, 1);
  const [begun, end]: [number[], (() => void)[]] = [[], []];
  const work = (n: number) => few.run(() => { begun.push(n); return new Promise<number>((resolve) => (end[n] = () => resolve(n))); });
  const all = [work(0), work(1), work(2), work(3)];
  expect(await all[3]).toBeUndefined();
  expect(begun).toEqual([0, 1]);
  end[0]?.();
  expect(await all[0]).toEqual({ done: 0 });
  expect(begun).toEqual([0, 1, 2]);
  end[1]?.();
  end[2]?.();
  expect([await all[1], await all[2]]).toEqual([{ done: 1 }, { done: 2 }]);
});

it('gives its place on where work fails', async () => {
  const few = new FewAtOnce(1, 1);
  await expect(few.run(async () => { throw new Error('no'); })).rejects.toThrow('no');
  expect(await few.run(async () => 1)).toEqual({ done: 1 });
});
