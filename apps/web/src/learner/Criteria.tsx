import { Check, Circle } from 'lucide-react';
import type { CriterionProgress } from '../api/types.ts';
import { useLanguage } from '../language.ts';
import { useMeasure } from './useMeasure.ts';

const share = ({ value, needed, met }: CriterionProgress): number => (met ? 1 : needed > 0 ? Math.min(1, Math.max(0, value / needed)) : 0);

/** One criterion: whether it is met, how far it is, what is missing, in words. */
const Criterion = ({ progress }: { readonly progress: CriterionProgress }) => {
  const { t, say } = useLanguage();
  const { measure } = useMeasure();
  const { label, needed, met, missing, parts } = progress;
  return (
    <li className="py-2">
      <div className="flex items-start gap-2.5">
        {met ? <Check size={18} className="mt-0.5 shrink-0 text-met" aria-label={t('path.done')} /> : <Circle size={18} className="mt-0.5 shrink-0 text-quiet" aria-label={t('path.open')} />}
        <div className="min-w-0 grow">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className={met ? 'text-quiet' : ''}>{say(label)}</span>
            {!parts && needed > 0 && <span className="text-sm text-quiet">{measure(progress)}</span>}
          </div>
          {!met && missing && !parts && <p className="text-sm text-near">{say(missing.text)}</p>}
          {!met && !parts && needed > 0 && (
            <div className="mt-1.5 h-1.5 overflow-hidden rounded-full bg-line" aria-hidden="true">
              <div className="h-full rounded-full bg-accent" style={{ width: `${share(progress) * 100}%` }} />
            </div>
          )}
          {parts && <CriteriaList criteria={parts} />}
        </div>
      </div>
    </li>
  );
};

/** Criteria and what they rest on. */
export const CriteriaList = ({ criteria }: { readonly criteria: readonly CriterionProgress[] }) => (
  <ul className="divide-y">
    {criteria.map((progress) => (
      <Criterion key={progress.path} progress={progress} />
    ))}
  </ul>
);
