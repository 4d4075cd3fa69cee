interface Earned {
  readonly award: string;
  readonly status: string;
}

/** Awards that can be shown: those that count, and those that are shown already, whatever became of them. */
export const choosable = <E extends Earned>(earned: readonly E[], shown: readonly string[]): readonly E[] => earned.filter(({ award, status }) => status === 'active' || shown.includes(award));

/** A choice in the order of the list that it was made from. */
export const inOrder = (earned: readonly Pick<Earned, 'award'>[], chosen: ReadonlySet<string>): readonly string[] => earned.filter(({ award }) => chosen.has(award)).map(({ award }) => award);

/** Whether another choice is made than the one that is shown. */
export const isChanged = (choice: readonly string[], shown: readonly string[]): boolean => choice.length !== shown.length || choice.some((award) => !shown.includes(award));
