import { AskError } from '../api/ask.ts';
import type { Me } from '../api/types.ts';

type Role = Extract<Me, { readonly kind: 'person' }>['roles'][number];

/** Whether somebody has a role. The server decides; this only keeps what would be refused off the page. */
export const hasRole = (me: Me | null | undefined, role: Role): boolean => me?.kind === 'person' && me.roles.includes(role);

/** Whether the page of operation has anything for somebody. */
export const mayOperate = (me: Me | null | undefined): boolean => hasRole(me, 'operator') || hasRole(me, 'admin');

/** Whether it is not for somebody to see here: what belongs to the whole engine is told under the address of its own school alone. */
export const isElsewhere = (error: Error | null): boolean => error instanceof AskError && (error.status === 403 || error.status === 404);
