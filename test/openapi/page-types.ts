import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { openApiOf } from '#engine/http/openapi.js';
import { serverUnderTest } from '#engine/http/server-under-test.js';

/** The file in which the pages have the types of the API. */
export const PAGE_TYPES = 'apps/web/src/api/schema.d.ts';

/** Its text: made from the OpenAPI document that a server gives. */
export const pageTypesText = async (): Promise<string> => {
  const server = await serverUnderTest();
  try {
    const document = JSON.parse(JSON.stringify(openApiOf(server.app.nest))) as Parameters<typeof openapiTS>[0];
    return `${COMMENT_HEADER}${astToString(await openapiTS(document))}`;
  } finally {
    await server.close();
  }
};
