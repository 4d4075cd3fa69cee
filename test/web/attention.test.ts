import { attentionOf, byAttention, type BadgeFacts } from '../../apps/web/src/analytics/attention.js';

const FINE: BadgeFacts = { awarded: 40, fatigued: false, lastViewedOn: '2026-03-01', rate: 0.4, learners: 100, retired: false };
const why = (facts: Partial<BadgeFacts>) => attentionOf({ ...FINE, ...facts });

describe('what needs a look', () => {
  it('is said of a badge', () => {
    expect(why({})).toEqual({ why: 'nothing' });
    expect(why({ fatigued: true })).toEqual({ why: 'unseen', lastViewedOn: '2026-03-01' });
    expect(why({ fatigued: true, lastViewedOn: null })).toEqual({ why: 'unseen', lastViewedOn: null });
    expect(why({ rate: 0.97 })).toEqual({ why: 'everybody', rate: 0.97 });
    expect(why({ rate: 0.01 })).toEqual({ why: 'hardly', rate: 0.01 });
    expect(why({ awarded: 0, rate: 0, lastViewedOn: null })).toEqual({ why: 'unearned' });
  });

  it('is not said where nobody can know, or where it says nothing', () => {
    expect(why({ awarded: null, fatigued: null, rate: null })).toEqual({ why: 'untold' });
    // The rate of a few learners, and of a badge of which one has several.
    expect(why({ rate: 1, learners: 19 })).toEqual({ why: 'nothing' });
    expect(why({ rate: 0, learners: 19 })).toEqual({ why: 'nothing' });
    expect(why({ rate: 1, learners: null })).toEqual({ why: 'nothing' });
    expect(why({ rate: 3.2 })).toEqual({ why: 'nothing' });
  });

  it('is nothing any more once a badge is retired', () => {
    expect(why({ retired: true, fatigued: true, rate: null, awarded: 0 })).toEqual({ why: 'retired' });
  });

  it('puts first what needs it most, and leaves the rest in its order', () => {
    const rows = ([['a', {}], ['b', { awarded: 0 }], ['c', { rate: 0.96 }], ['d', { rate: 0.99 }], ['e', { fatigued: true }], ['f', { retired: true }], ['g', { awarded: null }], ['h', {}], ['i', { rate: 0 }]] as const)
      .map(([badge, facts]) => ({ badge, attention: why(facts) }));
    expect(byAttention(rows).map(({ badge }) => badge).join('')).toBe('edcbiahgf');
    expect(rows[0]?.badge).toBe('a');
  });
});
