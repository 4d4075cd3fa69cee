import { answersOf, ownFiles, readSources } from './answers.js';
import { SchemaWriter, type Schema } from './schema-writer.js';
import { TypeNames } from './type-names.js';
import ts from 'typescript';

const WIDTH = 150;

/** JSON, with what fits into a line on one line. */
const compact = (value: unknown, indent: string, before: number): string => {
  const line = JSON.stringify(value);
  if (indent.length + before + line.length <= WIDTH || typeof value !== 'object' || value === null) return line;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((one) => `${inner}${compact(one, inner, 0)}`)
    : Object.entries(value).map(([key, one]) => `${inner}${JSON.stringify(key)}: ${compact(one, inner, key.length + 4)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${parts.join(',\n')},\n${indent}${close}`;
};

const problemOf = (program: ts.Program): ts.Type => {
  const file = ownFiles(program).find(({ fileName }) => fileName.endsWith('http/problem.ts'));
  const declared = file?.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === 'Problem');
  if (!declared) throw new Error('apps/engine/http/problem.ts declares no Problem.');
  return program.getTypeChecker().getTypeAtLocation(declared.name);
};

/** The text of apps/engine/http/response-schemas.ts: what every route answers with, by the types in the sources. */
export const responseSchemasText = (): string => {
  const program = readSources();
  const writer = new SchemaWriter(program.getTypeChecker(), new TypeNames(program));
  const answers: Record<string, Schema> = {};
  for (const { operation, type } of answersOf(program)) answers[operation] = writer.of(type);
  writer.of(problemOf(program));
  return [
    '/* Written by "npm run openapi" from the types that the controllers return. */',
    '',
    '/** What each operation answers with, by its id in the OpenAPI document. */',
    `export const ANSWERS: Readonly<Record<string, object>> = ${compact(answers, '', 0)};`,
    '',
    '/** The schemas that have a name. */',
    `export const SCHEMAS: Readonly<Record<string, object>> = ${compact(writer.named, '', 0)};`,
    '',
  ].join('\n');
};
