import { writeFileSync } from 'node:fs';
import { responseSchemasText } from './response-schemas.js';

// "npm run openapi" keeps what the OpenAPI document says about answers up to date with their types.
writeFileSync('apps/engine/http/response-schemas.ts', responseSchemasText());
