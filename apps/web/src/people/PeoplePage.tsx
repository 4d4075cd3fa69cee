import './texts.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { AskError } from '../api/ask.ts';
import { meQuery } from '../api/queries.ts';
import { Button } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { hasRole } from '../operation/roles.ts';
import { InviteForm } from './InviteForm.tsx';
import { LinkOnce } from './LinkOnce.tsx';
import { PersonRow } from './PersonRow.tsx';
import { peopleQuery, type Account, type Invited } from './queries.ts';
import { peopleSearch, ROLES, type PeopleSearch } from './said.ts';
import { seesPeople } from './seen-by.ts';

const FIELD = 'mt-1 block min-h-11 w-full rounded-card border border-quiet/50 bg-paper px-3 text-base text-ink';
const [AT_FIRST, MORE] = [50, 200];

const isLike = ({ role, text }: PeopleSearch) => {
  const sought = text?.trim().toLowerCase();
  return ({ login, learner, courses, roles, id }: Account): boolean =>
    (role === undefined || roles.includes(role)) && (sought === undefined || [login, learner, id, ...courses].some((one) => one?.toLowerCase().includes(sought)));
};

/** Who signs in here, and what each may do. */
export const PeoplePage = () => {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const asked = peopleSearch({ ...useSearch({ from: '/people' }) });
  const navigate = useNavigate({ from: '/people' });
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<Invited>();
  const [shown, setShown] = useState(AT_FIRST);
  const [sought, setSought] = useState(asked.text ?? '');
  const { data: me, error, refetch, isPending } = useQuery(meQuery());
  const allowed = me && seesPeople(me);
  const people = useQuery({ ...peopleQuery(), enabled: allowed === true });
  if (isPending) return <Skeleton className="h-[40rem]" />;
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!me || !allowed) return <Failure error={new AskError(403, {})} />;
  const mayChange = hasRole(me, 'admin');
  const change = (to: Readonly<Record<keyof PeopleSearch, string>>): void => {
    setSought(to.text);
    void navigate({ search: peopleSearch(to), replace: true, resetScroll: false });
  };
  const invited = (made: Invited): void => {
    setInviting(false);
    setLink(made);
    void queries.invalidateQueries({ queryKey: peopleQuery().queryKey });
  };
  const items = people.data?.items ?? [];
  const found = items.filter(isLike({ ...asked, text: sought }));
  const [open, closed] = [found.filter(({ status }) => status === 'open'), found.filter(({ status }) => status === 'closed')];
  const rowOf = (person: Account) => <PersonRow key={person.id} person={person} isMe={person.id === me.id} hasProvider={people.data?.provider !== undefined} mayChange={mayChange} onInvited={invited} />;
  return (
    <>
      <div className="mb-5 flex flex-wrap items-end justify-between gap-3">
        <div>
          <PageTitle className="text-xl">{t('nav.people')}</PageTitle>
          <p className="mt-1 text-quiet">{t('people.lead')}</p>
        </div>
        {mayChange && (
          <Button look={inviting ? 'plain' : 'primary'} aria-expanded={inviting} onClick={() => setInviting(!inviting)}>
            {t(inviting ? 'people.cancel' : 'people.invite')}
          </Button>
        )}
      </div>
      <div className="grid grid-cols-1 gap-5">
        {people.data?.provider !== undefined && <p className="max-w-prose rounded-card border p-4 text-sm text-quiet">{t('people.provider', { provider: people.data.provider })}</p>}
        {inviting && <InviteForm onInvited={invited} />}
        {link && <LinkOnce invited={link} onKept={() => setLink(undefined)} />}
        <Card title={t('people.list')} aside={people.data && <span aria-live="polite" className="text-sm text-quiet">{t('people.found', { count: open.length })}</span>}>
          {people.isPending && <Skeleton className="h-64" />}
          {people.error && <Failure error={people.error} retry={() => void people.refetch()} />}
          {people.data && items.length === 0 && <p className="py-4 text-quiet">{t('people.empty')}</p>}
          {items.length > 0 && (
            <div className="mb-3 grid grid-cols-1 gap-3 text-sm text-quiet sm:grid-cols-[minmax(0,20rem)_minmax(0,14rem)]">
              <label className="block min-w-0">
                {t('people.search')}
                <input type="search" value={sought} onChange={({ target }) => change({ role: asked.role ?? '', text: target.value })} className={FIELD} />
              </label>
              <label className="block min-w-0">
                {t('people.role')}
                <select value={asked.role ?? ''} onChange={({ target }) => change({ role: target.value, text: sought })} className={FIELD}>
                  <option value="">{t('people.anyRole')}</option>
                  {ROLES.map((role) => (
                    <option key={role} value={role}>{t(`roles.${role}`)}</option>
                  ))}
                </select>
              </label>
            </div>
          )}
          {items.length > 0 && found.length === 0 && <p className="py-4 text-quiet">{t('people.none')}</p>}
          <ul className="divide-y">{open.slice(0, shown).map(rowOf)}</ul>
          {open.length > shown && <Button className="mt-3" onClick={() => setShown(shown + MORE)}>{t('people.more')}</Button>}
          {closed.length > 0 && (
            <details className="mt-4">
              <summary className="inline-flex min-h-11 cursor-pointer items-center text-sm text-quiet">{t('people.showClosed', { count: closed.length })}</summary>
              <ul className="divide-y">{closed.slice(0, shown).map(rowOf)}</ul>
            </details>
          )}
        </Card>
      </div>
    </>
  );
};
