import ts from 'typescript';

/*
 * What the web edge answers with, by the return types of its controllers' methods.
 */

/** The module that names every controller; what it imports is all that the types are made of. */
const ROOT = 'apps/engine/http/module.ts';
const METHODS = ['Get', 'Post', 'Put', 'Patch', 'Delete'];

/** What one route answers with. */
export interface RouteAnswer {
  /** As the OpenAPI document calls the operation: controller and method. */
  readonly operation: string;
  readonly type: ts.Type;
}

/** The sources of the web edge, ready to be asked for types. */
export const readSources = (): ts.Program => {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as { readonly config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, { ...ts.sys, readDirectory: () => [] }, '.');
  return ts.createProgram([ROOT], options);
};

/** Those of the project's own files, in the order of their paths. */
export const ownFiles = (program: ts.Program): readonly ts.SourceFile[] =>
  program.getSourceFiles().filter(({ fileName, isDeclarationFile }) => !isDeclarationFile && !fileName.includes('node_modules')).sort((a, b) => (a.fileName < b.fileName ? -1 : 1));

const isDecorated = (node: ts.HasDecorators, names: readonly string[]): boolean =>
  ts.getDecorators(node)?.some(({ expression }) => ts.isCallExpression(expression) && names.includes(expression.expression.getText())) ?? false;

/** What is sent of a result: no promise, and of a read its body. */
const sentOf = (checker: ts.TypeChecker, type: ts.Type): ts.Type => {
  const awaited = checker.getAwaitedType(type) ?? type;
  const body = awaited.symbol?.name === 'Shown' ? awaited.getProperty('body') : undefined;
  return body ? checker.getTypeOfSymbol(body) : awaited;
};

/** Texts and files are no JSON; nor is nothing. */
const isJson = (type: ts.Type): boolean =>
  (type.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.VoidLike)) === 0 && !['Buffer', 'StreamableFile'].includes(type.symbol?.name ?? '');

/** The routes that answer with JSON made of what their methods return. */
export const answersOf = (program: ts.Program): readonly RouteAnswer[] => {
  const checker = program.getTypeChecker();
  const controllers = ownFiles(program).flatMap((file) => file.statements.filter(ts.isClassDeclaration).filter((one) => isDecorated(one, ['Controller'])));
  const answers = controllers.flatMap((controller) =>
    controller.members.filter(ts.isMethodDeclaration).filter((method) => isDecorated(method, METHODS)).flatMap((method) => {
      const signature = checker.getSignatureFromDeclaration(method);
      if (!signature) return [];
      const type = sentOf(checker, checker.getReturnTypeOfSignature(signature));
      return isJson(type) ? [{ operation: `${controller.name?.text ?? ''}_${method.name.getText()}`, type }] : [];
    }),
  );
  return answers.sort((a, b) => (a.operation < b.operation ? -1 : 1));
};
