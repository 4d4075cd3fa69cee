import { Link } from '@tanstack/react-router';
import { Card } from '../design/Card.tsx';
import { ScrollBox } from '../design/ScrollBox.tsx';
import { useLanguage } from '../language.ts';
import type { BadgeProgress } from './queries.ts';
import type { ProgressSearch } from './search.ts';

/** Every criterion that somebody on the way does not meet yet, with how many; each leads to who they are. */
export const Hurdles = ({ of: { badge, hurdles }, course, asked }: { readonly of: BadgeProgress; readonly course: string; readonly asked: ProgressSearch }) => {
  const { t, say, number } = useLanguage();
  const most = Math.max(1, ...hurdles.map(({ lack }) => lack));
  return (
    <Card title={t('progress.hurdles')}>
      {hurdles.length === 0 ? (
        <p className="text-quiet">{t('progress.free')}</p>
      ) : (
        <ScrollBox name={t('progress.hurdles')} className="-mx-5 px-5 sm:-mx-6 sm:px-6">
          <table role="table" className="w-full text-sm">
            <thead role="rowgroup" className="max-sm:sr-only">
              <tr role="row" className="border-b text-left text-quiet">
                <th role="columnheader" scope="col" className="py-2 pr-4 font-normal">{t('progress.hurdle')}</th>
                <th role="columnheader" scope="col" className="py-2 pl-3 text-right font-normal whitespace-nowrap">{t('progress.hurdleLack')}</th>
                <th role="columnheader" scope="col" className="py-2 pl-3 text-right font-normal whitespace-nowrap">{t('progress.hurdleOnly')}</th>
              </tr>
            </thead>
            <tbody role="rowgroup" className="divide-y">
              {hurdles.map(({ path, label, lack, only }) => (
                <tr role="row" key={path} className="max-sm:flex max-sm:flex-wrap max-sm:gap-x-4 max-sm:pb-3">
                  <th role="rowheader" scope="row" className="text-left font-normal max-sm:w-full sm:py-1 sm:pr-4">
                    <Link to="/progress" search={{ course, badge, lacks: path }} resetScroll={false} aria-current={asked.lacks === path ? 'true' : undefined} className="inline-flex min-h-11 items-center py-1 text-accent hover:underline aria-[current]:font-semibold">
                      {say(label)}
                    </Link>
                    <span aria-hidden="true" className="mb-2 block h-1.5 w-full max-w-md overflow-hidden rounded-card bg-line">
                      <span className="block h-full bg-near" style={{ width: `${(100 * lack) / most}%` }} />
                    </span>
                  </th>
                  <td role="cell" className="sm:py-1 sm:pl-3 sm:text-right sm:align-top sm:leading-[2.75rem]">
                    <span aria-hidden="true" className="text-quiet sm:hidden">{t('progress.hurdleLack')} </span>
                    {number(lack)}
                  </td>
                  <td role="cell" className="font-semibold sm:py-1 sm:pl-3 sm:text-right sm:align-top sm:leading-[2.75rem]">
                    <span aria-hidden="true" className="font-normal text-quiet sm:hidden">{t('progress.hurdleOnly')} </span>
                    {number(only)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </Card>
  );
};
