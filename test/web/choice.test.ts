import { choosable, inOrder, isChanged } from '../../apps/web/src/share/choice.js';

const earned = [{ award: 'a', status: 'active' }, { award: 'b', status: 'revoked' }, { award: 'c', status: 'suspended' }, { award: 'd', status: 'active' }];

describe('a choice of badges', () => {
  it('is made of what counts, and of what is shown already', () => {
    expect(choosable(earned, ['c']).map(({ award }) => award)).toEqual(['a', 'c', 'd']);
  });
  it('is in the order of the list, and without what cannot be shown', () => {
    expect(inOrder(choosable(earned, []), new Set(['d', 'b', 'a']))).toEqual(['a', 'd']);
  });
  it('is another one with more, less or others', () => {
    expect([isChanged(['a'], ['a']), isChanged(['a', 'd'], ['d', 'a']), isChanged(['a'], ['d']), isChanged(['a'], ['a', 'd']), isChanged([], ['a'])]).toEqual([false, false, true, true, true]);
  });
});
