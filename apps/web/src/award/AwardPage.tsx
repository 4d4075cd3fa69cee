import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, Download, ExternalLink, Link2, Share2, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { send, urlOf } from '../api/ask.ts';
import { awardQuery, badgesQuery, credentialQuery, explanationQuery } from '../api/queries.ts';
import type { AwardDetail, Explanation } from '../api/types.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { Button } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { useClipboard } from '../design/clipboard.ts';
import { Failure } from '../design/Failure.tsx';
import { FIELD } from '../design/field.ts';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { CriteriaList } from '../learner/Criteria.tsx';
import { Decision } from './Decision.tsx';
import { STATES } from './states.ts';

const FIRST = 8;

const Evidence = ({ evidence }: { readonly evidence: Explanation['evidence'] }) => {
  const { t, date, number } = useLanguage();
  const [all, setAll] = useState(false);
  if (evidence.length === 0) return <p className="text-quiet">{t('award.evidenceNone')}</p>;
  return (
    <>
      <ul className="divide-y">
        {(all ? evidence : evidence.slice(0, FIRST)).map(({ id, time, values, activity, correctedBy }) => (
          <li key={id} className="grid grid-cols-[5rem_1fr_auto] gap-x-3 py-2 text-sm">
            <time dateTime={time} className="text-quiet">
              {date(time, 'short')}
            </time>
            <span className="min-w-0">
              {values.title ?? activity}
              {correctedBy.length > 0 && <span className="ml-2 text-near">{t('timeline.corrected')}</span>}
            </span>
            <span>{values.score === undefined ? (values.status ?? '') : `${number(values.score)}${values.max === undefined ? '' : ` / ${number(values.max)}`}`}</span>
          </li>
        ))}
      </ul>
      {!all && evidence.length > FIRST && (
        <Button look="bare" className="mt-2" onClick={() => setAll(true)}>
          {t('award.moreEvidence', { count: evidence.length - FIRST })}
        </Button>
      )}
    </>
  );
};

const ROW = 'inline-flex min-h-11 items-center gap-2.5 text-accent hover:underline';

/** Where the badge can be shown and taken along, once it is signed. */
const Share = ({ award }: { readonly award: AwardDetail }) => {
  const { t, language } = useLanguage();
  const { copied, copy: take } = useClipboard();
  const { credential } = award;
  const { data: shown } = useQuery({ ...credentialQuery(credential ?? '', language), enabled: credential !== undefined });
  if (credential === undefined) return <p className="text-quiet">{t('award.noCredential')}</p>;
  const page = urlOf(`/v/${credential}`);
  // A badge may not be there in the language of the page.
  const editions = shown?.documents.map((document) => document.language) ?? [language];
  const edition = editions.includes(language) ? language : (editions[0] ?? language);
  const files = [
    ['image', `/credentials/${credential}/${edition}/badge.png`],
    ['certificate', `/credentials/${credential}/${edition}/certificate.pdf`],
    ['credential', `/credentials/${credential}/${edition}`],
  ] as const;
  const shared = (to: 'link' | 'linkedin'): void => {
    send(`/v1/credentials/${credential}/shares`, { to }).catch(() => undefined); // it is counted for the school alone: the learner has shared, whether it was or not
  };
  const copy = async (): Promise<void> => {
    if (await take(page)) shared('link');
  };
  return (
    <ul className="grid">
      <li>
        <a className={ROW} href={page}>
          <ExternalLink size={18} aria-hidden="true" />
          {t('award.page')}
        </a>
      </li>
      <li>
        <button type="button" className={ROW} onClick={() => void copy()}>
          <Link2 size={18} aria-hidden="true" />
          <span aria-live="polite">{copied(page) === 'done' ? t('award.copied') : t('award.copy')}</span>
        </button>
        <div aria-live="polite" className="mb-2 text-sm text-near empty:hidden">
          {copied(page) === 'refused' && (
            <>
              <p>{t('copy.refused')}</p>
              <input readOnly value={page} aria-label={t('award.page')} onFocus={({ target }) => target.select()} className={`${FIELD} mt-1 text-ink`} />
            </>
          )}
        </div>
      </li>
      {(['addToProfile', 'post'] as const).map((name) => {
        const href = shown?.share?.linkedIn[name];
        return (
          href !== undefined && (
            <li key={name}>
              <a className={ROW} href={href} target="_blank" rel="noreferrer" onClick={() => shared('linkedin')}>
                <Share2 size={18} aria-hidden="true" />
                {t(`award.${name}`)}
              </a>
            </li>
          )
        );
      })}
      {files.map(([name, path]) => (
        <li key={name}>
          <a className={ROW} href={urlOf(path)} download>
            <Download size={18} aria-hidden="true" />
            {t(`award.${name}`)}
          </a>
        </li>
      ))}
      <li>
        <a className={ROW} href={urlOf(`/v1/awards/${award.id}/proof`)} download title={t('award.proofLater')}>
          <ShieldCheck size={18} aria-hidden="true" />
          {t('award.proof')}
        </a>
      </li>
    </ul>
  );
};

