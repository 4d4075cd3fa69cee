import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { badgesQuery, growthPathQuery, meQuery } from '../api/queries.ts';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { useLive } from './live.ts';
import { EarnedBadges } from './EarnedBadges.tsx';
import { CloseBadges } from './CloseBadges.tsx';
import { NextBadge } from './NextBadge.tsx';
import { Timeline } from './Timeline.tsx';

/** Where a learner is, and what the next step is. */
export const GrowthPathPage = () => {
  const { t } = useLanguage();
  const { learner } = useParams({ from: '/learners/$learner' });
  const { data: me } = useQuery(meQuery());
  const { data: badges } = useQuery(badgesQuery());
  const { data, error, refetch } = useQuery(growthPathQuery(learner));
  useLive(learner);
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  const own = me?.kind === 'person' && me.learner === learner;
  const names = new Map((badges?.items ?? []).map(({ id, name }) => [id, name]));
  const [next, ...close] = (data?.badges.inReach ?? []).filter(({ possible }) => possible);
  const gone = (data?.badges.inReach ?? []).filter(({ possible }) => !possible);
  return (
    <>
      <h1 className="mb-5 text-xl">{own ? t('nav.path') : t('path.of', { learner })}</h1>
      {!data && (
        <div role="status" aria-label={t('state.loading')} className="grid gap-5">
          <Skeleton className="h-72" />
          <Skeleton className="h-64" />
          <Skeleton className="h-96" />
        </div>
      )}
      {data && (
        <div className="grid gap-5">
          {next ? (
            <NextBadge badge={next} />
          ) : (
            <Card>
              <p className="text-lg font-semibold">{t('path.nothingNext')}</p>
              <p className="mt-1 text-quiet">{t('path.nothingNextHint')}</p>
            </Card>
          )}
          <Card title={`${t('path.earned')} (${data.badges.earned.length})`}>
            <EarnedBadges earned={data.badges.earned} />
          </Card>
          {close.length > 0 && <CloseBadges title={t('path.close')} badges={close} />}
          {gone.length > 0 && <CloseBadges title={t('path.impossible')} badges={gone} />}
          <Card title={t('timeline.title')}>
            <Timeline learner={learner} names={names} />
          </Card>
        </div>
      )}
    </>
  );
};
