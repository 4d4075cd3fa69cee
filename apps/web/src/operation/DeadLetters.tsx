import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { letterQuery, lettersQuery } from '../api/queries.ts';
import type { LetterReason, Replayed } from '../api/types.ts';
import { Button } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { FIELD } from '../design/field.ts';
import { Failure } from '../design/Failure.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { LetterRow, type LetterShown } from './Letter.tsx';
import { replayAll, useLettersAnew, useReplayFailure, type Account } from './replay.ts';
import { operationSearch, REASONS, STATES, type OperationSearch } from './search.ts';

const PAGE = 20;
/** Reasons for which a warning stands before all are sent again. */
const UNENTITLED: readonly LetterReason[] = ['forbidden-source', 'forbidden-course', 'forbidden-approver', 'unsigned', 'bad-signature'];

/** Sends all open ones again, after a question; says how many of them were taken. */
const ReplayAll = ({ reason }: { readonly reason: LetterReason | undefined }) => {
  const { t } = useLanguage();
  const anew = useLettersAnew();
  const failure = useReplayFailure();
  const [account, setAccount] = useState<Account>();
  const [done, setDone] = useState(false);
  const name = reason && t(`operation.letters.reasons.${reason}`, { returnObjects: true })[0];
  const run = async (): Promise<void> => {
    setDone(false);
    setAccount(undefined);
    try {
      await replayAll(reason, setAccount);
      setDone(true);
    } finally {
      await anew();
    }
  };
  const { tried, recorded, duplicates, rejected } = account ?? { tried: 0, recorded: 0, duplicates: 0, rejected: 0 };
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Confirm
        ask={name === undefined ? t('operation.letters.all') : t('operation.letters.allOf', { reason: name })}
        title={name === undefined ? t('operation.letters.allSure') : t('operation.letters.allSureOf', { reason: name })}
        about={t('operation.letters.allAbout')}
        act={t('operation.letters.allAct')}
        run={run}
        failed={(error) => failure(error, reason)}
      >
        <p className="mt-2 text-sm text-near">{reason === undefined ? t('operation.letters.allWithout') : UNENTITLED.includes(reason) ? t('operation.letters.allUnentitled') : ''}</p>
        {!done && tried > 0 && <p className="mt-2 text-sm text-quiet">{t('operation.letters.allSoFar', { tried })}</p>}
      </Confirm>
      <p role="status" className="min-w-0 basis-60 grow text-sm">
        {done && (tried === 0 ? t('operation.letters.allNone') : t('operation.letters.allDone', { count: tried, recorded, duplicates, rejected }))}
      </p>
    </div>
  );
};

/** The letter that the address names, where the list does not show it: it was sent to somebody, or has just been dealt with. */
const LetterBeside = ({ letter, onClose, ...rest }: Pick<LetterShown, 'result' | 'onReplayed'> & { readonly letter: string; readonly onClose: () => void }) => {
  const { t } = useLanguage();
  const { data, error } = useQuery(letterQuery(letter));
  if (error) return <Failure error={error} />;
  return (
    <div className="mb-3 rounded-card border border-accent/40 px-4">
      <div className="flex items-center justify-between gap-4 border-b">
        <span className="text-sm text-quiet">{t('operation.letters.beside')}</span>
        <Button look="bare" onClick={onClose}>
          {t('operation.letters.close')}
        </Button>
      </div>
      {data ? <ul><LetterRow letter={data} open onToggle={onClose} {...rest} /></ul> : <Skeleton className="my-3 h-40" />}
    </div>
  );
};

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
}

const Choice = ({ label, value, options, onChange }: ChoiceProps) => (
  <label className="block text-sm">
    <span className="mb-1 block text-quiet">{label}</span>
    <select value={value} onChange={(event) => onChange(event.target.value)} className={FIELD}>
      {options.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

/** Deliveries that were not recorded: why, what was sent, and how it is sent again. */
export const DeadLetters = () => {
  const { t } = useLanguage();
  const search = useSearch({ from: '/operation' });
  const navigate = useNavigate({ from: '/operation' });
  const { reason, state = 'open', cursor, letter } = search;
  const { data, error, refetch, isPlaceholderData } = useQuery({ ...lettersQuery({ limit: PAGE, reason, state: state === 'all' ? undefined : state, cursor }), placeholderData: keepPreviousData });
  const show = (to: OperationSearch, replace = true): void => void navigate({ search: to, replace, resetScroll: false });
  const without = (name: keyof OperationSearch): OperationSearch => Object.fromEntries(Object.entries(search).filter(([key]) => key !== name));
  // Other letters begin with their first page.
  const filter = (to: { readonly reason?: string; readonly state?: string }): void => show(operationSearch({ reason, state, ...to }));
  const toggle = (id: string): void => show(letter === id ? without('letter') : { ...search, letter: id });
  const [results, setResults] = useState<Readonly<Record<string, Replayed>>>({});
  const outcomeOf = (id: string): Pick<LetterShown, 'result' | 'onReplayed'> => ({ result: results[id], onReplayed: (result) => setResults((before) => ({ ...before, [id]: result })) });
  const items = data?.items;
  const next = data?.next ?? undefined;
  return (
    <Card title={t('operation.letters.title')}>
      <p className="-mt-3 mb-4 text-sm text-quiet">{t('operation.letters.lead')}</p>
      <div className="mb-4 grid gap-3 sm:grid-cols-2">
        <Choice
          label={t('operation.letters.reason')}
          value={reason ?? ''}
          options={[['', t('operation.letters.everyReason')], ...REASONS.map((one) => [one, t(`operation.letters.reasons.${one}`, { returnObjects: true })[0]] as const)]}
          onChange={(one) => filter({ reason: one })}
        />
        <Choice label={t('operation.letters.state')} value={state} options={STATES.map((one) => [one, t(`operation.letters.states.${one}`)] as const)} onChange={(one) => filter({ state: one })} />
      </div>
      {state === 'open' && <ReplayAll key={reason ?? ''} reason={reason} />}
      <div className={`mt-3 border-t pt-1 ${isPlaceholderData ? 'opacity-60' : ''}`} aria-busy={isPlaceholderData}>
        {letter !== undefined && items && !items.some(({ id }) => id === letter) && <LetterBeside letter={letter} onClose={() => show(without('letter'))} {...outcomeOf(letter)} />}
        {!items && !error && <Skeleton className="mt-3 h-96" />}
        {!items && error && <Failure error={error} retry={() => void refetch()} />}
        {items?.length === 0 && <p className="py-6 text-quiet">{reason === undefined && state === 'open' && cursor === undefined ? t('operation.letters.empty') : t('operation.letters.emptyFilter')}</p>}
        <ul className="divide-y">
          {items?.map((one) => (
            <LetterRow key={one.id} letter={one} open={one.id === letter} onToggle={() => toggle(one.id)} {...outcomeOf(one.id)} />
          ))}
        </ul>
      </div>
      {(cursor !== undefined || next !== undefined) && (
        <div className="mt-4 flex justify-between gap-3">
          <Button disabled={cursor === undefined} onClick={() => show(without('cursor'), false)}>
            {t('operation.letters.newest')}
          </Button>
          <Button disabled={next === undefined} onClick={() => show({ ...without('letter'), ...(next !== undefined && { cursor: next }) }, false)}>
            {t('operation.letters.older')}
          </Button>
        </div>
      )}
    </Card>
  );
};
