import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useEffect, useId, useRef } from 'react';
import type { BadgeInReach, PathwayStep } from '../api/types.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { buttonLook } from '../design/Button.tsx';
import { useLanguage } from '../language.ts';
import { CriteriaList } from './Criteria.tsx';
import { StillToDo } from './NextBadge.tsx';

/** What is still missing for a step, over the page. The browser's own dialog: it keeps the focus, gives it back, and closes with Escape. */
export const StepSheet = ({ step, inReach, close }: { readonly step: PathwayStep; readonly inReach: BadgeInReach | undefined; readonly close: () => void }) => {
  const { t, say } = useLanguage();
  const title = useId();
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => sheet.current?.showModal(), []);
  return (
    <dialog
      ref={sheet}
      aria-labelledby={title}
      onClose={close}
      onClick={({ target }) => target === sheet.current && sheet.current.close()}
      className="m-auto max-h-[calc(100dvh-2rem)] w-[min(36rem,calc(100vw-2rem))] overflow-y-auto rounded-card border bg-surface p-0 text-ink shadow-card backdrop:bg-[#12141a]/60"
    >
      <div className="p-5 sm:p-6">
        <div className="flex items-start gap-4">
          <BadgeArt badge={step.badge} size={72} faded />
          <div className="min-w-0 grow">
            <p className="text-sm text-quiet">{t('learner.pathway.missing')}</p>
            <h2 id={title} className="text-lg">{say(step.name)}</h2>
            {inReach && inReach.possible && (
              <p className="mt-1">
                <StillToDo badge={inReach} />
              </p>
            )}
            {!step.possible && <p className="mt-1 text-near">{t(inReach ? 'learner.pathway.states.out-of-reach' : 'learner.pathway.gone')}</p>}
            {!inReach && step.possible && <p className="mt-1 text-quiet">{t('learner.pathway.elsewhere')}</p>}
          </div>
          <button type="button" onClick={() => sheet.current?.close()} aria-label={t('learner.pathway.close')} className="-mt-2 -mr-2 inline-flex size-11 shrink-0 items-center justify-center rounded-card text-quiet hover:text-ink">
            <X size={20} aria-hidden="true" />
          </button>
        </div>
        <p className="mt-4 text-sm text-quiet">{say(step.criteriaText)}</p>
        {inReach && (
          <div className="mt-3 border-t pt-1">
            <CriteriaList criteria={inReach.criteria} />
          </div>
        )}
        {step.award && (
          <Link to="/awards/$award" params={{ award: step.award.award }} className={`${buttonLook('plain')} mt-4`}>
            {t('learner.pathway.seeAward')}
          </Link>
        )}
      </div>
    </dialog>
  );
};
