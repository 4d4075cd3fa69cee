import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, ExternalLink } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { send } from '../api/ask.ts';
import { growthPathQuery, profileQuery } from '../api/queries.ts';
import type { EarnedBadge, OwnCollection } from '../api/types.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { Button, buttonLook } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { CopyButton } from '../design/CopyButton.tsx';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { FIELD } from '../design/field.ts';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { choosable, inOrder, isChanged } from './choice.ts';
import { collectionPath, collectionQuery } from './queries.ts';
import './texts.ts';

/** Puts what the server says is shown now in the place of what was. */
const useShown = (learner: string): ((shown: OwnCollection) => void) => {
  const queries = useQueryClient();
  return (shown) => queries.setQueryData(collectionQuery(learner).queryKey, shown);
};

/** The badges, to tick; what is ticked is kept until it is saved. */
const Choice = ({ learner, earned, collection }: { readonly learner: string; readonly earned: readonly EarnedBadge[]; readonly collection: OwnCollection }) => {
  const { t, say, date } = useLanguage();
  const shown = useShown(learner);
  const offered = choosable(earned, collection.awards);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(collection.awards));
  const choice = inOrder(offered, chosen);
  const save = useMutation({ mutationFn: () => send<OwnCollection>(collectionPath(learner), { awards: choice }), onSuccess: shown });
  if (offered.length === 0) return <p className="text-quiet">{t('share.empty')}</p>;
  const put = (awards: readonly string[]): void => {
    save.reset();
    setChosen(new Set(awards));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const everything = offered.map(({ award }) => award);
  const isAll = choice.length === everything.length;
  return (
    <form onSubmit={submit}>
      <fieldset>
        <legend className="sr-only">{t('share.choose')}</legend>
        <ul className="-mx-2 grid gap-x-4 sm:grid-cols-2">
          {offered.map(({ award, badge, name, level, earnedAt, status }) => (
            <li key={award}>
              <label className="flex min-h-14 cursor-pointer items-center gap-3 rounded-card px-2 py-1.5 hover:bg-paper">
                <input
                  type="checkbox"
                  checked={chosen.has(award)}
                  onChange={({ target }) => put(target.checked ? [...chosen, award] : [...chosen].filter((one) => one !== award))}
                  className="size-5 shrink-0 accent-accent"
                />
                <BadgeArt badge={badge} size={44} faded={status !== 'active'} />
                <span className="min-w-0">
                  <span className="block text-sm font-medium">{say(name)}</span>
                  <span className="block text-xs text-quiet">
                    {status !== 'active' && <span className="font-medium text-near">{`${t(`award.states.${status}`)} · `}</span>}
                    {[level ? say(level.name) : undefined, date(earnedAt)].filter(Boolean).join(' · ')}
                  </span>
                </span>
              </label>
            </li>
          ))}
        </ul>
      </fieldset>
      <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 border-t pt-4">
        <Button type="submit" look="primary" disabled={save.isPending || choice.length === 0 || (collection.shared && !isChanged(choice, collection.awards))}>
          {t(collection.shared ? 'share.change' : 'share.show')}
        </Button>
        <Button look="bare" onClick={() => put(isAll ? [] : everything)}>
          {t(isAll ? 'share.none' : 'share.all')}
        </Button>
        <span className="text-sm text-quiet">{t('share.chosen', { count: choice.length })}</span>
        <span aria-live="polite" className="basis-full text-sm empty:hidden">
          {save.error && <span className="text-wrong">{t('share.failed', { why: save.error.message })}</span>}
          {save.isSuccess && <span className="text-met">{t('share.saved')}</span>}
        </span>
      </div>
    </form>
  );
};

/** Where it is shown, with what it says of its learner, and how it ends. */
const Shown = ({ learner, url, since, onWithdrawn }: { readonly learner: string; readonly url: string; readonly since: string; readonly onWithdrawn: () => void }) => {
  const { t, date } = useLanguage();
  const shown = useShown(learner);
  const { data: profile } = useQuery(profileQuery(learner));
  const named = profile?.consents['public-name']?.given === true && profile.name !== undefined;
  return (
    <Card title={t('share.link')} aside={<span className="text-sm text-quiet">{t('share.since', { date: date(since) })}</span>}>
      <div className="flex flex-wrap items-center gap-3">
        <input readOnly value={url} aria-label={t('share.address')} onFocus={({ target }) => target.select()} className={`${FIELD} min-w-0 grow basis-60 text-sm`} />
        <CopyButton text={url} what={t('share.address')} />
        <a href={url} className={buttonLook('plain')}>
          <ExternalLink size={16} aria-hidden="true" />
          {t('share.open')}
        </a>
      </div>
      <p className="mt-4 text-sm text-quiet">
        {profile && `${t(named ? 'share.named' : 'share.unnamed')} `}
        <Link to="/learners/$learner/data" params={{ learner }} className="text-accent underline">
          {t('share.consent')}
        </Link>
      </p>
      <p className="mt-1 mb-4 text-sm text-quiet">{t('share.states')}</p>
      <Confirm
        ask={t('share.withdraw')}
        title={t('share.withdrawSure')}
        about={t('share.withdrawAbout')}
        act={t('share.withdrawNow')}
        grave
        run={() => send<OwnCollection>(`${collectionPath(learner)}/withdraw`, {})}
        show={(collection) => (shown(collection), onWithdrawn())}
      />
    </Card>
  );
};

/** A choice of own badges to show to whoever has the link. */
export const SharePage = () => {
  const { t } = useLanguage();
  const { learner } = useParams({ from: '/learners/$learner/share' });
  const { data: collection, error: failed, refetch } = useQuery(collectionQuery(learner));
  const { data: path, error: unread, refetch: readAgain } = useQuery(growthPathQuery(learner));
  const [withdrawals, setWithdrawals] = useState(0);
  const told = useRef<HTMLParagraphElement>(null);
  // The button that was pressed is gone: who reads by ear or by keyboard is taken to what came of it.
  useEffect(() => (withdrawals > 0 ? told.current?.focus() : undefined), [withdrawals]);
  const error = failed ?? unread;
  if (error) return <Failure error={error} retry={() => void Promise.all([refetch(), readAgain()])} />;
  return (
    <div className="mx-auto grid max-w-3xl gap-5">
      <div>
        <Link to="/learners/$learner" params={{ learner }} className="mb-2 inline-flex min-h-11 items-center gap-2 text-sm text-quiet hover:text-ink">
          <ArrowLeft size={16} aria-hidden="true" />
          {t('share.back')}
        </Link>
        <PageTitle className="text-xl">{t('share.title')}</PageTitle>
        <p className="mt-1 text-quiet">{t('share.lead')}</p>
      </div>
      {withdrawals > 0 && collection && !collection.shared && (
        <p ref={told} tabIndex={-1} role="status" className="text-met">
          {t('share.withdrawn')}
        </p>
      )}
      {collection?.url !== undefined && collection.sharedAt !== undefined && <Shown learner={learner} url={collection.url} since={collection.sharedAt} onWithdrawn={() => setWithdrawals(withdrawals + 1)} />}
      <Card title={t('share.choose')}>{collection && path ? <Choice key={withdrawals} learner={learner} earned={path.badges.earned} collection={collection} /> : <Skeleton className="h-64" />}</Card>
    </div>
  );
};
