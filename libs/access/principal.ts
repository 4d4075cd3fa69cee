import type { Action, PersonRole } from './actions.js';

/** Somebody who has shown who they are: a person, or a machine with a key. */
export type Principal = Person | Machine;

interface Known {
  /** A random id: no name and no address. It stands in the log as who did something. */
  readonly id: string;
  /** The tenant that they belong to, and beyond which they reach nothing. */
  readonly tenant: string;
}

/** A person who has signed in. */
export interface Person extends Known {
  readonly kind: 'person';
  readonly roles: readonly PersonRole[];
  /** Ids of the courses that an instructor teaches; one that ends in "*" is the beginning of many. */
  readonly courses: readonly string[];
  /** Who they are among the learners. */
  readonly learner?: string;
}

/** A program with an API key. */
export interface Machine extends Known {
  readonly kind: 'machine';
  readonly actions: readonly Action[];
  /** Courses that it may touch, as of a person; all where absent. */
  readonly courses?: readonly string[];
  /** In the name of which sources it may send events; all where absent. */
  readonly sources?: readonly string[];
}
