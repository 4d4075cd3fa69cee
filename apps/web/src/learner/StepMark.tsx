import type { PathwayStep } from '../api/types.ts';

const SIZE = 20;
const MIDDLE = SIZE / 2;
const RADIUS = 8;
/** A circle of half the radius, drawn as wide as it is, fills like a pie. */
const PIE = RADIUS / 2 - 0.5;
const AROUND = 2 * Math.PI * PIE;

interface Mark {
  readonly state: PathwayStep['state'];
  /** 0 to 1. */
  readonly closeness: number;
  readonly className?: string;
}

/** How something stands, as a sign whose shape says it without its colour; the words beside it say the same. */
export const StepMark = ({ state, closeness, className = '' }: Mark) => (
  <svg width={SIZE} height={SIZE} viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true" className={`shrink-0 ${className}`} fill="none" strokeWidth={2} strokeLinecap="round" strokeLinejoin="round">
    {state === 'earned' && (
      <>
        <circle cx={MIDDLE} cy={MIDDLE} r={RADIUS} className="fill-met stroke-met" />
        <path d="M6.5 10.2l2.4 2.4 4.6-5" className="stroke-surface" />
      </>
    )}
    {state === 'in-progress' && (
      <>
        <circle cx={MIDDLE} cy={MIDDLE} r={RADIUS} className="fill-surface stroke-accent" />
        <circle cx={MIDDLE} cy={MIDDLE} r={PIE} strokeWidth={2 * PIE} strokeLinecap="butt" strokeDasharray={`${Math.max(0.06, closeness) * AROUND} ${AROUND}`} transform={`rotate(-90 ${MIDDLE} ${MIDDLE})`} className="stroke-accent" />
      </>
    )}
    {state === 'open' && <circle cx={MIDDLE} cy={MIDDLE} r={RADIUS} className="fill-surface stroke-quiet" />}
    {state === 'out-of-reach' && (
      <>
        <circle cx={MIDDLE} cy={MIDDLE} r={RADIUS} strokeDasharray="2.5 3.8" className="fill-surface stroke-quiet" />
        <path d="M7 10h6" className="stroke-quiet" />
      </>
    )}
    {state === 'lost' && (
      <>
        <circle cx={MIDDLE} cy={MIDDLE} r={RADIUS} className="fill-surface stroke-wrong" />
        <path d="M7.3 7.3l5.4 5.4M12.7 7.3l-5.4 5.4" className="stroke-wrong" />
      </>
    )}
  </svg>
);
