import { Card } from '../design/Card.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { Summary } from './Summary.tsx';
import type { Diagnostic, Lint } from './types.ts';

/** What is wrong with a text, each with a way to its place. */
export const Problems = ({ diagnostics, goTo }: { readonly diagnostics: readonly Diagnostic[]; readonly goTo: (line: number, column: number) => void }) => {
  const { t } = useLanguage();
  return (
    <ul className="grid gap-2 text-sm">
      {diagnostics.map(({ line, column, message, expected }, i) => (
        <li key={i}>
          <button type="button" className="min-h-9 text-left hover:underline" onClick={() => goTo(line, column)}>
            <span className="font-medium text-wrong">{t('studio.atLine', { line })}</span>: <span lang="en">{message}</span>
            {expected !== undefined && (
              <span lang="en" className="block text-quiet">
                {t('studio.expected', { what: expected })}
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
};

/** The whole rule in plain sentences: first in the reader's language, then in the other one. */
export const Meaning = ({ lint, error, isLate, goTo }: { readonly lint: Lint | undefined; readonly error: Error | null; readonly isLate: boolean; readonly goTo: (line: number, column: number) => void }) => {
  const { t, language } = useLanguage();
  const other = language === 'ko' ? 'en' : 'ko';
  return (
    <Card title={t('studio.means')}>
      <div aria-live="polite" aria-busy={isLate}>
        {error && <p className="text-sm text-wrong">{t('confirm.failed', { why: error.message })}</p>}
        {!lint && !error && <Skeleton className="h-24" />}
        {lint && lint.diagnostics.length > 0 && (
          <>
            <p className="mb-2 font-medium">{t('studio.problems', { count: lint.diagnostics.length })}</p>
            <Problems diagnostics={lint.diagnostics} goTo={goTo} />
          </>
        )}
        {lint?.meaning && (
          <>
            <p className="text-pretty">{lint.meaning[language]}</p>
            <details className="mt-3 text-sm text-quiet">
              <Summary className="min-h-9">{t(other === 'ko' ? 'studio.inKorean' : 'studio.inEnglish')}</Summary>
              <p lang={other} className="text-pretty">
                {lint.meaning[other]}
              </p>
            </details>
          </>
        )}
      </div>
    </Card>
  );
};
