import { useSyncExternalStore } from 'react';

/** Colours of the pages. */
export type Theme = 'light' | 'dark';

const KEPT = 'proofmark-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

const chosen = (): Theme => {
  const kept = localStorage.getItem(KEPT);
  return kept === 'light' || kept === 'dark' ? kept : dark.matches ? 'dark' : 'light';
};

const show = (): void => {
  document.documentElement.dataset['theme'] = chosen();
  for (const tell of listeners) tell();
};

/** Shows the colours that the reader has chosen here, or else on the machine, and follows that. */
export const openTheme = (): void => {
  show();
  dark.addEventListener('change', show);
};

/** The colours, and how to change them. */
export const useTheme = (): readonly [Theme, (theme: Theme) => void] => {
  const theme = useSyncExternalStore((tell) => (listeners.add(tell), () => listeners.delete(tell)), chosen);
  const change = (to: Theme): void => {
    localStorage.setItem(KEPT, to);
    show();
  };
  return [theme, change];
};
