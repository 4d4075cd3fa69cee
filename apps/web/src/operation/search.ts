import type { LetterReason, LetterState } from '../api/types.ts';
import { en } from '../texts/en.ts';

/** All reasons for which a delivery is not recorded, and all states of dead letters: each has a text. */
export const REASONS = Object.keys(en.operation.letters.reasons) as readonly LetterReason[];
export const STATES = Object.keys(en.operation.letters.states) as readonly (LetterState | 'all')[];

/** Which dead letters are shown, and which is open: it stands in the address. */
export interface OperationSearch {
  readonly reason?: LetterReason;
  /** Open ones where absent. */
  readonly state?: LetterState | 'all';
  readonly cursor?: string;
  readonly letter?: string;
}

const oneOf = <T extends string>(all: readonly T[], value: unknown): T | undefined => all.find((one) => one === value);

/** What an address asks for; what is none of it is left out. */
export const operationSearch = ({ reason, state, cursor, letter }: Record<string, unknown>): OperationSearch => {
  const [asked, shown] = [oneOf(REASONS, reason), oneOf(STATES, state)];
  return {
    ...(asked && { reason: asked }),
    ...(shown && shown !== 'open' && { state: shown }),
    ...(typeof cursor === 'string' && cursor !== '' && { cursor }),
    ...(typeof letter === 'string' && letter !== '' && { letter }),
  };
};
