import { useId, useState } from 'react';
import { FIELD } from '../design/field.ts';
import { useLanguage } from '../language.ts';
import type { Account } from './queries.ts';
import { ROLES, rolesSaid, type Said } from './said.ts';

/** What a form with `RoleFields` in it says. */
export const saidIn = (form: FormData): Said => {
  const textOf = (name: string): string => {
    const given = form.get(name);
    return typeof given === 'string' ? given : '';
  };
  return rolesSaid(form.getAll('role').filter((one) => typeof one === 'string'), textOf('courses'), textOf('learner'));
};

/** Roles to choose from, with what belongs to some of them. */
export const RoleFields = ({ of }: { readonly of?: Pick<Account, 'roles' | 'courses' | 'learner'> }) => {
  const { t } = useLanguage();
  const ids = useId();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(of?.roles));
  return (
    <div className="mt-4 grid gap-4 text-left text-sm">
      <fieldset>
        <legend className="font-medium">{t('people.roles')}</legend>
        {ROLES.map((role) => (
          <label key={role} className="flex min-h-11 items-center gap-2.5">
            <input
              type="checkbox"
              name="role"
              value={role}
              checked={chosen.has(role)}
              onChange={({ target }) => setChosen(new Set(target.checked ? [...chosen, role] : [...chosen].filter((one) => one !== role)))}
              className="size-5 shrink-0 accent-accent"
            />
            <span>
              <span className="font-medium">{t(`roles.${role}`)}</span> <span className="text-quiet">{t(`people.roleAbout.${role}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {chosen.has('instructor') && (
        <div>
          <label htmlFor={`${ids}-courses`} className="font-medium">{t('people.courses')}</label>
          <input id={`${ids}-courses`} name="courses" defaultValue={of?.courses.join(', ')} autoComplete="off" autoCapitalize="none" spellCheck={false} aria-describedby={`${ids}-courses-hint`} className={`my-1 ${FIELD}`} />
          <p id={`${ids}-courses-hint`} className="text-quiet">{t('people.coursesHint')}</p>
        </div>
      )}
      {chosen.has('learner') && (
        <div>
          <label htmlFor={`${ids}-learner`} className="font-medium">{t('people.learner')}</label>
          <input id={`${ids}-learner`} name="learner" defaultValue={of?.learner} autoComplete="off" autoCapitalize="none" spellCheck={false} aria-describedby={`${ids}-learner-hint`} className={`my-1 ${FIELD}`} />
          <p id={`${ids}-learner-hint`} className="text-quiet">{t('people.learnerHint')}</p>
        </div>
      )}
    </div>
  );
};
