import { useNavigate } from '@tanstack/react-router';
import { useLanguage } from '../language.ts';
import { AGAINST, type Period } from './comparison.ts';
import { csvOf } from './csv.ts';
import type { FiguresReport } from './queries.ts';
import { save } from './save.ts';
import { SaveAsCsv } from './SaveAsCsv.tsx';
import { analyticsSearch, type AnalyticsSearch } from './search.ts';
import './texts.ts';

const FIELD = 'mt-1 block min-h-11 w-full rounded-card border bg-surface px-3 text-base text-ink';

/** What is compared with what, and the choice of another time. */
export const Compared = ({ asked, period, with: other, now, then }: { readonly asked: AnalyticsSearch; readonly period: Period; readonly with: Period | undefined; readonly now: FiguresReport | undefined; readonly then: FiguresReport | undefined }) => {
  const { t, days } = useLanguage();
  const navigate = useNavigate({ from: '/analytics' });
  const change = (to: Partial<Record<keyof AnalyticsSearch, string>>): void => void navigate({ search: analyticsSearch({ ...asked, ...to }), replace: true, resetScroll: false });
  const csv = (): void => {
    if (!now) return;
    const [here, there] = [days(period.from, period.to), other ? days(other.from, other.to) : ''];
    const line = (name: string, of: (report: FiguresReport) => number | null) => [name, of(now) ?? t('analytics.untold'), then ? (of(then) ?? t('analytics.untold')) : undefined];
    const lines = [
      line(t('analytics.awarded'), ({ awarded }) => awarded.value),
      line(t('insight.change.enrolled'), ({ learners }) => learners),
      line(t('analytics.timeToEarn'), ({ daysToEarn }) => daysToEarn.value),
      line(t('analytics.shareRate'), ({ shareRate }) => shareRate.value),
      line(t('analytics.verifications'), ({ verifications }) => verifications.value),
    ];
    save('figures.csv', 'text/csv', csvOf([[t('analytics.figures'), here, there], ...lines]));
  };
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <label className="block w-60 text-sm text-quiet">
          {t('insight.change.against')}
          <select value={asked.against ?? 'before'} onChange={({ target }) => change({ against: target.value })} className={FIELD}>
            {AGAINST.map((one) => (
              <option key={one} value={one}>
                {t(`insight.change.with.${one}`)}
              </option>
            ))}
          </select>
        </label>
        {asked.against === 'other' && (
          <>
            <label className="block w-40 text-sm text-quiet">
              {t('insight.change.otherFrom')}
              <input type="date" value={asked.otherFrom ?? ''} max={asked.otherTo} onChange={({ target }) => change({ otherFrom: target.value })} className={FIELD} />
            </label>
            <label className="block w-40 text-sm text-quiet">
              {t('insight.change.otherTo')}
              <input type="date" value={asked.otherTo ?? ''} min={asked.otherFrom} onChange={({ target }) => change({ otherTo: target.value })} className={FIELD} />
            </label>
          </>
        )}
        <p className="max-w-prose content-center text-sm text-quiet lg:min-h-11">
          {other ? t('insight.change.compared', { now: days(period.from, period.to), then: days(other.from, other.to) }) : t('insight.change.notCompared', { now: days(period.from, period.to) })}
        </p>
      </div>
      <SaveAsCsv onSave={csv} />
    </div>
  );
};
