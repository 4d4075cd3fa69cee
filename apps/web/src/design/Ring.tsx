const [SIZE, STROKE] = [56, 6];
const RADIUS = (SIZE - STROKE) / 2;
const AROUND = 2 * Math.PI * RADIUS;

/** How much of something is done, as a ring; the words beside it say the same. @param share 0 to 1 */
export const Ring = ({ share, children }: { readonly share: number; readonly children?: string }) => (
  <span className="relative inline-grid shrink-0 place-items-center" aria-hidden="true">
    <svg width={SIZE} height={SIZE} viewBox={`0 0 ${SIZE} ${SIZE}`} className="-rotate-90">
      <circle cx={SIZE / 2} cy={SIZE / 2} r={RADIUS} fill="none" strokeWidth={STROKE} className="stroke-line" />
      <circle cx={SIZE / 2} cy={SIZE / 2} r={RADIUS} fill="none" strokeWidth={STROKE} strokeLinecap="round" strokeDasharray={AROUND} strokeDashoffset={AROUND * (1 - Math.min(1, Math.max(0, share)))} className={`quiet-motion ${share >= 1 ? 'stroke-met' : 'stroke-accent'}`} />
    </svg>
    <span className="absolute text-xs font-semibold">{children}</span>
  </span>
);
