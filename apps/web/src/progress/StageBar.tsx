import { useLanguage } from '../language.ts';
import type { BadgeProgress } from './queries.ts';
import { STAGES } from './search.ts';
import { FILL } from './stages.ts';

/** How many are how far with a badge, as one bar and in words. */
export const StageBar = ({ stages }: { readonly stages: BadgeProgress['stages'] }) => {
  const { t, number } = useLanguage();
  const there = STAGES.filter((stage) => stages[stage] > 0);
  return (
    <>
      <span aria-hidden="true" className="flex h-2.5 w-full gap-px overflow-hidden rounded-card bg-line">
        {there.map((stage) => (
          <span key={stage} className={FILL[stage]} style={{ flexGrow: stages[stage], flexBasis: 0 }} />
        ))}
      </span>
      <span className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-quiet">
        {there.map((stage) => (
          <span key={stage} className="inline-flex items-center gap-1.5 whitespace-nowrap">
            <span aria-hidden="true" className={`size-2.5 rounded-full ${FILL[stage]}`} />
            <span className="font-semibold text-ink">{number(stages[stage])}</span> {t(`progress.stages.${stage}`)}
          </span>
        ))}
      </span>
    </>
  );
};
