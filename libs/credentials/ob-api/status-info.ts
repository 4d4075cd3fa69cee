import type { JsonObject } from '../json-ld/json.js';

/** What went wrong, in the words of the 1EdTech APIs. */
const MINOR = { 400: 'invaliddata', 404: 'unknownobject' } as const;

/** An error as the Open Badges 3.0 API answers it (`Imsx_StatusInfo`). */
export const statusInfo = (status: keyof typeof MINOR, description: string): JsonObject => ({
  imsx_codeMajor: 'failure',
  imsx_severity: 'error',
  imsx_description: description,
  imsx_codeMinor: { imsx_codeMinorField: [{ imsx_codeMinorFieldName: 'sourcedId', imsx_codeMinorFieldValue: MINOR[status] }] },
});
