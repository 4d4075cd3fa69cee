import ts from 'typescript';
import type { TypeNames } from './type-names.js';

/*
 * JSON Schemas (2020-12, the one of OpenAPI 3.1) of what types look like once they have been through JSON.stringify.
 */

/** A JSON Schema. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

const { TypeFlags } = ts;
const REFERENCE = '#/components/schemas/';

const byText = (a: unknown, b: unknown): number => {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};

const isFunction = (type: ts.Type): boolean => type.getCallSignatures().length > 0;
const isEmptyOf = (type: ts.Type): boolean => (type.flags & (TypeFlags.Undefined | TypeFlags.Void)) !== 0;
const isLiteral = (type: ts.Type): boolean => type.isStringLiteral() || type.isNumberLiteral();
const isBoolean = (type: ts.Type): boolean => (type.flags & TypeFlags.BooleanLike) !== 0;
const isNull = (type: ts.Type): boolean => (type.flags & TypeFlags.Null) !== 0;

/** Makes schemas of types; those that have a name stand by themselves and are referred to. */
export class SchemaWriter {
  readonly #made = new Map<string, { readonly type: ts.Type; readonly schema: Schema }>();

  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly names: TypeNames,
  ) {}

  /** The schemas that have a name, in the order of their names. */
  get named(): Readonly<Record<string, Schema>> {
    const entries = [...this.#made].map(([name, { schema }]) => [name, schema] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /**
   * The schema of a type.
   * @throws Error for what JSON cannot hold, or for two different types of one name.
   */
  of(type: ts.Type): Schema {
    if (type.flags & (TypeFlags.Any | TypeFlags.Unknown)) return {};
    const name = this.#deservesName(type) ? this.names.of(type) : undefined;
    return name === undefined ? this.#shapeOf(type) : this.#reference(name, type);
  }

  /** Names are for what has members, and for choices. */
  #deservesName(type: ts.Type): boolean {
    return !isBoolean(type) && (type.flags & (TypeFlags.Object | TypeFlags.UnionOrIntersection)) !== 0 && !this.checker.isArrayLikeType(type) && !isTime(type);
  }

  #reference(name: string, type: ts.Type): Schema {
    const before = this.#made.get(name);
    if (!before) {
      // There before it is whole, since it may hold itself.
      this.#made.set(name, { type, schema: {} });
      this.#made.set(name, { type, schema: { ...this.#shapeOf(type), ...described(type.aliasSymbol ?? type.symbol, this.checker) } });
    } else if (before.type !== type && byText(before.schema, { ...this.#shapeOf(type), ...described(type.aliasSymbol ?? type.symbol, this.checker) }) !== 0) {
      throw new Error(`Two different types are called ${name}, in ${placeOf(before.type)} and ${placeOf(type)}: give one another name.`);
    }
    return { $ref: `${REFERENCE}${name}` };
  }

  #shapeOf(type: ts.Type): Schema {
    if (type.isUnion()) return this.#unionOf(type);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { type: typeof type.value, const: type.value };
    if (type.flags & TypeFlags.BooleanLiteral) return { type: 'boolean', const: this.checker.typeToString(type) === 'true' };
    if (type.flags & TypeFlags.BooleanLike) return { type: 'boolean' };
    if (isNull(type)) return { type: 'null' };
    // A text with a brand is an intersection with the text's own type.
    const plain = type.isIntersection() ? (type.types.find((one) => one.flags & (TypeFlags.StringLike | TypeFlags.NumberLike)) ?? type) : type;
    if (plain.flags & TypeFlags.StringLike) return { type: 'string' };
    if (plain.flags & TypeFlags.NumberLike) return { type: 'number' };
    if (isTime(type)) return { type: 'string', format: 'date-time' };
    if (type.flags & TypeFlags.NonPrimitive) return { type: 'object' };
    if (type.flags & (TypeFlags.Object | TypeFlags.Intersection)) return this.#objectOf(type);
    throw new Error(`JSON cannot hold "${this.checker.typeToString(type)}" (${placeOf(type)}).`);
  }

  #unionOf(union: ts.UnionType): Schema {
    const kinds = union.types.filter((type) => !isEmptyOf(type));
    const rest = kinds.filter((type) => !isNull(type));
    const orNull = rest.length < kinds.length;
    const named = rest.length < union.types.length ? this.checker.getNonNullableType(union) : undefined;
    const known = named && this.#deservesName(named) && this.names.of(named) !== undefined ? [this.of(named)] : this.#membersOf(rest);
    const [only, ...more] = orNull ? [...known, { type: 'null' }] : known;
    if (more.length === 0) return only ?? {};
    if (orNull && more.length === 1 && only && typeof only['type'] === 'string' && !('const' in only) && !('enum' in only)) return { ...only, type: [only['type'], 'null'] };
    return { anyOf: [only, ...more] };
  }

  /** Choices of one kind become one list of values; what is left stays side by side. */
  #membersOf(types: readonly ts.Type[]): readonly Schema[] {
    const values = types.filter(isLiteral).map((type) => (type as ts.LiteralType).value).sort(byText);
    const booleans = types.filter(isBoolean);
    const others = types.filter((type) => !isLiteral(type) && !isBoolean(type)).map((type) => this.of(type));
    const kindsOf = (kind: 'string' | 'number'): readonly Schema[] => {
      const chosen = values.filter((value) => typeof value === kind);
      return chosen.length === 0 ? [] : [{ type: kind, enum: chosen }];
    };
    const distinct = new Map([...others, ...kindsOf('string'), ...kindsOf('number')].map((schema) => [JSON.stringify(schema), schema]));
    return [...[...distinct.values()].sort(byText), ...(booleans.length === 2 ? [{ type: 'boolean' }] : booleans.map((type) => this.#shapeOf(type)))];
  }

  #objectOf(type: ts.Type): Schema {
    if (this.checker.isTupleType(type)) return this.#tupleOf(type as ts.TypeReference);
    if (this.checker.isArrayType(type)) return { type: 'array', items: this.of(this.checker.getTypeArguments(type as ts.TypeReference)[0] ?? this.checker.getAnyType()) };
    if (['Map', 'ReadonlyMap', 'Set', 'ReadonlySet', 'Promise', 'Uint8Array'].includes(type.symbol?.name)) throw new Error(`JSON cannot hold a ${type.symbol.name}.`);
    const properties = this.checker.getPropertiesOfType(type).map((property) => ({ property, type: this.checker.getTypeOfSymbol(property) })).filter((one) => !isFunction(one.type) && !isEmptyOf(one.type)).sort((a, b) => (a.property.name < b.property.name ? -1 : 1));
    const any = type.getStringIndexType();
    return {
      type: 'object',
      ...(properties.length > 0 && { properties: Object.fromEntries(properties.map((one) => [one.property.name, { ...this.of(one.type), ...describedMember(one.property, one.type, this.checker) }])) }),
      ...requiredOf(properties.filter((one) => !isOptional(one.property, one.type)).map(({ property }) => property.name)),
      ...(any && { additionalProperties: this.of(any) }),
    };
  }

  #tupleOf(type: ts.TypeReference): Schema {
    const { elementFlags, minLength, hasRestElement } = type.target as ts.TupleType;
    const items = this.checker.getTypeArguments(type).map((one) => this.of(one));
    if (hasRestElement) return { type: 'array', items: elementFlags.length === 1 ? items[0] : { anyOf: items }, ...(minLength > 0 && { minItems: minLength }) };
    return { type: 'array', prefixItems: items, minItems: minLength, maxItems: items.length };
  }
}

