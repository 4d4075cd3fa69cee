import { Link } from '@tanstack/react-router';
import type { AwardsOverTime as Series } from '../api/types.ts';
import { ScrollBox } from '../design/ScrollBox.tsx';
import { useLanguage } from '../language.ts';
import { BarChart, rowsBehind } from './BarChart.tsx';
import { barsOf, type Bar } from './bars.ts';
import { csvOf } from './csv.ts';
import { dayBefore, intervalAfter } from './days.ts';
import { save } from './save.ts';
import { SaveAsCsv } from './SaveAsCsv.tsx';
import type { Filter } from './search.ts';
import { Told } from './Told.tsx';
import { total } from './totals.ts';

const MONTHS = 'month';

/** When badges were earned: in words, as bars, and as a table. */
export const AwardsOverTime = ({ series: { earned, interval }, filter }: { readonly series: Series; readonly filter: Filter }) => {
  const { t, day, days, number } = useLanguage();
  if (earned === null) return <p className="py-6 text-quiet">{t('analytics.overTimeUntold')}</p>;
  if (earned.length === 0) return <p className="py-6 text-quiet">{t('analytics.overTimeNone')}</p>;
  const bars = barsOf(earned, (start) => intervalAfter(start, interval));
  const nameOf = ({ start, end, intervals }: Bar): string => {
    if (intervals > 1) return days(start, dayBefore(end));
    return interval === 'week' ? t('analytics.weekFrom', { when: day(start) }) : day(start, interval === MONTHS ? 'month' : 'long');
  };
  const { sum, untold } = total(bars.map(({ amount }) => amount));
  const [first, last] = [bars[0] as Bar, bars.at(-1) as Bar];
  const most = bars.filter(({ amount, intervals }) => amount !== null && intervals === 1).reduce<Bar | undefined>((a, b) => (a === undefined || (b.amount ?? 0) > (a.amount ?? 0) ? b : a), undefined);
  const csv = (): void => {
    const head = [t('analytics.from'), t('analytics.to'), t('analytics.earned')];
    const rows = bars.map(({ start, end, amount }) => [start, dayBefore(end), amount ?? t('analytics.untold')]);
    save('awards-over-time.csv', 'text/csv', csvOf([head, ...rows]));
  };
  return (
    <>
      <p className="mb-4 max-w-prose text-quiet">
        {typeof sum === 'number' && t('analytics.earnedIn', { count: sum, amount: number(sum), days: days(rowsBehind(first, filter).from ?? first.start, rowsBehind(last, filter).to ?? last.end) })}{' '}
        {most && untold === 0 && bars.length > 1 && t(`analytics.most.${interval}`, { amount: number(most.amount ?? 0), when: day(most.start, interval === MONTHS ? 'month' : 'long') })}
      </p>
      <BarChart bars={bars} interval={interval} filter={filter} name={nameOf} />
      {bars.some(({ intervals }) => intervals > 1) && <p className="mt-3 max-w-prose text-xs text-quiet">{t('analytics.together')}</p>}
      <div className="mt-3 flex flex-wrap items-start justify-between gap-x-4">
        <details className="min-w-0 grow basis-60">
          <summary className="min-h-11 cursor-pointer content-center text-sm text-accent">{t('analytics.numbers')}</summary>
          <ScrollBox name={t('analytics.overTime')} className="max-h-80">
            <table className="w-full text-sm">
              <thead>
                <tr className="border-b text-left text-quiet">
                  <th scope="col" className="py-2 pr-4 font-normal">
                    {t('analytics.when')}
                  </th>
                  <th scope="col" className="py-2 text-right font-normal">
                    {t('analytics.earned')}
                  </th>
                </tr>
              </thead>
              <tbody className="divide-y">
                {bars.map((bar) => (
                  <tr key={bar.start}>
                    <th scope="row" className="py-1 pr-4 text-left font-normal">
                      <Link to="/awards" search={rowsBehind(bar, filter)} preload={false} className="inline-flex min-h-9 items-center underline decoration-line underline-offset-4 hover:decoration-ink">
                        {nameOf(bar)}
                      </Link>
                    </th>
                    <td className="py-1 text-right">
                      <Told figure={bar.amount} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollBox>
        </details>
        <SaveAsCsv onSave={csv} />
      </div>
    </>
  );
};
