/** A text with the character behind a mark changed to another of the same kind. */
export const flipped = (text: string, behind: string): string => {
  const at = text.indexOf(behind) + behind.length + 4;
  const character = text[at] ?? '';
  const replaced = /[0-9]/.test(character) ? (character === '1' ? '2' : '1') : character === 'A' ? 'B' : 'A';
  return text.slice(0, at) + replaced + text.slice(at + 1);
};
