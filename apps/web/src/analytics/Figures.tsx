import type { ReactNode } from 'react';
import { useLanguage } from '../language.ts';
import { Told } from './Told.tsx';
import type { Figure, Total } from './totals.ts';

/** What stands in the first row. */
export interface AtAGlance {
  readonly awarded: Total;
  readonly learners: Figure;
  readonly daysToEarn: Figure;
  readonly shareRate: Figure;
  readonly verifications: Total;
  /** Some are counted in a time alone. */
  readonly isInTime: boolean;
}

const Tile = ({ name, about, children, className = '' }: { readonly name: string; readonly about: string; readonly children: ReactNode; readonly className?: string }) => (
  <div className={`flex min-h-32 flex-col rounded-card border bg-surface p-4 shadow-card ${className}`}>
    <dt className="text-sm text-quiet">{name}</dt>
    <dd className="mt-1 flex grow flex-col justify-between gap-2">
      <span className="text-xl font-semibold tracking-tight">{children}</span>
      <span className="text-xs text-quiet">{about}</span>
    </dd>
  </div>
);

/** The figures that say it in short. */
export const Figures = ({ of: { awarded, learners, daysToEarn, shareRate, verifications, isInTime } }: { readonly of: AtAGlance }) => {
  const { t, number, percent } = useLanguage();
  const counted = t(isInTime ? 'analytics.inTime' : 'analytics.allTime');
  const about = ({ sum, untold }: Total): string => (untold > 0 && sum !== null ? t('analytics.atLeast', { count: untold }) : counted);
  // Where only some are of the time that is asked for, the others say that they are not.
  const whole = (text: string): string => (isInTime ? `${text}, ${t('analytics.allTime')}` : text);
  return (
    <dl aria-label={t('analytics.figures')} className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-5">
      <Tile name={t('analytics.awarded')} about={about(awarded)} className="col-span-2 sm:col-span-1">
        <Told figure={awarded.sum} />
      </Tile>
      <Tile name={t('analytics.learners')} about={t('analytics.allTime')}>
        <Told figure={learners} />
      </Tile>
      <Tile name={t('analytics.timeToEarn')} about={whole(t('analytics.mean'))}>
        <Told figure={daysToEarn}>{(days) => t('analytics.days', { count: days, value: number(Math.round(days * 10) / 10) })}</Told>
      </Tile>
      <Tile name={t('analytics.shareRate')} about={whole(t('analytics.ofAwards'))}>
        <Told figure={shareRate}>{percent}</Told>
      </Tile>
      <Tile name={t('analytics.verifications')} about={about(verifications)}>
        <Told figure={verifications.sum} />
      </Tile>
    </dl>
  );
};
