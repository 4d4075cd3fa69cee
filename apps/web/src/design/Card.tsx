import type { ReactNode } from 'react';

/** A sheet of paper on the page. */
export const Card = ({ title, aside, children, className = '' }: { readonly title?: string; readonly aside?: ReactNode; readonly children: ReactNode; readonly className?: string }) => (
  <section className={`rounded-card border bg-surface p-5 shadow-card sm:p-6 ${className}`} {...(title !== undefined && { 'aria-label': title })}>
    {title !== undefined && (
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="text-lg">{title}</h2>
        {aside}
      </div>
    )}
    {children}
  </section>
);
