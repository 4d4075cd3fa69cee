import { useMutation } from '@tanstack/react-query';
import { AlertDialog } from 'radix-ui';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useLanguage } from '../language.ts';
import { Button, buttonLook } from './Button.tsx';

/** What is asked before something is done. */
export interface Question<T> {
  /** What the button says that asks. */
  readonly ask: string;
  /** The same for who does not see to what it belongs. */
  readonly askLabel?: string;
  readonly look?: Parameters<typeof buttonLook>[0];
  readonly title: string;
  readonly about: string;
  /** What the button says that does it. */
  readonly act: string;
  /** It cannot be undone. */
  readonly grave?: boolean;
  readonly run: (form: FormData) => Promise<T>;
  /** Takes what came of it, and the focus, once the question is closed; else the focus goes back to the button. */
  readonly show?: (result: T) => void;
  /** Why it was not done, in words. */
  readonly failed?: (error: Error) => string;
  /** What has to be said beside. */
  readonly children?: ReactNode;
}

/** A button that asks once before it does something, and stays with the question until that is done. */
export const Confirm = <T,>({ ask, askLabel, look = 'plain', title, about, act, grave = false, run, show, failed, children }: Question<T>) => {
  const { t } = useLanguage();
  const [open, setOpen] = useState(false);
  const doing = useMutation({ mutationFn: run, onSuccess: () => setOpen(false) });
  const change = (to: boolean): void => {
    if (doing.isPending) return;
    doing.reset();
    setOpen(to);
  };
  const closed = (event: Event): void => {
    if (!doing.isSuccess || !show) return;
    event.preventDefault();
    show(doing.data);
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    event.stopPropagation();
    doing.mutate(new FormData(event.currentTarget));
  };
  return (
    <AlertDialog.Root open={open} onOpenChange={change}>
      <AlertDialog.Trigger className={`${buttonLook(look)} ${grave ? 'text-wrong' : ''}`} {...(askLabel !== undefined && { 'aria-label': askLabel })}>
        {ask}
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-10 bg-[#12141a]/60" />
        <AlertDialog.Content onCloseAutoFocus={closed} className="fixed top-1/2 left-1/2 z-10 max-h-[calc(100dvh-2rem)] w-[min(30rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-card border bg-surface p-6 shadow-card">
          <form onSubmit={submit}>
            <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
            <AlertDialog.Description className="mt-2 text-sm text-quiet">{about}</AlertDialog.Description>
            {children}
            <p aria-live="assertive" className="mt-3 min-h-5 text-sm text-wrong">
              {doing.error && (failed?.(doing.error) ?? t('confirm.failed', { why: doing.error.message }))}
            </p>
            <div className="mt-3 flex flex-wrap items-center justify-end gap-3">
              <AlertDialog.Cancel className={buttonLook('plain')}>{t('confirm.cancel')}</AlertDialog.Cancel>
              <Button type="submit" look={grave ? 'plain' : 'primary'} className={grave ? 'border-wrong text-wrong' : ''} disabled={doing.isPending}>
                {doing.isPending ? t('confirm.doing') : act}
              </Button>
            </div>
          </form>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
};
