import { Award, Eye, Share2, ShieldCheck } from 'lucide-react';
import { useLanguage } from '../language.ts';
import { Told } from './Told.tsx';
import { perEach, total } from './totals.ts';

const STEPS = [['awarded', Award], ['viewed', Eye], ['shared', Share2], ['verified', ShieldCheck]] as const;

/** A figure of each badge; null where it is about too few learners. */
type PerBadge = readonly (number | null)[];

/** What became of what was awarded, each step as long as it is often. */
export const Funnel = ({ awarded, then }: { readonly awarded: PerBadge; readonly then: Readonly<Record<'viewed' | 'shared' | 'verified', PerBadge>> }) => {
  const { t, number } = useLanguage();
  const steps = STEPS.map(([step, Icon]) => ({ step, Icon, ...(step === 'awarded' ? { ...total(awarded), each: undefined } : { ...total(then[step]), each: perEach(then[step], awarded) }) }));
  const most = Math.max(1, ...steps.map(({ sum }) => sum ?? 0));
  const untold = Math.max(...steps.map((step) => step.untold));
  if (untold === 0 && steps.every(({ sum }) => sum === 0)) return <p className="py-6 text-quiet">{t('analytics.funnelNone')}</p>;
  return (
    <>
      <ol className="grid gap-4">
        {steps.map(({ step, Icon, sum, each }) => (
          <li key={step}>
            <div className="mb-1.5 flex items-baseline gap-2">
              <Icon size={16} aria-hidden="true" className="shrink-0 self-center text-quiet" />
              <span>{t(`analytics.steps.${step}`)}</span>
              <span className="ml-auto text-xs text-quiet">{typeof each === 'number' && each > 0 && t('analytics.each', { value: number(each) })}</span>
              <strong className="min-w-12 text-right text-lg font-semibold">
                <Told figure={sum} />
              </strong>
            </div>
            <div aria-hidden="true" className="h-3 rounded-full bg-line/60">
              {typeof sum === 'number' && sum > 0 && <div className="h-full min-w-1.5 rounded-full bg-chart" style={{ width: `${(100 * sum) / most}%` }} />}
            </div>
          </li>
        ))}
      </ol>
      {untold > 0 && <p className="mt-4 text-xs text-quiet">{t('analytics.funnelUntold', { count: untold })}</p>}
    </>
  );
};
