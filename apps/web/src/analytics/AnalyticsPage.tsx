import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { awardsOverTimeQuery, badgesReportQuery, coursesReportQuery, engagementQuery, summaryQuery } from '../api/queries.ts';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { needsALook } from './attention.ts';
import { AwardsOverTime } from './AwardsOverTime.tsx';
import { badgeRows, isAsked } from './badge-rows.ts';
import { BadgeTable } from './BadgeTable.tsx';
import { Compared } from './Compared.tsx';
import { comparedPeriod, periodOf } from './comparison.ts';
import { Figures, FiguresOfTime } from './Figures.tsx';
import { Filters, intervalOf } from './Filters.tsx';
import { Funnel } from './Funnel.tsx';
import { figuresQuery, rolesQuery, skillsQuery } from './queries.ts';
import { OneBadge } from './OneBadge.tsx';
import { Roles } from './Roles.tsx';
import { analyticsSearch } from './search.ts';
import { SkillMap } from './SkillMap.tsx';
import { meanOf, total, type Figure } from './totals.ts';
import './texts.ts';

/** Before every day on which something can have happened. */
const FIRST_DAY = '1970-01-01';

/** Whether the badges are worth something: what became of them, and which need a look. */
export const AnalyticsPage = () => {
  const { t } = useLanguage();
  const asked = analyticsSearch({ ...useSearch({ from: '/analytics' }) });
  const { interval: _interval, against: _against, otherFrom: _otherFrom, otherTo: _otherTo, ...filter } = asked;
  const { from: _from, to: _to, ...of } = filter;
  // What was there stays, dimmed, until what is asked for now has come.
  const kept = { placeholderData: keepPreviousData };
  const whole = useQuery(engagementQuery({}));
  const now = useQuery({ ...engagementQuery(filter), ...kept });
  const ever = useQuery({ ...engagementQuery(of), ...kept });
  const report = useQuery(badgesReportQuery());
  const courses = useQuery(coursesReportQuery());
  const summary = useQuery(summaryQuery());
  const series = useQuery({ ...awardsOverTimeQuery(filter, intervalOf(asked)), ...kept });

  const skills = useQuery(skillsQuery(of));
  const roles = useQuery(rolesQuery());
  const today = new Date().toISOString().slice(0, 10);
  const period = asked.from === undefined && asked.to === undefined ? undefined : (periodOf(asked, today) ?? { from: FIRST_DAY, to: asked.to ?? today });
  const other = comparedPeriod(asked, today);
  const ofTime = useQuery({ ...figuresQuery(period ?? { from: today, to: today }, of), enabled: period !== undefined });
  const ofOther = useQuery({ ...figuresQuery(other ?? { from: today, to: today }, of), enabled: other !== undefined });

  const all = [now, ever, report, courses, summary, series, skills, roles, ...(period ? [ofTime] : []), ...(other ? [ofOther] : [])];
  const failed = all.find(({ isError }) => isError);
  const isLate = all.some(({ isPlaceholderData }) => isPlaceholderData);
  const suppressed = all.map(({ data }) => data?.suppressed).find((one) => one !== undefined);
  const items = now.data?.items;
  const rows = items && ever.data && report.data && badgeRows(items, ever.data.items, report.data.items);
  const titles = new Map((courses.data?.items ?? []).map(({ course, title }) => [course, title ?? course]));
  const learners = (): Figure => {
    if (of.badge !== undefined) return report.data?.items.find(({ badge }) => badge === of.badge)?.learners;
    if (of.course !== undefined) return courses.data?.items.find(({ course }) => course === of.course)?.learners;
    return summary.data?.learners;
  };
  const earned = (report.data?.items ?? []).filter((one) => isAsked(of, one));
  const shareRate = (): Figure => meanOf((ever.data?.items ?? []).map(({ shareRate, awarded }) => ({ mean: awarded === 0 ? 0 : shareRate, of: awarded === null || (shareRate === null && awarded > 0) ? null : awarded })));
  const one = of.badge === undefined ? undefined : report.data?.items.find(({ badge }) => badge === of.badge);
  return (
    <>
      <PageTitle className="text-xl">{t('analytics.title')}</PageTitle>
      <p className="mt-1 mb-5 text-quiet">{t('analytics.lead')}</p>
      <Filters badges={whole.data?.items ?? []} courses={courses.data?.items ?? []} />
      {failed ? (
        <Failure error={failed.error} retry={() => all.forEach(({ isError, refetch }) => void (isError && refetch()))} />
      ) : (
        <div aria-busy={isLate} className={`grid grid-cols-1 gap-5 ${isLate ? 'opacity-60' : ''}`}>
          {period && <Compared asked={asked} period={period} with={other} now={ofTime.data} then={other && ofOther.data} />}
          {period && ofTime.data && (!other || ofOther.data) ? (
            <FiguresOfTime now={ofTime.data} then={other && ofOther.data} />
          ) : !period && items && ever.data && report.data && courses.data && summary.data ? (
            <Figures
              of={{
                awarded: total(items.map(({ awarded }) => awarded)),
                learners: learners(),
                daysToEarn: meanOf(earned.filter(({ course }) => course !== '').map(({ timeToEarn: { meanDays, awards } }) => ({ mean: meanDays, of: awards }))),
                shareRate: shareRate(),
                verifications: total(items.map(({ verifications }) => verifications && verifications.total)),
              }}
            />
          ) : (
            <div role="status" aria-label={t('state.loading')} className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-5">
              {['col-span-2 sm:col-span-1', '', '', '', ''].map((className, i) => (
                <Skeleton key={i} className={`h-32 ${className}`} />
              ))}
            </div>
          )}
          <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
            <Card title={t('analytics.funnel')}>
              <p className="mb-4 text-sm text-quiet">{t('analytics.funnelAbout')}</p>
              {items ? (
                <Funnel
                  awarded={items.map(({ awarded }) => awarded)}
                  then={{
                    viewed: items.map(({ views }) => views),
                    shared: items.map(({ shares }) => shares && shares.total),
                    verified: items.map(({ verifications }) => verifications && verifications.total),
                  }}
                />
              ) : (
                <Skeleton className="h-80" />
              )}
            </Card>
            <Card title={t('analytics.overTime')}>{series.data ? <AwardsOverTime series={series.data} filter={filter} /> : <Skeleton className="h-80" />}</Card>
          </div>
          {one && <OneBadge of={one} />}
          <Card title={t('insight.skills.title')}>{skills.data ? <SkillMap of={skills.data} filter={of} /> : <Skeleton className="h-80" />}</Card>
          <Card title={t('insight.roles.title')}>{roles.data ? <Roles of={roles.data} /> : <Skeleton className="h-80" />}</Card>
          <Card title={t('analytics.badges')} aside={rows && rows.length > 0 && <span className="text-sm text-quiet">{t('analytics.look', { count: rows.filter(({ attention }) => needsALook(attention)).length })}</span>}>
            {rows ? <BadgeTable rows={rows} courses={titles} filter={filter} /> : <Skeleton className="h-96" />}
          </Card>
          {suppressed && <p className="max-w-prose text-sm text-quiet">{t('analytics.untoldWhy', { count: suppressed.fewerThan })}</p>}
        </div>
      )}
    </>
  );
};
