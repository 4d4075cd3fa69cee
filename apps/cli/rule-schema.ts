import { ruleSchemaText } from '#rules/json-schema.js';

// Prints the JSON Schema of rule files: "npm run schema" writes rules/rule.schema.json.
process.stdout.write(ruleSchemaText());
