import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { AlertDialog, Switch } from 'radix-ui';
import { useState, type FormEvent } from 'react';
import { send, urlOf } from '../api/ask.ts';
import { profileQuery } from '../api/queries.ts';
import type { Erased, Profile } from '../api/types.ts';
import { Button, buttonLook } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';

const CONSENTS = ['public-name', 'linkedin', 'cohort-statistics'] as const;
const FIELD = 'mt-1 min-h-11 w-full rounded-card border bg-paper px-3';

const pathOf = (learner: string): string => `/v1/learners/${encodeURIComponent(learner)}`;

/** What was done, or why not; read out where it changes. */
const Outcome = ({ error, done }: { readonly error: Error | null; readonly done?: string | undefined }) => {
  const { t } = useLanguage();
  return (
    <span aria-live="polite" className="text-sm">
      {error ? <span className="text-wrong">{t('data.failed', { why: error.message })}</span> : <span className="text-met">{done}</span>}
    </span>
  );
};

/** Puts what the server says is kept now in the place of what was shown. */
const useChange = <Body extends object>(learner: string, what: string) => {
  const queries = useQueryClient();
  return useMutation({ mutationFn: (body: Body) => send<Profile>(`${pathOf(learner)}/${what}`, body), onSuccess: (profile) => queries.setQueryData(profileQuery(learner).queryKey, profile) });
};

const ProfileForm = ({ learner, profile }: { readonly learner: string; readonly profile: Profile }) => {
  const { t } = useLanguage();
  const change = useChange<Readonly<Record<'name' | 'email', string | null>>>(learner, 'profile');
  const save = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string): string | null => {
      const text = form.get(name);
      return typeof text === 'string' && text.trim() !== '' ? text.trim() : null;
    };
    change.mutate({ name: given('name'), email: given('email') });
  };
  return (
    <form onSubmit={save} className="grid gap-4 sm:grid-cols-2">
      <label className="block text-sm">
        {t('data.name')}
        <input name="name" defaultValue={profile.name ?? ''} maxLength={254} autoComplete="name" className={FIELD} />
      </label>
      <label className="block text-sm">
        {t('data.email')}
        <input name="email" type="email" defaultValue={profile.email ?? ''} maxLength={254} autoComplete="email" className={FIELD} />
      </label>
      <div className="flex items-center gap-4">
        <Button type="submit" look="primary" disabled={change.isPending}>
          {t('data.save')}
        </Button>
        <Outcome error={change.error} done={change.isSuccess ? t('data.saved') : undefined} />
      </div>
    </form>
  );
};

const Consents = ({ learner, profile }: { readonly learner: string; readonly profile: Profile }) => {
  const { t, date } = useLanguage();
  const change = useChange<{ readonly to: string; readonly given: boolean }>(learner, 'consents');
  return (
    <>
      <ul className="-my-3 divide-y">
        {CONSENTS.map((to) => {
          const { given = false, since } = profile.consents[to] ?? {};
          const [name, about] = t(`data.consent.${to}`, { returnObjects: true }) as readonly string[];
          return (
            <li key={to} className="flex items-start justify-between gap-6 py-3">
              <label htmlFor={to} className="min-w-0">
                <span className="block font-medium">{name}</span>
                <span className="block text-sm text-quiet">{about}</span>
                {given && since !== undefined && <span className="block text-sm text-quiet">{t('data.since', { date: date(since) })}</span>}
              </label>
              <Switch.Root id={to} checked={given} disabled={change.isPending} onCheckedChange={(on) => change.mutate({ to, given: on })} className="quiet-motion mt-1 h-7 w-12 shrink-0 rounded-full border border-quiet bg-line p-0.5 data-[state=checked]:border-accent data-[state=checked]:bg-accent">
                <Switch.Thumb className="quiet-motion block size-5.5 rounded-full bg-quiet shadow-card data-[state=checked]:translate-x-5 data-[state=checked]:bg-on-accent" />
              </Switch.Root>
            </li>
          );
        })}
      </ul>
      <Outcome error={change.error} />
    </>
  );
};

const Erase = ({ learner }: { readonly learner: string }) => {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const [typed, setTyped] = useState('');
  const erase = useMutation({ mutationFn: () => send<Erased>(`${pathOf(learner)}/erase`, { confirm: learner, reason: t('data.eraseReason') }), onSuccess: () => queries.removeQueries() });
  if (erase.isSuccess) {
    return (
      <p role="status" className="font-semibold">
        {t('data.erased')}
      </p>
    );
  }
  return (
    <>
      <p className="mb-4 max-w-prose text-quiet">{t('data.eraseAbout')}</p>
      <AlertDialog.Root onOpenChange={() => setTyped('')}>
        <AlertDialog.Trigger className={`${buttonLook('plain')} text-wrong`}>{t('data.eraseDo')}</AlertDialog.Trigger>
        <AlertDialog.Portal>
          <AlertDialog.Overlay className="fixed inset-0 bg-[#12141a]/60" />
          <AlertDialog.Content className="fixed top-1/2 left-1/2 w-[min(30rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 rounded-card border bg-surface p-6 shadow-card">
            <AlertDialog.Title className="text-lg font-semibold">{t('data.eraseSure', { learner })}</AlertDialog.Title>
            <AlertDialog.Description className="mt-2 text-sm text-quiet">{t('data.eraseAbout')}</AlertDialog.Description>
            <label className="mt-4 block text-sm">
              {t('data.eraseType', { learner })}
              <input value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" className={FIELD} />
            </label>
            <div className="mt-5 flex flex-wrap items-center justify-end gap-3">
              <Outcome error={erase.error} />
              <AlertDialog.Cancel className={buttonLook('plain')}>{t('data.cancel')}</AlertDialog.Cancel>
              <Button className="text-wrong" disabled={typed !== learner || erase.isPending} onClick={() => erase.mutate()}>
                {t('data.eraseNow')}
              </Button>
            </div>
          </AlertDialog.Content>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </>
  );
};

/** What is kept about a learner, what may be done with it, and how it goes. */
export const OwnDataPage = () => {
  const { t } = useLanguage();
  const { learner } = useParams({ from: '/learners/$learner/data' });
  const { data: profile, error, refetch } = useQuery(profileQuery(learner));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  return (
    <div className="mx-auto grid max-w-3xl gap-5">
      <div>
        <PageTitle className="text-xl">{t('data.title')}</PageTitle>
        <p className="mt-1 text-quiet">{t('data.lead')}</p>
      </div>
      <Card title={t('data.profile')}>{profile ? <ProfileForm learner={learner} profile={profile} /> : <Skeleton className="h-32" />}</Card>
      <Card title={t('data.consents')}>{profile ? <Consents learner={learner} profile={profile} /> : <Skeleton className="h-48" />}</Card>
      <Card title={t('data.shown')}>
        <p className="mb-4 max-w-prose text-quiet">{t('data.shownAbout')}</p>
        <Link to="/learners/$learner/share" params={{ learner }} className={buttonLook('plain')}>
          {t('data.shownDo')}
        </Link>
      </Card>
      <Card title={t('data.export')}>
        <p className="mb-4 max-w-prose text-quiet">{t('data.exportAbout')}</p>
        <a className={buttonLook('plain')} href={urlOf(`${pathOf(learner)}/export`)} download>
          {t('data.exportDo')}
        </a>
      </Card>
      <Card title={t('data.erase')}>
        <Erase learner={learner} />
      </Card>
    </div>
  );
};
