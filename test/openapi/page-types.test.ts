import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_TYPES, pageTypesText } from './page-types.js';

it('the types that the pages have of the API are those of its document (else: npm run openapi)', async () => {
  expect(readFileSync(join(import.meta.dirname, '../../..', PAGE_TYPES), 'utf8')).toBe(await pageTypesText());
});
