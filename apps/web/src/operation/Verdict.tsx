import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import { checkpointQuery, followersQuery, lettersQuery, meQuery, readinessQuery } from '../api/queries.ts';
import { Failure } from '../design/Failure.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage } from '../language.ts';
import { useAgo } from './ago.ts';
import { readCheckpoint } from './checkpoint-note.ts';
import { findingsIn, followersIn, lagOf, seeAgain, stuckAmong, type Finding, type Follower, type Seen } from './findings.ts';
import { useFollowerName } from './names.ts';
import { hasRole, isElsewhere } from './roles.ts';

/** So many open letters are counted; then it is said that there are more. */
const COUNTED = 50;
const PROJECTION = 'projection ';

const LOOK = {
  quiet: { icon: CircleCheck, colour: 'text-met', edge: 'border-met/40' },
  near: { icon: TriangleAlert, colour: 'text-near', edge: 'border-near/50' },
  wrong: { icon: CircleAlert, colour: 'text-wrong', edge: 'border-wrong/50' },
} as const;

/** What is not well, in a sentence. */
const useSentence = (): ((finding: Finding) => string) => {
  const { t } = useLanguage();
  const nameOf = useFollowerName();
  const checks: Readonly<Record<string, string>> = t('operation.checks', { returnObjects: true });
  const details: Readonly<Record<string, string>> = t('operation.checkDetails', { returnObjects: true });
  return ({ about, name, count = 0 }) => {
    switch (about) {
      case 'check':
        return name.startsWith(PROJECTION) ? t('operation.readModelStopped', { name: nameOf(name.slice(PROJECTION.length)) }) : (checks[name] ?? t('operation.checkOther', { name }));
      case 'check detail':
        return details[name] ?? t('operation.checkOther', { name });
      case 'rebuild':
        return t('operation.rebuildStopped', { name: nameOf(name) });
      case 'stuck':
        return t('operation.stuck', { name: nameOf(name), count });
      case 'letters':
        return count > COUNTED ? t('operation.lettersMany', { count: COUNTED }) : t('operation.lettersOpen', { count });
    }
  };
};

const FindingRow = ({ finding }: { readonly finding: Finding }) => {
  const { t } = useLanguage();
  const sentence = useSentence();
  const { icon: Icon, colour } = LOOK[finding.level];
  return (
    <li className="flex items-start gap-2.5 py-2.5">
      <Icon size={18} className={`mt-0.5 shrink-0 ${colour}`} aria-hidden="true" />
      <span className="min-w-0">
        <span className="font-medium">{sentence(finding)}</span>
        {finding.about === 'letters' && (
          <Link to="/operation" hash="letters" className="ml-3 text-accent underline">
            {t('operation.see')}
          </Link>
        )}
        {/* As the engine says it, in its language. */}
        {finding.detail !== undefined && (
          <span lang="en" className="block text-sm text-quiet">
            {finding.detail}
          </span>
        )}
      </span>
    </li>
  );
};

const Figure = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-sm text-quiet">{name}</dt>
    <dd className="text-lg font-semibold">{children}</dd>
  </div>
);

/** Those that stand still, by what the page has seen since it is open. */
const useStuck = (followers: readonly Follower[], head: number, now: number): readonly Follower[] => {
  const seen = useRef<{ readonly at: number; readonly seen: Seen }>({ at: 0, seen: new Map() });
  if (now > seen.current.at) seen.current = { at: now, seen: seeAgain(seen.current.seen, followers, now) };
  return stuckAmong(seen.current.seen, followers, head, now);
};

/** Whether anything is stuck: all quiet, or exactly what is not. */
export const Verdict = () => {
  const { t, time, number } = useLanguage();
  const ago = useAgo();
  const { data: me } = useQuery(meQuery());
  const ready = useQuery(readinessQuery());
  const following = useQuery({ ...followersQuery(), enabled: hasRole(me, 'operator') });
  const open = useQuery(lettersQuery({ limit: COUNTED + 1, state: 'open' }));
  const { data: note } = useQuery(checkpointQuery());
  const followers = following.data ? followersIn(following.data) : [];
  const head = following.data?.head ?? 0;
  const stuck = useStuck(followers, head, following.dataUpdatedAt);
  const asked = [ready, open, ...(isElsewhere(following.error) || !hasRole(me, 'operator') ? [] : [following])];
  // What is not known is not called quiet.
  const unknown = asked.find((query) => query.error && !query.data);
  if (unknown) return <Failure error={unknown.error} retry={() => asked.forEach((query) => void query.refetch())} />;
  if (!ready.data || !open.data || asked.some((query) => query.isPending)) return <Skeleton className="h-64 sm:h-52" />;
  const openLetters = open.data.items.length;
  const findings = findingsIn({ readiness: ready.data, stuck, followers, head, openLetters });
  const level = findings.find((one) => one.level === 'wrong') ? 'wrong' : findings.length > 0 ? 'near' : 'quiet';
  const { icon: Icon, colour, edge } = LOOK[level];
  const count = findings.filter((one) => one.level === level).length;
  const behind = Math.max(0, ...followers.filter(({ kind }) => kind !== 'rebuild').map((one) => lagOf(head, one)));
  const checkpoint = readCheckpoint(note ?? '');
  const now = ready.dataUpdatedAt;
  return (
    <section aria-labelledby="verdict" className={`rounded-card border bg-surface p-5 shadow-card sm:p-6 ${edge}`}>
      <div className="flex flex-wrap items-center gap-x-12 gap-y-5">
        <div className="flex min-w-0 basis-80 grow items-start gap-4">
          <Icon size={40} className={`shrink-0 ${colour}`} aria-hidden="true" />
          <div className="min-w-0" role="status">
            <h2 id="verdict" className="text-xl">
              {level === 'quiet' ? t('operation.quiet') : level === 'near' ? t('operation.attention', { count }) : t('operation.wrong', { count })}
            </h2>
            <p className="mt-1 text-quiet">{t(level === 'quiet' ? 'operation.quietAbout' : level === 'near' ? 'operation.attentionAbout' : 'operation.wrongAbout')}</p>
          </div>
        </div>
        <dl className="flex flex-wrap gap-x-8 gap-y-3">
          {following.data && <Figure name={t('operation.behind')}>{t('operation.events', { count: behind })}</Figure>}
          <Figure name={t('operation.openLetters')}>{openLetters > COUNTED ? t('operation.many', { count: COUNTED }) : number(openLetters)}</Figure>
          <Figure name={t('operation.lastCheckpoint')}>{checkpoint ? ago(checkpoint.time, now) : t('operation.none')}</Figure>
        </dl>
      </div>
      {findings.length > 0 && (
        <ul className="mt-4 -mb-3 divide-y border-t pt-1">
          {findings.map((finding) => (
            <FindingRow key={`${finding.about} ${finding.name}`} finding={finding} />
          ))}
        </ul>
      )}
      {asked.some((query) => query.error) && (
        <p role="alert" className="mt-3 text-sm text-near">
          {t('operation.stale', { time: time(new Date(Math.min(...asked.map((query) => query.dataUpdatedAt))).toISOString()) })}
        </p>
      )}
    </section>
  );
};
