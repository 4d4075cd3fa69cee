import { useQueryClient } from '@tanstack/react-query';
import { Confirm } from '../design/Confirm.tsx';
import { useLanguage } from '../language.ts';
import { batchesQuery, batchQuery, remove } from './queries.ts';

/** Asks, and removes a batch with its files. */
export const RemoveBatch = ({ id, name, onRemoved }: { readonly id: string; readonly name: string; readonly onRemoved?: () => void }) => {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const run = async (): Promise<void> => {
    await remove(id);
    onRemoved?.();
    queries.removeQueries({ queryKey: batchQuery(id).queryKey });
    await queries.invalidateQueries({ queryKey: batchesQuery().queryKey });
  };
  return (
    <span className="shrink-0 whitespace-nowrap">
      <Confirm look="bare" grave ask={t('batches.remove')} askLabel={`${t('batches.remove')} ${name}`} title={t('batches.removeTitle')} about={t('batches.removeAbout')} act={t('batches.removeAct')} run={run} />
    </span>
  );
};
