import { openLetter, readLetter, shownContent } from '#intake/letter-content.js';
import type { ReadView } from './read-view.js';

/** What was sent, as it came: text, or base64 where it is not UTF-8. */
export type LetterContent = ReturnType<typeof shownContent>;

/** What a dead letter keeps of what was sent; undefined where that is erased. @throws ProofmarkError NOT_FOUND, and as the stores do */
export const letterContent = async ({ store, vault }: Pick<ReadView, 'store' | 'vault'>, tenant: string, letter: string): Promise<LetterContent | undefined> => {
  const raw = await openLetter(vault, await readLetter(store, tenant, letter));
  return raw === undefined ? undefined : shownContent(raw);
};
