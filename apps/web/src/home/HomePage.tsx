import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { seesAnalytics } from '../analytics/seen-by.ts';
import { urlOf } from '../api/ask.ts';
import { meQuery } from '../api/queries.ts';
import { Waiting } from '../awards/Waiting.tsx';
import { givesBadges } from '../batches/seen-by.ts';
import { buttonLook } from '../design/Button.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { mayOperate } from '../operation/roles.ts';
import { seesPeople } from '../people/seen-by.ts';
import { seesProgress } from '../progress/seen-by.ts';
import { maySeeRules } from '../studio/may-write.ts';

/** The server says in the document that one may choose who to be. */
const DEMO = document.body.dataset['demo'] !== undefined;
const ROLES = ['learner', 'instructor', 'admin', 'auditor', 'operator'] as const;
const ROW = 'group quiet-motion flex min-h-16 items-center justify-between gap-4 rounded-card border bg-surface p-4 shadow-card hover:border-accent';

const Row = ({ name, about }: { readonly name: string; readonly about: string }) => (
  <>
    <span>
      <span className="block font-semibold">{name}</span>
      <span className="block text-sm text-quiet">{about}</span>
    </span>
    <ArrowRight size={18} aria-hidden="true" className="shrink-0 text-accent" />
  </>
);

/** Where one begins: who one is, and what that opens. */
export const HomePage = () => {
  const { t } = useLanguage();
  const { data: me, isPending } = useQuery(meQuery());
  return (
    <div className="mx-auto max-w-2xl">
      <PageTitle className="text-2xl">{t('product')}</PageTitle>
      <p className="mt-3 text-lg text-quiet">{t('home.lead')}</p>
      {isPending && <Skeleton className="mt-10 h-40" />}
      {me && (
        <>
          <p className="mt-10 mb-3 text-sm text-quiet">{t('home.signedIn', { role: me.kind === 'person' ? me.roles.map((role) => t(`roles.${role}`)).join(', ') : me.id })}</p>
          <Waiting />
          <ul className="grid gap-3">
            {me.kind === 'person' && me.learner !== undefined && (
              <li>
                <Link to="/learners/$learner" params={{ learner: me.learner }} className={ROW}>
                  <Row name={t('nav.path')} about={t('home.about.learner')} />
                </Link>
              </li>
            )}
            {seesProgress(me) && (
              <li>
                <Link to="/progress" className={ROW}>
                  <Row name={t('nav.progress')} about={t('home.about.progress')} />
                </Link>
              </li>
            )}
            {seesAnalytics(me) && (
              <li>
                <Link to="/analytics" className={ROW}>
                  <Row name={t('analytics.title')} about={t('analytics.about')} />
                </Link>
              </li>
            )}
            {givesBadges(me) && (
              <li>
                <Link to="/batches" className={ROW}>
                  <Row name={t('nav.batches')} about={t('home.about.batches')} />
                </Link>
              </li>
            )}
            {seesPeople(me) && (
              <li>
                <Link to="/people" className={ROW}>
                  <Row name={t('nav.people')} about={t('home.about.people')} />
                </Link>
              </li>
            )}
            {maySeeRules(me) && (
              <li>
                <Link to="/rules" className={ROW}>
                  <Row name={t('nav.rules')} about={t('home.rules')} />
                </Link>
              </li>
            )}
            {mayOperate(me) && (
              <li>
                <Link to="/operation" className={ROW}>
                  <Row name={t('nav.operation')} about={t('operation.lead')} />
                </Link>
              </li>
            )}
            <li>
              <Link to="/badges" className={ROW}>
                <Row name={t('badges.title')} about={t('badges.lead')} />
              </Link>
            </li>
          </ul>
        </>
      )}
      {me === null && !DEMO && (
        <a href={urlOf(`/sign-in?to=${encodeURIComponent('/app/')}`)} className={`mt-10 ${buttonLook('primary')}`}>
          {t('nav.signIn')}
        </a>
      )}
      {me === null && DEMO && (
        <>
          <p className="mt-10 mb-3 text-quiet">{t('home.demo')}</p>
          <h2 className="mb-3 text-lg">{t('home.as')}</h2>
          <ul className="grid gap-3">
            {ROLES.map((role) => (
              <li key={role}>
                <a href={urlOf(`/sign-in/demo/${role}?to=${encodeURIComponent('/app/')}`)} className={ROW}>
                  <Row name={t(`roles.${role}`)} about={t(`home.about.${role}`)} />
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="mt-8 flex flex-wrap gap-x-6 gap-y-2 text-sm">
        <a className="inline-flex min-h-11 items-center text-accent underline" href={urlOf('/verify')}>
          {t('home.verify')}
        </a>
        <a className="inline-flex min-h-11 items-center text-accent underline" href={urlOf('/docs')}>
          {t('home.api')}
        </a>
      </p>
    </div>
  );
};
