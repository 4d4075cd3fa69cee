import { useEffect, useRef } from 'react';
import { Button } from '../design/Button.tsx';
import { CopyButton } from '../design/CopyButton.tsx';
import { useLanguage } from '../language.ts';
import { shortId } from './PersonRow.tsx';
import type { Invited } from './queries.ts';

/** An invitation, this one time. */
export const LinkOnce = ({ invited, onKept }: { readonly invited: Invited; readonly onKept: () => void }) => {
  const { t } = useLanguage();
  const title = useRef<HTMLHeadingElement>(null);
  // Who reads by ear or by keyboard is taken to it.
  useEffect(() => title.current?.focus(), [invited]);
  return (
    <section className="rounded-card border border-near/50 bg-surface p-5 shadow-card sm:p-6">
      <h2 ref={title} tabIndex={-1} className="text-lg font-semibold outline-none">{t('people.linkTitle')}</h2>
      <p className="mt-1 text-sm text-quiet">{invited.roles.map((role) => t(`roles.${role as 'admin'}`)).join(' · ')} <code>{shortId(invited.id)}</code></p>
      <p className="mt-2 max-w-prose text-sm text-near">{t('people.linkAbout')}</p>
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <code className="min-w-0 grow basis-60 rounded-card border bg-paper p-3 text-sm break-all">{invited.invitation}</code>
        <CopyButton text={invited.invitation} what={t('people.link')} />
      </div>
      <Button className="mt-5" onClick={onKept}>{t('people.kept')}</Button>
    </section>
  );
};
