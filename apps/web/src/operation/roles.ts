import type { Me } from '../api/types.ts';

type Role = Extract<Me, { readonly kind: 'person' }>['roles'][number];

/** Whether somebody has a role. The server decides; this only keeps what would be refused off the page. */
export const hasRole = (me: Me | null | undefined, role: Role): boolean => me?.kind === 'person' && me.roles.includes(role);

/** Whether the page of operation has anything for somebody. */
export const mayOperate = (me: Me | null | undefined): boolean => hasRole(me, 'operator') || hasRole(me, 'admin');
