import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, type FormEvent } from 'react';
import { Button } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { useLanguage } from '../language.ts';
import { invite, type Invited } from './queries.ts';
import { RoleFields, saidIn } from './RoleFields.tsx';

/** Says what somebody new is, and makes their invitation. */
export const InviteForm = ({ onInvited }: { readonly onInvited: (invited: Invited) => void }) => {
  const { t } = useLanguage();
  const form = useRef<HTMLFormElement>(null);
  const inviting = useMutation({
    mutationFn: (data: FormData) => {
      const said = saidIn(data);
      if (!said.ok) throw new Error(t(`people.${said.missing}`));
      return invite(said.roles);
    },
    onSuccess: onInvited,
  });
  // Who has asked for it goes on there.
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    inviting.mutate(new FormData(event.currentTarget));
  };
  return (
    <Card title={t('people.invite')}>
      <form ref={form} onSubmit={submit} className="-mt-4">
        <RoleFields />
        <div className="mt-5 flex flex-wrap items-center gap-4">
          <Button type="submit" look="primary" disabled={inviting.isPending}>{t('people.makeLink')}</Button>
          <p role="alert" className="text-sm text-wrong">{inviting.error?.message}</p>
        </div>
      </form>
    </Card>
  );
};
