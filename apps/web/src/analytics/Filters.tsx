import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { BadgeEngagement, CoursesReport } from '../api/types.ts';
import { Button } from '../design/Button.tsx';
import { useLanguage } from '../language.ts';
import { INTERVALS, type Interval } from './days.ts';
import { analyticsSearch, type AnalyticsSearch } from './search.ts';

const FIELD = 'mt-1 block min-h-11 w-full rounded-card border bg-surface px-3 text-base text-ink';
const BY_ITSELF: Interval = 'week';

/** The interval by which one counts where the address says none. */
export const intervalOf = ({ interval = BY_ITSELF }: AnalyticsSearch): Interval => interval;

const Field = ({ label, children, className = '' }: { readonly label: string; readonly children: ReactNode; readonly className?: string }) => (
  <label className={`block min-w-0 text-sm text-quiet ${className}`}>
    {label}
    {children}
  </label>
);

/** What the figures are about; it stands in the address, so that it can be kept and sent. */
export const Filters = ({ badges, courses }: { readonly badges: readonly Pick<BadgeEngagement, 'badge' | 'name' | 'course'>[]; readonly courses: CoursesReport['items'] }) => {
  const { t, say } = useLanguage();
  const asked = analyticsSearch({ ...useSearch({ from: '/analytics' }) });
  const navigate = useNavigate({ from: '/analytics' });
  const change = (to: Partial<Record<keyof AnalyticsSearch, string | undefined>>): void => void navigate({ search: analyticsSearch({ ...asked, ...to }), replace: true, resetScroll: false });
  const offered = badges.filter(({ course }) => asked.course === undefined || course === asked.course).map(({ badge, name }) => ({ badge, says: say(name) })).sort((a, b) => a.says.localeCompare(b.says));
  return (
    <div role="group" aria-label={t('analytics.filters')} className="mb-5 grid grid-cols-2 items-end gap-x-3 gap-y-3 sm:grid-cols-3 lg:flex lg:flex-wrap">
      <Field label={t('analytics.from')} className="lg:w-40">
        <input type="date" value={asked.from ?? ''} max={asked.to} onChange={({ target }) => change({ from: target.value })} className={FIELD} />
      </Field>
      <Field label={t('analytics.to')} className="lg:w-40">
        <input type="date" value={asked.to ?? ''} min={asked.from} onChange={({ target }) => change({ to: target.value })} className={FIELD} />
      </Field>
      <Field label={t('analytics.interval')} className="lg:w-28">
        <select value={intervalOf(asked)} onChange={({ target }) => change({ interval: target.value === BY_ITSELF ? undefined : target.value })} className={FIELD}>
          {INTERVALS.map((one) => (
            <option key={one} value={one}>
              {t(`analytics.intervals.${one}`)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={t('analytics.course')} className="lg:w-52">
        <select value={asked.course ?? ''} onChange={({ target }) => change({ course: target.value, badge: undefined })} className={FIELD}>
          <option value="">{t('analytics.allCourses')}</option>
          {asked.course !== undefined && !courses.some(({ course }) => course === asked.course) && <option value={asked.course}>{asked.course}</option>}
          {courses.filter(({ course }) => course !== '').map(({ course, title }) => (
            <option key={course} value={course}>
              {title ?? course}
            </option>
          ))}
        </select>
      </Field>
      <Field label={t('analytics.badge')} className="col-span-2 sm:col-span-1 lg:w-60">
        <select value={asked.badge ?? ''} onChange={({ target }) => change({ badge: target.value })} className={FIELD}>
          <option value="">{t('analytics.allBadges')}</option>
          {asked.badge !== undefined && !offered.some(({ badge }) => badge === asked.badge) && <option value={asked.badge}>{asked.badge}</option>}
          {offered.map(({ badge, says }) => (
            <option key={badge} value={badge}>
              {says}
            </option>
          ))}
        </select>
      </Field>
      {Object.keys(asked).length > 0 && (
        <Button look="bare" className="justify-self-start" onClick={() => void navigate({ search: {}, replace: true, resetScroll: false })}>
          {t('analytics.clear')}
        </Button>
      )}
    </div>
  );
};
