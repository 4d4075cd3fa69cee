/*
 * Only what these decisions look at is named, so that they can be tried without the rest.
 */

interface Stop {
  readonly kind: 'asked' | 'along';
  readonly state: string;
  readonly places: readonly { readonly steps: readonly unknown[] }[];
}

interface Step {
  readonly state: string;
  readonly possible: boolean;
  readonly award?: unknown;
}

/** What a role asks for, without what merely leads there. */
export const askedStops = <S extends Pick<Stop, 'kind'>>({ stops }: { readonly stops: readonly S[] }): readonly S[] => stops.filter(({ kind }) => kind === 'asked');

/** How much of what a role asks for is there. */
export const metStops = (pathway: { readonly stops: readonly Pick<Stop, 'kind' | 'state'>[] }): number => askedStops(pathway).filter(({ state }) => state === 'earned').length;

/** Whether the badges of a stop are levels of one thing. */
export const isLevels = ({ places }: Pick<Stop, 'places'>): boolean => places.length === 1 && (places[0]?.steps.length ?? 0) > 1;

/** Whether a step leads to the story of its award: it is held, or was and cannot be had again. Else to what is missing for it. */
export const leadsToAward = ({ state, possible, award }: Step): boolean => award !== undefined && (state === 'earned' || (state === 'lost' && !possible));

/** Whether a way is open at first: one that leads somewhere, and the first one in any case. */
export const opensAt = ({ step }: { readonly step: Step }, place: number): boolean => place === 0 || (step.possible && step.state !== 'earned');
