import ts from 'typescript';
import { ownFiles } from './answers.js';

/*
 * What types are called. Those that the checker has worked out (`type AwardView = ReturnType<typeof awardView>`) have lost their
 * names on the way; they are found again by the declarations that they come from.
 */

/** Types of TypeScript itself that stand for their members. */
const TRANSPARENT = ['Pick', 'Omit', 'Partial', 'Required', 'Readonly', 'Record', 'Exclude', 'Extract', 'NonNullable', 'ReturnType', 'Awaited', 'Array', 'ReadonlyArray', 'Promise'];

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const hasOwnName = (type: ts.Type): boolean => type.aliasSymbol !== undefined || type.isClassOrInterface();
const isObjects = (type: ts.Type): boolean => (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.UnionOrIntersection)) !== 0;

/** What a function called `…View` makes is called like it, where no other is. */
const viewsIn = (statement: ts.Statement, checker: ts.TypeChecker): readonly (readonly [ts.Type, string])[] =>
  !ts.isVariableStatement(statement) ? [] : statement.declarationList.declarations.flatMap(({ name, initializer }) => {
    if (!ts.isIdentifier(name) || !name.text.endsWith('View') || !initializer || !ts.isArrowFunction(initializer)) return [];
    const signature = checker.getSignatureFromDeclaration(initializer);
    return signature ? [[checker.getReturnTypeOfSignature(signature), capital(name.text)] as const] : [];
  });

const aliasesIn = (statement: ts.Statement, checker: ts.TypeChecker): readonly (readonly [ts.Type, string])[] =>
  ts.isTypeAliasDeclaration(statement) && !statement.typeParameters ? [[checker.getTypeAtLocation(statement.name), statement.name.text] as const] : [];

/** Finds what a type is called; undefined for one that has no name. */
export class TypeNames {
  readonly #given = new Map<ts.Type, string>();
  readonly #checker: ts.TypeChecker;

  constructor(program: ts.Program) {
    this.#checker = program.getTypeChecker();
    const statements = ownFiles(program).flatMap(({ statements }) => [...statements]);
    const aliases = statements.flatMap((statement) => aliasesIn(statement, this.#checker));
    const views = statements.flatMap((statement) => viewsIn(statement, this.#checker));
    for (const [type, name] of [...aliases, ...views.filter(([type, name]) => [...aliases, ...views].every((other) => other[1] !== name || other[0] === type))]) {
      if (isObjects(type) && !hasOwnName(type) && !this.#given.has(type)) this.#given.set(type, name);
    }
  }

  of(type: ts.Type): string | undefined {
    const alias = type.aliasSymbol;
    if (alias) return TRANSPARENT.includes(alias.name) ? this.#given.get(type) : this.#named(alias.name, type.aliasTypeArguments ?? []);
    if (!isInterface(type)) return this.#given.get(type);
    return this.#named(type.symbol.name, isReference(type) ? this.#checker.getTypeArguments(type).filter((one) => !isThis(one)) : []);
  }

  /** `Page<AwardView>` is an AwardViewPage; of what has no name there is none either. */
  #named(name: string, of: readonly ts.Type[]): string | undefined {
    if (TRANSPARENT.includes(name)) return undefined;
    const parts = of.map((type) => this.of(type));
    return parts.includes(undefined) ? undefined : `${parts.join('')}${name}`;
  }
}

const isReference = (type: ts.Type): type is ts.TypeReference => 'target' in type;
const isInterface = (type: ts.Type): boolean => type.isClassOrInterface() || (isReference(type) && type.target.isClassOrInterface());
const isThis = (type: ts.Type): boolean => type.isTypeParameter() && 'isThisType' in type && type.isThisType === true;
