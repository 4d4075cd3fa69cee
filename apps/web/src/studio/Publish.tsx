import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Dialog } from 'radix-ui';
import { useEffect, useState, type ReactNode } from 'react';
import { AskError, send } from '../api/ask.ts';
import { Button, buttonLook } from '../design/Button.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { AGAIN_MS, busy } from './backtest.ts';
import { Changes } from './Changes.tsx';
import { DifferenceTo, Learner } from './OnRecord.tsx';
import { versionsShown } from './queries.ts';
import { Summary } from './Summary.tsx';
import type { PublishBody, RulePreview, Submitted } from './types.ts';

const EFFECTS = ['granted', 'reinstated', 'renewed', 'revoked', 'suspended', 'kept', 'amended', 'expired'] as const;

/** What would become of the awards on record, with the names behind each number. */
export const Effects = ({ of }: { readonly of: RulePreview['backfill'] }) => {
  const { t, say } = useLanguage();
  const some = EFFECTS.filter((effect) => of[effect] > 0);
  if (some.length === 0) return <p className="text-sm text-quiet">{t('studio.backfillNone')}</p>;
  return (
    <ul className="text-sm">
      {some.map((effect) => (
        <li key={effect}>
          <details>
            <Summary className="min-h-9">
              <strong className="font-semibold">{of[effect]}</strong>
              {t(`studio.effects.${effect}`)}
            </Summary>
            <ul className="divide-y pl-4">
              {of.first[effect].map(({ learner, period, criteria }) => (
                <li key={`${learner} ${period ?? ''}`} className="py-1">
                  <Learner id={learner} />
                  <span className="block text-quiet">{criteria.map(({ label }) => say(label)).join('; ')}</span>
                </li>
              ))}
              {of[effect] > of.first[effect].length && <li className="py-1 text-quiet">{t('studio.andMore', { count: of[effect] - of.first[effect].length })}</li>}
            </ul>
          </details>
        </li>
      ))}
    </ul>
  );
};

interface Asked {
  readonly source: string;
  readonly name: string;
  readonly liveVersion: number;
  readonly isHighStakes: boolean;
  readonly isReady: boolean;
  /** Saves what is not saved: publishing takes the text alone, and the example cases are to be there afterwards. */
  readonly saveFirst: (() => Promise<unknown>) | undefined;
  readonly onDone: (submitted: Exclude<Submitted, RulePreview>) => void;
}

const Choice = ({ value, chosen, onChoose, title, children }: { readonly value: string; readonly chosen: string; readonly onChoose: (value: string) => void; readonly title: string; readonly children: ReactNode }) => (
  <label className={`block cursor-pointer rounded-card border p-4 ${chosen === value ? 'border-accent' : ''}`}>
    <span className="flex items-center gap-2.5 font-medium">
      <input type="radio" name="when" className="size-5 accent-[var(--accent)]" checked={chosen === value} onChange={() => onChoose(value)} />
      {title}
    </span>
    <span className="mt-1 block pl-7.5 text-sm text-quiet">{children}</span>
  </label>
);

/** Another version is live than was shown, or the record is another one. */
const isMoved = (error: Error): boolean => error instanceof AskError && error.status === 409 && error.problem.type?.endsWith('draft-moved') !== true;

