import type { BadgeInReach } from '../api/types.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { Ring } from '../design/Ring.tsx';
import { useLanguage } from '../language.ts';
import { CriteriaList } from './Criteria.tsx';

/** What is still to do, in words; or what it waits for. */
export const StillToDo = ({ badge: { nextSteps, heldUntil, closesAt, closed, met } }: { readonly badge: BadgeInReach }) => {
  const { t, say, date } = useLanguage();
  if (heldUntil !== undefined) return <span className="text-met">{t('path.heldUntil', { date: date(heldUntil, 'short') })}</span>;
  if (met) return <span className="text-met">{t('path.allMet')}</span>;
  const until = closesAt !== undefined && !closed ? ` ${t('path.by', { date: date(closesAt, 'short') })}` : '';
  return <span className="text-near">{`${nextSteps.map(({ text }) => say(text)).join(', ')}${until}`}</span>;
};

/** The badge that is closest, and what is missing. */
export const NextBadge = ({ badge }: { readonly badge: BadgeInReach }) => {
  const { t, say } = useLanguage();
  const { criteriaMet, criteriaTotal } = badge;
  return (
    <section aria-labelledby="next" className="rounded-card border border-accent/40 bg-surface p-5 shadow-card sm:p-6">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-4">
        <BadgeArt badge={badge.badge} size={112} faded />
        <div className="min-w-0 basis-64 grow">
          <p className="text-sm text-quiet">{t('path.next')}</p>
          <h2 id="next" className="text-xl">{say(badge.name)}</h2>
          <p className="mt-1 text-lg">
            <StillToDo badge={badge} />
          </p>
          <p className="mt-2 text-sm text-quiet">{say(badge.criteriaText)}</p>
        </div>
        <div className="flex items-center gap-3">
          <Ring share={criteriaTotal === 0 ? 0 : criteriaMet / criteriaTotal}>{`${criteriaMet}/${criteriaTotal}`}</Ring>
          <span className="text-sm text-quiet">{t('path.criteria', { met: criteriaMet, count: criteriaTotal })}</span>
        </div>
      </div>
      <div className="mt-4 border-t pt-2">
        <CriteriaList criteria={badge.criteria} />
      </div>
    </section>
  );
};
