import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { csvOf } from '../analytics/csv.ts';
import { save } from '../analytics/save.ts';
import { Button } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { ScrollBox } from '../design/ScrollBox.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { daysBetween } from './days.ts';
import { allLearners, learnersQuery, type CourseProgress, type LearnerProgress } from './queries.ts';
import { IDLE_DAYS, progressSearch, STAGES, type ProgressSearch } from './search.ts';
import { FILL } from './stages.ts';

const FIELD = 'mt-1 block min-h-11 w-full rounded-card border border-quiet/50 bg-paper px-3 text-base text-ink';
/** Who types is left alone for so long before the address follows. */
const TYPING_MS = 250;

/** Who the learners are: the closest first, or the idle; each leads to their growth path. */
export const Learners = ({ course, asked }: { readonly course: CourseProgress; readonly asked: ProgressSearch }) => {
  const { t, say, number } = useLanguage();
  const navigate = useNavigate({ from: '/progress' });
  const [sought, setSought] = useState(asked.text ?? '');
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery(learnersQuery(course.course, asked, course.known));
  const change = (to: Readonly<Partial<Record<keyof ProgressSearch, unknown>>>): void => void navigate({ search: progressSearch({ ...asked, course: course.course, ...to }), replace: true, resetScroll: false });
  useEffect(() => {
    if (sought.trim() === (asked.text ?? '')) return undefined;
    const timer = setTimeout(() => change({ text: sought.trim() }), TYPING_MS);
    return () => clearTimeout(timer);
  });

  const badgeOf = (badge: string | undefined) => course.badges.find((one) => one.badge === badge);
  const nameOf = (badge: string): string => say(badgeOf(badge)?.name ?? { en: badge });
  const chosen = badgeOf(asked.badge);
  const hurdle = chosen?.hurdles.find(({ path }) => path === asked.lacks);
  const lastOf = ({ lastAt }: LearnerProgress): string => {
    if (lastAt === undefined) return t('progress.never');
    const count = daysBetween(lastAt, course.until);
    if (course.closedAt !== undefined) return count === 0 ? t('progress.lastDay') : t('progress.daysBefore', { count });
    return count === 0 ? t('progress.today') : t('progress.daysAgo', { count });
  };
  const saving = useMutation({
    mutationFn: async () => {
      const lines = (await allLearners(course.course, asked)).map(({ learner, lastAt, earned, place }) => [
        learner, earned, place && nameOf(place.badge), place && t(`progress.stages.${place.stage}`), place?.criteriaMet, place?.criteriaTotal, place?.lacks.map(({ text }) => say(text)).join('; '), lastAt,
      ]);
      save(`${course.course}.csv`, 'text/csv', csvOf([[t('progress.learner'), t('progress.earned'), t(asked.badge === undefined ? 'progress.nearest' : 'progress.badges'), t('progress.stage'), t('progress.place'), '/', t('progress.missing'), t('progress.last')], ...lines]));
    },
  });
  const rows = data?.pages.flatMap(({ items }) => items);
  const total = data?.pages[0]?.total;
  const { course: _course, badge: _badge, ...filtered } = asked;
  return (
    <Card title={chosen ? t('progress.whoOf', { badge: say(chosen.name) }) : t('progress.who')} aside={total !== undefined && <span aria-live="polite" className="text-sm text-quiet">{t('progress.found', { count: total })}</span>}>
      <div className="mb-4 grid grid-cols-2 gap-3 text-sm text-quiet lg:grid-cols-5">
        <label className="col-span-2 block min-w-0 lg:col-span-1">
          {t('progress.search')}
          <input type="search" value={sought} onChange={({ target }) => setSought(target.value)} className={FIELD} />
        </label>
        <label className="block min-w-0">
          {t('progress.badges')}
          <select value={asked.badge ?? ''} onChange={({ target }) => change({ badge: target.value, lacks: undefined })} className={FIELD}>
            <option value="">{t('progress.allBadges')}</option>
            {course.badges.map(({ badge }) => (
              <option key={badge} value={badge}>{nameOf(badge)}</option>
            ))}
          </select>
        </label>
        <label className="block min-w-0">
          {t('progress.stage')}
          <select value={asked.stage ?? ''} onChange={({ target }) => change({ stage: target.value })} className={FIELD}>
            <option value="">{t('progress.any')}</option>
            {STAGES.map((stage) => (
              <option key={stage} value={stage}>{t(`progress.stages.${stage}`)}</option>
            ))}
          </select>
        </label>
        <label className="block min-w-0">
          {t('progress.idle')}
          <select value={asked.idle ?? ''} onChange={({ target }) => change({ idle: target.value })} className={FIELD}>
            <option value="">{t('progress.idleAny')}</option>
            {IDLE_DAYS.map((count) => (
              <option key={count} value={count}>{t('progress.idleDays', { count })}</option>
            ))}
          </select>
        </label>
        <label className="block min-w-0">
          {t('progress.order')}
          <select value={asked.order ?? 'close'} onChange={({ target }) => change({ order: target.value })} className={FIELD}>
            {(['close', 'idle'] as const).map((order) => (
              <option key={order} value={order}>{t(`progress.orders.${order}`)}</option>
            ))}
          </select>
        </label>
      </div>
      {asked.stage && <p className="mb-3 text-sm text-quiet">{t(`progress.stageAbout.${asked.stage}`)}</p>}
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <p className="text-sm font-medium">{hurdle && t('progress.lacks', { criterion: say(hurdle.label) })}</p>
        {Object.keys(filtered).length > 0 && (
          <Button look="bare" onClick={() => (setSought(''), change({ stage: undefined, lacks: undefined, idle: undefined, order: undefined, text: undefined }))}>
            {t('progress.reset')}
          </Button>
        )}
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!rows && !error && <Skeleton className="h-64" />}
      {rows?.length === 0 && <p className="py-4 text-quiet">{t('progress.none')}</p>}
      {rows && rows.length > 0 && (
        <ScrollBox name={t('progress.who')} className={`-mx-5 px-5 sm:-mx-6 sm:px-6 ${isPlaceholderData ? 'opacity-60' : ''}`}>
          <table role="table" className="w-full text-sm">
            <thead role="rowgroup" className="max-sm:sr-only">
              <tr role="row" className="border-b text-left text-quiet">
                <th role="columnheader" scope="col" className="py-2 pr-4 font-normal">{t('progress.learner')}</th>
                <th role="columnheader" scope="col" className="w-44 py-2 pr-4 font-normal">{t('progress.place')}</th>
                <th role="columnheader" scope="col" className="py-2 pr-4 font-normal">{t('progress.missing')}</th>
                <th role="columnheader" scope="col" className="py-2 text-right font-normal whitespace-nowrap">{t('progress.last')}</th>
              </tr>
            </thead>
            <tbody role="rowgroup" className="divide-y">
              {rows.map((row) => {
                const { learner, earned, place } = row;
                return (
                  <tr role="row" key={learner} className="max-sm:grid max-sm:gap-1 max-sm:py-3">
                    <th role="rowheader" scope="row" className="text-left align-top font-medium sm:py-2 sm:pr-4">
                      <Link to="/learners/$learner" params={{ learner }} className="inline-flex min-h-11 items-center text-accent hover:underline sm:min-h-6">{learner}</Link>
                      <span className="block text-xs font-normal text-quiet">{t('progress.earnedCount', { count: earned })}</span>
                    </th>
                    <td role="cell" className="align-top sm:py-2 sm:pr-4">
                      {place ? (
                        <>
                          {asked.badge === undefined && <span className="block">{nameOf(place.badge)}</span>}
                          <span className="flex items-center gap-2">
                            <span aria-hidden="true" className="h-1.5 w-16 shrink-0 overflow-hidden rounded-card bg-line">
                              <span className={`block h-full ${FILL[place.stage]}`} style={{ width: `${100 * place.closeness}%` }} />
                            </span>
                            <span className="text-xs text-quiet">{place.criteriaTotal > 1 && place.stage !== 'out' ? t('progress.met', { met: number(place.criteriaMet), all: number(place.criteriaTotal) }) : t(`progress.stages.${place.stage}`)}</span>
                          </span>
                        </>
                      ) : (
                        <span className="text-quiet">{t('progress.nothingLeft')}</span>
                      )}
                    </td>
                    <td role="cell" className="align-top sm:py-2 sm:pr-4">
                      {place?.lacks.map(({ path, text }) => (
                        <span key={path} className={`block ${path === asked.lacks ? 'font-medium' : ''}`}>{say(text)}</span>
                      ))}
                    </td>
                    <td role="cell" className="align-top text-quiet sm:py-2 sm:text-right sm:whitespace-nowrap">
                      <span className="sm:hidden">{t('progress.last')}: </span>
                      {lastOf(row)}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {saving.error && <p role="alert" className="mt-3 text-sm text-wrong">{saving.error.message}</p>}
      <div className="mt-3 flex flex-wrap justify-between gap-x-4">
        {hasNextPage ? (
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{isFetchingNextPage ? t('state.loading') : t('progress.more')}</Button>
        ) : (
          <span />
        )}
        <Button look="bare" disabled={saving.isPending} onClick={() => saving.mutate()}>
          <Download size={16} aria-hidden="true" />
          {t('progress.csv')}
        </Button>
      </div>
    </Card>
  );
};
