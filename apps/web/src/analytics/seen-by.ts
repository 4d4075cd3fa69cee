import type { Me } from '../api/types.ts';

/** Whether somebody is led to the figures of the whole school; the server decides who reads them. */
export const seesAnalytics = (me: Me): boolean => me.kind === 'person' && me.roles.some((role) => role === 'admin' || role === 'auditor');
