import { useQueryClient } from '@tanstack/react-query';
import { AskError, send, shownAt } from '../api/ask.ts';
import type { LetterReason, ReplayAccount } from '../api/types.ts';
import { useLanguage } from '../language.ts';

/** What came of sending many again. */
export type Account = Pick<ReplayAccount, 'tried' | 'recorded' | 'duplicates' | 'rejected'>;

const NONE: Account = { tried: 0, recorded: 0, duplicates: 0, rejected: 0 };

/** Sends all open letters of a reason again, or all that may go together, as many at a time as the server takes. @throws AskError */
export const replayAll = async (reason: LetterReason | undefined, tell: (soFar: Account) => void): Promise<Account> => {
  let account = NONE;
  for (let after: number | null = 0; after !== null; ) {
    const part: ReplayAccount = await send<ReplayAccount>('/v1/dead-letters/replay', { ...(reason && { reason }), after });
    account = { tried: account.tried + part.tried, recorded: account.recorded + part.recorded, duplicates: account.duplicates + part.duplicates, rejected: account.rejected + part.rejected };
    tell(account);
    after = part.next;
  }
  return account;
};

/** Loads dead letters anew once the list shows what was written at a position. */
export const useLettersAnew = (): ((position?: number) => Promise<void>) => {
  const queries = useQueryClient();
  return async (position) => {
    if (position !== undefined) await shownAt('/v1/dead-letters?limit=1', position);
    await Promise.all(['letters', 'letter', 'readiness'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  };
};

/** Why somebody may not send letters of a reason again, or why it failed, in words. */
export const useReplayFailure = (): ((error: Error, reason: LetterReason | undefined) => string) => {
  const { t } = useLanguage();
  return (error, reason) => {
    if (!(error instanceof AskError) || error.status !== 403) return t('confirm.failed', { why: error.message });
    return t('operation.letters.forbidden', { why: t(reason === 'forbidden-approver' ? 'operation.letters.forbiddenWhy.forbidden-approver' : 'operation.letters.forbiddenWhy.other') });
  };
};
