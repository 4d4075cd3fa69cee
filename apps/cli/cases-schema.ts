import { casesSchema } from '#rules/cases/cases-schema.js';

// Prints the JSON Schema of files of example cases: "npm run schema" writes rules/cases.schema.json.
process.stdout.write(`${JSON.stringify(casesSchema(), null, 2)}\n`);
