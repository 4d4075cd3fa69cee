import { useLanguage } from '../language.ts';

/** The name of what follows the log, for people; its id where it has none. */
export const useFollowerName = (): ((id: string) => string) => {
  const { t } = useLanguage();
  const names: Readonly<Record<string, string>> = t('operation.names', { returnObjects: true });
  return (id) => names[id] ?? id;
};
