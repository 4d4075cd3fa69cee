import fc from 'fast-check';
import { ACTIONS, PERSON_ROLES, POLICY, type Action, type PersonRole } from './actions.js';
import { decide, reachOf, type Target } from './decide.js';
import type { Machine, Person } from './principal.js';

const person = (...roles: PersonRole[]): Person => ({ kind: 'person', id: 'p', tenant: 't', roles, courses: ['C1', 'D-*'], learner: 'ann' });
const machine = (actions: readonly Action[], courses?: readonly string[]): Machine => ({ kind: 'machine', id: 'k', tenant: 't', actions, ...(courses && { courses }) });

const OWN_COURSE: Target = { tenant: 't', learner: 'bob', courses: ['X', 'D-7'] };
const OTHER_COURSE: Target = { tenant: 't', learner: 'bob', courses: ['X'] };
const SELF: Target = { tenant: 't', learner: 'ann', courses: ['X'] };
const TARGETS = { OWN_COURSE, OTHER_COURSE, SELF };

/** What each role may do, written down a second time: by target, the actions that are allowed. */
const EXPECTED: Readonly<Record<PersonRole, Readonly<Record<keyof typeof TARGETS, readonly Action[]>>>> = {
  learner: {
    OWN_COURSE: ['badge:read'],
    OTHER_COURSE: ['badge:read'],
    SELF: ['learner:read', 'learner:own', 'collection:share', 'award:read', 'badge:read', 'certificate:name'],
  },
  instructor: {
    OWN_COURSE: ['learner:read', 'award:read', 'award:review', 'badge:read', 'rule:read', 'rule:try', 'rule:publish', 'analytics:read', 'issuer:read'],
    OTHER_COURSE: ['badge:read', 'rule:read', 'issuer:read'],
    SELF: ['badge:read', 'rule:read', 'issuer:read'],
  },
  admin: everywhere(ACTIONS.filter((action) => !['collection:share', 'projection:read', 'projection:rebuild', 'metrics:read'].includes(action))),
  auditor: everywhere(['learner:read', 'award:read', 'badge:read', 'rule:read', 'analytics:read', 'issuer:read', 'access:read']),
  operator: everywhere(['badge:read', 'letter:read', 'letter:replay', 'projection:read', 'projection:rebuild', 'metrics:read']),
};

function everywhere(actions: readonly Action[]): Readonly<Record<keyof typeof TARGETS, readonly Action[]>> {
  return { OWN_COURSE: actions, OTHER_COURSE: actions, SELF: actions };
}

describe('the table of decisions', () => {
  const cases = PERSON_ROLES.flatMap((role) => (Object.keys(TARGETS) as (keyof typeof TARGETS)[]).map((target) => ({ role, target })));

  it.each(cases)('lets the $role do to $target what is written here and nothing else', ({ role, target }) => {
    const allowed = ACTIONS.filter((action) => decide(person(role), action, TARGETS[target]).allowed);
    expect(allowed).toEqual(ACTIONS.filter((action) => EXPECTED[role][target].includes(action)));
  });

  it('denies everything to who has no role', () => {
    for (const action of ACTIONS) expect(decide(person(), action, SELF)).toMatchObject({ allowed: false, because: 'role' });
  });

  it('shows nothing of another tenant, whoever asks', () => {
    for (const action of ACTIONS) {
      for (const who of [person(...PERSON_ROLES), machine(ACTIONS)]) {
        expect(decide(who, action, { ...SELF, tenant: 'other' })).toMatchObject({ allowed: false, because: 'unseen' });
      }
    }
  });

  it('tells a lack of the role from a thing that is not theirs', () => {
    expect(decide(person('learner'), 'rule:publish', SELF)).toMatchObject({ because: 'role' });
    expect(decide(person('learner'), 'learner:read', OWN_COURSE)).toMatchObject({ because: 'unseen' });
  });

  it('lets several roles add up and never take from each other', () => {
    fc.assert(
      fc.property(fc.subarray([...PERSON_ROLES]), fc.constantFrom(...PERSON_ROLES), fc.constantFrom(...ACTIONS), fc.constantFrom(...Object.values(TARGETS)), (roles, more, action, target) => {
        const either = decide(person(...roles), action, target).allowed || decide(person(more), action, target).allowed;
        expect(decide(person(...roles, more), action, target).allowed).toBe(either);
      }),
    );
  });

  it('names only roles and reaches that there are', () => {
    for (const row of Object.values(POLICY)) {
      expect(Object.keys(row).every((role) => (PERSON_ROLES as readonly string[]).includes(role))).toBe(true);
      expect(Object.values(row).every((reach) => ['all', 'own-courses', 'self'].includes(reach))).toBe(true);
    }
  });
});

describe('a key', () => {
  it('does what it names, everywhere or in its courses', () => {
    expect(decide(machine(['award:read']), 'award:read', OTHER_COURSE)).toEqual({ allowed: true });
    expect(decide(machine(['award:read'], ['D-*']), 'award:read', OWN_COURSE)).toEqual({ allowed: true });
    expect(decide(machine(['award:read'], ['D-*']), 'award:read', OTHER_COURSE)).toMatchObject({ because: 'unseen' });
    expect(decide(machine(['award:read'], []), 'award:read', OWN_COURSE)).toMatchObject({ because: 'unseen' });
    expect(decide(machine(['award:read']), 'award:review', OWN_COURSE)).toMatchObject({ because: 'role' });
  });

  it('that is kept to some courses has nothing to do with what is a learner\'s own', () => {
    expect(decide(machine(['learner:own'], ['D-*']), 'learner:own', OWN_COURSE)).toMatchObject({ because: 'role' });
    expect(decide(machine(['learner:own']), 'learner:own', OWN_COURSE)).toEqual({ allowed: true });
  });

  it('never makes keys', () => {
    expect(reachOf(machine(ACTIONS), 'access:manage')).toEqual([]);
  });
});
