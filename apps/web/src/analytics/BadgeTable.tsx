import { Link } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { useState } from 'react';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { Button } from '../design/Button.tsx';
import { ScrollBox } from '../design/ScrollBox.tsx';
import { useLanguage } from '../language.ts';
import { DAYS_UNSEEN, needsALook, type Attention } from './attention.ts';
import type { BadgeRow } from './badge-rows.ts';
import { csvOf, type Cell } from './csv.ts';
import { save } from './save.ts';
import { SaveAsCsv } from './SaveAsCsv.tsx';
import type { Filter } from './search.ts';
import { Told } from './Told.tsx';
import type { Figure } from './totals.ts';

const COLUMNS = ['awarded', 'rate', 'time', 'views', 'shared', 'verified', 'lastViewed'] as const;
const [AT_FIRST, MORE] = [50, 200];

/** Every badge with its figures and, in words, why it needs a look; each leads to its awards. */
export const BadgeTable = ({ rows, courses, filter }: { readonly rows: readonly BadgeRow[]; readonly courses: ReadonlyMap<string, string>; readonly filter: Filter }) => {
  const { t, say, day, number, percent } = useLanguage();
  const [shown, setShown] = useState(AT_FIRST);
  if (rows.length === 0) return <p className="py-6 text-quiet">{t(filter.badge === undefined && filter.course === undefined ? 'analytics.badgesNone' : 'analytics.badgesNoneSuch')}</p>;

  const whyOf = (attention: Attention): string => {
    if (attention.why === 'unseen') return attention.lastViewedOn === null ? t('analytics.why.neverSeen') : t('analytics.why.unseen', { count: DAYS_UNSEEN });
    if (attention.why === 'everybody' || attention.why === 'hardly') return t(`analytics.why.${attention.why}`, { rate: percent(attention.rate) });
    return t(`analytics.why.${attention.why}`);
  };
  // Of a badge that recurs there are more awards than learners.
  const rateOf = (rate: number): string => (rate > 1 ? t('analytics.perLearner', { value: number(rate) }) : percent(rate));
  const daysOf = (days: number): string => t('analytics.days', { count: days, value: number(Math.round(days * 10) / 10) });
  const csv = (): void => {
    const cell = (figure: Figure, says: (told: number) => Cell = (told) => told): Cell => (figure === null ? t('analytics.untold') : figure === undefined ? undefined : says(figure));
    const round = (value: number): number => Math.round(value * 1_000) / 1_000;
    const lines = rows.map(({ badge, name, course, attention, awarded, rate, daysToEarn, views, shareRate, verified, lastViewedOn }) => [
      say(name), badge, courses.get(course) ?? course, whyOf(attention), cell(awarded), cell(rate, round), cell(daysToEarn, round), cell(views), cell(shareRate, round), cell(verified), lastViewedOn ?? undefined,
    ]);
    save('badges.csv', 'text/csv', csvOf([[t('analytics.columns.badge'), 'ID', t('analytics.course'), t('analytics.columns.attention'), ...COLUMNS.map((column) => t(`analytics.columns.${column}`))], ...lines]));
  };
  return (
    <>
      <ScrollBox name={t('analytics.badges')} className="-mx-5 px-5 sm:-mx-6 sm:px-6">
        <table role="table" className="w-full text-sm sm:min-w-[63rem]">
          <thead role="rowgroup" className="max-sm:sr-only">
            <tr role="row" className="border-b text-left align-bottom text-quiet">
              <th role="columnheader" scope="col" className="w-64 py-2 pr-4 font-normal">
                {t('analytics.columns.badge')}
              </th>
              <th role="columnheader" scope="col" className="w-48 py-2 pr-4 font-normal">
                {t('analytics.columns.attention')}
              </th>
              {COLUMNS.map((column) => (
                <th key={column} role="columnheader" scope="col" className="py-2 pl-3 text-right font-normal">
                  {t(`analytics.columns.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup" className="divide-y">
            {rows.slice(0, shown).map(({ badge, name, course, attention, awarded, rate, daysToEarn, views, shareRate, verified, lastViewedOn }) => (
              <tr role="row" key={badge} className="quiet-motion hover:bg-paper max-sm:grid max-sm:grid-cols-3 max-sm:gap-x-3 max-sm:gap-y-2 max-sm:py-4">
                <th role="rowheader" scope="row" className="text-left font-normal max-sm:col-span-full sm:py-2.5 sm:pr-4">
                  <Link to="/awards" search={{ ...filter, badge }} preload={false} className="group flex min-h-11 items-center gap-3">
                    <BadgeArt badge={badge} size={36} faded={attention.why === 'retired'} />
                    <span className="min-w-0">
                      <span className="block font-medium text-ink group-hover:underline">{say(name)}</span>
                      {course !== '' && <span className="block text-xs text-quiet">{courses.get(course) ?? course}</span>}
                    </span>
                  </Link>
                </th>
                <td role="cell" className={`max-sm:col-span-full sm:py-2.5 sm:pr-4 ${attention.why === 'nothing' ? 'max-sm:sr-only' : ''}`}>
                  {needsALook(attention) ? (
                    <span className="flex gap-2 font-medium text-near">
                      <CircleAlert size={16} aria-hidden="true" className="mt-0.5 shrink-0" />
                      {whyOf(attention)}
                    </span>
                  ) : (
                    <span className="text-quiet">
                      {attention.why === 'nothing' && <span aria-hidden="true">–</span>}
                      <span className={attention.why === 'nothing' ? 'sr-only' : ''}>{whyOf(attention)}</span>
                    </span>
                  )}
                </td>
                {COLUMNS.map((column) => (
                  <td role="cell" key={column} className="max-sm:flex max-sm:flex-col sm:py-2.5 sm:pl-3 sm:text-right sm:whitespace-nowrap">
                    <span aria-hidden="true" className="text-xs text-quiet sm:hidden">
                      {t(`analytics.columns.${column}`)}
                    </span>
                    {
                      {
                        awarded: <Told figure={awarded} />,
                        rate: <Told figure={rate}>{rateOf}</Told>,
                        time: <Told figure={daysToEarn}>{daysOf}</Told>,
                        views: <Told figure={views} />,
                        shared: <Told figure={shareRate}>{percent}</Told>,
                        verified: <Told figure={verified} />,
                        lastViewed: lastViewedOn !== null ? <time dateTime={lastViewedOn}>{day(lastViewedOn, 'short')}</time> : <span className="text-quiet">{views === null ? t('analytics.untold') : t('analytics.never')}</span>,
                      }[column]
                    }
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <div className="mt-3 flex flex-wrap justify-between gap-x-4">
        {rows.length > shown ? <Button onClick={() => setShown(shown + MORE)}>{t('analytics.moreBadges', { count: Math.min(MORE, rows.length - shown) })}</Button> : <span />}
        <SaveAsCsv onSave={csv} />
      </div>
    </>
  );
};
