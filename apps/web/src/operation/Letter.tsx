import { useMutation, useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { send } from '../api/ask.ts';
import { letterQuery } from '../api/queries.ts';
import type { Letter, Replayed } from '../api/types.ts';
import { Button } from '../design/Button.tsx';
import { CopyButton } from '../design/CopyButton.tsx';
import { Failure } from '../design/Failure.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { useLettersAnew, useReplayFailure } from './replay.ts';

const Raw = ({ letter }: { readonly letter: Letter }) => {
  const { t } = useLanguage();
  const { data, error, refetch } = useQuery(letterQuery(letter.id));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-40" />;
  if (data.raw === undefined) return <p className="text-sm text-quiet">{t('operation.letters.rawErased')}</p>;
  return (
    <>
      <div className="mb-2 flex items-center justify-between gap-3">
        <h4 className="text-sm font-semibold">{t('operation.letters.raw')}</h4>
        <CopyButton text={data.raw} what={t('operation.letters.raw')} />
      </div>
      {data.encoding === 'base64' && <p className="mb-2 text-sm text-quiet">{t('operation.letters.base64')}</p>}
      {/* Whoever sent it wrote it: it is text here, whatever it holds. */}
      <pre tabIndex={0} aria-label={t('operation.letters.raw')} role="region" className="max-h-72 overflow-auto rounded-card border bg-paper p-3 font-mono text-xs break-all whitespace-pre-wrap">
        {data.raw}
      </pre>
    </>
  );
};

/** A dead letter, and what came of it when it was sent again here. The list keeps that: a letter that is done leaves its place there. */
export interface LetterShown {
  readonly letter: Letter;
  readonly result: Replayed | undefined;
  readonly onReplayed: (result: Replayed) => void;
}

/** Sends it again, and says what came of it. */
const Replay = ({ letter, result, onReplayed }: LetterShown) => {
  const { t } = useLanguage();
  const anew = useLettersAnew();
  const failure = useReplayFailure();
  const replay = useMutation({
    mutationFn: () => send<Replayed>(`/v1/dead-letters/${encodeURIComponent(letter.id)}/replay`, {}),
    onSuccess: async (came) => {
      await anew(came.outcome === 'rejected' ? undefined : came.position);
      onReplayed(came);
    },
  });
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      {letter.state === 'open' && (
        <Button look="primary" disabled={replay.isPending} onClick={() => replay.mutate()}>
          {replay.isPending ? t('operation.letters.replaying') : t('operation.letters.replay')}
        </Button>
      )}
      <p aria-live="polite" className="min-w-0 basis-60 grow text-sm">
        {replay.error && <span className="text-wrong">{failure(replay.error, letter.reason)}</span>}
        {result?.outcome === 'rejected' && <span className="text-near">{t('operation.letters.replayOutcome.rejected', { reason: t(`operation.letters.reasons.${result.reason}`, { returnObjects: true })[0], detail: result.detail })}</span>}
        {result && result.outcome !== 'rejected' && <span className="text-met">{t(`operation.letters.replayOutcome.${result.outcome}`)}</span>}
      </p>
    </div>
  );
};

const Detail = (shown: LetterShown) => {
  const { letter } = shown;
  const { t, time } = useLanguage();
  const [, meaning] = t(`operation.letters.reasons.${letter.reason}`, { returnObjects: true });
  const outcome = letter.outcome === 'recorded' || letter.outcome === 'duplicate' ? ` · ${t(`operation.letters.outcomes.${letter.outcome}`)}` : '';
  const facts = [
    [t('operation.letters.cameAt'), time(letter.rejectedAt)],
    [t('operation.letters.from'), letter.origin],
    [t('operation.letters.format'), letter.format],
    ...(letter.replayedAt === undefined ? [] : [[t('operation.letters.replayedAt'), `${time(letter.replayedAt)}${outcome}`]]),
  ];
  return (
    <div className="grid gap-4 pb-5 sm:pl-7">
      <p className="max-w-prose text-sm text-quiet">{meaning}</p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-quiet">{name}</dt>
            <dd className="min-w-0">{value}</dd>
          </div>
        ))}
      </dl>
      <div>
        <Raw letter={letter} />
      </div>
      <Replay {...shown} />
    </div>
  );
};

/** One dead letter in short; it opens to what was sent and what can be done. */
export const LetterRow = ({ open, onToggle, ...shown }: LetterShown & { readonly open: boolean; readonly onToggle: () => void }) => {
  const { letter } = shown;
  const { t, time } = useLanguage();
  const [reason] = t(`operation.letters.reasons.${letter.reason}`, { returnObjects: true });
  const detail = `letter-${letter.id}`;
  return (
    <li>
      <h3 className="font-normal tracking-normal text-wrap">
        <button type="button" aria-expanded={open} aria-controls={detail} onClick={onToggle} className="flex w-full items-start gap-2.5 py-3 text-left">
          <ChevronDown size={18} aria-hidden="true" className={`quiet-motion mt-0.5 shrink-0 text-quiet ${open ? '' : '-rotate-90'}`} />
          <span className="min-w-0 grow">
            <span className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className="font-medium">
                {reason}
                {letter.state !== 'open' && <span className="ml-2 text-sm font-normal text-quiet">{t(`operation.letters.states.${letter.state}`)}</span>}
              </span>
              <time dateTime={letter.rejectedAt} className="text-sm text-quiet">
                {time(letter.rejectedAt)}
              </time>
            </span>
            <span lang="en" className={`text-sm text-quiet ${open ? 'block' : 'line-clamp-2'}`}>
              {letter.detail}
            </span>
          </span>
        </button>
      </h3>
      <div id={detail} hidden={!open}>
        {open && <Detail {...shown} />}
      </div>
    </li>
  );
};
