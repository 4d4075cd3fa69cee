import { useQueryClient } from '@tanstack/react-query';
import { send } from '../api/ask.ts';
import { Confirm } from '../design/Confirm.tsx';
import { FIELD } from '../design/field.ts';
import { useLanguage } from '../language.ts';
import { versionsShown } from './queries.ts';
import type { Retired } from './types.ts';

interface Asked {
  readonly badge: string;
  readonly name: string;
  readonly isHighStakes: boolean;
  /** It is done, or proposed; the focus is free. */
  readonly onDone: () => void;
}

/** Says what retiring a rule means, asks why, and does it once; where the stakes are high it is proposed. */
export const Retire = ({ badge, name, isHighStakes, onDone }: Asked) => {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const retire = (form: FormData): Promise<Retired> => send<Retired>(`/v1/rules/${encodeURIComponent(badge)}/retire`, { reason: form.get('reason') });
  const show = (retired: Retired): void => {
    onDone();
    void versionsShown(badge, retired.position).finally(() => queries.invalidateQueries({ queryKey: ['rules'] }));
  };
  return (
    <Confirm ask={t('studio.retire')} title={t('studio.retireTitle', { name })} about={t('studio.retireAbout')} act={t(isHighStakes ? 'studio.propose' : 'studio.retireNow')} run={retire} show={show}>
      {isHighStakes && <p className="mt-2 text-sm text-near">{t('studio.highStakes')}</p>}
      <label className="mt-4 grid gap-1.5 text-sm text-quiet">
        {t('studio.reason')}
        <input name="reason" required maxLength={500} className={`${FIELD} text-ink`} />
      </label>
    </Confirm>
  );
};
