import './texts.ts';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { AskError } from '../api/ask.ts';
import { meQuery } from '../api/queries.ts';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { BatchList } from './BatchList.tsx';
import { batchesSearch } from './search.ts';
import { givesBadges } from './seen-by.ts';
import { OneBatch } from './OneBatch.tsx';
import { Upload } from './Upload.tsx';

/** A badge for everybody in a file: sent, looked at, given. */
export const BatchesPage = () => {
  const { t } = useLanguage();
  const { batch } = batchesSearch({ ...useSearch({ from: '/batches' }) });
  const { data: me, error, refetch, isPending } = useQuery(meQuery());
  if (isPending) return <Skeleton className="h-[40rem]" />;
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!me || !givesBadges(me)) return <Failure error={new AskError(403, {})} />;
  if (batch !== undefined) return <OneBatch key={batch} id={batch} />;
  return (
    <>
      <PageTitle className="text-xl">{t('batches.title')}</PageTitle>
      <p className="mt-1 mb-5 text-quiet">{t('batches.lead')}</p>
      <div className="grid grid-cols-1 gap-5">
        <Upload />
        <BatchList />
      </div>
    </>
  );
};
