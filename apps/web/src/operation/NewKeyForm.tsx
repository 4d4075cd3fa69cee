import { useMutation } from '@tanstack/react-query';
import { useId, type FormEvent } from 'react';
import { send } from '../api/ask.ts';
import type { NewKey, ShownKey } from '../api/types.ts';
import { Button } from '../design/Button.tsx';
import { FIELD } from '../design/field.ts';
import { useLanguage } from '../language.ts';
import { en } from '../texts/en.ts';

/** All that a key can be given; each has a text. */
const ACTIONS = Object.keys(en.operation.keys.actions) as NewKey['actions'];
const LONGEST_LABEL = 100;

const textOf = (form: FormData, name: string): string => {
  const given = form.get(name);
  return typeof given === 'string' ? given.trim() : '';
};

/** Ids with commas or spaces between; undefined where there is none, which is all. */
const idsIn = (text: string): string[] | undefined => {
  const ids = text.split(/[\s,]+/).filter((one) => one !== '');
  return ids.length === 0 ? undefined : ids;
};

const Field = ({ name, label, hint, required = false, max }: { readonly name: string; readonly label: string; readonly hint: string; readonly required?: boolean; readonly max?: number }) => {
  const id = useId();
  return (
    <div className="text-sm">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input id={id} name={name} required={required} maxLength={max} autoComplete="off" autoCapitalize="none" spellCheck={false} aria-describedby={`${id}-hint`} className={`my-1 ${FIELD}`} />
      <p id={`${id}-hint`} className="text-quiet">
        {hint}
      </p>
    </div>
  );
};

/** What a new key is for, and what it may do. */
export const NewKeyForm = ({ onMade }: { readonly onMade: (key: ShownKey) => void }) => {
  const { t } = useLanguage();
  const words = t('operation.keys.actions', { returnObjects: true });
  const make = useMutation({
    mutationFn: (form: FormData) => {
      const actions = ACTIONS.filter((action) => form.getAll('action').includes(action));
      if (actions.length === 0) throw new Error(t('operation.keys.mayMissing'));
      const [sources, courses] = [idsIn(textOf(form, 'sources')), idsIn(textOf(form, 'courses'))];
      return send<ShownKey>('/v1/access/keys', { label: textOf(form, 'label'), actions, ...(sources && { sources }), ...(courses && { courses }) } satisfies NewKey);
    },
    onSuccess: onMade,
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    make.mutate(new FormData(event.currentTarget));
  };
  return (
    <form onSubmit={submit} className="mb-6 grid gap-4 rounded-card border p-4 sm:p-5">
      <div className="grid gap-4 lg:grid-cols-3">
        <Field name="label" required max={LONGEST_LABEL} label={t('operation.keys.label')} hint={t('operation.keys.labelHint')} />
        <Field name="sources" label={t('operation.keys.sources')} hint={t('operation.keys.sourcesHint')} />
        <Field name="courses" label={t('operation.keys.courses')} hint={t('operation.keys.coursesHint')} />
      </div>
      <fieldset>
        <legend className="text-sm font-medium">{t('operation.keys.may')}</legend>
        <div className="mt-1 grid gap-x-6 sm:grid-cols-2 lg:grid-cols-3">
          {ACTIONS.map((action) => (
            <label key={action} className="flex min-h-11 items-center gap-2.5 text-sm">
              <input type="checkbox" name="action" value={action} className="size-5 shrink-0 accent-accent" />
              {words[action]}
            </label>
          ))}
        </div>
      </fieldset>
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" look="primary" disabled={make.isPending}>
          {t('operation.keys.create')}
        </Button>
        <p aria-live="polite" className="min-w-0 text-sm text-wrong">
          {make.error && t('operation.keys.failed', { why: make.error.message })}
        </p>
      </div>
    </form>
  );
};
