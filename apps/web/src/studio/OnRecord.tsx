import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Card } from '../design/Card.tsx';
import { ScrollBox } from '../design/ScrollBox.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import type { Trying } from './backtest.ts';
import { Summary } from './Summary.tsx';
import type { Backtest, Changed } from './types.ts';

const More = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <details className="border-t">
    <Summary className="min-h-11 text-sm text-accent">{title}</Summary>
    <div className="pb-4">{children}</div>
  </details>
);

/** The way to what a learner has done. */
export const Learner = ({ id }: { readonly id: string }) => (
  <Link to="/learners/$learner" params={{ learner: id }} className="inline-flex min-h-9 items-center text-accent hover:underline">
    {id}
  </Link>
);

const Bar = ({ label, amount, of, isLast = false }: { readonly label: string; readonly amount: number; readonly of: number; readonly isLast?: boolean }) => {
  const { number } = useLanguage();
  return (
    <li className="col-span-2 grid grid-cols-subgrid items-center gap-y-1 py-2 text-sm">
      <span className="text-right font-semibold">{number(amount)}</span>
      <div className="h-2.5 overflow-hidden rounded-full bg-line" aria-hidden="true">
        <div className={`h-full rounded-full ${isLast ? 'bg-met' : 'bg-chart'}`} style={{ width: `${of === 0 ? 0 : (100 * amount) / of}%` }} />
      </div>
      <span className={`col-start-2 ${isLast ? 'font-medium' : 'text-quiet'}`}>{label}</span>
    </li>
  );
};

const Funnel = ({ of }: { readonly of: Backtest }) => {
  const { t, say } = useLanguage();
  return (
    <ol aria-label={t('studio.funnel')} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
      <Bar label={t('studio.enrolled')} amount={of.eligible} of={of.eligible} />
      {of.funnel.map(({ path, label, together }) => (
        <Bar key={path} label={say(label)} amount={together} of={of.eligible} />
      ))}
      <Bar label={t('studio.inTheEnd')} amount={of.earned} of={of.eligible} isLast />
    </ol>
  );
};

const periodName = (period: string, language: string): string => {
  const [, year = '', month] = /^(\d{4})-(\d{2})$/.exec(period) ?? [];
  if (month !== undefined) return new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(`${year}-${month}-01`));
  const [, ofYear, week] = /^(\d{4})-w(\d{2})$/.exec(period) ?? [];
  return week === undefined ? period : language === 'ko' ? `${ofYear}년 ${Number(week)}주차` : `${ofYear}, week ${Number(week)}`;
};

