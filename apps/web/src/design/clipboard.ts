import { useState } from 'react';

/** What came of taking a text to the clipboard; browsers refuse it without https, or where somebody has forbidden it. */
export type Copied = 'not-yet' | 'done' | 'refused';

/** Takes texts to the clipboard, and knows what came of the last one. */
export const useClipboard = (): { readonly copied: (text: string) => Copied; readonly copy: (text: string) => Promise<boolean> } => {
  const [last, setLast] = useState<{ readonly text: string; readonly done: boolean }>();
  return {
    copied: (text) => (last?.text !== text ? 'not-yet' : last.done ? 'done' : 'refused'),
    copy: async (text) => {
      let done = true;
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        done = false; // whoever reads this is told so
      }
      setLast({ text, done });
      return done;
    },
  };
};
