import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useLanguage } from '../language.ts';
import { buttonLook } from './Button.tsx';

/** Takes a text to the clipboard, and says that it has. @param what what is copied, for who does not see it beside the button */
export const CopyButton = ({ text, what }: { readonly text: string; readonly what: string }) => {
  const { t } = useLanguage();
  const [copied, setCopied] = useState<string>();
  const done = copied === text;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(text);
  };
  return (
    <button type="button" aria-label={`${done ? t('copy.done') : t('copy.do')}: ${what}`} onClick={() => void copy()} className={`${buttonLook('plain')} shrink-0`}>
      {done ? <Check size={16} aria-hidden="true" className="text-met" /> : <Copy size={16} aria-hidden="true" />}
      {done ? t('copy.done') : t('copy.do')}
    </button>
  );
};
