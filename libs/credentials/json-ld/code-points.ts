const SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** True where half of a surrogate pair stands alone, so that a text is not Unicode and has no UTF-8. */
export const hasLoneSurrogate = (text: string): boolean => SURROGATE.test(text) && LONE_SURROGATE.test(text);

/**
 * Compares texts by code points. JavaScript compares UTF-16 code units, which is another order where a character beyond U+FFFF
 * meets one from U+E000 to U+FFFF.
 */
const byCodePoints = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a.charCodeAt(i) === b.charCodeAt(i)) continue;
    // Within a pair the first halves are equal, so that the second halves decide either way.
    const unit = (text: string): number => {
      const code = text.charCodeAt(i);
      return code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code;
    };
    return unit(a) - unit(b);
  }
  return a.length - b.length;
};

/**
 * The lines of a canonical form sorted by code points, as RDFC-1.0 has it; undefined where that is the order in which they are.
 * Verifiers in JavaScript sort otherwise, so a form that has two orders is one on which verifiers disagree.
 */
export const codePointOrder = (nquads: string): string | undefined => {
  if (!SURROGATE.test(nquads)) return undefined;
  const sorted = nquads.split(/(?<=\n)/).sort(byCodePoints).join('');
  return sorted === nquads ? undefined : sorted;
};
