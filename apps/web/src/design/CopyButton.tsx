import { Check, Copy } from 'lucide-react';
import { useLanguage } from '../language.ts';
import { buttonLook } from './Button.tsx';
import { useClipboard } from './clipboard.ts';

/** Takes a text to the clipboard, and says whether it has. @param what what is copied, for who does not see it beside the button */
export const CopyButton = ({ text, what, onCopied }: { readonly text: string; readonly what: string; readonly onCopied?: () => void }) => {
  const { t } = useLanguage();
  const { copied, copy } = useClipboard();
  const outcome = copied(text);
  const done = outcome === 'done';
  const press = async (): Promise<void> => {
    if (await copy(text)) onCopied?.();
  };
  return (
    <>
      <button type="button" aria-label={`${done ? t('copy.done') : t('copy.do')}: ${what}`} onClick={() => void press()} className={`${buttonLook('plain')} shrink-0`}>
        {done ? <Check size={16} aria-hidden="true" className="text-met" /> : <Copy size={16} aria-hidden="true" />}
        {done ? t('copy.done') : t('copy.do')}
      </button>
      <span aria-live="polite" className="basis-full text-sm text-near empty:hidden">
        {outcome === 'refused' && t('copy.refused')}
      </span>
    </>
  );
};
