import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Share2 } from 'lucide-react';
import { badgesQuery, growthPathQuery, meQuery } from '../api/queries.ts';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { useLive } from './live.ts';
import { EarnedBadges } from './EarnedBadges.tsx';
import { CloseBadges } from './CloseBadges.tsx';
import { NextBadge } from './NextBadge.tsx';
import { NextStepNote } from './NextStepNote.tsx';
import { Pathways } from './Pathways.tsx';
import './texts.ts';
import { Timeline } from './Timeline.tsx';

/** Where a learner is, and what the next step is. */
export const GrowthPathPage = () => {
  const { t } = useLanguage();
  const { learner } = useParams({ from: '/learners/$learner' });
  const { data: me } = useQuery(meQuery());
  const { data: badges } = useQuery(badgesQuery());
  const { data, dataUpdatedAt, error, refetch } = useQuery(growthPathQuery(learner));
  useLive(learner, data?.shownAt);
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  const own = me?.kind === 'person' && me.learner === learner;
  const names = new Map((badges?.items ?? []).map(({ id, name }) => [id, name]));
  const [next, ...close] = (data?.badges.inReach ?? []).filter(({ possible }) => possible);
  const gone = (data?.badges.inReach ?? []).filter(({ possible }) => !possible);
  return (
    <>
      <PageTitle className="mb-5 text-xl">{own ? t('nav.path') : t('path.of', { learner })}</PageTitle>
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
          {data.nextStep && <NextStepNote step={data.nextStep} />}
          {data.pathways.length > 0 && <Pathways pathways={data.pathways} inReach={data.badges.inReach} />}
          <Card title={`${t('path.earned')} (${data.badges.earned.length})`} aside={own && data.badges.earned.length > 0 && <Link to="/learners/$learner/share" params={{ learner }} className="inline-flex min-h-11 items-center gap-2 text-sm text-accent hover:underline"><Share2 size={16} aria-hidden="true" />{t('learner.share')}</Link>}>
            <EarnedBadges earned={data.badges.earned} />
          </Card>
          {close.length > 0 && <CloseBadges title={t('path.close')} badges={close} />}
          {gone.length > 0 && <CloseBadges title={t('path.impossible')} badges={gone} />}
          <Card title={t('timeline.title')}>
            <Timeline learner={learner} names={names} newest={data.timeline} loadedAt={dataUpdatedAt} />
          </Card>
        </div>
      )}
    </>
  );
};
