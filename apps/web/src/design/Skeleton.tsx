/** Holds the place of what is being loaded, in its size. */
export const Skeleton = ({ className }: { readonly className: string }) => <div aria-hidden="true" className={`rounded-card bg-line/60 motion-safe:animate-pulse ${className}`} />;
