import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { badgesQuery } from '../api/queries.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { Columns } from './Columns.tsx';
import { asMapping, namesSomebody, type Draft } from './draft.ts';
import { IssueForm } from './IssueForm.tsx';
import { Outcome } from './Outcome.tsx';
import { batchesQuery, batchQuery, look, type WholeBatch } from './queries.ts';
import { RemoveBatch } from './RemoveBatch.tsx';
import { Rows } from './Rows.tsx';
import { STATE_LOOK } from './standings.ts';
import { UnderWay } from './UnderWay.tsx';

/** What can be looked at and issued: its columns, what would happen, and the button. */
const Open = ({ batch, name }: { readonly batch: WholeBatch; readonly name: string }) => {
  const { t } = useLanguage();
  const queries = useQueryClient();
  // What somebody says until the server knows it; then it is what the server says, whoever has changed it.
  const [said, setSaid] = useState<Draft>();
  const draft = said ?? batch.mapping;
  const looking = useMutation({
    mutationFn: (to: Draft) => look(batch.id, asMapping(to)),
    scope: { id: `look ${batch.id}` }, // one after another, so that the last one counts
    onSuccess: (looked, to) => {
      queries.setQueryData(batchQuery(batch.id).queryKey, looked);
      setSaid((now) => (now === to ? undefined : now));
    },
  });
  const change = (to: Draft): void => {
    setSaid(to);
    if (namesSomebody(to)) looking.mutate(to);
  };
  // After a stop more have been approved than the preview knows.
  const stopped = batch.state === 'cancelled' || batch.state === 'interrupted';
  const { mutate } = looking;
  useEffect(() => {
    if (stopped) mutate(batch.mapping);
  }, [stopped]);
  const isKnown = namesSomebody(draft);
  return (
    <>
      {batch.state !== 'uploaded' && (
        <p role="status" className="rounded-card border border-near/50 p-4 text-near">
          {batch.state === 'failed' ? t('batches.ended.failed', { why: batch.problem ?? '' }) : (batch.state === 'interrupted' || batch.state === 'cancelled') && t(`batches.ended.${batch.state}`)}
        </p>
      )}
      <Columns batch={batch} draft={draft} onChange={change} />
      {looking.error && (
        <p role="alert" className="text-wrong">
          {t('batches.notRead', { why: looking.error.message })}
        </p>
      )}
      {!isKnown && (
        <p role="status" className="rounded-card border border-near/50 p-4 text-near">
          {t('batches.whoMissing')}
        </p>
      )}
      {isKnown && !batch.preview && looking.isPending && <Skeleton className="h-64" />}
      {isKnown && batch.preview && (
        <div aria-busy={looking.isPending} className={`grid grid-cols-1 gap-5 ${looking.isPending ? 'opacity-60' : ''}`}>
          <Rows batch={batch} preview={batch.preview} />
          <IssueForm batch={batch} preview={batch.preview} name={name} isLooking={looking.isPending} />
        </div>
      )}
      <p aria-live="polite" className="sr-only">
        {looking.isPending && t('batches.looking')}
      </p>
    </>
  );
};

/** One batch, from its file to its certificates. */
export const OneBatch = ({ id }: { readonly id: string }) => {
  const { t, say, time } = useLanguage();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const title = useRef<HTMLHeadingElement>(null);
  const { data: badges } = useQuery(badgesQuery());
  const { data: batch, error, refetch } = useQuery(batchQuery(id));
  const isThere = batch !== undefined;
  // Who reads by ear or by keyboard is taken to what came of the file.
  useEffect(() => title.current?.focus(), [isThere]);
  const back = (
    <Link to="/batches" search={{}} className="mb-4 inline-flex min-h-11 items-center gap-2 text-sm text-quiet hover:text-ink">
      <ArrowLeft size={16} aria-hidden="true" />
      {t('batches.all')}
    </Link>
  );
  if (!batch) {
    return (
      <>
        {back}
        {error ? <Failure error={error} retry={() => void refetch()} /> : <Skeleton className="h-[40rem]" />}
      </>
    );
  }
  const leave = (): void => {
    void queries.invalidateQueries({ queryKey: batchesQuery().queryKey });
    void navigate({ to: '/batches', search: {} });
  };
  const found = batch.state === 'damaged' ? undefined : badges?.items.find((one) => one.id === batch.badge);
  const name = found ? say(found.name) : batch.state === 'damaged' ? t('batches.states.damaged') : batch.badge;
  return (
    <>
      {back}
      <div className="mb-5 flex flex-wrap items-center gap-x-4 gap-y-2">
        {batch.state !== 'damaged' && <BadgeArt badge={batch.badge} size={64} />}
        <div className="min-w-0 grow">
          <PageTitle ref={title} tabIndex={-1} className="text-xl outline-none">
            {name}
          </PageTitle>
          <p className="mt-1 flex flex-wrap gap-x-4 text-sm text-quiet">
            <span className={`font-medium ${STATE_LOOK[batch.state]}`}>{t(`batches.states.${batch.state}`)}</span>
            {batch.state !== 'damaged' && batch.preview && <span>{t('batches.people', { count: batch.preview.rows })}</span>}
            <time dateTime={batch.createdAt}>{t('batches.uploadedAt', { when: time(batch.createdAt) })}</time>
            <time dateTime={batch.removedAt}>{t('batches.removedAt', { when: time(batch.removedAt) })}</time>
          </p>
        </div>
        {batch.state !== 'waiting' && batch.state !== 'issuing' && <RemoveBatch id={id} name={name} onRemoved={leave} />}
      </div>
      <div className="grid grid-cols-1 gap-5">
        {batch.state === 'damaged' ? (
          <Card>
            <p className="text-wrong">{t('batches.ended.damaged')}</p>
          </Card>
        ) : batch.state === 'waiting' || batch.state === 'issuing' ? (
          <UnderWay batch={batch} />
        ) : batch.state === 'done' && batch.result ? (
          <>
            <Outcome batch={batch} result={batch.result} />
            {batch.preview && <Rows batch={batch} preview={batch.preview} isOver />}
          </>
        ) : (
          <Open batch={batch} name={name} />
        )}
      </div>
    </>
  );
};
