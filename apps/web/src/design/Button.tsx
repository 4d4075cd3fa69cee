import type { ButtonHTMLAttributes } from 'react';

const SHAPE = 'quiet-motion inline-flex min-h-11 items-center justify-center gap-2 rounded-card px-4 text-sm font-medium no-underline disabled:opacity-60';
const LOOK = { primary: 'bg-accent text-on-accent hover:brightness-110', plain: 'border bg-surface text-ink hover:border-quiet', bare: 'text-accent hover:underline px-2' } as const;

/** How a button, or a link that is one, looks. */
export const buttonLook = (look: keyof typeof LOOK): string => `${SHAPE} ${LOOK[look]}`;

/** A button. */
export const Button = ({ look = 'plain', className = '', ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { readonly look?: keyof typeof LOOK }) => <button type="button" className={`${buttonLook(look)} ${className}`} {...rest} />;
