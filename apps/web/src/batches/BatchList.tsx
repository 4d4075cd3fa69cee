import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { badgesQuery } from '../api/queries.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { batchesQuery, type Batch } from './queries.ts';
import { RemoveBatch } from './RemoveBatch.tsx';
import { STATE_LOOK } from './standings.ts';

const BatchRow = ({ batch, nameOf }: { readonly batch: Batch; readonly nameOf: (badge: string) => string }) => {
  const { t, time, number } = useLanguage();
  const { id, state, createdAt } = batch;
  const about = (
    <>
      <span className="block text-sm text-quiet">
        {state !== 'damaged' && batch.preview && <span className="mr-3">{t('batches.people', { count: batch.preview.rows })}</span>}
        <time dateTime={createdAt}>{t('batches.uploadedAt', { when: time(createdAt) })}</time>
      </span>
      <span className={`block text-sm font-medium ${STATE_LOOK[state]}`}>
        {t(`batches.states.${state}`)}
        {state !== 'damaged' && batch.progress && <span className="ml-2 font-normal text-quiet">{t('batches.progress', { rows: number(batch.progress.rows), of: number(batch.progress.of) })}</span>}
        {state === 'done' && batch.result && <span className="ml-2 font-normal text-quiet">{t('batches.awarded', { count: batch.result.awarded })}</span>}
      </span>
    </>
  );
  return (
    <li className="flex items-center gap-2 py-3">
      {state === 'damaged' ? (
        <div className="min-w-0 grow">{about}</div>
      ) : (
        <Link to="/batches" search={{ batch: id }} className="group flex min-w-0 grow items-center gap-4">
          <BadgeArt badge={batch.badge} size={48} />
          <span className="min-w-0">
            <span className="block font-medium group-hover:underline">{nameOf(batch.badge)}</span>
            {about}
          </span>
        </Link>
      )}
      {state !== 'waiting' && state !== 'issuing' && <RemoveBatch id={id} name={state === 'damaged' ? t('batches.states.damaged') : nameOf(batch.badge)} />}
    </li>
  );
};

/** The batches of the last day: how far each is, and where it goes on. */
export const BatchList = () => {
  const { t, say } = useLanguage();
  const { data, error, refetch } = useQuery(batchesQuery());
  const { data: badges } = useQuery(badgesQuery());
  const nameOf = (badge: string): string => {
    const found = badges?.items.find(({ id }) => id === badge);
    return found ? say(found.name) : badge;
  };
  return (
    <Card title={t('batches.earlier')}>
      <p className="-mt-3 mb-3 text-sm text-quiet">{t('batches.earlierHint')}</p>
      {!data && !error && <Skeleton className="h-24" />}
      {!data && error && <Failure error={error} retry={() => void refetch()} />}
      {data?.items.length === 0 && <p className="py-4 text-quiet">{t('batches.none')}</p>}
      <ul className="divide-y">
        {data?.items.map((batch) => (
          <BatchRow key={batch.id} batch={batch} nameOf={nameOf} />
        ))}
      </ul>
    </Card>
  );
};
