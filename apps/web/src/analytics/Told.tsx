import { useLanguage } from '../language.ts';
import type { Figure } from './totals.ts';

/** A figure as it is told: in words where it is not, and a dash where there is none. */
export const Told = ({ figure, children }: { readonly figure: Figure; readonly children?: (told: number) => string }) => {
  const { t, number } = useLanguage();
  if (figure === null) return <span className="text-sm font-normal whitespace-nowrap text-quiet">{t('analytics.untold')}</span>;
  if (figure === undefined)
    return (
      <span className="font-normal text-quiet">
        <span aria-hidden="true">–</span>
        <span className="sr-only">{t('analytics.none')}</span>
      </span>
    );
  return <>{children ? children(figure) : number(figure)}</>;
};
