import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { send } from '../api/ask.ts';
import { followersQuery } from '../api/queries.ts';
import { Card } from '../design/Card.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { Failure } from '../design/Failure.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { followersIn, lagOf, type Follower } from './findings.ts';
import { useFollowerName } from './names.ts';
import { isElsewhere } from './roles.ts';

const STATE = { running: 'text-quiet', waiting: 'text-near', parked: 'text-wrong' } as const;

/** How much of the log a rebuild has taken, in hundredths; all of it only once it is done. */
const shareOf = (rebuild: Follower | undefined, head: number): number => (rebuild && head > 0 ? Math.min(99, Math.floor((100 * rebuild.position) / head)) : 0);

const Lag = ({ follower, head }: { readonly follower: Follower; readonly head: number }) => {
  const { t, number } = useLanguage();
  const lag = lagOf(head, follower);
  return (
    <span className="text-sm text-quiet">
      {(follower.state !== 'running' || follower.kind === 'issuing') && <span className={STATE[follower.state]}>{`${t(`operation.followers.${follower.state}`)} · `}</span>}
      {[
        ...(follower.kind === 'issuing' ? [] : [lag === 0 ? t('operation.followers.upToDate') : t('operation.followers.behind', { count: lag })]),
        t('operation.followers.position', { position: number(follower.position) }),
      ].join(' · ')}
    </span>
  );
};

const ReadModelRow = ({ follower, rebuild, generation, head }: { readonly follower: Follower; readonly rebuild: Follower | undefined; readonly generation: number | undefined; readonly head: number }) => {
  const { t } = useLanguage();
  const name = useFollowerName()(follower.name);
  const queries = useQueryClient();
  /** The generation that was live when the rebuild was asked for. */
  const [before, setBefore] = useState<number>();
  const start = useMutation({
    mutationFn: () => send(`/v1/projections/${encodeURIComponent(follower.name)}/rebuild`, {}),
    onMutate: () => setBefore(generation),
    onError: () => setBefore(undefined),
    onSettled: () => queries.invalidateQueries({ queryKey: followersQuery().queryKey }),
  });
  const building = rebuild !== undefined || (before !== undefined && before === generation);
  const share = shareOf(rebuild, head);
  return (
    <li className="flex min-h-18 items-center justify-between gap-4 py-2">
      <div className="min-w-0 grow">
        <span className="block font-medium">{name}</span>
        {building ? (
          <span className="flex flex-wrap items-center gap-x-3">
            <span className="text-sm text-accent">{t('operation.followers.building', { share })}</span>
            <span role="progressbar" aria-label={name} aria-valuenow={share} aria-valuemin={0} aria-valuemax={100} className="h-1.5 min-w-16 grow overflow-hidden rounded-full bg-line">
              <span className="quiet-motion block h-full rounded-full bg-accent" style={{ width: `${share}%` }} />
            </span>
          </span>
        ) : (
          <Lag follower={follower} head={head} />
        )}
        <span aria-live="polite" className="block text-sm text-met empty:hidden">
          {!building && before !== undefined && t('operation.followers.rebuilt')}
        </span>
      </div>
      <div className="-mr-4 shrink-0">
        <Confirm
          look="bare"
          ask={t('operation.followers.rebuild')}
          askLabel={t('operation.followers.rebuildLabel', { name })}
          title={t('operation.followers.sure', { name })}
          about={t('operation.followers.about')}
          act={t('operation.followers.act')}
          run={() => start.mutateAsync()}
        />
      </div>
    </li>
  );
};

/** What follows the log, how far it is, and how a read model is built anew. */
export const ReadModels = () => {
  const { t, number } = useLanguage();
  const nameOf = useFollowerName();
  const { data, error, refetch } = useQuery(followersQuery());
  const followers = data ? followersIn(data) : [];
  const head = data?.head ?? 0;
  const generationOf = (name: string): number | undefined => data?.projections.find(({ projection, state }) => projection === name && state === 'live')?.generation;
  const elsewhere = isElsewhere(error);
  return (
    <Card title={t('operation.followers.title')} aside={data && <span className="text-sm text-quiet">{t('operation.followers.head', { position: number(head) })}</span>}>
      {!data && !error && <Skeleton className="h-[46rem]" />}
      {!data && elsewhere && <p className="text-quiet">{t('operation.followers.elsewhere')}</p>}
      {!data && error && !elsewhere && <Failure error={error} retry={() => void refetch()} />}
      {data && (
        <ul className="-my-2 divide-y">
          {followers
            .filter(({ kind }) => kind === 'awarding' || kind === 'issuing')
            .map((one) => (
              <li key={one.name} className="flex min-h-18 flex-col justify-center py-2">
                <span className="font-medium">{nameOf(one.name)}</span>
                <Lag follower={one} head={head} />
              </li>
            ))}
          {followers
            .filter(({ kind }) => kind === 'read model')
            .map((one) => (
              <ReadModelRow key={one.name} follower={one} rebuild={followers.find(({ kind, name }) => kind === 'rebuild' && name === one.name)} generation={generationOf(one.name)} head={head} />
            ))}
        </ul>
      )}
    </Card>
  );
};
