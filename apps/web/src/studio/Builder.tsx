import type { ReactNode } from 'react';
import { useLanguage } from '../language.ts';
import { AddCriterion, CriterionCard, type CriteriaEditing } from './CriterionCard.tsx';
import { added, readCriterion } from './criterion-edits.ts';
import { FieldInput } from './Fields.tsx';
import { called, KEYS } from './rule-words.ts';
import { RULE_SCHEMA } from './rule-schema.ts';
import { startOf } from './schema.ts';
import { readText } from './rule-text.ts';
import { Summary } from './Summary.tsx';

const WHEN = ['course', 'decides', 'when-corrected', 'hold', 'recurs', 'validity', 'stakes'] as const;
const WHAT = ['name', 'criteria-text', 'competency', 'evidence'] as const;
const PLACE = ['level', 'pathway', 'role', 'alignments', 'tags', 'issuer', 'image'] as const;
const NEEDED: readonly string[] = ['name', 'criteria-text', 'course', 'decides', 'when-corrected'];

const Section = ({ title, isOpen = false, children }: { readonly title: string; readonly isOpen?: boolean; readonly children: ReactNode }) => (
  <details open={isOpen} className="border-b last:border-b-0">
    <Summary className="min-h-12 font-semibold">{title}</Summary>
    <div className="grid grid-cols-1 gap-4 pb-5">{children}</div>
  </details>
);

/** A rule to put together without writing: each change is one of its text, which keeps what else stands there. */
export const Builder = ({ text, editing }: { readonly text: string; readonly editing: CriteriaEditing }) => {
  const { t, language } = useLanguage();
  const { value, broken } = readText(text);
  if (!value) {
    return (
      <div role="alert" className="rounded-card border border-near p-4 text-sm">
        <p className="font-semibold">{t('studio.brokenText')}</p>
        <p className="mt-1 text-quiet">{t('studio.brokenAt', { line: broken?.line ?? 1, what: broken?.message ?? '' })}</p>
      </div>
    );
  }
  const isShown = (key: string): boolean => key in value || NEEDED.includes(key);
  const field = (key: string): ReactNode => {
    const label = called(KEYS, key, language);
    const of = RULE_SCHEMA.fieldOf(key);
    return (
      <div key={key}>
        <div className="mb-1.5 flex items-center justify-between gap-3">
          <span className="text-sm text-quiet">{label}</span>
          {!NEEDED.includes(key) && !editing.isLocked && (
            <button type="button" className="min-h-9 text-sm text-quiet hover:text-wrong" onClick={() => editing.set([key], undefined)}>
              {t('studio.leaveOut')}
            </button>
          )}
        </div>
        <FieldInput field={of} value={value[key]} path={[key]} label={label} editing={editing} />
      </div>
    );
  };
  const fields = (keys: readonly string[]): ReactNode => (
    <>
      {keys.filter(isShown).map(field)}
      {!editing.isLocked && (
        <div className="flex flex-wrap gap-x-5">
          {keys.filter((key) => !isShown(key)).map((key) => (
            <button key={key} type="button" className="min-h-9 text-sm text-accent hover:underline" onClick={() => editing.set([key], startOf(RULE_SCHEMA.fieldOf(key)))}>
              ＋ {called(KEYS, key, language)}
            </button>
          ))}
        </div>
      )}
    </>
  );
  const { criteria } = value;
  const root = readCriterion(criteria);
  return (
    <div className="@container">
      <Section title={called(KEYS, 'criteria', language)} isOpen>
        {criteria !== undefined && criteria !== null && <CriterionCard value={criteria} path={['criteria']} editing={editing} />}
        {!editing.isLocked && (criteria === undefined || criteria === null || (root && !['all', 'any', 'some'].includes(root.keyword))) && (
          <AddCriterion label={t('studio.addCriterion')} onAdd={(keyword) => editing.edit((before) => added(before, ['criteria'], root, keyword))} />
        )}
      </Section>
      <Section title={t('studio.sections.when')} isOpen>
        {fields(WHEN)}
      </Section>
      <Section title={t('studio.sections.what')}>{fields(WHAT)}</Section>
      <Section title={t('studio.sections.place')}>{fields(PLACE)}</Section>
    </div>
  );
};
