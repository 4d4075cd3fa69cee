import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { badgesQuery } from '../api/queries.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { Button } from '../design/Button.tsx';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { ScrollBox } from '../design/ScrollBox.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { HeldAwards, ListedLearner, MoreLearners } from './HeldAwards.tsx';
import { useLanguage } from '../language.ts';
import { onTheWayQuery } from './queries.ts';
import { roleSearch } from './search.ts';
import './texts.ts';

/** The learners on the way to a role, a page at a time: what each holds, and what is missing. */
export const RolePage = () => {
  const { t, say, number } = useLanguage();
  const { role } = useParams({ from: '/analytics/roles/$role' });
  const asked = roleSearch({ ...useSearch({ from: '/analytics/roles/$role' }) });
  const navigate = useNavigate({ from: '/analytics/roles/$role' });
  const { data: badges } = useQuery(badgesQuery());
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(onTheWayQuery(role, asked));
  const nameOf = (id: string): string => {
    const found = badges?.items.find((one) => one.id === id);
    return found ? say(found.name) : id;
  };
  const { from, to } = asked;
  const learners = data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <Link to="/analytics" className="mb-4 inline-flex min-h-11 items-center gap-2 text-sm text-quiet hover:text-ink">
        <ArrowLeft size={16} aria-hidden="true" />
        {t('insight.learners.back')}
      </Link>
      <div className="mb-4 flex items-center gap-4">
        <BadgeArt badge={role} size={56} />
        <div className="min-w-0">
          <PageTitle className="text-xl">{t('insight.roles.onTheWay', { role: nameOf(role) })}</PageTitle>
          <p className="mt-1 flex flex-wrap items-center gap-x-4 text-quiet">
            {from !== undefined && to !== undefined && <span>{from === to ? t('insight.roles.holding', { count: from, amount: number(from) }) : t('insight.roles.holdingRange', { from: number(from), to: number(to) })}</span>}
            {(from !== undefined || to !== undefined) && (
              <Button look="bare" onClick={() => void navigate({ search: {}, replace: true, resetScroll: false })}>
                {t('insight.roles.everybody')}
              </Button>
            )}
          </p>
        </div>
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {isPending && <Skeleton className="h-96" />}
      {learners?.length === 0 && <p className="py-8 text-quiet">{t('insight.learners.empty')}</p>}
      {learners && learners.length > 0 && (
        <ScrollBox name={t('insight.learners.title')} className="rounded-card border bg-surface shadow-card">
          <table role="table" className="w-full text-sm">
            <thead role="rowgroup" className="max-sm:sr-only">
              <tr role="row" className="border-b text-left text-quiet">
                {(['learner', 'held', 'missing'] as const).map((column) => (
                  <th key={column} role="columnheader" scope="col" className="px-4 py-3 font-normal sm:px-6">
                    {column === 'learner' ? t('insight.learners.learner') : t(`insight.roles.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody role="rowgroup" className="divide-y">
              {learners.map(({ learner, hasRole, held, missing }) => (
                <tr role="row" key={learner} className="quiet-motion hover:bg-paper max-sm:grid max-sm:px-4 max-sm:py-2">
                  <th role="rowheader" scope="row" className="text-left align-top font-medium max-sm:flex max-sm:items-baseline max-sm:justify-between sm:min-w-40 sm:px-6 sm:py-1">
                    <ListedLearner learner={learner} />
                    {hasRole && <span className="text-xs font-normal text-met sm:block sm:pb-2">{t('insight.roles.has')}</span>}
                  </th>
                  <td role="cell" className="align-top sm:px-6 sm:py-1">
                    {held.length > 0 && <span aria-hidden="true" className="block text-xs text-quiet sm:hidden">{t('insight.roles.held')}</span>}
                    <HeldAwards held={held} nameOf={nameOf} className="max-sm:flex max-sm:flex-wrap max-sm:gap-x-4" />
                  </td>
                  <td role="cell" className="align-top text-quiet max-sm:pb-2 sm:px-6 sm:py-3">
                    {missing.length > 0 && <span aria-hidden="true" className="block text-xs sm:hidden">{t('insight.roles.missing')}</span>}
                    {missing.map((alternatives) => alternatives.map(nameOf).join(t('insight.roles.or'))).join(', ')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {hasNextPage && <MoreLearners isFetching={isFetchingNextPage} onMore={() => void fetchNextPage()} />}
    </>
  );
};
