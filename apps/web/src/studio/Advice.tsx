import { Card } from '../design/Card.tsx';
import { useLanguage } from '../language.ts';
import { Summary } from './Summary.tsx';
import type { Lint } from './types.ts';

const LOOK = { error: 'text-wrong', warning: 'text-near', advice: 'text-quiet' } as const;

/** What is weak in the badge's design, why it matters and what helps, what costs most first. */
export const Advice = ({ lint, goTo }: { readonly lint: Lint | undefined; readonly goTo: (line: number, column: number) => void }) => {
  const { t, say } = useLanguage();
  if (!lint || lint.score === null) return null;
  const { score, findings } = lint;
  return (
    <Card
      title={t('studio.advice')}
      aside={<span className="text-sm text-quiet">{t('studio.score', { score })}</span>}
    >
      {findings.length === 0 && <p className="text-quiet">{t('studio.adviceNone')}</p>}
      <ul className="divide-y">
        {findings.map(({ code, line, column, severity, message, why, fix, effect }, i) => (
          <li key={`${code} ${i}`}>
            <details>
              <Summary className="min-h-12 py-2 text-sm">
                <span className="flex min-w-0 grow flex-wrap items-center gap-x-2">
                  <span className={`shrink-0 font-medium ${LOOK[severity]}`}>{t(`studio.severities.${severity}`)}</span>
                  <span className="min-w-0 grow basis-40">{say(message)}</span>
                  {effect > 0 && <span className="shrink-0 text-quiet">{t('studio.points', { points: effect })}</span>}
                </span>
              </Summary>
              <div className="grid gap-1 pb-3 text-sm text-quiet">
                <p>{say(why)}</p>
                <p>{t('studio.fix', { how: say(fix) })}</p>
                <button type="button" className="min-h-9 justify-self-start text-accent hover:underline" onClick={() => goTo(line, column)}>
                  {t('studio.atLine', { line })}
                </button>
              </div>
            </details>
          </li>
        ))}
      </ul>
    </Card>
  );
};
