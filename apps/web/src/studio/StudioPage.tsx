import './texts.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { AskError } from '../api/ask.ts';
import { meQuery } from '../api/queries.ts';
import { Failure } from '../design/Failure.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { draftQuery, keptOf } from './drafts.ts';
import { mayWriteRules } from './may-write.ts';
import { fileCasesQuery, versionsQuery } from './queries.ts';
import { Studio } from './Studio.tsx';

const Opened = ({ badge }: { readonly badge: string }) => {
  const { data: me } = useQuery(meQuery());
  const mayChange = mayWriteRules(me);
  const versions = useQuery(versionsQuery(badge));
  const draft = useQuery({ ...draftQuery(badge), enabled: mayChange });
  const cases = useQuery(fileCasesQuery(badge));
  // What is there stays, whatever becomes of looking again: somebody writes on it.
  const error = [versions, draft, cases].find(({ data, isError }) => isError && data === undefined)?.error;
  if (error) return <Failure error={error} retry={() => void Promise.all([versions, draft, cases].map(({ refetch }) => refetch()))} />;
  if (!versions.data || cases.data === undefined || !me || (mayChange && draft.data === undefined)) return <Skeleton className="h-[40rem]" />;
  if (versions.data.length === 0 && !draft.data && keptOf(badge) === undefined) return <Failure error={new AskError(404, {})} />;
  return <Studio badge={badge} versions={versions.data} draft={draft.data ?? null} fileCases={cases.data} mayChange={mayChange} />;
};

/** One rule in the studio. */
export const StudioPage = () => {
  const { t } = useLanguage();
  const { badge } = useParams({ from: '/rules/$badge' });
  return (
    <>
      <Link to="/rules" className="mb-4 inline-flex min-h-11 items-center gap-2 text-sm text-quiet hover:text-ink">
        <ArrowLeft size={16} aria-hidden="true" />
        {t('studio.back')}
      </Link>
      <Opened key={badge} badge={badge} />
    </>
  );
};