const requiredOf = (names: readonly string[]): Schema => (names.length === 0 ? {} : { required: [...names].sort() });

const isOptional = (property: ts.Symbol, type: ts.Type): boolean =>
  (property.flags & ts.SymbolFlags.Optional) !== 0 || (type.flags & TypeFlags.Unknown) !== 0 || (type.isUnion() && type.types.some(isEmptyOf));

/** Dates become texts in JSON. */
const isTime = (type: ts.Type): boolean => type.symbol?.name === 'Date' && type.getProperty('toISOString') !== undefined;

const textOf = (symbol: ts.Symbol | undefined, checker: ts.TypeChecker): string => ts.displayPartsToString(symbol?.getDocumentationComment(checker)).replace(/\s+/g, ' ').trim();

const described = (symbol: ts.Symbol | undefined, checker: ts.TypeChecker): Schema => {
  const description = textOf(symbol, checker);
  return description === '' ? {} : { description };
};

/** A view that sends a time as a text has not the words of the number that it was. */
const describedMember = (property: ts.Symbol, type: ts.Type, checker: ts.TypeChecker): Schema => {
  const [declared] = property.declarations ?? [];
  const before = declared && checker.getNonNullableType(checker.getTypeAtLocation(declared));
  const isNumber = (one: ts.Type | undefined): boolean => one !== undefined && (one.flags & TypeFlags.NumberLike) !== 0;
  return isNumber(before) && !isNumber(checker.getNonNullableType(type)) ? {} : described(property, checker);
};

const placeOf = (type: ts.Type): string => (type.aliasSymbol ?? type.symbol)?.declarations?.[0]?.getSourceFile().fileName ?? 'an unknown file';
