import type { Me } from '../api/types.ts';

/** Whether somebody is led to the learners of courses; the server decides whose they may see. */
export const seesProgress = (me: Me): boolean => me.kind === 'person' && me.roles.some((role) => role === 'instructor' || role === 'admin' || role === 'auditor');
