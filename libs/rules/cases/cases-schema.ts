import type { JsonSchema } from '../shape.js';
import { ID } from '../text-shapes.js';
import { CASE_TIME } from './case-time.js';
import { CASES, COURSE } from './cases-shape.js';
import { CHANGES, COURSE_EVENT, LEARNER_EVENT } from './event-shape.js';

/** The JSON Schema of a file of cases, for editors. */
export const casesSchema = (): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Example cases of a Proofmark rule',
  ...CASES.schema,
  $defs: Object.fromEntries([ID, CASE_TIME, CHANGES, COURSE, COURSE_EVENT, LEARNER_EVENT].map(({ name, definition }) => [name, definition])),
});
