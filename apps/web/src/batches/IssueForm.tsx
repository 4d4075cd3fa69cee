import { useQueryClient } from '@tanstack/react-query';
import { useId, useState, type ReactNode } from 'react';
import { AskError } from '../api/ask.ts';
import { Card } from '../design/Card.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { FIELD } from '../design/field.ts';
import { useLanguage } from '../language.ts';
import { batchQuery, issue, type Settings, type WholeBatch } from './queries.ts';

const TEMPLATES = ['classic', 'corporate', 'modern'] as const;
const LANGUAGES = ['en', 'ko'] as const;
const LONGEST_REASON = 500;
/** What was confirmed has changed meanwhile. */
const MOVED = 'urn:proofmark:problem:preview-moved';

const Field = ({ label, hint, children }: { readonly label: string; readonly hint?: string; readonly children: (ids: { readonly id: string; readonly 'aria-describedby'?: string }) => ReactNode }) => {
  const id = useId();
  return (
    <div className="text-sm">
      <label htmlFor={id} className="font-medium">{label}</label>
      <div className="mt-1">{children({ id, ...(hint !== undefined && { 'aria-describedby': `${id}-hint` }) })}</div>
      {hint !== undefined && <p id={`${id}-hint`} className="mt-1 text-quiet">{hint}</p>}
    </div>
  );
};

const today = (): string => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

/** Who vouches, what holds for rows that do not say, and one question before it is done. */
export const IssueForm = ({ batch, preview, name, isLooking }: { readonly batch: WholeBatch; readonly preview: NonNullable<WholeBatch['preview']>; readonly name: string; readonly isLooking: boolean }) => {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const [reason, setReason] = useState(batch.settings?.reason ?? '');
  const [date, setDate] = useState(batch.settings?.date?.slice(0, 10) ?? '');
  const [template, setTemplate] = useState(batch.settings?.template);
  const [language, setLanguage] = useState(batch.settings?.language);
  const { id, confirm = '' } = batch;
  const said: Settings = { ...(reason.trim() !== '' && { reason: reason.trim() }), ...(date !== '' && { date }), ...(template && { template }), ...(language && { language }) };
  const run = async (): Promise<void> => void queries.setQueryData(batchQuery(id).queryKey, await issue(id, confirm, said));
  const failed = (error: Error): string => {
    if (!(error instanceof AskError) || error.problem.type !== MOVED) return t('confirm.failed', { why: error.message });
    void queries.invalidateQueries({ queryKey: batchQuery(id).queryKey });
    return t('batches.moved');
  };
  const gives = preview.new + preview.has + preview.approved;
  return (
    <Card title={t('batches.issue')}>
      <p className="-mt-2 mb-5 max-w-prose text-sm text-quiet">{t('batches.vouch')}</p>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label={t('batches.reason')} hint={t('batches.reasonHint')}>
          {(ids) => <input {...ids} value={reason} maxLength={LONGEST_REASON} autoComplete="off" onChange={({ target }) => setReason(target.value)} className={FIELD} />}
        </Field>
        <Field label={t('batches.date')} hint={t('batches.dateHint')}>
          {(ids) => <input {...ids} type="date" value={date} max={today()} onChange={({ target }) => setDate(target.value)} className={FIELD} />}
        </Field>
        <Field label={t('batches.template')}>
          {(ids) => (
            <select {...ids} value={template ?? ''} onChange={({ target }) => setTemplate(TEMPLATES.find((one) => one === target.value))} className={FIELD}>
              <option value="">{t('batches.byItself')}</option>
              {TEMPLATES.map((one) => (
                <option key={one} value={one}>{t(`batches.templates.${one}`)}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('batches.language')}>
          {(ids) => (
            <select {...ids} value={language ?? ''} onChange={({ target }) => setLanguage(LANGUAGES.find((one) => one === target.value))} className={FIELD}>
              <option value="">{t('batches.byItself')}</option>
              {LANGUAGES.map((one) => (
                <option key={one} value={one}>{t(`batches.languages.${one}`)}</option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <div className="mt-6">
        {gives === 0 ? (
          <p className="text-quiet">{t('batches.nobody')}</p>
        ) : isLooking ? (
          <p className="flex min-h-11 items-center text-quiet">{t('batches.looking')}</p>
        ) : (
          <Confirm
            look="primary"
            ask={batch.state === 'uploaded' ? t('batches.ask', { count: preview.new }) : t('batches.goOn')}
            title={t('batches.sureTitle', { badge: name })}
            about={`${t('batches.sure', { count: preview.new })}${preview.bad > 0 ? ` ${t('batches.leftOut', { count: preview.bad })}` : ''}`}
            act={t('batches.sureAct')}
            run={run}
            failed={failed}
          />
        )}
      </div>
    </Card>
  );
};
