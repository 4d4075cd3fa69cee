import { seededRandom } from './random.js';

describe('seeded chance', () => {
  it('repeats itself for the same seed and label, and only then', () => {
    const first = (seed: number, label: string): number[] => {
      const random = seededRandom(seed, label);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(first(1, 'a')).toEqual(first(1, 'a'));
    expect(first(1, 'a')).not.toEqual(first(1, 'b'));
    expect(first(1, 'a')).not.toEqual(first(2, 'a'));
  });

  it('is spread evenly, and around a mean', () => {
    const random = seededRandom(7, 'spread');
    const numbers = Array.from({ length: 20_000 }, () => random.next());
    expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true);
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = numbers.filter((n) => Math.floor(n * 10) === tenth).length / numbers.length;
      expect(Math.abs(share - 0.1)).toBeLessThan(0.01);
    }
    const scores = Array.from({ length: 20_000 }, () => random.around(70, 8));
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length;
    expect(Math.abs(mean - 70)).toBeLessThan(0.5);
    expect(Math.abs(Math.sqrt(variance) - 8)).toBeLessThan(0.5);
  });

  it('gives whole numbers with both ends', () => {
    const random = seededRandom(3, 'whole');
    expect(new Set(Array.from({ length: 200 }, () => random.whole(-1, 2)))).toEqual(new Set([-1, 0, 1, 2]));
  });
});
