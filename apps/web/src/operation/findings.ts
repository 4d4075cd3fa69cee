import type { Followers, ReadModelState, Readiness } from '../api/types.ts';

/** Something that follows the log: how far it is. */
export interface Follower {
  readonly name: string;
  readonly kind: 'awarding' | 'issuing' | 'read model' | 'rebuild';
  readonly position: number;
  readonly state: 'running' | 'waiting' | 'parked';
  readonly reason?: string | undefined;
}

const ofReadModel = ({ projection, state, checkpoint, status, message }: ReadModelState): Follower => ({
  name: projection,
  kind: state === 'live' ? 'read model' : 'rebuild',
  position: Math.max(0, checkpoint),
  state: status === 'following' ? 'running' : status,
  reason: message,
});

/** Everything that follows the log. */
export const followersIn = ({ awarding, issuing, projections }: Followers): readonly Follower[] => [
  ...([['awarding', awarding], ['issuing', issuing]] as const).map(([kind, { position, state, reason }]) => ({ name: kind, kind, position: Math.max(0, position), state, reason })),
  ...projections.map(ofReadModel),
];

/** How many events a follower has still to take. Issuing follows awards and issuers alone, so that the end of the log tells nothing about it. */
export const lagOf = (head: number, { kind, position }: Follower): number => (kind === 'issuing' ? 0 : Math.max(0, head - position));

/** Since when a follower is where it is, as far as the page has seen. */
export type Seen = ReadonlyMap<string, { readonly position: number; readonly since: number }>;

const keyOf = ({ kind, name }: Follower): string => `${kind} ${name}`;

/** What the page has seen, with what it sees now. @param now epoch milliseconds */
export const seeAgain = (seen: Seen, followers: readonly Follower[], now: number): Seen =>
  new Map(
    followers.map((one) => {
      const before = seen.get(keyOf(one));
      return [keyOf(one), before?.position === one.position ? before : { position: one.position, since: now }];
    }),
  );

const STUCK_AFTER = 15_000;

/** Those for which the log has more and that have not moved for a while. Being behind is no fault; standing still is. */
export const stuckAmong = (seen: Seen, followers: readonly Follower[], head: number, now: number): readonly Follower[] =>
  followers.filter((one) => lagOf(head, one) > 0 && now - (seen.get(keyOf(one))?.since ?? now) >= STUCK_AFTER);

/** Something that is not as it should be; `wrong` where the engine cannot do its work. */
export interface Finding {
  readonly level: 'wrong' | 'near';
  readonly about: 'check' | 'check detail' | 'stuck' | 'rebuild' | 'letters';
  /** The check, or the follower. */
  readonly name: string;
  readonly detail?: string | undefined;
  readonly count?: number;
}

/** What is known about the engine at one moment. */
export interface Situation {
  readonly readiness: Readiness;
  /** Those that stand still. */
  readonly stuck: readonly Follower[];
  readonly followers: readonly Follower[];
  readonly head: number;
  readonly openLetters: number;
}

/** Exactly what is not quiet, the gravest first. */
export const findingsIn = ({ readiness, stuck, followers, head, openLetters }: Situation): readonly Finding[] => {
  const failed = readiness.checks.filter(({ ok }) => !ok);
  // What a check says already is not said twice.
  const told = new Set(failed.map(({ name }) => name.replace(/^projection /, '')));
  return [
    ...failed.map(({ name, detail }): Finding => ({ level: 'wrong', about: 'check', name, detail })),
    ...followers.filter(({ kind, state }) => kind === 'rebuild' && state !== 'running').map(({ name, reason }): Finding => ({ level: 'wrong', about: 'rebuild', name, detail: reason })),
    ...stuck.filter(({ name, state }) => state === 'running' && !told.has(name)).map((one): Finding => ({ level: 'wrong', about: 'stuck', name: one.name, count: lagOf(head, one) })),
    ...readiness.checks.filter(({ ok, detail }) => ok && detail !== undefined).map(({ name, detail }): Finding => ({ level: 'near', about: 'check detail', name, detail })),
    ...(openLetters > 0 ? [{ level: 'near', about: 'letters', name: 'letters', count: openLetters } satisfies Finding] : []),
  ];
};
