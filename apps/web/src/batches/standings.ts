import type { Standing, WholeBatch } from './queries.ts';

/** Where rows can stand, what matters most first. */
export const STANDINGS = ['new', 'has', 'approved', 'stopped', 'bad'] as const satisfies readonly Standing[];

/** The colour of what happens to a row. */
export const LOOK: Readonly<Record<Standing, string>> = { new: 'text-met', has: 'text-quiet', approved: 'text-near', stopped: 'text-near', bad: 'text-wrong' };

/** The colour of a batch's state. */
export const STATE_LOOK: Readonly<Record<WholeBatch['state'] | 'damaged', string>> = {
  uploaded: 'text-quiet', waiting: 'text-accent', issuing: 'text-accent', done: 'text-met', failed: 'text-wrong', interrupted: 'text-near', cancelled: 'text-near', damaged: 'text-wrong',
};
