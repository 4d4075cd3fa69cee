import ts from 'typescript';
import { answersOf, ownFiles, readSources } from './answers.js';
import { SchemaWriter, type Schema } from './schema-writer.js';
import { TypeNames } from './type-names.js';

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

/** What is answered by no controller's return: problems, and what goes out line by line. */
const OTHERS = [['http/problem.ts', 'Problem'], ['http/rule-backtest.ts', 'BacktestLine']] as const;

const declaredType = (program: ts.Program, path: string, name: string): ts.Type => {
  const file = ownFiles(program).find(({ fileName }) => fileName.endsWith(path));
  const declared = file?.statements.find((one) => (ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one)) && one.name.text === name);
  if (!declared) throw new Error(`${path} declares no ${name}.`);
  return program.getTypeChecker().getTypeAtLocation(declared);
};

/** The text of apps/engine/http/response-schemas.ts: what every route answers with, by the types in the sources. */
export const responseSchemasText = (): string => {
  const program = readSources();
  const writer = new SchemaWriter(program.getTypeChecker(), new TypeNames(program));
  const answers: Record<string, Schema> = {};
  for (const { operation, type } of answersOf(program)) answers[operation] = writer.of(type);
  for (const [path, name] of OTHERS) writer.of(declaredType(program, path, name));
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
