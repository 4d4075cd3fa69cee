import jsonld from 'jsonld';
import rdfCanonize, { type Quad, type Term } from 'rdf-canonize';
import { outOfBounds } from './bounds.js';
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

/** Gives the canonical form of documents. */
export type Canonicalize = (document: JsonObject) => Canonical | Promise<Canonical>;

const MAX_QUADS = 8_000;
const MAX_BLANK_NODES = 400;
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

const blankNodes = (quads: readonly Quad[]): number =>
  new Set(quads.flatMap(({ subject, object, graph }) => [subject, object, graph].filter(({ termType }) => termType === 'BlankNode').map(({ value }) => value))).size;

/** A canonical form, with its other order where there is one. */
export const canonicalLines = (nquads: string): Canonical => {
  const inCodePoints = codePointOrder(nquads);
  return inCodePoints === undefined ? { nquads } : { nquads, inCodePoints };
};

/**
 * RDFC-1.0 canonical N-Quads of a JSON-LD document, in safe mode: a term without meaning is refused and never left out.
 * Work on a hostile document is bounded.
 */
export const canonicalize = async (document: JsonObject, contexts: ContextLoader = bundledContexts): Promise<Canonical> => {
  const tooMuch = outOfBounds(document);
  if (tooMuch !== undefined) return refuse('out-of-bounds', tooMuch);
  let quads: readonly Quad[];
  try {
    const options = { documentLoader: contexts, safe: true, base: null, rdfDirection: 'i18n-datatype', produceGeneralizedRdf: false };
    quads = (await jsonld.toRDF(document, options as unknown as jsonld.Options.ToRdf)) as readonly Quad[];
  } catch (thrown) {
    return refusalOf(thrown);
  }
  if (quads.length > MAX_QUADS) return refuse('too-complex', `${quads.length} statements`);
  const iri = wrongIri(quads);
  if (iri !== undefined) return refuse('not-an-iri', iri);
  const nameless = blankNodes(quads);
  if (nameless > MAX_BLANK_NODES) return refuse('too-complex', `${nameless} nodes without an id`);
  try {
    return canonicalLines(await rdfCanonize.canonize(quads, { algorithm: 'RDFC-1.0', maxWorkFactor: 1 }));
  } catch (thrown) {
    return refuse('too-complex', thrown instanceof Error ? thrown.message : String(thrown));
  }
};
