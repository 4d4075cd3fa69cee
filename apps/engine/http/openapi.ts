import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { VERSION } from '../version.js';

const PROBLEM = {
  type: 'object' as const,
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' as const, description: 'Which kind of problem it is.', example: 'urn:proofmark:problem:not-found' },
    title: { type: 'string' as const },
    status: { type: 'integer' as const },
    detail: { type: 'string' as const },
    instance: { type: 'string' as const },
    errors: {
      type: 'array' as const,
      items: { type: 'object' as const, properties: { field: { type: 'string' as const }, message: { type: 'string' as const } } },
    },
  },
};

/** The OpenAPI document of every route. */
export const openApiOf = (app: NestFastifyApplication): OpenAPIObject => {
  const config = new DocumentBuilder()
    .setTitle('Proofmark')
    .setDescription(
      'Learning events in, evidenced badges out. Errors are problem details (RFC 9457). Answers to reads carry the log position that they ' +
        'show in `x-proofmark-position`; `minPosition` waits for one.',
    )
    .setVersion(VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key (pmk_…), a token for one, or an access token of the sign-in provider. In the browser, who has signed in needs none.' })
    .addSecurityRequirements('bearer')
    .addGlobalResponse({ status: 'default', description: 'Anything else is a problem.', content: { 'application/problem+json': { schema: PROBLEM } } })
    .build();
  return SwaggerModule.createDocument(app, config);
};

/** Serves the document at /docs-json and as pages at /docs, with nothing from other servers. */
export const serveDocs = (app: NestFastifyApplication): void => {
  SwaggerModule.setup('docs', app, () => openApiOf(app), { customSiteTitle: 'Proofmark API', raw: ['json'] });
};
