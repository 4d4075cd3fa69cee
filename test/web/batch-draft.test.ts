import { asMapping, fieldOf, namesSomebody, saying } from '../../apps/web/src/batches/draft.js';
import { fileProblem } from '../../apps/web/src/batches/file-check.js';
import { batchesSearch } from '../../apps/web/src/batches/search.js';

describe('what the columns of a batch say', () => {
  const guess = { learner: 'id', name: 'Who' };

  it('is one thing each, and each thing by one column', () => {
    expect(saying(guess, 'No.', 'learner')).toEqual({ learner: 'No.', name: 'Who' });
    expect(saying(guess, 'id', 'email')).toEqual({ email: 'id', name: 'Who' });
    expect(saying(guess, 'id', undefined)).toEqual({ name: 'Who' });
    expect(fieldOf(saying(guess, 'Who', 'learner'), 'Who')).toBe('learner');
  });

  it('is sent whole, so that nothing stays that was taken out', () => {
    expect(asMapping(saying(guess, 'Who', undefined))).toEqual({ learner: 'id', email: '', name: '', date: '', reason: '', evidence: '', language: '' });
  });

  it('has to say who', () => {
    expect([{}, { name: 'Who' }, { email: 'Mail' }, { learner: 'id' }].map(namesSomebody)).toEqual([false, false, true, true]);
  });
});

describe('a file', () => {
  const text = new TextEncoder().encode('id,name');

  it.each([
    [0, new Uint8Array(), 'empty'],
    [7, text, undefined],
    [50_000_000, text, undefined],
    [50_000_001, text, 'large'],
    [9, Uint8Array.of(0x50, 0x4b, 0x03, 0x04), 'sheet'],
    [9, Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0), 'sheet'],
    [2, Uint8Array.of(0x50, 0x4b), undefined],
  ])('of %i bytes that begins with %j: %s', (bytes, start, problem) => expect(fileProblem(bytes, start)).toBe(problem));
});

describe('the address of the batches', () => {
  it('says which is open, or makes no sense', () => {
    expect([batchesSearch({ batch: 'b1' }), batchesSearch({ batch: '' }), batchesSearch({ batch: 7 }), batchesSearch({})]).toEqual([{ batch: 'b1' }, {}, {}, {}]);
  });
});
