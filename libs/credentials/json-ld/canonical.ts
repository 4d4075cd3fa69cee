import type { Options } from 'jsonld';
import type { Quad, Term } from 'rdf-canonize';
import { outOfBounds, STRANGERS, type Bounds } from './bounds.js';
import { codePointOrder } from './code-points.js';
import { bundledContexts, type ContextLoader } from './contexts.js';
import { isJsonObject, type JsonObject } from './json.js';

/** Why a document has no canonical form. */
export type NotCanonical =
  /** Too large, too deep, or not Unicode. */
  | 'out-of-bounds'
  /** It names a context that is not bundled. */
  | 'unknown-context'
  /** It says something that the contexts give no meaning to, so that a signature would not cover it. */
  | 'not-json-ld'
  /** It has an identifier that is no IRI. */
  | 'not-an-iri'
  /** Its nameless nodes can only be told apart with too much work. */
  | 'too-complex';

/** The canonical form of a document, or why there is none. */
export type Canonical =
  | {
      /** RDFC-1.0 canonical N-Quads, in the order in which JavaScript sorts text. */
      readonly nquads: string;
      /** The same in the order of code points, where that is another. */
      readonly inCodePoints?: string;
    }
  | { readonly refused: NotCanonical; readonly detail: string };

/** What `canonicalize` goes by. */
export interface CanonicalOptions {
  readonly contexts?: ContextLoader;
  readonly bounds?: Bounds;
}

/** Gives the canonical form of documents. */
export type Canonicalize = (document: JsonObject) => Canonical | Promise<Canonical>;

const MAX_BLANK_NODES = 400;
const MAX_LINKS = 600;
// How often nodes without an id may be compared through their neighbours.
const MAX_COMPARISONS = 1_000;
const MAX_DETAIL = 300;
const NOT_IN_AN_IRI = /[\u0000-\u0020<>"{}|^`\\]/;

const clipped = (text: string): string => (text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL)}…` : text);
const refuse = (refused: NotCanonical, detail: string): Canonical => ({ refused, detail: clipped(detail) });

/** What the JSON-LD processor found wrong, in one line. */
const refusalOf = (thrown: unknown): Canonical => {
  const details = isJsonObject(thrown) && isJsonObject(thrown['details']) ? thrown['details'] : {};
  if (details['code'] === 'loading remote context failed') return refuse('unknown-context', String(details['url']));
  const event = isJsonObject(details['event']) ? details['event'] : undefined;
  if (event) return refuse('not-json-ld', `${String(event['message'])} ${JSON.stringify(event['details'])}`);
  return refuse('not-json-ld', thrown instanceof Error ? thrown.message : String(thrown));
};

/** True where no character is in a text that an IRI must not have. */
export const isIriText = (text: string): boolean => !NOT_IN_AN_IRI.test(text);

const wrongIri = (quads: readonly Quad[]): string | undefined => {
  const wrong = ({ termType, value }: Term): boolean => termType === 'NamedNode' && !isIriText(value);
  for (const { subject, predicate, object, graph } of quads) {
    const found = [subject, predicate, object, graph, ...(object.datatype ? [object.datatype] : [])].find(wrong);
    if (found) return found.value;
  }
  return undefined;
};

/** Why telling the nodes without an id apart would be too much work; undefined where it is not. */
const tangle = (quads: readonly Quad[]): string | undefined => {
  const nodes = new Set<string>();
  let links = 0;
  for (const { subject, object, graph } of quads) {
    const nameless = [subject, object, graph].filter(({ termType }) => termType === 'BlankNode');
    for (const { value } of nameless) nodes.add(value);
    if (nameless.length > 1) links += 1;
  }
  if (nodes.size > MAX_BLANK_NODES) return `${nodes.size} nodes without an id`;
  return links > MAX_LINKS ? `${links} statements link nodes without an id` : undefined;
};

/** A canonical form, with its other order where there is one. */
export const canonicalLines = (nquads: string): Canonical => {
  const inCodePoints = codePointOrder(nquads);
  return inCodePoints === undefined ? { nquads } : { nquads, inCodePoints };
};

/**
 * RDFC-1.0 canonical N-Quads of a JSON-LD document, in safe mode: a term without meaning is refused and never left out.
 * Work on a hostile document is bounded.
 */
export const canonicalize = async (
  document: JsonObject,
  { contexts = bundledContexts, bounds = STRANGERS }: CanonicalOptions = {},
): Promise<Canonical> => {
  const tooMuch = outOfBounds(document, bounds);
  if (tooMuch !== undefined) return refuse('out-of-bounds', tooMuch);
  let quads: readonly Quad[];
  try {
    const options = { documentLoader: contexts, safe: true, base: null, rdfDirection: 'i18n-datatype', produceGeneralizedRdf: false };
    const { default: jsonld } = await import('jsonld');
    quads = (await jsonld.toRDF(document, options as unknown as Options.ToRdf)) as readonly Quad[];
  } catch (thrown) {
    return refusalOf(thrown);
  }
  const iri = wrongIri(quads);
  if (iri !== undefined) return refuse('not-an-iri', iri);
  const tangled = tangle(quads);
  if (tangled !== undefined) return refuse('too-complex', tangled);
  try {
    const { default: rdfCanonize } = await import('rdf-canonize');
    return canonicalLines(await rdfCanonize.canonize(quads, { algorithm: 'RDFC-1.0', maxDeepIterations: MAX_COMPARISONS }));
  } catch (thrown) {
    return refuse('too-complex', thrown instanceof Error ? thrown.message : String(thrown));
  }
};
