import './texts.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { AskError } from '../api/ask.ts';
import { meQuery } from '../api/queries.ts';
import { Waiting } from '../awards/Waiting.tsx';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { BadgeCard } from './BadgeCard.tsx';
import { Hurdles } from './Hurdles.tsx';
import { Learners } from './Learners.tsx';
import { coursesQuery, progressQuery } from './queries.ts';
import { progressSearch, type ProgressSearch } from './search.ts';
import { seesProgress } from './seen-by.ts';

const OneCourse = ({ course, asked }: { readonly course: string; readonly asked: ProgressSearch }) => {
  const { t, number } = useLanguage();
  const { data, error, refetch } = useQuery(progressQuery(course));
  if (!data) return error ? <Failure error={error} retry={() => void refetch()} /> : <Skeleton className="h-[32rem]" />;
  if (data.learners === 0) return <Card><p className="py-4 text-quiet">{t('progress.noLearners')}</p></Card>;
  if (data.badges.length === 0) return <Card><p className="py-4 text-quiet">{t('progress.noBadges')}</p></Card>;
  const chosen = data.badges.find(({ badge }) => badge === asked.badge);
  return (
    <div className="grid grid-cols-1 gap-5">
      <p role="status" className="text-sm text-near empty:hidden">{data.known < data.learners && t('progress.partial', { known: number(data.known), all: number(data.learners) })}</p>
      <ul aria-label={t('progress.badges')} className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {data.badges.map((badge) => (
          <BadgeCard key={badge.badge} of={badge} course={course} asked={asked} />
        ))}
      </ul>
      {chosen && <Hurdles of={chosen} course={course} asked={asked} />}
      <Learners course={data} asked={chosen ? asked : progressSearch({ ...asked, badge: undefined, lacks: undefined })} />
    </div>
  );
};

/** Who is stuck, and at what. */
export const ProgressPage = () => {
  const { t } = useLanguage();
  const asked = progressSearch({ ...useSearch({ from: '/progress' }) });
  const navigate = useNavigate({ from: '/progress' });
  const { data: me, error, refetch, isPending } = useQuery(meQuery());
  const allowed = me && seesProgress(me);
  const courses = useQuery({ ...coursesQuery(), enabled: allowed === true });
  if (isPending) return <Skeleton className="h-[40rem]" />;
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!allowed) return <Failure error={new AskError(403, {})} />;
  const items = [...(courses.data?.items ?? [])].sort((a, b) => Number(a.closedAt !== undefined) - Number(b.closedAt !== undefined) || (a.title ?? a.course).localeCompare(b.title ?? b.course));
  const course = asked.course ?? items[0]?.course;
  return (
    <>
      <PageTitle className="text-xl">{t('nav.progress')}</PageTitle>
      <p className="mt-1 mb-5 text-quiet">{t('progress.lead')}</p>
      {courses.error && <Failure error={courses.error} retry={() => void courses.refetch()} />}
      {courses.isPending && <Skeleton className="h-96" />}
      {courses.data && items.length === 0 && <Card><p className="py-4 text-quiet">{t('progress.noCourses')}</p></Card>}
      {items.length > 0 && course !== undefined && (
        <>
          <Waiting course={course} />
          <label className="mb-5 block max-w-md text-sm text-quiet">
            {t('progress.course')}
            <select value={course} onChange={({ target }) => void navigate({ search: { course: target.value }, resetScroll: false })} className="mt-1 block min-h-11 w-full rounded-card border bg-surface px-3 text-base text-ink">
              {items.every((one) => one.course !== course) && <option value={course}>{course}</option>}
              {items.map(({ course: id, title, closedAt }) => (
                <option key={id} value={id}>
                  {closedAt === undefined ? (title ?? id) : t('progress.closed', { course: title ?? id })}
                </option>
              ))}
            </select>
          </label>
          <OneCourse key={course} course={course} asked={asked} />
        </>
      )}
    </>
  );
};