const OverTime = ({ of: { overTime } }: { readonly of: Backtest }) => {
  const { t, number, language } = useLanguage();
  const most = Math.max(1, ...overTime.periods.map(({ awards }) => awards));
  return (
    <ScrollBox name={t('studio.overTime')}>
      <table className="w-full text-sm">
        <caption className="sr-only">{t('studio.overTime')}</caption>
        <thead className="text-left text-quiet">
          <tr>
            <th scope="col" className="py-1 pr-3 font-normal">
              {t(`studio.periods.${overTime.unit}`)}
            </th>
            <th scope="col" className="py-1 font-normal">
              {t('studio.awards')}
            </th>
          </tr>
        </thead>
        <tbody>
          {overTime.periods.map(({ period, awards }) => (
            <tr key={period}>
              <th scope="row" className="py-1 pr-3 text-left font-normal whitespace-nowrap">
                {periodName(period, language)}
              </th>
              <td className="w-full py-1">
                <span className="flex items-center gap-2">
                  <span aria-hidden="true" className="h-2.5 rounded-full bg-chart" style={{ width: `${(80 * awards) / most}%` }} />
                  {number(awards)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
};

const NearMisses = ({ of: { nearMisses } }: { readonly of: Backtest }) => {
  const { t, say, percent } = useLanguage();
  if (nearMisses.length === 0) return <p className="text-sm text-quiet">{t('studio.nobodyClose')}</p>;
  return (
    <ul className="divide-y text-sm">
      {nearMisses.map(({ learner, period, closeness, steps }) => (
        <li key={`${learner} ${period ?? ''}`} className="py-1.5">
          <span className="flex items-center justify-between gap-3">
            <Learner id={learner} />
            <span className="text-quiet">{percent(closeness)}</span>
          </span>
          <span className="block text-quiet">{steps.map(({ text }) => say(text)).join('; ')}</span>
        </li>
      ))}
    </ul>
  );
};

const WouldEarn = ({ of: { first } }: { readonly of: Backtest }) => {
  const { date } = useLanguage();
  return (
    <ul className="divide-y text-sm">
      {first.map(({ learner, period, earnedAt }) => (
        <li key={`${learner} ${period ?? ''}`} className="flex items-center justify-between gap-3 py-1">
          <Learner id={learner} />
          <time dateTime={earnedAt} className="text-quiet">
            {date(earnedAt)}
          </time>
        </li>
      ))}
    </ul>
  );
};

const KINDS = ['gained', 'lost', 'earlier', 'later'] as const;

const Someone = ({ changed }: { readonly changed: Changed }) => {
  const { date, say } = useLanguage();
  const { learner, earnedBefore, earnedAfter, criteria } = changed;
  return (
    <li className="py-1.5">
      <span className="flex flex-wrap items-center justify-between gap-x-3">
        <Learner id={learner} />
        <span className="text-quiet">{[earnedBefore, earnedAfter].map((at) => (at === undefined ? '–' : date(at, 'short'))).join(' → ')}</span>
      </span>
      <span className="block text-quiet">{criteria.map(({ label }) => say(label)).join('; ')}</span>
    </li>
  );
};

/** What is different from another version, with the names behind each number. */
export const DifferenceTo = ({ difference, version }: { readonly difference: NonNullable<Backtest['difference']>; readonly version: number }) => {
  const { t } = useLanguage();
  const nothing = KINDS.every((kind) => difference[kind] === 0);
  return (
    <section aria-label={t('studio.against', { version })} className="mt-4 rounded-card bg-paper p-4">
      <h3 className="font-semibold">{t('studio.against', { version })}</h3>
      {nothing && <p className="mt-1 text-sm text-quiet">{t('studio.againstNothing')}</p>}
      {KINDS.filter((kind) => difference[kind] > 0).map((kind) => (
        <details key={kind} className="text-sm">
          <Summary className={`min-h-9 font-medium ${kind === 'gained' ? 'text-met' : kind === 'lost' ? 'text-wrong' : ''}`}>
            {kind === 'gained' ? '＋ ' : kind === 'lost' ? '− ' : ''}
            {t(`studio.${kind}`, { count: difference[kind] })}
          </Summary>
          <ul className="divide-y">
            {difference.first[kind].map((changed) => (
              <Someone key={`${changed.learner} ${changed.period ?? ''}`} changed={changed} />
            ))}
          </ul>
          {difference[kind] > difference.first[kind].length && <p className="py-1 text-quiet">{t('studio.andMore', { count: difference[kind] - difference.first[kind].length })}</p>}
        </details>
      ))}
      {!nothing && <p className="mt-1 text-sm text-quiet">{t('studio.unchangedCount', { count: difference.unchanged })}</p>}
    </section>
  );
};

/** What the rule comes to on everything that is recorded; it follows each change. */
export const OnRecord = ({ trying, isReady, against }: { readonly trying: Trying; readonly isReady: boolean; readonly against: number }) => {
  const { t, number } = useLanguage();
  const { result, progress, isRunning, error } = trying;
  const soFar = isRunning && progress && progress.eligible > 0 && progress.done < progress.total ? progress : undefined;
  return (
    <Card
      title={t('studio.record')}
      aside={
        <span role="status" className="text-sm text-quiet">
          {!isReady ? t('studio.mendFirst') : isRunning && (progress ? t('studio.trying', { done: number(progress.done), total: number(progress.total) }) : t('studio.tryingSoon'))}
        </span>
      }
    >
      {isRunning && progress && (
        <div className="-mt-3 mb-2 h-1 overflow-hidden rounded-full bg-line" aria-hidden="true">
          <div className="h-full bg-accent" style={{ width: `${(100 * progress.done) / Math.max(1, progress.total)}%` }} />
        </div>
      )}
      {error && (
        <p role="alert" className="text-sm text-wrong">
          {t('studio.tryFailed', { why: error.message })}
        </p>
      )}
      {soFar && <p className="mb-3 text-lg text-quiet">{t('studio.soFar', { earned: number(soFar.earned), of: number(soFar.eligible) })}</p>}
      {isReady && !result && !error && <Skeleton className="mt-2 h-64" />}
      {result && (
        <div aria-busy={isRunning} className={isRunning || !isReady ? 'grayscale' : ''}>
          {result.eligible === 0 ? (
            <p className="text-quiet">{t('studio.nobodyYet')}</p>
          ) : (
            <>
              {!soFar && <p className="mb-3 text-lg font-semibold">{t('studio.wouldHave', { earned: number(result.earned), of: number(result.eligible) })}</p>}
              {!result.decided && <p className="mb-3 text-sm text-near">{t('studio.notDecided')}</p>}
              <Funnel of={result} />
              {result.difference && <DifferenceTo difference={result.difference} version={against} />}
              <div className="mt-4">
                {result.first.length > 0 && (
                  <More title={t('studio.wouldEarnCount', { count: result.first.length })}>
                    <WouldEarn of={result} />
                  </More>
                )}
                <More title={t('studio.nearMissesCount', { count: result.nearMisses.length })}>
                  <NearMisses of={result} />
                </More>
                {result.overTime.periods.length > 0 && (
                  <More title={t('studio.overTime')}>
                    <OverTime of={result} />
                  </More>
                )}
              </div>
            </>
          )}
        </div>
      )}
    </Card>
  );
};
