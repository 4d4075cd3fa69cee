import { useQuery } from '@tanstack/react-query';
import { Download, KeyRound } from 'lucide-react';
import { urlOf } from '../api/ask.ts';
import { checkpointQuery } from '../api/queries.ts';
import { Card } from '../design/Card.tsx';
import { CopyButton } from '../design/CopyButton.tsx';
import { Failure } from '../design/Failure.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { useAgo } from './ago.ts';
import { readCheckpoint } from './checkpoint-note.ts';

const FILE = 'proofmark.checkpoint';
const KEYS = 'verifier-keys';
const COMMAND = `npx proofmark audit verify \\
  --checkpoint ${FILE} \\
  --key ${KEYS}`;
const ROW = 'inline-flex min-h-11 items-center gap-2.5 text-accent hover:underline';

/** What the newest checkpoint says; whether it is right is for who verifies it elsewhere. */
const Newest = ({ note, seenAt }: { readonly note: string; readonly seenAt: number }) => {
  const { t, time, number } = useLanguage();
  const ago = useAgo();
  const checkpoint = readCheckpoint(note);
  if (!checkpoint) return <p className="text-near">{t('operation.audit.odd')}</p>;
  return (
    <>
      <p className="font-medium">{t('operation.audit.covers', { count: checkpoint.size, records: number(checkpoint.size) })}</p>
      <p className="text-sm text-quiet">
        <time dateTime={checkpoint.time}>{t('operation.audit.signed', { time: time(checkpoint.time), ago: ago(checkpoint.time, seenAt) })}</time>
      </p>
    </>
  );
};

/** The newest checkpoint of the log, and how to verify with it. */
export const AuditCheckpoint = () => {
  const { t } = useLanguage();
  const { data: note, error, refetch, dataUpdatedAt } = useQuery(checkpointQuery());
  const [keep, run] = t('operation.audit.steps', { returnObjects: true });
  return (
    <Card title={t('operation.audit.title')}>
      {note === undefined && !error && <Skeleton className="h-12" />}
      {note === undefined && error && <Failure error={error} retry={() => void refetch()} />}
      {note === null && <p className="text-quiet">{t('operation.audit.empty')}</p>}
      {typeof note === 'string' && <Newest note={note} seenAt={dataUpdatedAt} />}
      <ul className="mt-3 flex flex-wrap gap-x-6">
        {note !== null && (
          <li>
            <a className={ROW} href={urlOf('/v1/audit/checkpoint')} download={FILE}>
              <Download size={18} aria-hidden="true" />
              {t('operation.audit.download')}
            </a>
          </li>
        )}
        <li>
          <a className={ROW} href={urlOf('/v1/audit/keys')} download={KEYS}>
            <KeyRound size={18} aria-hidden="true" />
            {t('operation.audit.keys')}
          </a>
        </li>
      </ul>
      <h3 className="mt-4 font-semibold">{t('operation.audit.how')}</h3>
      <ol className="mt-1 list-decimal space-y-2 pl-5 text-sm text-quiet">
        <li>{keep}</li>
        <li>{run}</li>
      </ol>
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <pre className="min-w-0 basis-full rounded-card border bg-paper p-3 font-mono text-xs break-words whitespace-pre-wrap">{COMMAND}</pre>
        <CopyButton text={COMMAND} what={t('operation.audit.command')} />
      </div>
    </Card>
  );
};
