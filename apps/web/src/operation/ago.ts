import { useLanguage } from '../language.ts';

const UNITS = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000]] as const;

/** How long ago something was, in words. */
export const useAgo = (): ((iso: string, now: number) => string) => {
  const { t, language } = useLanguage();
  return (iso, now) => {
    const past = Math.max(0, now - Date.parse(iso));
    const [unit, length] = UNITS.find(([, one]) => past >= one) ?? [];
    if (unit === undefined) return t('operation.justNow');
    return new Intl.RelativeTimeFormat(language, { numeric: 'always' }).format(-Math.floor(past / length), unit);
  };
};
