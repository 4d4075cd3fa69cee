import { ArrowDown, ArrowUp, Equal } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLanguage } from '../language.ts';
import { changeOf } from './comparison.ts';
import type { FiguresReport } from './queries.ts';
import { Told } from './Told.tsx';
import type { Figure, Total } from './totals.ts';
import './texts.ts';

/** What stands in the first row. */
export interface AtAGlance {
  readonly awarded: Total;
  readonly learners: Figure;
  readonly daysToEarn: Figure;
  readonly shareRate: Figure;
  readonly verifications: Total;
}

const Tile = ({ name, about, change, children, className = '' }: { readonly name: string; readonly about: string; readonly change?: ReactNode; readonly children: ReactNode; readonly className?: string }) => (
  <div className={`flex min-h-32 flex-col rounded-card border bg-surface p-4 shadow-card ${className}`}>
    <dt className="text-sm text-quiet">{name}</dt>
    <dd className="mt-1 flex grow flex-col justify-between gap-2">
      <span className="text-xl font-semibold tracking-tight">{children}</span>
      {change}
      <span className="text-xs text-quiet">{about}</span>
    </dd>
  </div>
);

/** The figures that say it in short, of all time. */
export const Figures = ({ of: { awarded, learners, daysToEarn, shareRate, verifications } }: { readonly of: AtAGlance }) => {
  const { t, number, percent } = useLanguage();
  const about = ({ sum, untold }: Total): string => (untold > 0 && sum !== null ? t('analytics.atLeast', { count: untold }) : t('analytics.allTime'));
  return (
    <dl aria-label={t('analytics.figures')} className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-5">
      <Tile name={t('analytics.awarded')} about={about(awarded)} className="col-span-2 sm:col-span-1">
        <Told figure={awarded.sum} />
      </Tile>
      <Tile name={t('analytics.learners')} about={t('analytics.allTime')}>
        <Told figure={learners} />
      </Tile>
      <Tile name={t('analytics.timeToEarn')} about={t('analytics.mean')}>
        <Told figure={daysToEarn}>{(days) => t('analytics.days', { count: days, value: number(Math.round(days * 10) / 10) })}</Told>
      </Tile>
      <Tile name={t('analytics.shareRate')} about={t('analytics.ofAwards')}>
        <Told figure={shareRate}>{percent}</Told>
      </Tile>
      <Tile name={t('analytics.verifications')} about={about(verifications)}>
        <Told figure={verifications.sum} />
      </Tile>
    </dl>
  );
};

type Counted = FiguresReport['awarded'];

/** How a figure has changed, in words; nothing where one of the two is not known. */
const Change = ({ now, then, says }: { readonly now: number | null; readonly then: number | null; readonly says: (amount: number) => string }) => {
  const { t, percent } = useLanguage();
  const change = changeOf(now, then);
  if (!change) return <span className="text-xs text-quiet">{t('insight.change.unknown')}</span>;
  const Icon = change.by === 0 ? Equal : change.by > 0 ? ArrowUp : ArrowDown;
  const amount = says(Math.abs(change.by));
  return (
    <span className="flex items-start gap-1 text-sm">
      <Icon size={14} aria-hidden="true" className="mt-1 shrink-0" />
      <span>
        {change.by === 0 ? t('insight.change.same') : t(change.by > 0 ? 'insight.change.more' : 'insight.change.less', { amount })}
        {change.by !== 0 && change.share !== undefined && <span className="text-quiet"> ({percent(Math.abs(change.share))})</span>}
      </span>
    </span>
  );
};

/** The same figures of one time, each with how it has changed against another one. */
export const FiguresOfTime = ({ now, then }: { readonly now: FiguresReport; readonly then: FiguresReport | undefined }) => {
  const { t, number, percent } = useLanguage();
  const about = (said: string, { value, untold }: Counted): string => (untold > 0 && value !== null ? `${said}; ${t('insight.change.without', { count: untold, amount: number(untold) })}` : said);
  const told = (counted: Counted, isKnown: boolean): Figure => counted.value ?? (counted.untold > 0 || isKnown ? null : undefined);
  const days = (value: number): string => t('analytics.days', { count: value, value: number(Math.round(value * 10) / 10) });
  const points = (value: number): string => t('insight.change.points', { amount: number(Math.round(value * 1_000) / 10) });
  return (
    <dl aria-label={t('analytics.figures')} className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-5">
      <Tile name={t('analytics.awarded')} about={about(t('analytics.inTime'), now.awarded)} change={then && <Change now={now.awarded.value} then={then.awarded.value} says={number} />} className="col-span-2 sm:col-span-1">
        <Told figure={told(now.awarded, true)} />
      </Tile>
      <Tile name={t('insight.change.enrolled')} about={t('analytics.inTime')} change={then && <Change now={now.learners} then={then.learners} says={number} />}>
        <Told figure={now.learners} />
      </Tile>
      <Tile name={t('analytics.timeToEarn')} about={about(t('analytics.mean'), now.daysToEarn)} change={then && <Change now={now.daysToEarn.value} then={then.daysToEarn.value} says={days} />}>
        <Told figure={told(now.daysToEarn, false)}>{days}</Told>
      </Tile>
      <Tile name={t('analytics.shareRate')} about={about(t('insight.change.shared'), now.shareRate)} change={then && <Change now={now.shareRate.value} then={then.shareRate.value} says={points} />}>
        <Told figure={told(now.shareRate, false)}>{percent}</Told>
      </Tile>
      <Tile name={t('analytics.verifications')} about={about(t('analytics.inTime'), now.verifications)} change={then && <Change now={now.verifications.value} then={then.verifications.value} says={number} />}>
        <Told figure={told(now.verifications, true)} />
      </Tile>
    </dl>
  );
};
