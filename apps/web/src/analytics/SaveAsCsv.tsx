import { Download } from 'lucide-react';
import { Button } from '../design/Button.tsx';
import { useLanguage } from '../language.ts';

/** The button that saves what is shown as a table. */
export const SaveAsCsv = ({ onSave }: { readonly onSave: () => void }) => {
  const { t } = useLanguage();
  return (
    <Button look="bare" onClick={onSave}>
      <Download size={16} aria-hidden="true" />
      {t('analytics.csv')}
    </Button>
  );
};
