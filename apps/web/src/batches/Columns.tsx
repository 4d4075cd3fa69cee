import { useQuery } from '@tanstack/react-query';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { ScrollBox } from '../design/ScrollBox.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { fieldOf, FIELDS, saying, type Draft } from './draft.ts';
import { columnsQuery, type WholeBatch } from './queries.ts';

const SHOWN = 3;
/** So many columns stand on the page as they are; more have a box that scrolls. */
const MANY = 12;

/** Which column says what, with what stands in its first rows. */
export const Columns = ({ batch, draft, onChange }: { readonly batch: WholeBatch; readonly draft: Draft; readonly onChange: (draft: Draft) => void }) => {
  const { t } = useLanguage();
  const { data, error, refetch } = useQuery(columnsQuery(batch.id));
  const times = (column: string): number => batch.columns.filter((one) => one === column).length;
  return (
    <Card title={t('batches.columns')}>
      <p className="-mt-3 mb-4 text-sm text-quiet">{t('batches.columnsHint')}</p>
      {!data && !error && <Skeleton className="h-48" />}
      {!data && error && <Failure error={error} retry={() => void refetch()} />}
      {data && (
        <ScrollBox name={t('batches.columns')} className={`-mx-5 px-5 sm:-mx-6 sm:px-6 ${data.items.length > MANY ? 'max-h-[48rem]' : ''}`}>
          <table className="w-full text-sm">
            <thead className="max-sm:sr-only">
              <tr className="border-b text-left text-quiet">
                <th scope="col" className="w-56 py-2 pr-4 font-normal">{t('batches.column')}</th>
                <th scope="col" className="py-2 pr-4 font-normal">{t('batches.firstCells')}</th>
                <th scope="col" className="w-64 py-2 font-normal">{t('batches.says')}</th>
              </tr>
            </thead>
            <tbody className="divide-y">
              {data.items.map(({ column, first }, i) => {
                const called = column === '' ? t('batches.nameless', { number: i + 1 }) : column;
                const field = fieldOf(draft, column);
                const usable = column !== '' && times(column) === 1;
                return (
                  <tr key={`${i} ${column}`} className="max-sm:grid max-sm:gap-1 max-sm:py-3">
                    <th scope="row" className={`text-left align-top font-medium sm:py-3 sm:pr-4 ${column === '' ? 'text-quiet' : ''}`}>{called}</th>
                    <td className="align-top text-quiet sm:py-3 sm:pr-4">
                      {first.slice(0, SHOWN).map((cell, row) => (
                        <span key={row} className="block truncate sm:max-w-96">
                          {cell === '' ? <i>{t('batches.emptyCell')}</i> : cell}
                        </span>
                      ))}
                    </td>
                    <td className="align-top sm:py-2">
                      {usable ? (
                        <select
                          aria-label={t('batches.saysOf', { column: called })}
                          value={field ?? ''}
                          onChange={({ target }) => onChange(saying(draft, column, FIELDS.find((one) => one === target.value)))}
                          className={`min-h-11 w-full rounded-card border bg-paper px-3 ${field ? 'border-accent font-medium' : 'border-quiet/50 text-quiet'}`}
                        >
                          <option value="">{t('batches.notUsed')}</option>
                          {FIELDS.map((one) => (
                            <option key={one} value={one}>
                              {t(`batches.fields.${one}`)}
                            </option>
                          ))}
                        </select>
                      ) : (
                        <span className="block py-2 text-quiet">{t(column === '' ? 'batches.notUsed' : 'batches.twice')}</span>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </Card>
  );
};
