import { readFileSync } from 'node:fs';
import { responseSchemasText } from './response-schemas.js';

describe('the schemas of answers', () => {
  it('are those of the types in the sources (else: npm run openapi)', () => {
    expect(readFileSync('apps/engine/http/response-schemas.ts', 'utf8')).toBe(responseSchemasText());
  }, 120_000);
});