/** Shows what publishing would change, and asks once. */
export const Publish = ({ source, name, liveVersion, isHighStakes, isReady, saveFirst, onDone }: Asked) => {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [when, setWhen] = useState<string>('now');
  const preview = useMutation({ mutationFn: (signal: AbortSignal) => send<Submitted>('/v1/rules', { source, backfill: true, expectedVersion: liveVersion } satisfies PublishBody, { signal }), retry: (_count, error) => busy(error), retryDelay: AGAIN_MS });
  const { mutate: look, reset } = preview;
  useEffect(() => {
    if (!open) return;
    const ending = new AbortController();
    look(ending.signal);
    return () => (ending.abort(), reset());
  }, [open, liveVersion, look, reset]);
  const shown = preview.data?.outcome === 'preview' ? preview.data : undefined;
  const publish = useMutation({
    mutationFn: async () => {
      await saveFirst?.();
      return send<Submitted>('/v1/rules', (when === 'record' && shown ? { source, backfill: true, confirm: shown.confirm } : { source, backfill: false, expectedVersion: shown?.liveVersion ?? liveVersion }) satisfies PublishBody);
    },
    onSuccess: (submitted) => {
      if (submitted.outcome === 'preview') return;
      setOpen(false);
      void ('position' in submitted ? versionsShown(submitted.badge, submitted.position) : Promise.resolve()).finally(() => queries.invalidateQueries({ queryKey: ['rules'] }));
      onDone(submitted);
    },
    // What was shown is not what is: it is shown anew.
    onError: async (error) => {
      if (!isMoved(error)) return;
      await queries.invalidateQueries({ queryKey: ['rules'] });
      look(new AbortController().signal);
    },
  });
  const nothing = preview.data?.outcome === 'unchanged';
  const act = isHighStakes ? t('studio.propose') : t('studio.publishNow');
  return (
    <Dialog.Root open={open} onOpenChange={(to) => (publish.isPending ? undefined : (publish.reset(), setOpen(to)))}>
      <Dialog.Trigger className={buttonLook('primary')} disabled={!isReady}>
        {t('studio.publish')}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-10 bg-[#12141a]/60" />
        <Dialog.Content className="fixed top-1/2 left-1/2 z-10 flex max-h-[calc(100dvh-2rem)] w-[min(44rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 flex-col rounded-card border bg-surface shadow-card">
          <div className="overflow-y-auto p-6">
            <Dialog.Title className="text-lg font-semibold">{t('studio.publishTitle', { name })}</Dialog.Title>
            <Dialog.Description className="mt-2 text-sm text-quiet">{nothing ? t('studio.publishSame') : t('studio.publishAbout', { version: shown?.version ?? liveVersion + 1 })}</Dialog.Description>
            {isHighStakes && !nothing && <p className="mt-2 text-sm text-near">{t('studio.highStakes')}</p>}
            {preview.isPending && (
              <div role="status" className="mt-4">
                <p className="mb-2 text-sm text-quiet">{t('studio.working')}</p>
                <Skeleton className="h-40" />
              </div>
            )}
            {preview.isError && (
              <p role="alert" className="mt-4 text-sm text-wrong">
                {t('confirm.failed', { why: preview.error.message })}
              </p>
            )}
            {shown && (
              <div className="mt-5 grid gap-4">
                <section>
                  <h3 className="mb-2 font-semibold">{t('studio.changes')}</h3>
                  {shown.liveVersion > 0 || shown.changes.length > 0 ? <Changes changes={shown.changes} /> : <p className="text-sm text-quiet">{t(shown.version === 1 ? 'studio.changesFirst' : 'studio.changesBack')}</p>}
                </section>
                {shown.difference && <DifferenceTo difference={shown.difference} version={shown.version - 1} />}
                <fieldset className="grid gap-3">
                  <legend className="sr-only">{t('studio.publish')}</legend>
                  <Choice value="now" chosen={when} onChoose={setWhen} title={t('studio.fromNow')}>
                    {t('studio.fromNowAbout')}
                  </Choice>
                  <Choice value="record" chosen={when} onChoose={setWhen} title={t('studio.backfill')}>
                    {t('studio.backfillAbout')}
                  </Choice>
                  <div className="pl-4">
                    <Effects of={shown.backfill} />
                  </div>
                </fieldset>
              </div>
            )}
            <p aria-live="assertive" className="mt-3 min-h-5 text-sm text-wrong">
              {publish.error && (isMoved(publish.error) ? t('studio.tooFar') : t('confirm.failed', { why: publish.error.message }))}
            </p>
          </div>
          <div className="flex flex-wrap items-center justify-end gap-3 border-t p-4">
            <Dialog.Close className={buttonLook('plain')} disabled={publish.isPending}>
              {t('confirm.cancel')}
            </Dialog.Close>
            <Button look="primary" disabled={!shown || publish.isPending} onClick={() => publish.mutate()}>
              {publish.isPending ? t('confirm.doing') : act}
            </Button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
};
