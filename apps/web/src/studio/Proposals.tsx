import { useMutation, useQueryClient } from '@tanstack/react-query';
import { send } from '../api/ask.ts';
import { Card } from '../design/Card.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { FIELD } from '../design/field.ts';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { Changes } from './Changes.tsx';
import { Effects } from './Publish.tsx';
import type { Proposal, RulePreview } from './types.ts';

type Approval = (RulePreview & { readonly proposal: string }) | { readonly outcome: 'published' | 'retired' };

/** What waits for a second person, each with what it changes. */
export const Proposals = ({ proposals, nameOf, mayDecide }: { readonly proposals: readonly Proposal[]; readonly nameOf: (badge: string) => string; readonly mayDecide: boolean }) => {
  const { t } = useLanguage();
  return (
    <Card title={t('studio.proposals')} className="mb-5">
      <ul className="divide-y">
        {proposals.map((one) => (
          <ProposalRow key={`${one.badge} ${one.proposal}`} proposal={one} name={nameOf(one.badge)} mayDecide={mayDecide} />
        ))}
      </ul>
    </Card>
  );
};

const ProposalRow = ({ proposal: one, name, mayDecide }: { readonly proposal: Proposal; readonly name: string; readonly mayDecide: boolean }) => {
  const { t, time } = useLanguage();
  const queries = useQueryClient();
  const { badge, proposal, change, proposedAt, proposedBy, proposedByName, stale, reason, backfill, changes = [] } = one;
  const path = `/v1/rules/${encodeURIComponent(badge)}/proposals/${encodeURIComponent(proposal)}`;
  const preview = useMutation({ mutationFn: () => send<Approval>(`${path}/approve`, {}) });
  const renew = (): Promise<void> => queries.invalidateQueries({ queryKey: ['rules'] });
  const shown = preview.data && 'confirm' in preview.data ? preview.data : undefined;
  const approve = async (): Promise<void> => {
    if (backfill && !shown) throw new Error(t('studio.working'));
    const done = await send<Approval>(`${path}/approve`, backfill ? { confirm: shown?.confirm } : {}).catch((error: unknown) => {
      preview.mutate(); // it is shown as it stands now
      throw error;
    });
    if (done.outcome === 'preview') throw new Error(t('studio.tooFar'));
    await renew();
  };
  return (
    <li className="py-4 first:pt-0 last:pb-0">
      <p className="font-semibold">{name}</p>
      <p className="text-sm text-quiet">
        {t(change === 'retire' ? 'studio.proposalRetire' : 'studio.proposalPublish')}, {t('studio.proposedBy', { date: time(proposedAt), who: proposedByName ?? proposedBy.slice(0, 8) })}
      </p>
      {reason !== undefined && <p className="mt-1 text-sm">{reason}</p>}
      {stale && <p className="mt-1 text-sm text-near">{t('studio.stale')}</p>}
      {changes.length > 0 && (
        <div className="mt-3">
          <Changes changes={changes} />
        </div>
      )}
      {mayDecide && (
        <div className="mt-3 flex flex-wrap items-start gap-3">
          {!stale && (
            <div onClickCapture={() => void (backfill && !shown && !preview.isPending && preview.mutate())}>
              <Confirm ask={t('studio.approve')} askLabel={`${t('studio.approve')} ${name}`} look="primary" title={t('studio.approveTitle')} about={t('studio.approveAbout')} act={t('studio.approveNow')} run={approve}>
                {backfill && (
                  <div className="mt-4">
                    <p className="mb-2 text-sm">{t('studio.backfillAbout')}</p>
                    {shown ? <Effects of={shown.backfill} /> : preview.error ? <p className="text-sm text-wrong">{t('confirm.failed', { why: preview.error.message })}</p> : <Skeleton className="h-24" />}
                  </div>
                )}
              </Confirm>
            </div>
          )}
          <Confirm ask={t('studio.reject')} askLabel={`${t('studio.reject')} ${name}`} title={t('studio.rejectTitle')} about={name} act={t('studio.rejectNow')} run={async (form) => {
            await send(`${path}/reject`, { reason: form.get('reason') });
            await renew();
          }}>
            <label className="mt-4 grid gap-1.5 text-sm text-quiet">
              {t('studio.reason')}
              <input name="reason" required maxLength={500} className={`${FIELD} text-ink`} />
            </label>
          </Confirm>
        </div>
      )}
    </li>
  );
};
