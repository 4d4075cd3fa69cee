import { useQueryClient } from '@tanstack/react-query';
import { Card } from '../design/Card.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { useLanguage } from '../language.ts';
import { batchQuery, cancel, type WholeBatch } from './queries.ts';

/** How far a batch is, and a way to stop it. */
export const UnderWay = ({ batch: { id, state, progress, cancelling, preview } }: { readonly batch: WholeBatch }) => {
  const { t, number } = useLanguage();
  const queries = useQueryClient();
  const stage = state === 'waiting' || !progress ? 'waiting' : progress.stage;
  const [rows, of] = [progress?.rows ?? 0, Math.max(1, progress?.of ?? preview?.rows ?? 1)];
  const counts = stage === 'approving' || stage === 'drawing';
  const run = async (): Promise<void> => void queries.setQueryData(batchQuery(id).queryKey, await cancel(id));
  return (
    <Card>
      <p role="status" className="text-lg font-semibold">{cancelling ? t('batches.stopping') : t(`batches.stages.${stage}`)}</p>
      <div role="progressbar" aria-label={t(`batches.stages.${stage}`)} aria-valuemin={0} aria-valuemax={of} {...(counts && { 'aria-valuenow': rows })} className="mt-4 h-2.5 w-full overflow-hidden rounded-card bg-line">
        <div className={`h-full rounded-card bg-accent ${counts ? 'quiet-motion' : 'motion-safe:animate-pulse'}`} style={{ width: counts ? `${(100 * rows) / of}%` : '100%' }} />
      </div>
      <p className="mt-2 min-h-6 text-sm text-quiet">{counts && t('batches.progress', { rows: number(rows), of: number(of) })}</p>
      <div className="mt-3 flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-quiet">{t('batches.leave')}</p>
        {!cancelling && <Confirm ask={t('batches.stop')} title={t('batches.stopTitle')} about={t('batches.stopAbout')} act={t('batches.stopAct')} grave run={run} />}
      </div>
    </Card>
  );
};
