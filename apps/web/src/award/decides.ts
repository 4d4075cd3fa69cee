import type { Me } from '../api/types.ts';
import { hasRole } from '../operation/roles.ts';

/** Whether somebody decides about awards that wait for a person; about whose the server says. */
export const decidesAboutAwards = (me: Me | null | undefined): boolean => hasRole(me, 'instructor') || hasRole(me, 'admin');
