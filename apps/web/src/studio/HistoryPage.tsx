import './texts.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { AskError } from '../api/ask.ts';
import { meQuery } from '../api/queries.ts';
import { Button } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { BOX } from '../design/field.ts';
import { ScrollBox } from '../design/ScrollBox.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { useBacktest } from './backtest.ts';
import { Changes } from './Changes.tsx';
import { lineDifference } from './line-difference.ts';
import { mayWriteRules } from './may-write.ts';
import { DifferenceTo } from './OnRecord.tsx';
import { versionsQuery } from './queries.ts';
import { historySearch } from './search.ts';

const LOOK = { same: '', gone: 'bg-wrong/10', new: 'bg-met/10' } as const;
const SIGN = { same: ' ', gone: '−', new: '＋' } as const;

const Lines = ({ before, after }: { readonly before: string; readonly after: string }) => {
  const { t } = useLanguage();
  const lines = lineDifference(before, after);
  if (lines.every(({ kind }) => kind === 'same')) return <p className="text-sm text-quiet">{t('studio.linesSame')}</p>;
  return (
    <ScrollBox name={t('studio.changes')} className="rounded-card border bg-paper">
      <pre className="min-w-fit py-2 text-sm leading-6">
        {lines.map(({ kind, text }, i) => (
          <div key={i} className={`px-3 ${LOOK[kind]}`}>
            <span aria-hidden="true" className="mr-3 text-quiet select-none">
              {SIGN[kind]}
            </span>
            {kind !== 'same' && <span className="sr-only">{t(kind === 'gone' ? 'studio.before' : 'studio.after')}: </span>}
            {text}
          </div>
        ))}
      </pre>
    </ScrollBox>
  );
};

/** Whom a version touches otherwise than another: asked for, since it reads all that is recorded. */
const Touched = ({ badge, version, against }: { readonly badge: string; readonly version: number; readonly against: number }) => {
  const { t, number } = useLanguage();
  const [isAsked, setAsked] = useState(false);
  const { result, progress, isRunning, error } = useBacktest(isAsked ? { badge, version, against } : undefined);
  return (
    <Card title={t('studio.tryDifference')}>
      {!isAsked && <Button onClick={() => setAsked(true)}>{t('studio.tryDifference')}</Button>}
      <p role="status" className="text-sm text-quiet empty:hidden">
        {isRunning && (progress ? t('studio.trying', { done: number(progress.done), total: number(progress.total) }) : t('studio.tryingSoon'))}
      </p>
      {error && (
        <p role="alert" className="text-sm text-wrong">
          {t('studio.tryFailed', { why: error.message })}
        </p>
      )}
      {result?.difference && (
        <>
          <DifferenceTo difference={result.difference} version={against} />
          {result.difference.changes.length > 0 && (
            <div className="mt-4">
              <h3 className="mb-2 font-semibold">{t('studio.changes')}</h3>
              <Changes changes={result.difference.changes} />
            </div>
          )}
        </>
      )}
    </Card>
  );
};

/** Every version of a rule, and what differs between two of them. */
export const HistoryPage = () => {
  const { t, say, time } = useLanguage();
  const navigate = useNavigate();
  const { badge } = useParams({ from: '/rules/$badge/history' });
  const asked = historySearch({ ...useSearch({ from: '/rules/$badge/history' }) });
  const { data: me } = useQuery(meQuery());
  const { data: versions, error, refetch } = useQuery(versionsQuery(badge));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!versions) return <Skeleton className="h-[40rem]" />;
  const shown = versions.find(({ version }) => version === asked.version) ?? versions[0];
  if (!shown) return <Failure error={new AskError(404, {})} />;
  const against = versions.find(({ version }) => version === (asked.against ?? shown.version - 1));
  const goTo = (search: { readonly version?: number; readonly against?: number }): void => void navigate({ to: '/rules/$badge/history', params: { badge }, search });
  return (
    <>
      <Link to="/rules/$badge" params={{ badge }} className="mb-4 inline-flex min-h-11 items-center gap-2 text-sm text-quiet hover:text-ink">
        <ArrowLeft size={16} aria-hidden="true" />
        {say(shown.name)}
      </Link>
      <PageTitle className="mb-5 text-xl">{t('studio.historyOf', { name: say(shown.name) })}</PageTitle>
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[18rem_minmax(0,1fr)]">
        <nav aria-label={t('studio.history')}>
          <ol className="grid gap-2">
            {versions.map(({ version, publishedAt, publishedBy, publishedByName, retired }) => (
              <li key={version}>
                <button type="button" aria-current={version === shown.version} onClick={() => goTo({ version })} className={`block w-full rounded-card border bg-surface p-3 text-left text-sm ${version === shown.version ? 'border-accent' : 'hover:border-quiet'}`}>
                  <span className="block font-semibold">{t('studio.version', { version })}</span>
                  <span className="block text-quiet">{publishedBy === undefined ? t('studio.published', { date: time(publishedAt) }) : t('studio.publishedBy', { date: time(publishedAt), who: publishedByName ?? publishedBy.slice(0, 8) })}</span>
                  {retired && (
                    <>
                      <span className="block text-wrong">{t('studio.retired')}</span>
                      <span className="block text-quiet">{retired.reason}</span>
                    </>
                  )}
                </button>
              </li>
            ))}
          </ol>
        </nav>
        <div className="grid min-w-0 grid-cols-1 gap-5">
          <Card
            title={t('studio.version', { version: shown.version })}
            aside={
              versions.length > 1 && (
                <label className="flex items-center gap-2 text-sm text-quiet">
                  {t('studio.compare')}
                  <select className={BOX} value={against?.version ?? ''} onChange={({ target }) => goTo({ version: shown.version, against: Number(target.value) })}>
                    {!against && <option value="">{t('studio.none')}</option>}
                    {versions.filter(({ version }) => version !== shown.version).map(({ version }) => (
                      <option key={version} value={version}>
                        {t('studio.version', { version })}
                      </option>
                    ))}
                  </select>
                </label>
              )
            }
          >
            {!against && <p className="mb-3 text-sm text-quiet">{t('studio.nothingBefore')}</p>}
            {against ? (
              <Lines before={against.source} after={shown.source} />
            ) : (
              <ScrollBox name={t('studio.textOf')} className="rounded-card border bg-paper">
                <pre className="p-3 text-sm leading-6">{shown.source}</pre>
              </ScrollBox>
            )}
          </Card>
          {against && mayWriteRules(me) && <Touched key={`${shown.version} ${against.version}`} badge={badge} version={shown.version} against={against.version} />}
        </div>
      </div>
    </>
  );
};
