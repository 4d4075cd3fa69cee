const [FIRST, LAST, FINALS, RIEUL] = [0xac00, 0xd7a3, 28, 8];

/** The particle for "to" after a Korean word: it follows from how the word ends. What is not written in Hangul is taken to end in a vowel. */
export const ro = (word: string): '로' | '으로' => {
  const code = word.trim().codePointAt(word.trim().length - 1) ?? 0;
  const final = code >= FIRST && code <= LAST ? (code - FIRST) % FINALS : 0;
  return final === 0 || final === RIEUL ? '로' : '으로';
};
