import { Award, Eye, Share2, ShieldCheck } from 'lucide-react';
import { useLanguage } from '../language.ts';
import { Told } from './Told.tsx';
import type { Total } from './totals.ts';

const STEPS = [['awarded', Award], ['viewed', Eye], ['shared', Share2], ['verified', ShieldCheck]] as const;

/** The steps of the way of a badge. */
export type Step = (typeof STEPS)[number][0];

/** What became of what was awarded, each step as long as it is often. */
export const Funnel = ({ of }: { readonly of: Readonly<Record<Step, Total>> }) => {
  const { t, number } = useLanguage();
  const sums = STEPS.map(([step]) => of[step].sum ?? 0);
  const most = Math.max(1, ...sums);
  const awarded = of.awarded.sum ?? 0;
  if (sums.every((sum) => sum === 0) && of.awarded.untold === 0) return <p className="py-6 text-quiet">{t('analytics.funnelNone')}</p>;
  return (
    <ol className="grid gap-4">
      {STEPS.map(([step, Icon]) => {
        const { sum } = of[step];
        return (
          <li key={step}>
            <div className="mb-1.5 flex items-baseline gap-2">
              <Icon size={16} aria-hidden="true" className="shrink-0 self-center text-quiet" />
              <span>{t(`analytics.steps.${step}`)}</span>
              <strong className="ml-auto text-lg font-semibold">
                <Told figure={sum} />
              </strong>
            </div>
            <div aria-hidden="true" className="h-3 rounded-full bg-line/60">
              {sum !== null && sum !== undefined && sum > 0 && <div className="h-full min-w-1.5 rounded-full bg-chart" style={{ width: `${(100 * sum) / most}%` }} />}
            </div>
            <p className="mt-1 min-h-4.5 text-xs text-quiet">
              {step !== 'awarded' && typeof sum === 'number' && awarded > 0 && of.awarded.untold === 0 && of[step].untold === 0 && t('analytics.each', { value: number(sum / awarded) })}
              {of[step].untold > 0 && sum !== null && t('analytics.atLeast', { count: of[step].untold })}
            </p>
          </li>
        );
      })}
    </ol>
  );
};
