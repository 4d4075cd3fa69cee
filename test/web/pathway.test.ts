import { ro } from '../../apps/web/src/learner/korean.js';
import { askedStops, isLevels, leadsToAward, metStops, opensAt } from '../../apps/web/src/learner/pathway.js';

const stop = (kind: 'asked' | 'along', state: 'earned' | 'open', ...places: readonly number[]) => ({ kind, state, places: places.map((steps) => ({ steps: Array.from({ length: steps }, () => ({})) })) });
const award = { award: 'a1', status: 'active' } as const;

describe('the map of a way', () => {
  it('counts what the role asks for, and not what merely leads there', () => {
    const way = { stops: [stop('along', 'earned'), stop('asked', 'earned'), stop('asked', 'open')] };
    expect([askedStops(way).length, metStops(way)]).toEqual([2, 1]);
  });

  it('knows levels of one thing from badges side by side', () => {
    expect([isLevels(stop('asked', 'open', 2)), isLevels(stop('asked', 'open', 1, 1)), isLevels(stop('asked', 'open', 1)), isLevels(stop('asked', 'open'))]).toEqual([true, false, false, false]);
  });

  it('leads to an award that is held or gone for good, else to what is missing', () => {
    expect(leadsToAward({ state: 'earned', possible: true, award })).toBe(true);
    expect(leadsToAward({ state: 'lost', possible: false, award })).toBe(true);
    expect(leadsToAward({ state: 'lost', possible: true, award })).toBe(false);
    expect(leadsToAward({ state: 'open', possible: true })).toBe(false);
  });

  it('opens ways that lead on, and the first', () => {
    const way = (state: 'earned' | 'open' | 'out-of-reach', possible: boolean) => ({ step: { state, possible } });
    expect([opensAt(way('earned', true), 0), opensAt(way('earned', true), 1), opensAt(way('open', true), 1), opensAt(way('out-of-reach', false), 1)]).toEqual([true, false, true, false]);
  });
});

it.each([['데이터 분석가', '로'], ['팀장', '으로'], ['교실', '로'], ['Data Analyst', '로'], ['', '로']])('says to %s in Korean as one does', (word, particle) => {
  expect(ro(word)).toBe(particle);
});
