import 'reflect-metadata';
import { HttpModule } from '../module.js';
import { openApiOf } from '../openapi.js';
import { serverUnderTest, type ServerUnderTest } from '../server-under-test.js';
import { PERMISSION, type Permission } from './permission.js';

type Controller = new (...args: never[]) => object;

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest({ obApi: 'read-only' });
}, 120_000);
afterAll(() => server.close());

/** Routes that are for everybody; whoever adds one thinks about it here. */
const FOR_EVERYBODY = [
  'GET /', 'GET /app', 'GET /app/*', 'GET /artefacts/:id/:name', 'GET /badges/:badge/:version/:language', 'GET /badges/:badge/image.png', 'GET /badges/:badge/image.svg',
  'GET /c/:code', 'GET /c/:code/picture.png', 'GET /credentials/:code/:language', 'GET /credentials/:code/:language/badge.png', 'GET /credentials/:code/:language/badge.svg', 'GET /credentials/:code/:language/certificate.pdf',
  'GET /credentials/:code/:language/certificate.png', 'GET /credentials/:code/:language/refresh', 'GET /credentials/:code/trace', 'GET /health/live', 'GET /health/ready',
  'GET /ims/ob/v3p0/discovery', 'GET /issuers/:issuer', 'GET /issuers/:issuer/did.json', 'GET /issuers/:issuer/jwks.json', 'GET /issuers/:issuer/keys/:kid',
  'GET /issuers/:issuer/status/:list/:purpose', 'GET /ob2/assertions/:code', 'GET /ob2/badges/:badge/:version/:language', 'GET /ob2/issuers/:issuer', 'GET /oembed', 'GET /sign-in',
  'GET /sign-in/demo/:role', 'GET /sign-in/oidc', 'GET /sign-in/oidc/callback', 'GET /v/:code', 'GET /v1/audit/checkpoint', 'GET /v1/audit/keys', 'GET /v1/credentials/:code', 'GET /v1/me', 'GET /v1/verify/:code', 'GET /verify', 'POST /oauth/token', 'GET /welcome', 'POST /sign-in', 'POST /sign-in/demo', 'POST /sign-out', 'POST /welcome',
  'POST /v1/credentials/:code/shares', 'POST /v1/verify', 'POST /verify',
];

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];

/** Every route that a controller has, and what it asks for. */
const routes = (): readonly { readonly route: string; readonly permission: Permission | undefined }[] =>
  (HttpModule.of(server.engine).controllers as readonly Controller[]).flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype).filter((name) => name !== 'constructor').flatMap((name) => {
      const handler = Object.getOwnPropertyDescriptor(controller.prototype, name)?.value as object | undefined;
      const path = handler && (Reflect.getMetadata('path', handler) as string | undefined);
      if (!handler || path === undefined) return [];
      const base = Reflect.getMetadata('path', controller) as string;
      const method = METHODS[Reflect.getMetadata('method', handler) as number] ?? 'another method';
      const permission = (Reflect.getMetadata(PERMISSION, handler) ?? Reflect.getMetadata(PERMISSION, controller)) as Permission | undefined;
      return [{ route: `${method} /${[base, path].map((part) => part.replace(/^\/|\/$/g, '')).filter((part) => part !== '').join('/')}`, permission }];
    }),
  );

describe('every route', () => {
  it('names what it asks for', () => {
    expect(routes().length).toBeGreaterThan(60);
    expect(routes().filter(({ permission }) => !permission)).toEqual([]);
  });

  it('is for everybody only where that is written down here', () => {
    expect(routes().filter(({ permission }) => permission && 'everybody' in permission).map(({ route }) => route).sort()).toEqual([...FOR_EVERYBODY].sort());
  });

  it('stands in the OpenAPI document', () => {
    const documented = Object.entries(openApiOf(server.app.nest).paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('{path}', '*').replace(/\{(\w+)\}/g, ':$1')}`));
    expect(routes().map(({ route }) => route).sort()).toEqual(documented.sort());
  });

  it('asks who it is before it looks at anything else, where it is not for everybody', async () => {
    for (const { route, permission } of routes()) {
      if (permission && 'everybody' in permission) continue;
      const [method = '', path = ''] = route.split(' ');
      const answer = await server.app.nest.inject({ method: method as 'GET', url: path.replace(/:\w+/g, 'x'), ...(method === 'POST' && { payload: {} }) });
      expect([route, answer.statusCode]).toEqual([route, 401]);
    }
  });
});
