import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FileUp } from 'lucide-react';
import { useId, useState, type DragEvent } from 'react';
import { badgesQuery } from '../api/queries.ts';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { FIELD } from '../design/field.ts';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { fileProblem, TELLING_BYTES } from './file-check.ts';
import { batchQuery, upload } from './queries.ts';

/** Why a file is not sent, in words. */
class NotSent extends Error {}

/** Takes a file for a badge, dropped or chosen. */
export const Upload = () => {
  const { t, say } = useLanguage();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const ids = useId();
  const [chosen, setChosen] = useState<string>();
  const [isOver, setOver] = useState(false);
  const { data, error, refetch } = useQuery(badgesQuery());
  const givable = data?.items.filter((one) => one.givable).map(({ id, name }) => ({ id, says: say(name) })).sort((a, b) => a.says.localeCompare(b.says));
  const badge = chosen ?? (givable?.length === 1 ? givable[0]?.id : undefined);

  const sending = useMutation({
    mutationFn: async (files: readonly File[]) => {
      const [file, more] = files;
      if (more) throw new NotSent(t('batches.file.many'));
      if (!file || badge === undefined) throw new NotSent(t('batches.file.noBadge'));
      const problem = fileProblem(file.size, new Uint8Array(await file.slice(0, TELLING_BYTES).arrayBuffer()));
      if (problem) throw new NotSent(t(`batches.file.${problem}`, { name: file.name, megabytes: Math.ceil(file.size / 1e6) }));
      return upload(badge, file);
    },
    onSuccess: async (batch) => {
      queries.setQueryData(batchQuery(batch.id).queryKey, batch);
      await navigate({ to: '/batches', search: { batch: batch.id } });
    },
  });
  const take = (files: FileList | null): void => {
    if (files && files.length > 0 && !sending.isPending) sending.mutate([...files]);
  };
  const over = (event: DragEvent, is: boolean): void => {
    event.preventDefault();
    setOver(is);
  };
  const drop = (event: DragEvent): void => {
    over(event, false);
    take(event.dataTransfer.files);
  };

  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!givable) return <Skeleton className="h-80" />;
  if (givable.length === 0) return <Card><p className="py-4 text-quiet">{t('batches.noBadge')}</p></Card>;
  const name = sending.variables?.[0]?.name ?? '';
  return (
    <Card>
      <label htmlFor={`${ids}-badge`} className="block text-sm font-medium">{t('batches.badge')}</label>
      <select id={`${ids}-badge`} value={badge ?? ''} aria-describedby={`${ids}-hint`} onChange={({ target }) => setChosen(target.value === '' ? undefined : target.value)} className={`mt-1 max-w-md ${FIELD}`}>
        <option value="">{t('batches.choose')}</option>
        {givable.map(({ id, says }) => (
          <option key={id} value={id}>
            {says}
          </option>
        ))}
      </select>
      <p id={`${ids}-hint`} className="mt-1 text-sm text-quiet">{t('batches.badgeHint')}</p>
      <label
        onDragOver={(event) => over(event, true)}
        onDragLeave={(event) => over(event, false)}
        onDrop={drop}
        className={`quiet-motion mt-5 flex cursor-pointer flex-col items-center gap-2 rounded-card border-2 border-dashed p-6 text-center focus-within:border-accent hover:border-accent sm:p-10 ${isOver ? 'border-accent bg-paper' : 'border-quiet/50'}`}
      >
        <FileUp size={32} aria-hidden="true" className="text-accent" />
        <span className="font-medium">{sending.isPending ? t('batches.sending', { name }) : t(isOver ? 'batches.dropNow' : 'batches.drop')}</span>
        <span className="max-w-prose text-sm text-quiet">{t('batches.fileHint')}</span>
        <input type="file" accept=".csv,.tsv,.txt,text/csv" disabled={sending.isPending} onChange={({ target }) => (take(target.files), (target.value = ''))} className="sr-only" />
      </label>
      <p role="alert" className="mt-3 text-sm text-wrong empty:mt-0">
        {sending.error && (sending.error instanceof NotSent ? sending.error.message : t('batches.notRead', { why: sending.error.message }))}
      </p>
    </Card>
  );
};