/** The whole story of one award: what it proves, how, and what became of it. */
export const AwardPage = () => {
  const { t, say, date, time } = useLanguage();
  const { award: id } = useParams({ from: '/awards/$award' });
  const { data: award, error, refetch } = useQuery(awardQuery(id));
  const { data: badges } = useQuery(badgesQuery());
  const { data: explanation } = useQuery({ ...explanationQuery(award?.learner ?? '', award?.badge ?? '', award?.period), enabled: award !== undefined });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!award) return <Skeleton className="h-[40rem]" />;
  const badge = badges?.items.find((one) => one.id === award.badge);
  return (
    <>
      <Link to="/learners/$learner" params={{ learner: award.learner }} className="mb-4 inline-flex min-h-11 items-center gap-2 text-sm text-quiet hover:text-ink">
        <ArrowLeft size={16} aria-hidden="true" />
        {t('award.back')}
      </Link>
      <div className="flex flex-wrap items-center gap-x-8 gap-y-4">
        <BadgeArt badge={award.badge} size={160} faded={award.state !== 'active'} />
        <div className="min-w-0 basis-72 grow">
          <PageTitle className="text-2xl">{badge ? say(badge.name) : award.badge}</PageTitle>
          <p className="mt-2 flex flex-wrap gap-x-3">
            <strong className={`font-semibold ${STATES[award.state]}`}>{t(`award.states.${award.state}`)}</strong>
            <span className="text-quiet">{t('award.earnedOn', { date: date(award.earnedAt) })}</span>
            {explanation?.validUntil !== undefined && <span className="text-quiet">{t('award.validUntil', { date: date(explanation.validUntil) })}</span>}
          </p>
          {badge && <p className="mt-3 max-w-prose text-lg">{say(badge.criteriaText)}</p>}
        </div>
      </div>
      <div className="mt-8 grid items-start gap-5 lg:grid-cols-[2fr_1fr]">
        <div className="grid gap-5">
          <Card title={t('award.criteria')} aside={<span className="text-sm text-quiet">{t('award.rule', { version: award.rule.version })}</span>}>
            {explanation ? <CriteriaList criteria={[explanation.criteria]} /> : <Skeleton className="h-40" />}
          </Card>
          <Card title={t('award.evidence')}>{explanation ? <Evidence evidence={explanation.evidence} /> : <Skeleton className="h-40" />}</Card>
        </div>
        <div className="grid gap-5">
          <Decision award={award} name={badge ? say(badge.name) : award.badge} />
          <Card title={t('award.share')}>
            <Share award={award} />
          </Card>
          <Card title={t('award.history')}>
            <ol className="grid gap-3 text-sm">
              {award.history.map(({ type, at, cause, position }) => (
                <li key={position}>
                  <span className="block font-medium">{t(`award.changes.${type}`)}</span>
                  <time dateTime={at} className="block text-quiet">
                    {time(at)}
                  </time>
                  <span className="block text-quiet">{say(cause.text)}</span>
                </li>
              ))}
            </ol>
          </Card>
        </div>
      </div>
    </>
  );
};
