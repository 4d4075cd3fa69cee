import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';

/** The line that opens the details it stands in, with a mark that says so and whether they are open. */
export const Summary = ({ className = '', children }: { readonly className?: string; readonly children: ReactNode }) => (
  <summary className={`flex cursor-pointer list-none items-center gap-2 ${className}`}>
    {children}
    <ChevronDown size={18} aria-hidden="true" className="quiet-motion ml-auto shrink-0 text-quiet [details[open]>summary>&]:rotate-180" />
  </summary>
);
