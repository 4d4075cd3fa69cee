import { issuerSchema } from '#credentials/issuer/issuer-file.js';

// Prints the JSON Schema of issuer files: "npm run schema" writes rules/issuer.schema.json.
process.stdout.write(`${JSON.stringify(issuerSchema(), null, 2)}\n`);
