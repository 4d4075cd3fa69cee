import { OF_NO_COURSE, PEOPLE_ONLY, POLICY, type Action, type PersonRole, type Reach } from './actions.js';
import { names } from './patterns.js';
import type { Principal } from './principal.js';

/** What an action is done to. */
export interface Target {
  readonly tenant: string;
  /** The learner whom it is about. */
  readonly learner?: string;
  /** The courses that it belongs to: of a learner, all in which something is recorded of them. */
  readonly courses?: readonly string[];
}

/** Whether somebody may do something. A denial is `unseen` where even the thing's existence is none of theirs. */
export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly because: 'role' | 'unseen'; readonly reason: string };

const ALLOWED: Decision = { allowed: true };
const denied = (because: 'role' | 'unseen', reason: string): Decision => ({ allowed: false, because, reason });

/** How far a principal reaches with an action, by each of its roles; [] where it may not do it at all. */
export const reachOf = (who: Principal, action: Action): readonly Reach[] => {
  if (who.kind === 'machine') {
    if (!who.actions.includes(action) || PEOPLE_ONLY.includes(action)) return [];
    if (!who.courses) return ['all'];
    return OF_NO_COURSE.includes(action) ? [] : ['own-courses'];
  }
  const row: Readonly<Partial<Record<PersonRole, Reach>>> = POLICY[action];
  return who.roles.flatMap((role) => row[role] ?? []);
};

const reaches = (reach: Reach, who: Principal, { learner, courses = [] }: Target): boolean => {
  switch (reach) {
    case 'all':
      return true;
    case 'own-courses':
      return courses.some((course) => names(who.courses ?? [], course));
    case 'self':
      return who.kind === 'person' && learner !== undefined && learner === who.learner;
  }
};

/** Decides whether somebody may do something to something; pure, and the only place where that is decided. */
export const decide = (who: Principal, action: Action, target: Target): Decision => {
  if (target.tenant !== who.tenant) return denied('unseen', 'it belongs to another tenant');
  const reach = reachOf(who, action);
  if (reach.length === 0) {
    return denied('role', who.kind === 'machine' ? `this API key may not do "${action}"` : `${who.roles.join(', ') || 'nobody'} may not do "${action}"`);
  }
  return reach.some((one) => reaches(one, who, target)) ? ALLOWED : denied('unseen', 'it is not theirs');
};
