/** How far somebody can be, in the order in which it is told. */
export const STAGES = ['earned', 'met', 'close', 'under-way', 'not-begun', 'out'] as const;
export type Stage = (typeof STAGES)[number];

/** For how many days one can ask that nothing was done. */
export const IDLE_DAYS = [7, 14, 30] as const;

/** What the address of the progress says. */
export interface ProgressSearch {
  readonly course?: string;
  readonly badge?: string;
  readonly stage?: Stage;
  /** The path of a criterion of the badge. */
  readonly lacks?: string;
  readonly idle?: number;
  readonly order?: 'idle';
  readonly text?: string;
}

// The router reads an id of digits alone as a number.
const textIn = (value: unknown): string | undefined => (typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined);

/** What an address asks of the progress; what makes no sense there is left out: a stage without a course, a criterion without its badge. */
export const progressSearch = (said: Readonly<Record<string, unknown>>): ProgressSearch => {
  const [course, badge, lacks, text] = [textIn(said['course']), textIn(said['badge']), textIn(said['lacks']), textIn(said['text'])];
  const stage = STAGES.find((one) => one === said['stage']);
  const idle = IDLE_DAYS.find((one) => one === Number(said['idle']));
  return {
    ...(course !== undefined && { course }), ...(badge !== undefined && { badge }), ...(stage && { stage }), ...(badge !== undefined && lacks !== undefined && { lacks }),
    ...(idle !== undefined && { idle }), ...(said['order'] === 'idle' && { order: 'idle' as const }), ...(text !== undefined && { text }),
  };
};
