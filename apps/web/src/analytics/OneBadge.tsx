import { useQuery } from '@tanstack/react-query';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { Hurdles } from '../progress/Hurdles.tsx';
import { progressQuery } from '../progress/queries.ts';
import { StageBar } from '../progress/StageBar.tsx';
import '../progress/texts.ts';
import type { BadgesReport } from '../api/types.ts';
import { csvOf } from './csv.ts';
import { save } from './save.ts';
import { SaveAsCsv } from './SaveAsCsv.tsx';
import { Told } from './Told.tsx';
import './texts.ts';

type Reported = BadgesReport['items'][number];

/** After how many days learners earned a badge: a bar a stretch, which is the row of a table. */
const TimeToEarn = ({ of: { badge, timeToEarn } }: { readonly of: Reported }) => {
  const { t, number } = useLanguage();
  const { histogram } = timeToEarn;
  const most = Math.max(1, ...histogram.map(({ awards }) => awards ?? 0));
  const name = (upToDays: number | null, i: number): string => {
    const from = i === 0 ? 0 : (histogram[i - 1]?.upToDays ?? 0) + 1;
    return upToDays === null ? t('insight.oneBadge.daysFrom', { from: number(from) }) : t('insight.oneBadge.days', { from: number(from), to: number(upToDays) });
  };
  const csv = (): void =>
    save(`${badge}-days.csv`, 'text/csv', csvOf([[t('insight.oneBadge.after'), t('insight.oneBadge.awards')], ...histogram.map(({ upToDays, awards }, i) => [name(upToDays, i), awards === null ? t('analytics.untold') : awards])]));
  if (timeToEarn.awards === 0) return <p className="text-quiet">{t('insight.oneBadge.noneEarned')}</p>;
  return (
    <>
      <table className="w-full text-sm">
        <thead className="sr-only">
          <tr>
            <th scope="col">{t('insight.oneBadge.after')}</th>
            <th scope="col">{t('insight.oneBadge.awards')}</th>
          </tr>
        </thead>
        <tbody>
          {histogram.map(({ upToDays, awards }, i) => (
            <tr key={upToDays ?? 'more'}>
              <th scope="row" className="py-1.5 pr-3 text-left font-normal whitespace-nowrap text-quiet">
                {name(upToDays, i)}
              </th>
              <td className="w-full py-1.5">
                <span className="flex items-center gap-2">
                  {awards !== null && awards > 0 && <span aria-hidden="true" className="h-3 rounded-full bg-chart" style={{ width: `${(75 * awards) / most}%` }} />}
                  <Told figure={awards} />
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="mt-3 text-right">
        <SaveAsCsv onSave={csv} />
      </div>
    </>
  );
};

/** What keeps learners from a badge, criterion by criterion; each leads to who they are. */
const DropOff = ({ badge, course }: { readonly badge: string; readonly course: string }) => {
  const { t, number } = useLanguage();
  const { data, error, refetch } = useQuery(progressQuery(course));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  const found = data?.badges.find((one) => one.badge === badge);
  if (!data) return <Skeleton className="h-64" />;
  if (!found) return <p className="text-quiet">{t('insight.oneBadge.noDropOff')}</p>;
  return (
    <>
      {data.known < data.learners && (
        <p role="status" className="mb-3 text-sm text-quiet">
          {t('insight.oneBadge.known', { known: number(data.known), of: number(data.learners) })}
        </p>
      )}
      <div className="mb-5">
        <StageBar stages={found.stages} />
      </div>
      <Hurdles of={found} course={course} asked={{}} />
    </>
  );
};

/** One badge looked at closely: how soon it is earned, and where learners drop off. */
export const OneBadge = ({ of }: { readonly of: Reported }) => {
  const { t } = useLanguage();
  return (
    <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      {of.course !== '' && (
        <Card title={t('insight.oneBadge.time')}>
          <TimeToEarn of={of} />
        </Card>
      )}
      <Card title={t('insight.oneBadge.dropOff')}>
        <p className="mb-4 text-sm text-quiet">{t('insight.oneBadge.dropOffAbout')}</p>
        {of.course === '' ? <p className="text-quiet">{t('insight.oneBadge.noDropOff')}</p> : <DropOff badge={of.badge} course={of.course} />}
      </Card>
    </div>
  );
};
