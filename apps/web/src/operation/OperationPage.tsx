import { useQuery } from '@tanstack/react-query';
import { AskError } from '../api/ask.ts';
import { meQuery } from '../api/queries.ts';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { ApiKeys } from './ApiKeys.tsx';
import { AuditCheckpoint } from './AuditCheckpoint.tsx';
import { DeadLetters } from './DeadLetters.tsx';
import { ReadModels } from './ReadModels.tsx';
import { hasRole, mayOperate } from './roles.ts';
import { Verdict } from './Verdict.tsx';

/** Whether anything is stuck, and what can be done about it. */
export const OperationPage = () => {
  const { t } = useLanguage();
  const { data: me, error, refetch, isPending } = useQuery(meQuery());
  if (isPending) return <Skeleton className="h-[40rem]" />;
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!mayOperate(me)) return <Failure error={new AskError(403, {})} />;
  const administers = hasRole(me, 'admin');
  return (
    <>
      <PageTitle className="text-xl">{t('nav.operation')}</PageTitle>
      <p className="mt-1 mb-5 text-quiet">{t('operation.lead')}</p>
      <div className="grid gap-5">
        <Verdict />
        <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <div id="letters" className="grid scroll-mt-4 gap-5">
            <DeadLetters />
          </div>
          <div className="grid gap-5">
            {hasRole(me, 'operator') && <ReadModels />}
            <AuditCheckpoint />
          </div>
        </div>
        {administers && <ApiKeys />}
      </div>
    </>
  );
};
