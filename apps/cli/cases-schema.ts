import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { casesSchema } from '#rules/cases/cases-schema.js';

/* Writes rules/cases.schema.json anew, which gives editors completion and checks; a test says when it is stale. */
const FILE = join(import.meta.dirname, '../../../rules/cases.schema.json');
writeFileSync(FILE, `${JSON.stringify(casesSchema(), null, 2)}\n`);
