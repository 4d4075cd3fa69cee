/** What somebody can be, in the order in which it is offered. */
export const ROLES = ['learner', 'instructor', 'admin', 'auditor', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** What the address of the people says. */
export interface PeopleSearch {
  readonly role?: Role;
  readonly text?: string;
}

/** What an address asks of the people; what makes no sense there is left out. */
export const peopleSearch = ({ role, text }: Readonly<Record<string, unknown>>): PeopleSearch => {
  const known = ROLES.find((one) => one === role);
  const sought = typeof text === 'number' ? String(text) : text;
  return { ...(known && { role: known }), ...(typeof sought === 'string' && sought !== '' && { text: sought }) };
};

/** What a form of roles says, or what is missing in it. */
export type Said =
  | { readonly ok: true; readonly roles: { readonly roles: readonly Role[]; readonly courses?: readonly string[]; readonly learner?: string } }
  | { readonly ok: false; readonly missing: 'noRole' | 'noCourse' | 'noLearner' };

/** Ids with commas or spaces between. */
const idsIn = (text: string): readonly string[] => [...new Set(text.split(/[\s,]+/).filter((one) => one !== ''))];

/** Reads a form of roles; courses belong to instructors, and a learner's id to learners. */
export const rolesSaid = (chosen: readonly string[], courses: string, learner: string): Said => {
  const roles = ROLES.filter((role) => chosen.includes(role));
  if (roles.length === 0) return { ok: false, missing: 'noRole' };
  const taught = idsIn(courses);
  if (roles.includes('instructor') && taught.length === 0) return { ok: false, missing: 'noCourse' };
  if (roles.includes('learner') && learner.trim() === '') return { ok: false, missing: 'noLearner' };
  return { ok: true, roles: { roles, ...(roles.includes('instructor') && { courses: taught }), ...(roles.includes('learner') && { learner: learner.trim() }) } };
};
