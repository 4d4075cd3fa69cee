import { Link } from '@tanstack/react-router';
import { Check, Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { buttonLook } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { useLanguage } from '../language.ts';
import { archiveOf, type WholeBatch } from './queries.ts';

/** So many are listed by themselves; the others unfold. */
const Some = ({ title, look, all, children }: { readonly title: string; readonly look: string; readonly all: number; readonly children: readonly ReactNode[] }) => {
  const { t } = useLanguage();
  return (
    <details className="mt-3">
      <summary className={`inline-flex min-h-11 cursor-pointer items-center font-medium ${look}`}>{title}</summary>
      <ul className="max-h-80 divide-y overflow-y-auto text-sm" tabIndex={0}>
        {children}
        {all > children.length && <li className="py-2 text-quiet">{t('batches.andMore', { count: all - children.length })}</li>}
      </ul>
    </details>
  );
};

/** What came of a batch, and its certificates. */
export const Outcome = ({ batch, result }: { readonly batch: WholeBatch; readonly result: NonNullable<WholeBatch['result']> }) => {
  const { t, say } = useLanguage();
  const { awarded, approved, notAwarded, lacking, refused, refusedRows, unused } = result;
  return (
    <Card>
      <p role="status" className="flex items-center gap-3 text-lg font-semibold text-met">
        <Check size={24} aria-hidden="true" className="shrink-0" />
        {t('batches.awarded', { count: awarded })}
      </p>
      <p className="mt-1 text-sm text-quiet">
        <span className="mr-4">{t('batches.approvedNow', { count: approved })}</span>
        {batch.byName !== undefined && <span>{t('batches.vouched', { who: batch.byName })}</span>}
      </p>
      <div className="mt-5 flex flex-wrap gap-3">
        <a href={archiveOf(batch.id)} download className={buttonLook('primary')}>
          <Download size={16} aria-hidden="true" />
          {t('batches.download')}
        </a>
        <Link to="/awards" search={{ badge: batch.badge }} className={buttonLook('plain')}>
          {t('batches.awards')}
        </Link>
      </div>
      <p className="mt-2 max-w-prose text-sm text-quiet">{t('batches.downloadHint')}</p>
      {notAwarded > 0 && (
        <Some title={t('batches.lacking', { count: notAwarded })} look="text-near" all={notAwarded}>
          {lacking.map(({ line, learner, missing }) => (
            <li key={line} className="py-2">
              <span className="mr-3 text-quiet">{t('batches.lineOf', { line })}</span>
              <Link to="/learners/$learner" params={{ learner }} className="text-accent hover:underline">{learner}</Link>
              <span className="block">{missing.map((words) => say(words)).join(' · ')}</span>
            </li>
          ))}
        </Some>
      )}
      {refused > 0 && (
        <Some title={t('batches.refused', { count: refused })} look="text-wrong" all={refused}>
          {refusedRows.map(({ line, detail }) => (
            <li key={line} className="py-2">
              <span className="mr-3 text-quiet">{t('batches.lineOf', { line })}</span>
              <span lang="en">{detail}</span>
            </li>
          ))}
        </Some>
      )}
      {unused.length > 0 && (
        <Some title={t('batches.unused')} look="text-near" all={unused.length}>
          {unused.map((one) => (
            <li key={one} lang="en" className="py-2">{one}</li>
          ))}
        </Some>
      )}
    </Card>
  );
};
