import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { send } from '../api/ask.ts';
import { keysQuery } from '../api/queries.ts';
import type { ApiKey, ShownKey } from '../api/types.ts';
import { Button } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { FIELD } from '../design/field.ts';
import { Failure } from '../design/Failure.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { KeyOnce } from './KeyOnce.tsx';
import { NewKeyForm } from './NewKeyForm.tsx';

const PATH = '/v1/access/keys';
/** For how many minutes a secret may stay good after there is another. */
const OVERLAPS = { none: 0, hour: 60, day: 1_440, week: 10_080 } as const;
const LONGEST_REASON = 500;

const minutesIn = (form: FormData): number => Number(form.get('overlap'));

const KeyRow = ({ apiKey, onShown }: { readonly apiKey: ApiKey; readonly onShown: (key: ShownKey) => void }) => {
  const { t, date, time } = useLanguage();
  const queries = useQueryClient();
  const { id, label, status, actions, sources, courses, issuedAt, previousUntil } = apiKey;
  const words: Readonly<Record<string, string>> = t('operation.keys.actions', { returnObjects: true });
  const anew = () => queries.invalidateQueries({ queryKey: keysQuery().queryKey });
  const change = useMutation({ mutationFn: ({ what, body }: { readonly what: string; readonly body: object }) => send<ApiKey>(`${PATH}/${encodeURIComponent(id)}/${what}`, body), onSuccess: anew });
  const rotate = async (form: FormData): Promise<ShownKey> => {
    const shown = await send<ShownKey>(`${PATH}/${encodeURIComponent(id)}/rotate`, { overlapMinutes: minutesIn(form) });
    await anew();
    return shown;
  };
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 py-4">
      <div className="min-w-0 basis-72 grow">
        <h3 className={`font-semibold ${status === 'revoked' ? 'text-quiet' : ''}`}>
          {label}
          {status === 'revoked' && <span className="ml-2 text-sm font-normal">{t('operation.keys.revoked')}</span>}
        </h3>
        <p className="text-sm">{actions.map((action) => words[action] ?? action).join(' · ')}</p>
        <p className="text-sm text-quiet">
          {[sources?.join(', ') ?? t('operation.keys.anySource'), courses?.join(', ') ?? t('operation.keys.anyCourse'), t('operation.keys.since', { date: date(issuedAt) })].join(' · ')}
        </p>
        {previousUntil !== undefined && status === 'active' && Date.parse(previousUntil) > Date.now() && <p className="text-sm text-near">{t('operation.keys.previousUntil', { time: time(previousUntil) })}</p>}
      </div>
      {status === 'active' && (
        <div className="flex flex-wrap gap-2">
          <Confirm ask={t('operation.keys.rotate')} askLabel={t('operation.keys.rotateLabel', { label })} title={t('operation.keys.rotateSure', { label })} about={t('operation.keys.rotateAbout')} act={t('operation.keys.rotateAct')} run={rotate} show={onShown}>
            <label className="mt-4 block text-sm">
              {t('operation.keys.overlap')}
              <select name="overlap" defaultValue={OVERLAPS.day} className={`mt-1 ${FIELD}`}>
                {(['none', 'hour', 'day', 'week'] as const).map((name) => (
                  <option key={name} value={OVERLAPS[name]}>
                    {t(`operation.keys.overlaps.${name}`)}
                  </option>
                ))}
              </select>
            </label>
          </Confirm>
          <Confirm
            grave
            ask={t('operation.keys.revoke')}
            askLabel={t('operation.keys.revokeLabel', { label })}
            title={t('operation.keys.revokeSure', { label })}
            about={t('operation.keys.revokeAbout')}
            act={t('operation.keys.revokeAct')}
            run={(form) => change.mutateAsync({ what: 'revoke', body: { reason: form.get('reason') } })}
          >
            <label className="mt-4 block text-sm">
              {t('operation.keys.revokeReason')}
              <input name="reason" required maxLength={LONGEST_REASON} autoComplete="off" className={`mt-1 ${FIELD}`} />
            </label>
          </Confirm>
        </div>
      )}
    </li>
  );
};

/** The keys of programs: what each may do, new ones, new secrets, and their end. */
export const ApiKeys = () => {
  const { t } = useLanguage();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(keysQuery());
  const [making, setMaking] = useState(false);
  const [shown, setShown] = useState<ShownKey>();
  const made = (key: ShownKey): void => {
    setMaking(false);
    setShown(key);
    void queries.invalidateQueries({ queryKey: keysQuery().queryKey });
  };
  const active = data?.items.filter(({ status }) => status === 'active') ?? [];
  const revoked = data?.items.filter(({ status }) => status === 'revoked') ?? [];
  return (
    <Card
      title={t('operation.keys.title')}
      aside={
        <Button aria-expanded={making} onClick={() => setMaking(!making)}>
          {making ? t('operation.keys.cancel') : t('operation.keys.make')}
        </Button>
      }
    >
      {making && <NewKeyForm onMade={made} />}
      {shown && <KeyOnce shown={shown} onKept={() => setShown(undefined)} />}
      {!data && !error && <Skeleton className="h-48" />}
      {!data && error && <Failure error={error} retry={() => void refetch()} />}
      {data && active.length === 0 && <p className="py-4 text-quiet">{t('operation.keys.empty')}</p>}
      <ul className="-my-4 divide-y">
        {active.map((key) => (
          <KeyRow key={key.id} apiKey={key} onShown={setShown} />
        ))}
      </ul>
      {revoked.length > 0 && (
        <details className="mt-6">
          <summary className="inline-flex min-h-11 cursor-pointer items-center text-sm text-quiet">{t('operation.keys.showRevoked', { count: revoked.length })}</summary>
          <ul className="divide-y">
            {revoked.map((key) => (
              <KeyRow key={key.id} apiKey={key} onShown={setShown} />
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
};
