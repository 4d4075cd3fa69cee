/** Whom a role may act upon: everything of its tenant, what belongs to its courses, or what is the learner's own. */
export type Reach = 'all' | 'own-courses' | 'self';

/** What a person is to a tenant. */
export const PERSON_ROLES = ['learner', 'instructor', 'admin', 'auditor', 'operator'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

/**
 * Who may do what: the one table of decisions. An action that a role lacks is denied. API keys carry actions of their own and are held
 * to the same list of actions; `key: false` is what no key may do, since it would let a key outlive the person who made it.
 */
export const POLICY = {
  'event:send': { admin: 'all' },
  'learner:read': { learner: 'self', instructor: 'own-courses', admin: 'all', auditor: 'all' },
  'learner:own': { learner: 'self', admin: 'all' },
  'collection:share': { learner: 'self' },
  'award:read': { learner: 'self', instructor: 'own-courses', admin: 'all', auditor: 'all' },
  'award:review': { instructor: 'own-courses', admin: 'all' },
  'badge:read': { learner: 'all', instructor: 'all', admin: 'all', auditor: 'all', operator: 'all' },
  'rule:read': { instructor: 'all', admin: 'all', auditor: 'all' },
  'rule:try': { instructor: 'own-courses', admin: 'all' },
  'rule:publish': { instructor: 'own-courses', admin: 'all' },
  'analytics:read': { instructor: 'own-courses', admin: 'all', auditor: 'all' },
  'batch:issue': { admin: 'all' },
  'certificate:name': { learner: 'self', admin: 'all' },
  'issuer:read': { instructor: 'all', admin: 'all', auditor: 'all' },
  'issuer:manage': { admin: 'all' },
  'letter:read': { admin: 'all', operator: 'all' },
  'letter:replay': { admin: 'all', operator: 'all' },
  'projection:read': { operator: 'all' },
  'projection:rebuild': { operator: 'all' },
  'metrics:read': { operator: 'all' },
  'access:read': { admin: 'all', auditor: 'all' },
  'access:manage': { admin: 'all' },
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<PersonRole, Reach>>>>>;

/** Something that a request does; every route names one, or says that it is for everybody. */
export type Action = keyof typeof POLICY;

/** All actions, in the order of the table. */
export const ACTIONS = Object.keys(POLICY) as readonly Action[];

/** What concerns the engine as a whole and so all tenants on it: it is done under the address of the engine's own tenant alone. */
export const ENGINE_WIDE: readonly Action[] = ['projection:read', 'projection:rebuild', 'metrics:read'];

/** What no API key may do: a key that makes keys would outlive the person who made it, and what a learner shows to the world is theirs alone to say. */
export const PEOPLE_ONLY: readonly Action[] = ['access:manage', 'collection:share'];

/** What no API key may do that is kept to some courses: what is a learner's own is of no course, and who sends events puts learners into one. */
export const OF_NO_COURSE: readonly Action[] = ['learner:own'];
