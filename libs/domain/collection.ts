import type { Decider } from './decider.js';

interface OfCollection {
  readonly tenant: string;
  readonly learner: string;
  /** The public name of the collection, that nobody can guess: who has it sees the collection. */
  readonly code: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A learner shows a choice of their awards to whoever has the link. It says nothing about them but which awards. */
export interface CollectionShared extends OfCollection {
  readonly type: 'CollectionShared';
  /** In the order in which they are shown. */
  readonly awards: readonly string[];
}
/** Another choice stands under the same link. */
export interface CollectionChanged extends OfCollection {
  readonly type: 'CollectionChanged';
  readonly awards: readonly string[];
}
/** The link is dead, for good: what is shown later has another one. */
export interface CollectionWithdrawn extends OfCollection {
  readonly type: 'CollectionWithdrawn';
}
export type CollectionEvent = CollectionShared | CollectionChanged | CollectionWithdrawn;

/** What a learner shows now. */
export type Collection =
  | { readonly status: 'none' }
  | {
      readonly status: 'shared';
      readonly code: string;
      readonly awards: readonly string[];
      /** Since when there is a link, and since when it shows these. Epoch milliseconds. */
      readonly sharedAt: number;
      readonly changedAt: number;
    };

type Of<Type extends string> = { readonly type: Type; readonly tenant: string; readonly learner: string; readonly at: number };
/** Shows a choice, under `code` where there is no link yet; or shows nothing any more. */
export type CollectionCommand = (Of<'Show'> & { readonly code: string; readonly awards: readonly string[] }) | Of<'Withdraw'>;

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((award, i) => award === b[i]);

/** A learner's collection: one at a time. What is not shared is withdrawn already. */
export const collection: Decider<CollectionCommand, CollectionEvent, Collection> = {
  initialState: { status: 'none' },
  evolve: (state, event) => {
    if (event.type === 'CollectionWithdrawn') return { status: 'none' };
    const { code, awards, at } = event;
    return { status: 'shared', code, awards, sharedAt: state.status === 'shared' ? state.sharedAt : at, changedAt: at };
  },
  decide: (command, state) => {
    const { tenant, learner, at } = command;
    if (command.type === 'Withdraw') return state.status === 'none' ? [] : [{ type: 'CollectionWithdrawn', tenant, learner, code: state.code, at }];
    const { awards } = command;
    if (state.status === 'none') return [{ type: 'CollectionShared', tenant, learner, code: command.code, at, awards }];
    return isSame(awards, state.awards) ? [] : [{ type: 'CollectionChanged', tenant, learner, code: state.code, at, awards }];
  },
};
