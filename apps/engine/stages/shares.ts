import { crc32 } from 'node:zlib';

/** The shares into which several processes divide their work, and which of them are this one's. */
export interface Shares {
  /** How many there are, numbered from 0; who has share 0 does what is done once. */
  readonly of: number;
  readonly own: ReadonlySet<number>;
}

/** All of it: one process does everything. */
export const WHOLE: Shares = { of: 1, own: new Set([0]) };

/** Whose share a learner is: the same in every process and at all times, as long as there are as many shares. */
export const shareOf = (tenant: string, learner: string, of: number): number => crc32(`${tenant}:${learner}`) % of;

/** True for the one process that does what is done once. */
export const leads = ({ own }: Shares): boolean => own.has(0);

/** Whether a learner is one of ours; undefined where everybody is. */
export const ownership = ({ of, own }: Shares): ((tenant: string, learner: string) => boolean) | undefined =>
  of === 1 ? undefined : (tenant, learner) => own.has(shareOf(tenant, learner, of));

/** Where awarding notes how far each share is decided: another number of shares is another division, which starts anew. */
export const awardingCheckpoint = (share: number, of: number): string => (of === 1 ? 'awarding' : `awarding-${share}-of-${of}`);

/** The things of a list that are ours, dealt out one after another. */
export const dealt = <T>(things: readonly T[], { of, own }: Shares): readonly T[] => things.filter((_thing, place) => own.has(place % of));
