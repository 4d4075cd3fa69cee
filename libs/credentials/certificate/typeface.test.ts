import { fontOf, inFace, outlines, unprintable } from './typeface.js';

const charactersOf = (text: string): string => fontOf('sans-medium').layout(text).glyphs.map(({ codePoints }) => String.fromCodePoint(...codePoints)).join('');

describe('a face', () => {
  it('knows the characters of its glyphs, whatever was drawn before', () => {
    // Glyphs that are drawn from others: the full stop, the acute, a capital.
    outlines('sans-medium', '…:;!?ÁÉÖ', 0, 0, 12, 0);
    expect(charactersOf('a.b·c!AÁO')).toBe('a.b·c!AÁO');
    expect(charactersOf('한글 가나다')).toBe('한글 가나다');
  });

  it('shows a box for letters that it lacks, and leaves pictographs out', () => {
    expect(inFace('sans', 'Ada 🎉 ދި')).toEqual({ face: 'sans', text: 'Ada □' });
    expect(inFace('serif', 'José')).toMatchObject({ face: 'sans', text: 'José' });
    expect(unprintable('Ada 김 🎉 ދި')).toEqual(['ދި']);
  });
});
