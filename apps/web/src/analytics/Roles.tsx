import { Link } from '@tanstack/react-router';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { useLanguage } from '../language.ts';
import { csvOf } from './csv.ts';
import type { RolesReport } from './queries.ts';
import { save } from './save.ts';
import { SaveAsCsv } from './SaveAsCsv.tsx';
import { Told } from './Told.tsx';
import './texts.ts';

/** How far people are on the way to each role: as many bars as there are numbers of badges, each of which leads to its learners. */
export const Roles = ({ of: { items } }: { readonly of: RolesReport }) => {
  const { t, say, number, percent } = useLanguage();
  if (items.length === 0) return <p className="py-6 text-quiet">{t('insight.roles.none')}</p>;
  const rangeName = ({ from, to }: { readonly from: number; readonly to: number }, all: number): string => {
    if (from === 0 && to === all) return t('insight.roles.any');
    if (from !== to) return t('insight.roles.range', { from: number(from), to: number(to) });
    return from === 0 ? t('insight.roles.nothing') : from === all ? t('insight.roles.all', { count: all, amount: number(all) }) : t('insight.roles.some', { count: from, amount: number(from) });
  };
  const csv = (): void => {
    const lines = items.flatMap(({ name, role, badges, ranges }) => ranges.map(({ from, to, learners }) => [say(name), role, badges.length, from, to, learners ?? t('analytics.untold')]));
    save('roles.csv', 'text/csv', csvOf([[t('insight.roles.role'), 'ID', t('insight.roles.badges'), t('insight.roles.least'), t('insight.roles.most'), t('analytics.learners')], ...lines]));
  };
  return (
    <>
      <p className="mb-4 max-w-prose text-sm text-quiet">{t('insight.roles.about')}</p>
      <div className="grid gap-x-10 gap-y-8 lg:grid-cols-2">
        {items.map(({ role, name, badges, holders, ranges }) => {
          const everybody = ranges.reduce((sum, { learners }) => sum + (learners ?? 0), 0);
          return (
            <section key={role} aria-label={say(name)}>
              <div className="mb-3 flex items-center gap-3">
                <BadgeArt badge={role} size={40} />
                <div className="min-w-0">
                  <h3 className="text-base">{say(name)}</h3>
                  <p className="text-sm text-quiet">
                    {t('insight.roles.holders')}{' '}
                    <Link to="/awards" search={{ badge: role, state: 'active' }} preload={false} className="underline decoration-line underline-offset-4 hover:decoration-ink">
                      <Told figure={holders} />
                    </Link>
                  </p>
                </div>
              </div>
              <ol className="grid gap-1">
                {[...ranges].reverse().map((range) => {
                  const share = range.learners === null || everybody === 0 ? undefined : range.learners / everybody;
                  return (
                    <li key={range.from}>
                      <Link to="/analytics/roles/$role" params={{ role }} search={{ from: range.from, to: range.to }} preload={false} className="group grid min-h-11 grid-cols-[7.5rem_1fr_auto] items-center gap-x-3 text-sm">
                        <span className="group-hover:underline">{rangeName(range, badges.length)}</span>
                        <span aria-hidden="true" className="h-3 rounded-full bg-line/60">
                          {share !== undefined && share > 0 && <span className="block h-full min-w-1.5 rounded-full bg-chart" style={{ width: `${share * 100}%` }} />}
                        </span>
                        <span className="min-w-16 text-right">
                          <strong className="font-semibold">
                            <Told figure={range.learners} />
                          </strong>
                          {share !== undefined && <span className="ml-2 text-xs text-quiet">{percent(share)}</span>}
                        </span>
                      </Link>
                    </li>
                  );
                })}
              </ol>
              {ranges.some(({ from, to, learners }) => from !== to && learners !== null) && <p className="mt-2 text-xs text-quiet">{t('insight.roles.together')}</p>}
              <details className="mt-2 text-sm">
                <summary className="min-h-11 cursor-pointer content-center text-accent">{t('insight.roles.which', { count: badges.length, amount: number(badges.length) })}</summary>
                <ul className="ml-5 list-disc">
                  {badges.map(({ badges: alternatives }) => (
                    <li key={alternatives.map(({ badge }) => badge).join(' ')}>{alternatives.map((one) => say(one.name)).join(t('insight.roles.or'))}</li>
                  ))}
                </ul>
              </details>
            </section>
          );
        })}
      </div>
      <div className="mt-2 flex justify-end">
        <SaveAsCsv onSave={csv} />
      </div>
    </>
  );
};
