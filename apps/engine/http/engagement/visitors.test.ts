import { Visitors, WINDOW_MS } from './visitors.js';

const NOON = Date.UTC(2026, 4, 4, 12);

describe('visitors', () => {
  it('count once within the window, each by what they do', () => {
    const visitors = new Visitors((length) => new Uint8Array(length));
    const count = (who: string, act: string, now: number): boolean => visitors.isNew([who, 'browser'], act, now);
    expect([count('a', 'x', NOON), count('a', 'x', NOON + WINDOW_MS - 1), count('a', 'y', NOON), count('b', 'x', NOON)]).toEqual([true, false, true, true]);
    expect(count('a', 'x', NOON + WINDOW_MS)).toBe(true);
    expect(count('a', 'x', NOON + WINDOW_MS + 1)).toBe(false);
  });

  it('cannot be recognised the day after: the secret is another one', () => {
    let drawn = 0;
    const visitors = new Visitors((length) => new Uint8Array(length).fill(++drawn));
    const midnight = Date.UTC(2026, 4, 5);
    expect([visitors.isNew(['a'], 'x', midnight - 1), visitors.isNew(['a'], 'x', midnight), visitors.isNew(['a'], 'x', midnight + 1)]).toEqual([true, true, false]);
    expect(drawn).toBe(2);
  });

  it('count anew where what they did came to nothing', () => {
    const visitors = new Visitors((length) => new Uint8Array(length));
    visitors.isNew(['a'], 'x', NOON);
    visitors.forget(['a'], 'x', NOON);
    expect([visitors.isNew(['a'], 'x', NOON), visitors.isNew(['a'], 'x', NOON)]).toEqual([true, false]);
  });

  it('are told apart though their traits run into each other', () => {
    const visitors = new Visitors((length) => new Uint8Array(length));
    expect([visitors.isNew(['a', 'b'], 'x', NOON), visitors.isNew(['ab', ''], 'x', NOON)]).toEqual([true, true]);
  });
});
