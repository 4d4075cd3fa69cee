/** Why somebody should look at a badge, or why not; what is unseen says the engine. */
export type Attention =
  | { readonly why: 'unseen'; readonly lastViewedOn: string | null }
  | { readonly why: 'everybody'; readonly rate: number }
  | { readonly why: 'unearned' }
  | { readonly why: 'hardly'; readonly rate: number }
  | { readonly why: 'nothing' }
  | { readonly why: 'untold' }
  | { readonly why: 'retired' };

/** What is known of a badge, of all time; null where it is about too few learners. */
export interface BadgeFacts {
  readonly awarded: number | null;
  readonly fatigued: boolean | null;
  readonly lastViewedOn: string | null;
  /** Active awards by learners of the course: above 1 where one can have several. */
  readonly rate: number | null;
  readonly learners: number | null;
  readonly retired: boolean;
}

/** For how many days nobody has looked at a badge that counts as unseen: so the server is asked, and so it is said. */
export const DAYS_UNSEEN = 90;
/** Above and below which share of the learners a badge says little, and from how many learners on that can be said; as the advice on rules has it. */
const [NEARLY_EVERYBODY, NEARLY_NOBODY, FEW] = [0.95, 0.01, 20];
const ORDER = ['unseen', 'everybody', 'unearned', 'hardly', 'nothing', 'untold', 'retired'] as const satisfies readonly Attention['why'][];

/** Why somebody should look at a badge: the first of the reasons that holds. */
export const attentionOf = ({ awarded, fatigued, lastViewedOn, rate, learners, retired }: BadgeFacts): Attention => {
  if (retired) return { why: 'retired' };
  if (fatigued === true) return { why: 'unseen', lastViewedOn };
  if (awarded === 0) return { why: 'unearned' };
  if (rate !== null && learners !== null && learners >= FEW) {
    if (rate >= NEARLY_EVERYBODY && rate <= 1) return { why: 'everybody', rate };
    if (rate <= NEARLY_NOBODY) return { why: 'hardly', rate };
  }
  return { why: awarded === null ? 'untold' : 'nothing' };
};

/** Whether there is a reason to look at a badge. */
export const needsALook = ({ why }: Attention): boolean => ORDER.indexOf(why) < ORDER.indexOf('nothing');

/** Puts first what needs a look most; what needs it as much stays in its order. */
export const byAttention = <T extends { readonly attention: Attention }>(rows: readonly T[]): readonly T[] =>
  [...rows].sort(({ attention: a }, { attention: b }) => ORDER.indexOf(a.why) - ORDER.indexOf(b.why) || (a.why === 'everybody' && b.why === 'everybody' ? b.rate - a.rate : 0));
