import { nearest, type Diagnostic } from './diagnostic.js';
import type { Rule } from './rule.js';
import type { Mention, Report } from './yaml-reader.js';

/** Names that exist, as far as anybody knows; what is absent is not checked. */
export interface Known {
  readonly courses?: readonly string[];
  /** The sessions, assignments and missions of a course; undefined for a course of which nothing is known. */
  readonly activities?: (course: string) => readonly string[] | undefined;
  /** Of activities. */
  readonly tags?: readonly string[];
  readonly badges?: readonly string[];
}

/** A name that a rule mentions though nobody knows it, as a warning. */
export interface UnknownName extends Diagnostic {
  readonly what: Mention['what'];
  readonly name: string;
  /** Which one was probably meant. */
  readonly meant?: string;
}

/** More of them in one file say no more. */
const MAX_WARNINGS = 100;

/** A warning for each name that a rule mentions though nobody knows it: it is a slip, or yet to come. */
export const nameWarnings = (report: Report, rule: Rule, known: Known): readonly UnknownName[] => {
  const names: Readonly<Record<Mention['what'], readonly string[] | undefined>> = {
    course: known.courses,
    activity: known.activities?.(rule.course),
    tag: known.tags,
    badge: known.badges && [...known.badges, rule.badge],
  };
  const unknown = report.mentions.filter(({ what, name }) => names[what]?.includes(name) === false);
  return unknown.slice(0, MAX_WARNINGS).map(({ what, name, offset }) => {
    const meant = nearest(name, names[what] ?? []);
    const found = report.diagnostic(offset, `no ${what} "${name}" is known${meant ? `; did you mean "${meant}"?` : ''}`);
    return { ...found, severity: 'warning', what, name, ...(meant !== undefined && { meant }) };
  });
};
