import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, getSchemaPath, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { VERSION } from '../version.js';
import { ANSWERS, SCHEMAS } from './response-schemas.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Response = NonNullable<Operation['responses'][string]>;

const PROBLEM = { 'application/problem+json': { schema: { $ref: getSchemaPath('Problem') } } };

/** What the schemas that are read from the sources say of one answer; what a route says of it by itself stands. Whatever fails may fail as a problem. */
const answerOf = (operation: string, status: string, response: Response): Response => {
  if ('$ref' in response) return response;
  if (/^[45]/.test(status)) return { ...response, content: { ...response.content, ...PROBLEM } };
  if (response.content) return response;
  const schema = ANSWERS[operation];
  return schema && status.startsWith('2') && status !== '204' ? { ...response, content: { 'application/json': { schema } } } : response;
};

const withAnswers = (operation: Operation): Operation => ({
  ...operation,
  responses: Object.fromEntries(Object.entries(operation.responses).map(([status, response]) => [status, response && answerOf(operation.operationId ?? '', status, response)])),
});

/** The OpenAPI document of every route. */
export const openApiOf = (app: NestFastifyApplication): OpenAPIObject => {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Proofmark')
    .setDescription(
      'Learning events in, evidenced badges out. Errors are problem details (RFC 9457). Answers to reads carry the log position that they ' +
        'show in `x-proofmark-position`; `minPosition` waits for one.',
    )
    .setVersion(VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key (pmk_…), a token for one, or an access token of the sign-in provider. In the browser, who has signed in needs none.' })
    .addSecurityRequirements('bearer')
    .addGlobalResponse({ status: 'default', description: 'Anything else is a problem.', content: PROBLEM })
    .build();
  const document = SwaggerModule.createDocument(app, config);
  const paths = Object.entries(document.paths).map(([path, methods]) => [path, Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, withAnswers(operation as Operation)]))] as const);
  return { ...document, paths: Object.fromEntries(paths), components: { ...document.components, schemas: { ...document.components?.schemas, ...SCHEMAS } } };
};

/** Serves the document at /docs-json and as pages at /docs, with nothing from other servers. */
export const serveDocs = (app: NestFastifyApplication): void => {
  SwaggerModule.setup('docs', app, () => openApiOf(app), { customSiteTitle: 'Proofmark API', raw: ['json'] });
};
