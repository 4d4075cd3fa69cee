import { CRITERION } from './criterion-shape.js';
import { RULE } from './rule-shape.js';
import type { JsonSchema } from './shape.js';
import { ID, LOCALIZED } from './text-shapes.js';

/**
 * The JSON Schema (draft 2020-12) of a rule file, for editors: everything that it refuses the parser refuses; what
 * parts have to be together is for the parser alone.
 */
export const ruleSchema = (): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://proofmark.dev/schema/rule.json',
  title: 'Proofmark badge rule',
  description: 'When a badge is awarded, and what it is.',
  ...RULE.schema,
  $defs: Object.fromEntries([CRITERION, ID, LOCALIZED].map(({ name, definition }) => [name, definition])),
});

/** The schema as the file beside the rules holds it. */
export const ruleSchemaText = (): string => `${JSON.stringify(ruleSchema(), null, 2)}\n`;
