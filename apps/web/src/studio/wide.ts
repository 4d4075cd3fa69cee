import { useSyncExternalStore } from 'react';

const WIDE = matchMedia('(min-width: 87.5rem)');

const follow = (changed: () => void): (() => void) => {
  WIDE.addEventListener('change', changed);
  return () => WIDE.removeEventListener('change', changed);
};

/** Whether builder and text have room side by side. */
export const useIsWide = (): boolean => useSyncExternalStore(follow, () => WIDE.matches);
