import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { openApiOf } from '#engine/http/openapi.js';
import type { Answer, ServerUnderTest } from '#engine/http/server-under-test.js';
import type { Schema } from './schema-writer.js';

/*
 * TEST SUPPORT: holds answers to what the OpenAPI document says of them.
 */

interface Response {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

/** An operation of the document. */
export interface Operation {
  readonly route: string;
  readonly id: string;
  readonly responses: Readonly<Record<string, Response>>;
}

/** The media type of an answer, without its parameters. */
export const mediaTypeOf = (headers: Answer['headers']): string => {
  const type = headers['content-type'];
  return typeof type === 'string' ? type.replace(/;.*/, '') : '';
};

/** The schema without leave for fields that it does not name: clients have to expect more of them in later versions, answers of this one may not have any. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in inner && typeof inner['properties'] === 'object' && !('additionalProperties' in inner) && hasType(inner) ? { ...inner, additionalProperties: false } : inner;
};
/** A member may be called "properties"; a schema that has some is one of objects. */
const hasType = ({ type }: Schema): boolean => type === 'object' || (Array.isArray(type) && type.includes('object'));

/** The document of a server, and what is wrong with answers by it. */
export class Documented {
  readonly operations: readonly Operation[];
  readonly #components: unknown;
  readonly #checks = new Map<string, ValidateFunction>();
  readonly #ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false });

  constructor(server: ServerUnderTest) {
    const document = openApiOf(server.app.nest);
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods as Readonly<Record<string, { readonly operationId: string; readonly responses: Operation['responses'] }>>).map(([method, { operationId, responses }]) => ({
        route: `${method.toUpperCase()} ${path}`, id: operationId, responses,
      })),
    );
    this.#components = { schemas: closed(document.components?.schemas ?? {}) };
    // What requests look like stands there as well, in words of OpenAPI that are no JSON Schema's.
    this.#ajv.addVocabulary(['components', 'example', 'discriminator']);
  }

  /** What an answer has that is not documented, or lacks; nothing where it is as it should be. */
  problemsOf(operation: Operation, { status, headers, text }: Answer): readonly string[] {
    const mediaType = mediaTypeOf(headers);
    if (!/[/+]json$/.test(mediaType)) return [];
    const { content } = operation.responses[status] ?? operation.responses['default'] ?? {};
    const schema = content?.[mediaType]?.schema;
    if (!schema) return [`${status} ${mediaType} is not documented`];
    const check = this.#checkOf(schema);
    return check(JSON.parse(text)) ? [] : (check.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`);
  }

  #checkOf(schema: Schema): ValidateFunction {
    const key = JSON.stringify(schema);
    const check = this.#checks.get(key) ?? this.#ajv.compile({ ...(closed(schema) as Schema), components: this.#components });
    this.#checks.set(key, check);
    return check;
  }
}
