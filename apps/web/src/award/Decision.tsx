import { useQuery, useQueryClient } from '@tanstack/react-query';
import { send, shownAt } from '../api/ask.ts';
import { meQuery } from '../api/queries.ts';
import type { AwardDetail } from '../api/types.ts';
import { Card } from '../design/Card.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { FIELD } from '../design/field.ts';
import { useLanguage } from '../language.ts';
import { decidesAboutAwards } from './decides.ts';

const LONGEST_REASON = 500;

/** What a person may decide about an award in each state. */
const CHOICES = { active: ['revoke'], suspended: ['reinstate', 'revoke'], revoked: ['reinstate'], expired: ['revoke'] } as const satisfies Readonly<Record<AwardDetail['state'], readonly ('reinstate' | 'revoke')[]>>;

/** What whoever is responsible decides about an award: that it counts, or does not; with a reason that the learner reads. */
export const Decision = ({ award, name }: { readonly award: AwardDetail; readonly name: string }) => {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery());
  if (!decidesAboutAwards(me)) return null;
  const { id, state, learner } = award;
  const decide = async (decision: 'reinstate' | 'revoke', form: FormData): Promise<void> => {
    const { position } = await send<{ readonly position: number }>(`/v1/awards/${encodeURIComponent(id)}/review`, { decision, reason: form.get('reason') });
    await shownAt(`/v1/awards/${encodeURIComponent(id)}`, position);
    await Promise.all(['award', 'awards', 'explanation'].map((of) => queries.invalidateQueries({ queryKey: [of] })));
  };
  return (
    <Card title={t(state === 'suspended' ? 'award.decision.waits' : 'award.decision.title')}>
      <p className="text-sm text-quiet">
        {state === 'suspended' && `${t('award.decision.why')} `}
        {t('award.decision.stands')}
      </p>
      <div className="mt-4 flex flex-wrap gap-3">
        {CHOICES[state].map((decision) => (
          <Confirm
            key={decision}
            look={decision === 'reinstate' ? 'primary' : 'plain'}
            grave={decision === 'revoke'}
            ask={t(`award.decision.${decision}.ask`)}
            title={t(`award.decision.${decision}.sure`, { badge: name, learner })}
            about={t(`award.decision.${decision}.about`)}
            act={t(`award.decision.${decision}.act`)}
            run={(form) => decide(decision, form)}
          >
            <label className="mt-4 block text-sm">
              {t('award.decision.reason')}
              <input name="reason" required maxLength={LONGEST_REASON} autoComplete="off" className={`mt-1 ${FIELD}`} />
            </label>
          </Confirm>
        ))}
      </div>
    </Card>
  );
};
