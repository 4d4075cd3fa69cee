import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { seesAnalytics } from '../analytics/seen-by.ts';
import { awardsSearch, SOUGHT_STATES } from '../analytics/search.ts';
import { awardsQuery, badgesQuery, meQuery } from '../api/queries.ts';
import { STATES } from '../award/states.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { Button } from '../design/Button.tsx';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { ScrollBox } from '../design/ScrollBox.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';

/** The awards behind a figure, a page at a time; each leads to its story. */
export const AwardsPage = () => {
  const { t, say, date, day, days } = useLanguage();
  const asked = awardsSearch({ ...useSearch({ from: '/awards' }) });
  const navigate = useNavigate({ from: '/awards' });
  const { data: me } = useQuery(meQuery());
  const { data: badges } = useQuery(badgesQuery());
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(awardsQuery(asked));
  const { badge, course, from, to, state } = asked;
  const nameOf = (id: string): string => {
    const found = badges?.items.find((one) => one.id === id);
    return found ? say(found.name) : id;
  };
  const awards = data?.pages.flatMap(({ items }) => items);
  const isFiltered = Object.keys(asked).length > 0;
  return (
    <>
      <Link to={me && seesAnalytics(me) ? '/analytics' : '/progress'} className="mb-4 inline-flex min-h-11 items-center gap-2 text-sm text-quiet hover:text-ink">
        <ArrowLeft size={16} aria-hidden="true" />
        {t(me && seesAnalytics(me) ? 'awards.back' : 'nav.progress')}
      </Link>
      <div className="mb-5 flex items-center gap-4">
        {badge !== undefined && <BadgeArt badge={badge} size={56} />}
        <div className="min-w-0">
          <PageTitle className="text-xl">{badge === undefined ? t('awards.title') : t('awards.of', { badge: nameOf(badge) })}</PageTitle>
          <p className="mt-1 flex flex-wrap gap-x-4 text-quiet">
            {course !== undefined && <span>{t('awards.inCourse', { course })}</span>}
            {from !== undefined && to !== undefined && <span>{t('awards.between', { days: days(from, to) })}</span>}
            {from !== undefined && to === undefined && <span>{t('awards.since', { day: day(from) })}</span>}
            {from === undefined && to !== undefined && <span>{t('awards.until', { day: day(to) })}</span>}
          </p>
        </div>
      </div>
      <div className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2">
        <label className="block w-52 text-sm text-quiet">
          {t('awards.state')}
          <select value={state ?? ''} onChange={({ target }) => void navigate({ search: awardsSearch({ ...asked, state: target.value }), replace: true, resetScroll: false })} className="mt-1 block min-h-11 w-full rounded-card border bg-surface px-3 text-base text-ink">
            <option value="">{t('awards.all')}</option>
            {SOUGHT_STATES.map((one) => (
              <option key={one} value={one}>
                {t(`award.states.${one}`)}
              </option>
            ))}
          </select>
        </label>
        {isFiltered && (
          <Button look="bare" onClick={() => void navigate({ search: {}, replace: true, resetScroll: false })}>
            {t('awards.everything')}
          </Button>
        )}
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {isPending && <Skeleton className="h-96" />}
      {awards?.length === 0 && <p className="py-8 text-quiet">{t(isFiltered ? 'awards.noneSuch' : 'awards.none')}</p>}
      {awards && awards.length > 0 && (
        <ScrollBox name={t('awards.title')} className="rounded-card border bg-surface shadow-card">
          <table role="table" className="w-full text-sm">
            <thead role="rowgroup" className="max-sm:sr-only">
              <tr role="row" className="border-b text-left text-quiet">
                {(['learner', ...(badge === undefined ? (['badge'] as const) : []), 'earned', 'state'] as const).map((column) => (
                  <th key={column} role="columnheader" scope="col" className="px-4 py-3 font-normal sm:px-6">
                    {t(`awards.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody role="rowgroup" className="divide-y">
              {awards.map(({ id, learner, badge: of, earnedAt, state: is, period }) => (
                <tr role="row" key={id} className="quiet-motion hover:bg-paper max-sm:grid max-sm:grid-cols-[1fr_auto] max-sm:items-baseline max-sm:gap-x-4 max-sm:px-4 max-sm:pb-3">
                  <th role="rowheader" scope="row" className="text-left font-medium max-sm:order-1 sm:px-6 sm:py-1">
                    <Link to="/awards/$award" params={{ award: id }} className="inline-flex min-h-11 items-center hover:underline">
                      {learner}
                    </Link>
                  </th>
                  {badge === undefined && <td role="cell" className="max-sm:order-3 sm:px-6 sm:py-1">{nameOf(of)}</td>}
                  <td role="cell" className="max-sm:order-4 max-sm:text-sm max-sm:text-quiet sm:px-6 sm:py-1">
                    <time dateTime={earnedAt}>{date(earnedAt)}</time>
                    {period !== undefined && <span className="ml-2 text-quiet">{period}</span>}
                  </td>
                  <td role="cell" className={`whitespace-nowrap max-sm:order-2 max-sm:text-right sm:px-6 sm:py-1 ${STATES[is]}`}>{t(`award.states.${is}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {hasNextPage && (
        <Button className="mt-4" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? t('state.loading') : t('awards.more')}
        </Button>
      )}
    </>
  );
};
