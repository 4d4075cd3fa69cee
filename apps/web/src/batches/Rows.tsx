import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { csvOf } from '../analytics/csv.ts';
import { save } from '../analytics/save.ts';
import { Button } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { ScrollBox } from '../design/ScrollBox.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { badRows, rowsQuery, type BatchRow, type Standing, type WholeBatch } from './queries.ts';
import { LOOK, STANDINGS } from './standings.ts';

/** What happens to whom: how many stand where, and every row, to be searched. */
export const Rows = ({ batch, preview, isOver = false }: { readonly batch: WholeBatch; readonly preview: NonNullable<WholeBatch['preview']>; readonly isOver?: boolean }) => {
  const { t, number, say } = useLanguage();
  const [standing, setStanding] = useState<Standing | undefined>(preview.bad > 0 && !isOver ? 'bad' : undefined);
  const [sought, setSought] = useState('');
  const text = useDeferredValue(sought.trim());
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery(rowsQuery(batch, standing, text));
  const rows = data?.pages.flatMap(({ items }) => items);
  const problemsOf = ({ problems = [] }: BatchRow): readonly string[] =>
    problems.map(({ field, ...words }) => {
      const column = field && batch.mapping[field];
      return column === undefined ? say(words) : t('batches.inColumn', { column, problem: say(words) });
    });
  const saving = useMutation({
    mutationFn: async () => {
      const lines = (await badRows(batch.id)).map((row) => [row.line, problemsOf(row).join('; ')]);
      save('rows.csv', 'text/csv', csvOf([[t('batches.line'), t('batches.problem')], ...lines]));
    },
  });
  const offered = STANDINGS.filter((one) => preview[one] > 0 || one === 'new');
  return (
    <Card title={t(isOver ? 'batches.previewed' : 'batches.preview')}>
      <ul className="mb-5 grid grid-cols-2 gap-3 lg:flex">
        {offered.map((one) => (
          <li key={one} className="lg:min-w-40 lg:flex-1">
            <button type="button" aria-pressed={standing === one} title={t(`batches.stand.${one}.about`)} onClick={() => setStanding(standing === one ? undefined : one)} className="quiet-motion h-full w-full rounded-card border p-3 text-left hover:border-accent aria-pressed:border-accent aria-pressed:bg-paper sm:p-4">
              <span className={`block text-xl font-semibold ${LOOK[one]}`}>{number(preview[one])}</span>
              <span className="block text-sm">{t(`batches.stand.${one}.count`)}</span>
            </button>
          </li>
        ))}
      </ul>
      {standing && <p className="mb-3 max-w-prose text-sm text-quiet">{t(`batches.stand.${standing}.about`)}</p>}
      {preview.nameless > 0 && <p className="mb-3 text-sm text-near">{t('batches.namelessRows', { count: preview.nameless })}</p>}
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <input type="search" value={sought} onChange={({ target }) => setSought(target.value)} placeholder={t('batches.search')} aria-label={t('batches.search')} className="min-h-11 w-full max-w-sm rounded-card border border-quiet/50 bg-paper px-3" />
        {standing && (
          <Button look="bare" onClick={() => setStanding(undefined)}>
            {t('batches.all_rows')}
          </Button>
        )}
        {standing === 'bad' && (
          <Button look="bare" disabled={saving.isPending} onClick={() => saving.mutate()}>
            <Download size={16} aria-hidden="true" />
            {t('batches.saveBad')}
          </Button>
        )}
      </div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {saving.error && <p role="alert" className="mb-3 text-sm text-wrong">{saving.error.message}</p>}
      {!rows && !error && <Skeleton className="h-48" />}
      {rows?.length === 0 && <p className="py-4 text-quiet">{t('batches.rowsNone')}</p>}
      {rows && rows.length > 0 && (
        <ScrollBox name={t('batches.rows')} className={`-mx-5 max-h-[32rem] px-5 sm:-mx-6 sm:px-6 ${isPlaceholderData ? 'opacity-60' : ''}`}>
          <table className="w-full text-sm">
            <thead>
              <tr className="border-b text-left text-quiet">
                <th scope="col" className="w-16 py-2 pr-3 text-right font-normal whitespace-nowrap">{t('batches.line')}</th>
                <th scope="col" className="py-2 pr-3 font-normal whitespace-nowrap">{t('batches.who')}</th>
                <th scope="col" className="py-2 font-normal">{t('batches.happens')}</th>
              </tr>
            </thead>
            <tbody className="divide-y">
              {rows.map((row) => (
                <tr key={row.line}>
                  <th scope="row" className="py-2.5 pr-3 text-right align-top font-normal text-quiet">{number(row.line)}</th>
                  <td className="py-2.5 pr-3 align-top">
                    {row.name !== undefined && <span className="block font-medium">{row.name}</span>}
                    {row.who !== undefined && <span className={`block ${row.name === undefined ? '' : 'text-xs text-quiet'}`}>{row.who}</span>}
                    {row.who === undefined && <span className="text-quiet">–</span>}
                  </td>
                  <td className={`py-2.5 align-top ${LOOK[row.standing]}`}>
                    {row.standing !== 'bad' && t(`batches.short.${row.standing}`)}
                    {problemsOf(row).map((problem, i) => (
                      <span key={i} className="block">{problem}</span>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {hasNextPage && (
        <Button className="mt-3" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? t('state.loading') : t('batches.more')}
        </Button>
      )}
    </Card>
  );
};
