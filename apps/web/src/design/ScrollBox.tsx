import type { ReactNode } from 'react';

/** A box of its own for what may be wider, or longer, than its place; it scrolls by keyboard, too. */
export const ScrollBox = ({ name, children, className = '' }: { readonly name: string; readonly children: ReactNode; readonly className?: string }) => (
  <div role="group" aria-label={name} tabIndex={0} className={`relative overflow-auto ${className}`}>
    {children}
  </div>
);
