import './texts.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { meQuery } from '../api/queries.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { buttonLook } from '../design/Button.tsx';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { BOX } from '../design/field.ts';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { draftsQuery } from './drafts.ts';
import { mayWriteRules } from './may-write.ts';
import { Proposals } from './Proposals.tsx';
import { diagnosticsQuery, proposalsQuery, rulesQuery } from './queries.ts';
import { rulesSearch } from './search.ts';
import { useNames } from './suggestions.ts';
import type { DraftRow, RuleRow } from './types.ts';

const Row = ({ rule, draft, course }: { readonly rule: RuleRow; readonly draft: DraftRow | undefined; readonly course: string }) => {
  const { t, say, date } = useLanguage();
  const { badge, name, version, publishedAt, retired } = rule;
  return (
    <Link to="/rules/$badge" params={{ badge }} className="flex items-center gap-4 rounded-card border bg-surface p-4 shadow-card hover:border-accent">
      <BadgeArt badge={badge} size={48} faded={retired !== undefined} />
      <span className="min-w-0 grow">
        <span className="block font-semibold">{say(name)}</span>
        <span className="flex flex-wrap gap-x-3 text-sm text-quiet">
          <span>{course}</span>
          <span>
            {t('studio.version', { version })}, {t('studio.published', { date: date(publishedAt) })}
          </span>
          {retired && <span className="text-wrong">{t('studio.retired')}</span>}
          {draft && <span className="text-near">{t('studio.draftOf', { time: date(draft.savedAt) })}</span>}
        </span>
      </span>
    </Link>
  );
};

/** The rules, what is being written of them, and what waits or is wrong. */
export const RulesPage = () => {
  const { t, say, time } = useLanguage();
  const navigate = useNavigate();
  const asked = rulesSearch({ ...useSearch({ from: '/rules' }) });
  const { data: me } = useQuery(meQuery());
  const mayWrite = mayWriteRules(me);
  const rules = useQuery(rulesQuery());
  const all = [rules, useQuery(diagnosticsQuery()), useQuery(proposalsQuery()), useQuery({ ...draftsQuery(), enabled: mayWrite })] as const;
  const [, { data: diagnostics }, { data: proposals }, { data: drafts }] = all;
  const names = useNames('');
  // What was there stays where asking for it again failed.
  const failed = all.find(({ isError, data }) => isError && data === undefined);
  const failure = failed && <Failure error={failed.error} retry={() => all.forEach(({ isError, refetch }) => void (isError && refetch()))} />;
  if (rules.isError && !rules.data) return failure;
  const items = rules.data?.items;
  const titleOf = (course: string): string => (course === '' ? t('studio.noCourse') : (names?.courses.find(({ id }) => id === course)?.title ?? course));
  const courses = [...new Set((items ?? []).map(({ course }) => course))].sort();
  const sought = (asked.q ?? '').toLocaleLowerCase();
  const shown = items?.filter(({ course, name, badge }) => (asked.course === undefined || course === asked.course) && [badge, ...Object.values(name)].some((text) => text.toLocaleLowerCase().includes(sought)));
  const draftOf = (badge: string): DraftRow | undefined => drafts?.items.find((one) => one.badge === badge);
  const unpublished = (drafts?.items ?? []).filter(({ badge }) => items?.every((rule) => rule.badge !== badge));
  const nameOf = (badge: string): string => {
    const rule = items?.find((one) => one.badge === badge);
    return rule ? say(rule.name) : badge;
  };
  const search = (change: { readonly course?: string; readonly q?: string }): void => void navigate({ to: '/rules', search: rulesSearch({ ...asked, ...change }), replace: true });
  return (
    <>
      <div className="mb-5 flex flex-wrap items-end justify-between gap-4">
        <div>
          <PageTitle className="text-xl">{t('studio.title')}</PageTitle>
          <p className="mt-1 text-quiet">{t('studio.lead')}</p>
        </div>
        {mayWrite && (
          <Link to="/rules/new" className={buttonLook('primary')}>
            <Plus size={16} aria-hidden="true" />
            {t('studio.new')}
          </Link>
        )}
      </div>
      {failure}
      {diagnostics && diagnostics.errors.length > 0 && (
        <section role="alert" className="mb-5 rounded-card border border-wrong bg-surface p-4 text-sm">
          <p className="font-semibold text-wrong">{t('studio.wrongFiles')}</p>
          <ul className="mt-2 grid gap-1">
            {diagnostics.errors.map(({ file, line, column, message }, i) => (
              <li key={i}>
                <span className="text-quiet">{t('studio.place', { file, line, column })}</span>: <span lang="en">{message}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {diagnostics && diagnostics.circular.length > 0 && (
        <section role="alert" className="mb-5 rounded-card border border-near bg-surface p-4 text-sm">
          <p className="font-semibold text-near">{t('studio.circular')}</p>
          <ul className="mt-2 grid gap-1" lang="en">
            {diagnostics.circular.map(({ badge, message }) => (
              <li key={badge}>{message}</li>
            ))}
          </ul>
        </section>
      )}
      {proposals && proposals.items.length > 0 && <Proposals proposals={proposals.items} nameOf={nameOf} mayDecide={mayWrite} />}
      <div className="mb-4 flex flex-wrap gap-3">
        <input type="search" className={`${BOX} min-w-0 grow basis-60`} placeholder={t('studio.search')} aria-label={t('studio.search')} value={asked.q ?? ''} onChange={({ target }) => search({ q: target.value })} />
        <select className={`${BOX} max-w-full`} aria-label={t('studio.inCourse')} value={asked.course ?? ''} onChange={({ target }) => search({ course: target.value })}>
          <option value="">{t('studio.allCourses')}</option>
          {courses.filter((course) => course !== '').map((course) => (
            <option key={course} value={course}>
              {titleOf(course)}
            </option>
          ))}
        </select>
      </div>
      {unpublished.length > 0 && (
        <section aria-label={t('studio.drafts')} className="mb-5">
          <h2 className="mb-2 text-lg">{t('studio.drafts')}</h2>
          <ul className="grid gap-3 sm:grid-cols-2">
            {unpublished.map(({ badge, course, savedAt }) => (
              <li key={badge}>
                <Link to="/rules/$badge" params={{ badge }} className="block rounded-card border border-dashed border-quiet/60 bg-surface p-4 hover:border-accent">
                  <span className="block font-semibold">{badge}</span>
                  <span className="text-sm text-quiet">
                    {titleOf(course)}, {t('studio.draftOf', { time: time(savedAt) })}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      {!shown && (
        <div role="status" aria-label={t('state.loading')} className="grid gap-3 sm:grid-cols-2">
          {Array.from({ length: 6 }, (_, i) => (
            <Skeleton key={i} className="h-20" />
          ))}
        </div>
      )}
      {shown && shown.length === 0 && <p className="rounded-card border border-dashed p-6 text-quiet">{t(items?.length === 0 ? 'studio.empty' : 'studio.emptyFound')}</p>}
      <ul className="grid gap-3 lg:grid-cols-2">
        {shown?.map((rule) => (
          <li key={rule.badge}>
            <Row rule={rule} draft={draftOf(rule.badge)} course={titleOf(rule.course)} />
          </li>
        ))}
      </ul>
    </>
  );
};
