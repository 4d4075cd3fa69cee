import type { Stage } from './search.ts';

/** The colour of a stage in a bar; the words beside it say the same. */
export const FILL: Readonly<Record<Stage, string>> = { earned: 'bg-met', met: 'bg-met/55', close: 'bg-near', 'under-way': 'bg-chart', 'not-begun': 'bg-quiet/45', out: 'bg-line' };
