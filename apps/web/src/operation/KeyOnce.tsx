import { useEffect, useRef } from 'react';
import type { ShownKey } from '../api/types.ts';
import { Button } from '../design/Button.tsx';
import { CopyButton } from '../design/CopyButton.tsx';
import { useLanguage } from '../language.ts';

const Secret = ({ name, text, hint }: { readonly name: string; readonly text: string; readonly hint?: string }) => (
  <div className="mt-4">
    <p className="text-sm font-medium">{name}</p>
    {hint !== undefined && <p className="text-sm text-quiet">{hint}</p>}
    <div className="mt-1 flex flex-wrap items-center gap-3">
      <code className="min-w-0 grow basis-60 rounded-card border bg-paper p-3 text-sm break-all">{text}</code>
      <CopyButton text={text} what={name} />
    </div>
  </div>
);

/** A key with its secrets, this one time. */
export const KeyOnce = ({ shown, onKept }: { readonly shown: ShownKey; readonly onKept: () => void }) => {
  const { t } = useLanguage();
  const title = useRef<HTMLHeadingElement>(null);
  // Who reads by ear or by keyboard is taken to it.
  useEffect(() => title.current?.focus(), [shown]);
  return (
    <div className="mb-6 rounded-card border border-near/50 p-4 sm:p-5">
      <h3 ref={title} tabIndex={-1} className="font-semibold outline-none">
        {t('operation.keys.shownTitle', { label: shown.label })}
      </h3>
      <p className="mt-1 text-sm text-near">{t('operation.keys.shownOnce')}</p>
      <Secret name={t('operation.keys.secret')} text={shown.secret} />
      <Secret name={t('operation.keys.signingSecret')} text={shown.signingSecret} hint={t('operation.keys.signingHint')} />
      <Button className="mt-5" onClick={onKept}>
        {t('operation.keys.kept')}
      </Button>
    </div>
  );
};
