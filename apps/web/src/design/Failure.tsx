import { Link } from '@tanstack/react-router';
import { AskError } from '../api/ask.ts';
import { useLanguage } from '../language.ts';
import { Button, buttonLook } from './Button.tsx';

/** What is to be said, and done, where something could not be shown. */
export const Failure = ({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) => {
  const { t } = useLanguage();
  const status = error instanceof AskError ? error.status : 0;
  const incident = error instanceof AskError ? error.problem.incident : undefined;
  const what = status === 404 ? t('state.missing') : status === 403 ? t('state.forbidden') : t('state.failed');
  return (
    <div role="alert" className="flex flex-col items-start gap-3 py-8">
      <p className="text-lg font-semibold">{what}</p>
      {status !== 404 && status !== 403 && error instanceof Error && <p className="text-quiet">{error.message}</p>}
      {incident !== undefined && <p className="text-sm text-quiet">{t('state.incident', { id: incident })}</p>}
      <div className="flex gap-3">
        {retry && status !== 404 && status !== 403 && (
          <Button look="primary" onClick={retry}>
            {t('state.retry')}
          </Button>
        )}
        <Link to="/" className={buttonLook('plain')}>
          {t('state.home')}
        </Link>
      </div>
    </div>
  );
};
