import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import type { IntakeOptions } from '#intake/intake.js';

/**
 * Which source may report about which courses, from a YAML file: `source: [course, "prefix-*", "*"]`.
 * @throws ProofmarkError USAGE where the file cannot be read or says something else.
 */
export const loadEntitlements = (file: string): NonNullable<IntakeOptions['mayReport']> => {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ProofmarkError('USAGE', `The sources file ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const entitled = new Map<string, readonly string[]>();
  const wrong = (): never => {
    throw new ProofmarkError('USAGE', `The sources file ${file} must hold lines like "source: [course, prefix-*]".`);
  };
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return wrong();
  for (const [source, courses] of Object.entries(content)) {
    if (!Array.isArray(courses) || !courses.every((course) => typeof course === 'string')) return wrong();
    entitled.set(source, courses);
  }
  return ({ type, source, course }) => {
    const courses = entitled.get(source);
    if (!courses) return { reason: 'forbidden-source', detail: `source "${source}" is not among those that may report` };
    // An approval counts for its badge in whatever course that is.
    if (type === 'ApprovalGiven' && !courses.includes('*')) return { reason: 'forbidden-course', detail: `source "${source}" may not report about all courses, so it gives no approvals` };
    // A correction need not name its course; it can only touch a fact of its own source.
    const allowed = course === undefined || courses.some((pattern) => matches(pattern, course));
    if (allowed) return undefined;
    return { reason: 'forbidden-course', detail: `source "${source}" may not report about course "${course}"` };
  };
};

const matches = (pattern: string, course: string): boolean =>
  pattern.endsWith('*') ? course.startsWith(pattern.slice(0, -1)) : pattern === course;
