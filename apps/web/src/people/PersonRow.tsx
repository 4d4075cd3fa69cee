import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Confirm } from '../design/Confirm.tsx';
import { FIELD } from '../design/field.ts';
import { useLanguage } from '../language.ts';
import { changeRoles, close, inviteAgain, peopleQuery, type Account, type Invited } from './queries.ts';
import { RoleFields, saidIn } from './RoleFields.tsx';

const LONGEST_REASON = 500;
const SHORT = 8;
/** As much of an account's id as tells those apart that have no login. */
export const shortId = (id: string): string => id.slice(0, SHORT);

/** Somebody who signs in: what they are, and what can be done about that. */
export const PersonRow = ({ person, isMe, hasProvider, mayChange, onInvited }: { readonly person: Account; readonly isMe: boolean; readonly hasProvider: boolean; readonly mayChange: boolean; readonly onInvited: (invited: Invited) => void }) => {
  const { t, date } = useLanguage();
  const queries = useQueryClient();
  const { id, status, roles, courses, learner, login, openedAt, invited } = person;
  const who = login ?? `${t('people.someone')} (${shortId(id)})`;
  const fresh = (): Promise<void> => queries.invalidateQueries({ queryKey: peopleQuery().queryKey });
  const change = async (form: FormData): Promise<void> => {
    const said = saidIn(form);
    if (!said.ok) throw new Error(t(`people.${said.missing}`));
    if (isMe && !said.roles.roles.includes('admin')) throw new Error(t('people.ownAdmin'));
    await changeRoles(id, said.roles);
    await fresh();
  };
  const again = async (): Promise<Invited> => {
    const made = await inviteAgain(id);
    await fresh();
    return made;
  };
  const end = async (form: FormData): Promise<void> => {
    const reason = form.get('reason');
    await close(id, typeof reason === 'string' ? reason.trim() : '');
    await fresh();
  };
  const failed = (error: Error): string => error.message;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3">
      <div className="min-w-0 grow basis-64">
        <p className="flex flex-wrap items-baseline gap-x-2">
          {login !== undefined && <span className="font-semibold">{login}</span>}
          {login === undefined && status === 'open' && <span className="font-medium text-near">{t(invited ? 'people.nameless' : hasProvider ? 'people.ofProvider' : 'people.otherwise')}</span>}
          {login === undefined && <code className="text-sm text-quiet">{shortId(id)}</code>}
          {isMe && <span className="rounded-card border px-1.5 text-xs text-quiet">{t('people.you')}</span>}
          {status === 'closed' && <span className="text-sm text-quiet">{t('people.closed')}</span>}
        </p>
        <p className="text-sm">{roles.map((role) => t(`roles.${role as 'admin'}`)).join(' · ')}</p>
        <p className="flex flex-wrap gap-x-3 text-sm text-quiet">
          {roles.includes('instructor') && <span>{t('people.teaches', { courses: courses.length > 0 ? courses.join(', ') : t('people.allCourses') })}</span>}
          {learner !== undefined && (
            <Link to="/learners/$learner" params={{ learner }} className="text-accent hover:underline">{t('people.learns', { learner })}</Link>
          )}
          <time dateTime={openedAt}>{t('people.since', { day: date(openedAt) })}</time>
        </p>
      </div>
      {mayChange && status === 'open' && (
        <div className="-mx-4 flex flex-wrap items-center whitespace-nowrap sm:mx-0">
          {invited && (
            <Confirm look="bare" ask={t('people.change')} askLabel={`${t('people.change')} ${who}`} title={t('people.changeTitle', { who })} about={t('people.changeAbout')} act={t('people.changeAct')} run={change} failed={failed}>
              <RoleFields of={person} />
            </Confirm>
          )}
          {invited && !isMe && <Confirm look="bare" ask={t('people.again')} askLabel={`${t('people.again')} ${who}`} title={t('people.againTitle', { who })} about={t('people.againAbout')} act={t('people.againAct')} run={again} show={onInvited} />}
          {!isMe && (
            <Confirm look="bare" grave ask={t('people.close')} askLabel={`${t('people.close')} ${who}`} title={t('people.closeTitle', { who })} about={t('people.closeAbout')} act={t('people.closeAct')} run={end}>
              <label className="mt-4 block text-sm">
                {t('people.closeWhy')}
                <input name="reason" required maxLength={LONGEST_REASON} autoComplete="off" className={`mt-1 ${FIELD}`} />
              </label>
            </Confirm>
          )}
        </div>
      )}
    </li>
  );
};
