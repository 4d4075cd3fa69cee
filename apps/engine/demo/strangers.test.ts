import { createEngineClient } from './engine-client.js';
import { startEngineStandIn, type StandInOptions } from './engine-stand-in.js';
import { attentionTo, letStrangersLook, type Attention } from './strangers.js';

const AWARDS = Array.from({ length: 400 }, (_none, i) => ({ id: `a${i}`, badge: `badge-${i % 8}` }));

describe('what becomes of badges in the demo', () => {
  it('is the same at every start', () => {
    expect(attentionTo(AWARDS, 1)).toEqual(attentionTo(AWARDS, 1));
    expect(attentionTo(AWARDS, 2)).not.toEqual(attentionTo(AWARDS, 1));
  });

  it('is that some are looked at and fewer shared, and some badges far more than others', () => {
    const all = attentionTo(AWARDS, 1);
    expect(all.every(({ visits }) => visits >= 1)).toBe(true);
    expect(all.length).toBeGreaterThan(AWARDS.length / 5);
    expect(all.length).toBeLessThan((AWARDS.length * 4) / 5);
    expect(all.filter(({ share }) => share !== undefined).length).toBeLessThan(all.length / 2);
    const looked = new Set(all.map(({ award }) => award));
    const each = Array.from({ length: 8 }, (_none, badge) => AWARDS.filter((one) => one.badge === `badge-${badge}` && looked.has(one.id)).length);
    expect(Math.max(...each)).toBeGreaterThan(2 * Math.min(...each));
  });
});

const look = async (all: readonly Attention[], options: StandInOptions = {}) => {
  const engine = await startEngineStandIn(options);
  let waits = 0;
  const wait = async () => void waits++;
  try {
    const { signal } = new AbortController();
    return { engine, told: await letStrangersLook(createEngineClient({ baseUrl: engine.baseUrl, key: 'k', signal, wait }), all, wait, signal), waits };
  } finally {
    await engine.close();
  }
};

describe('strangers, against a stand-in for the engine', () => {
  it('open pages as different people with a browser, and badges are shared', async () => {
    const { engine, told } = await look([{ award: 'a1', visits: 2 }, { award: 'a3', visits: 1, share: 'linkedin' }]);
    expect(told).toEqual({ opened: 3, shared: 1 });
    expect(engine.opened).toEqual([
      'code-a1 Mozilla/5.0 (a visitor of the demo) ko-KR,ko;q=0.9', 'code-a1 Mozilla/5.0 (a visitor of the demo) en-GB,en;q=0.9', 'code-a3 Mozilla/5.0 (a visitor of the demo) ko-KR,ko;q=0.9',
    ]);
    expect(engine.shared).toEqual(['code-a3 linkedin']);
  });

  it('pass over what is not signed, after a bounded wait for all of it together', async () => {
    const { engine, told, waits } = await look([{ award: 'a1', visits: 1, share: 'link' }, { award: 'a1', visits: 1 }, { award: 'a3', visits: 1 }], { unsigned: 'a1' });
    expect([told, waits, engine.shared]).toEqual([{ opened: 1, shared: 0 }, 60, []]);
  });
});
