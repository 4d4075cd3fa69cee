import type { Me } from '../api/types.ts';

/** Whether somebody is led to the accounts of the school: an auditor looks, an administrator changes; the server decides. */
export const seesPeople = (me: Me): boolean => me.kind === 'person' && me.roles.some((role) => role === 'admin' || role === 'auditor');
