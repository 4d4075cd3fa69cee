import type { Me } from '../api/types.ts';
import { hasRole } from '../operation/roles.ts';

/** Whether somebody writes rules; about which courses the server says. */
export const mayWriteRules = (me: Me | null | undefined): boolean => hasRole(me, 'instructor') || hasRole(me, 'admin');

/** Whether somebody may look at rules. */
export const maySeeRules = (me: Me | null | undefined): boolean => mayWriteRules(me) || hasRole(me, 'auditor');
