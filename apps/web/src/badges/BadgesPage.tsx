import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { badgesQuery } from '../api/queries.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';

/** What can be earned. */
export const BadgesPage = () => {
  const { t, say } = useLanguage();
  const [sought, setSought] = useState('');
  const { data, error, refetch, isPending } = useQuery(badgesQuery());
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  const shown = data?.items.filter(({ name }) => say(name).toLowerCase().includes(sought.trim().toLowerCase()));
  return (
    <>
      <PageTitle className="text-xl">{t('badges.title')}</PageTitle>
      <p className="mt-1 mb-5 text-quiet">{t('badges.lead')}</p>
      <input type="search" value={sought} onChange={(event) => setSought(event.target.value)} placeholder={t('badges.search')} aria-label={t('badges.search')} className="mb-5 min-h-11 w-full max-w-sm rounded-card border bg-surface px-3" />
      {isPending && <Skeleton className="h-96" />}
      {data?.items.length === 0 && <p className="py-8 text-quiet">{t('badges.empty')}</p>}
      {data && data.items.length > 0 && shown?.length === 0 && <p className="py-8 text-quiet">{t('badges.none')}</p>}
      <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {shown?.map(({ id, name, criteriaText, awards }) => (
          <li key={id} className="flex gap-4 rounded-card border bg-surface p-4 shadow-card">
            <BadgeArt badge={id} size={72} />
            <div className="min-w-0">
              <h2 className="font-semibold">{say(name)}</h2>
              <p className="mt-1 text-sm text-quiet">{say(criteriaText)}</p>
              {awards.active !== null && <p className="mt-2 text-xs text-quiet">{t('badges.awarded', { count: awards.active })}</p>}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
};
