import type { Lettering } from './lettering.js';

const LONGEST = 160;

/**
 * A name made fit to be drawn or put into a document: one line of at most 160 characters without control, direction or invisible
 * characters, which could make it look like another name.
 */
export const plainName = (name: string): string => {
  const line = name
    .slice(0, LONGEST * 8)
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]|[\ufffd-\uffff]/gu, '')
    .trim();
  const characters = [...line];
  return characters.length <= LONGEST ? line : `${characters.slice(0, LONGEST - 1).join('').trimEnd()}…`;
};

/**
 * What is drawn of a name, or nothing. Ornaments that the font lacks, like emoji, are left out; a name of which a letter is lacking
 * is left out whole, for half a name would be a wrong one. The badge then speaks by its mark, and its title has the name.
 */
export const drawnName = (name: string, lettering: Lettering): string | undefined => {
  const characters = [...plainName(name)];
  const lacking = characters.filter((character) => !lettering.has(character));
  if (lacking.some((character) => /[\p{L}\p{N}\p{M}]/u.test(character))) return undefined;
  const line = characters.filter((character) => lettering.has(character)).join('').replace(/ +/g, ' ').trim();
  return line === '' ? undefined : line;
};
