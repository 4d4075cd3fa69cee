import { useMutation } from '@tanstack/react-query';
import { CheckCircle2, XCircle } from 'lucide-react';
import { useId, useRef, useState, type FormEvent } from 'react';
import { send } from '../api/ask.ts';
import { Button } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { BOX } from '../design/field.ts';
import { useLanguage } from '../language.ts';
import { CriteriaList } from '../learner/Criteria.tsx';
import { Problems } from './Meaning.tsx';
import { Summary } from './Summary.tsx';
import { TextEditor, type EditorHandle, type Mark } from './TextEditor.tsx';
import type { CaseTaken, RuleTest } from './types.ts';

const EMPTY_CASE = `course: { start: 2026-03-02, timezone: Asia/Seoul }
cases:
  - case: what has to happen
    events:
      - { type: AttendanceMarked, activity: s1, status: present, time: day 0 10:00 }
    now: day 30
    expect:
      awarded: false
`;
const MOST_SHOWN = 40;

interface Asked {
  readonly source: string;
  readonly cases: string;
  readonly test: RuleTest | undefined;
  readonly isReadOnly: boolean;
  /** Learners to choose from, those who are close first. */
  readonly learners: readonly string[];
  readonly onChange: (cases: string) => void;
}

/** A learner's record becomes an example, in one click. */
const FromLearner = ({ source, cases, learners, onTaken }: Pick<Asked, 'source' | 'cases' | 'learners'> & { readonly onTaken: (cases: string) => void }) => {
  const { t } = useLanguage();
  const list = useId();
  const [learner, setLearner] = useState('');
  const take = useMutation({
    mutationFn: () => send<CaseTaken>('/v1/rules/case', { source, learner, ...(cases !== '' && { cases }) }),
    onSuccess: (taken) => (onTaken(taken.cases), setLearner('')),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (learner !== '') take.mutate();
  };
  return (
    <form onSubmit={submit} className="mt-4 rounded-card bg-paper p-4">
      <p className="font-medium">{t('studio.fromLearner')}</p>
      <p className="mb-3 text-sm text-quiet">{t('studio.fromLearnerAbout')}</p>
      <div className="flex flex-wrap items-end gap-3">
        <input className={`${BOX} min-w-0 grow basis-40`} list={list} value={learner} aria-label={t('studio.learner')} placeholder={t('studio.learner')} onChange={({ target }) => setLearner(target.value)} />
        <datalist id={list}>
          {learners.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <Button type="submit" disabled={learner === '' || take.isPending}>
          {take.isPending ? t('confirm.doing') : t('studio.take')}
        </Button>
      </div>
      <p role="status" className={`text-sm not-empty:mt-2 ${take.isError ? 'text-wrong' : 'text-quiet'}`}>
        {take.isError ? t('confirm.failed', { why: take.error.message }) : take.data && t('studio.taken', { case: take.data.case })}
      </p>
    </form>
  );
};

/** Example cases beside a rule: whether each comes out as expected, and why; and their text. */
export const Cases = ({ source, cases, test, isReadOnly, learners, onChange }: Asked) => {
  const { t } = useLanguage();
  const editor = useRef<EditorHandle>(null);
  const [isOpen, setOpen] = useState(false);
  const results = test?.cases ?? [];
  const passed = results.filter((one) => one.passed).length;
  const put = (text: string): void => {
    if (editor.current) editor.current.apply(text);
    else onChange(text);
  };
  const marks: readonly Mark[] = [
    ...(cases === '' ? [] : (test?.diagnostics ?? []).map(({ line, column, message, severity = 'error' }) => ({ line, column, message, severity }))),
    ...results.flatMap(({ line, column, failures }) => failures.map(({ what, expected, actual }) => ({ line, column, message: t('studio.caseFailed', { what, expected, actual }), severity: 'error' as const }))),
  ];
  return (
    <Card title={t('studio.cases')} aside={results.length > 0 && <span className={`text-sm ${passed === results.length ? 'text-met' : 'text-wrong'}`}>{t('studio.casesPassed', { passed, total: results.length })}</span>}>
      <p className="mb-3 text-sm text-quiet">{t('studio.casesAbout')}</p>
      {cases === '' ? (
        <p className="text-sm">{t('studio.casesNone')}</p>
      ) : (
        <ul className="divide-y text-sm">
          {results.slice(0, MOST_SHOWN).map(({ case: name, passed: isRight, failures, criteria, line }) => (
            <li key={`${line} ${name}`}>
              <details open={!isRight}>
                <Summary className="min-h-11 py-2.5">
                  {isRight ? <CheckCircle2 size={18} className="shrink-0 text-met" aria-label={t('path.done')} /> : <XCircle size={18} className="shrink-0 text-wrong" aria-label={t('path.open')} />}
                  {name}
                </Summary>
                <div className="pb-3 pl-7">
                  {failures.map(({ what, expected, actual }) => (
                    <p key={what} className="text-wrong">
                      {t('studio.caseFailed', { what, expected, actual })}
                    </p>
                  ))}
                  <CriteriaList criteria={[criteria]} />
                </div>
              </details>
            </li>
          ))}
        </ul>
      )}
      {cases !== '' && test && test.diagnostics.length > 0 && <Problems diagnostics={test.diagnostics} goTo={(line, column) => (setOpen(true), editor.current?.goTo(line, column))} />}
      {!isReadOnly && <FromLearner source={source} cases={cases} learners={learners} onTaken={put} />}
      <div className="mt-4">
        {cases === '' && !isReadOnly && (
          <Button look="bare" onClick={() => (onChange(EMPTY_CASE), setOpen(true))}>
            {t('studio.beginCases')}
          </Button>
        )}
        {cases !== '' && (
          <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
            <Summary className="min-h-11 text-sm text-accent">{t('studio.casesEdit')}</Summary>
            <div className="h-96 overflow-hidden rounded-card border">{isOpen && <TextEditor text={cases} label={t('studio.casesText')} readOnly={isReadOnly} marks={marks} onChange={onChange} handle={editor} />}</div>
          </details>
        )}
      </div>
    </Card>
  );
};
