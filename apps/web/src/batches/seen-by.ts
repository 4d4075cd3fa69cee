import type { Me } from '../api/types.ts';

/** Whether somebody is led to giving badges; the server decides who may. */
export const givesBadges = (me: Me): boolean => me.kind === 'person' && me.roles.includes('admin');
