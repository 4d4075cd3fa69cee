import { rowCache } from './mongodb-row-cache.js';

describe('the rows that batches build on', () => {
  const row = (id: string) => ({ id, note: 'x'.repeat(100) });
  const state = (place: string, id: string) => ({ place, id, row: row(id) });

  it('are known to be absent only where a place is known whole', () => {
    const cache = rowCache(1e6);
    cache.follow('whole', [['a', row('a')]], true);
    cache.follow('part', [['a', row('a')]], false);
    cache.remember([{ place: 'whole', id: 'b', row: null }, state('elsewhere', 'a')]);
    expect([cache.get('whole', 'a'), cache.get('whole', 'b'), cache.get('whole', 'c')]).toEqual([row('a'), null, null]);
    expect([cache.get('part', 'a'), cache.get('part', 'c'), cache.get('elsewhere', 'a')]).toEqual([row('a'), undefined, undefined]);
  });

  it('are forgotten from the one that was used longest ago, and its place is no longer whole', () => {
    const cache = rowCache(2300);
    cache.follow('first', [['a', row('a')], ['b', row('b')]], true);
    cache.follow('second', [['a', row('a')]], true);
    cache.get('first', 'a');
    cache.remember([state('second', 'c'), state('second', 'd')]);
    expect(cache.get('first', 'a')).toEqual(row('a'));
    expect(cache.get('first', 'b')).toBeUndefined();
    expect(cache.get('first', 'z')).toBeUndefined();
    expect(cache.get('second', 'z')).toBeNull();
    cache.clear('sec');
    expect([cache.get('second', 'a'), cache.follows('second'), cache.follows('first')]).toEqual([undefined, false, true]);
  });
});
