import { writeFileSync } from 'node:fs';
import { PAGE_TYPES, pageTypesText } from './page-types.js';

// The second half of "npm run openapi": the types of the pages, from the document as it is now.
writeFileSync(PAGE_TYPES, await pageTypesText());
