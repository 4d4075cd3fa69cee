import { isMembers, type Answer } from './engine-client.js';

/** What the engine said about what it was sent. */
export interface DemoAccount {
  readonly sent: number;
  readonly recorded: number;
  readonly duplicates: number;
  readonly deadLettered: number;
}

/** Nothing sent yet. */
export const EMPTY_ACCOUNT: DemoAccount = { sent: 0, recorded: 0, duplicates: 0, deadLettered: 0 };

/** True when the engine gave word of everything: sent = recorded + duplicates + dead letters. */
export const isBalanced = ({ sent, recorded, duplicates, deadLettered }: DemoAccount): boolean =>
  sent === recorded + duplicates + deadLettered;

/** What became of each event of a request, in order; a body that could not be read is one dead letter, named in the problem. */
const resultsIn = ({ body }: Answer): readonly Readonly<Record<string, unknown>>[] => {
  if (!isMembers(body)) return [];
  const { results } = body;
  if (Array.isArray(results)) return results.filter(isMembers);
  return typeof body['letter'] === 'string' ? [{ outcome: 'rejected' }] : [];
};

/** True when an answer says of at least one event what became of it. */
export const isAccounted = (answer: Answer): boolean => resultsIn(answer).length > 0;

/** Adds the answer to a request with so many events. */
export const addAnswer = (account: DemoAccount, sent: number, answer: Answer): DemoAccount => {
  const results = resultsIn(answer);
  const having = (outcome: string): number => results.filter((result) => result['outcome'] === outcome).length;
  return {
    sent: account.sent + sent,
    recorded: account.recorded + having('recorded'),
    duplicates: account.duplicates + having('duplicate'),
    deadLettered: account.deadLettered + having('rejected'),
  };
};

/** The highest log position that an answer names; 0 where it names none. */
export const positionIn = (answer: Answer): number =>
  Math.max(0, ...resultsIn(answer).map(({ position }) => (typeof position === 'number' ? position : 0)));
