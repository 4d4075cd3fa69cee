import { BUNDLED_CONTEXTS } from '../json-ld/contexts.js';
import type { Canonical, Canonicalize, NotCanonical } from '../json-ld/canonical.js';
import { isJsonObject, type JsonObject } from '../json-ld/json.js';
import { finding, type Finding } from './report.js';
import type { Reason } from './reasons.js';

/**
 * The vocabularies that a badge may name. A Data Integrity signature covers what a document means and not how it is written, so
 * whoever holds a signed document may change its contexts as long as the meaning stays; these here have one name for each
 * meaning that a verifier asks for, so that nothing can be hidden behind a second name.
 */
const isAccepted = (context: string): boolean =>
  BUNDLED_CONTEXTS.has(context) && (context.startsWith('https://purl.imsglobal.org/spec/ob/v3p0/') || context.startsWith('https://www.w3.org/ns/credentials/'));

/** Accepted contexts, for whoever wants to look into all of them. */
export const ACCEPTED_CONTEXTS: readonly string[] = [...BUNDLED_CONTEXTS.keys()].filter(isAccepted);

/** A term of a vocabulary, and neither a keyword ("@included") nor an IRI, both of which mean things without being read. */
const TERM = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

const contextFlaw = (value: unknown): Finding | undefined => {
  for (const context of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
    if (typeof context !== 'string') return finding('context-inline');
    if (!isAccepted(context)) return finding('context-unknown', context);
  }
  return undefined;
};

/** What a reader of the JSON would overlook, or take for something else than the signature covers. */
const hidden = (root: JsonObject): Finding | undefined => {
  const { id } = root;
  const open: unknown[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (Array.isArray(value)) {
      for (const item of value as readonly unknown[]) if (typeof item === 'object' && item !== null) open.push(item);
      continue;
    }
    if (!isJsonObject(value)) continue;
    // What is said of the credential anywhere else is signed as if it stood at its place, but is not seen there.
    if (value !== root && id !== undefined && value['id'] === id && Object.keys(value).some((key) => key !== 'id' && key !== 'type')) return finding('term-hidden', 'more is said of the credential inside it');
    for (const [key, member] of Object.entries(value)) {
      if (key === '@context') {
        const wrong = contextFlaw(member);
        if (wrong) return wrong;
      } else if (!TERM.test(key)) return finding('term-hidden', key);
      else if (typeof member === 'object' && member !== null) open.push(member);
    }
  }
  return undefined;
};

const REFUSALS: Readonly<Record<NotCanonical, Reason>> = {
  'out-of-bounds': 'out-of-bounds',
  'unknown-context': 'context-unknown',
  'not-json-ld': 'term-unknown',
  'not-an-iri': 'not-an-iri',
  'too-complex': 'too-complex',
};

/** What the contexts say about a document, with its canonical form where it has one. */
export interface Meaning {
  readonly finding: Finding;
  /** Of the document without its proofs. */
  readonly canonical?: Canonical;
}

/** Checks that each term of a document has one known meaning, and that its JSON shows all that its signature covers. */
export const meaningOf = async (document: JsonObject, canonicalize: Canonicalize): Promise<Meaning> => {
  const wrong = hidden(document);
  if (wrong) return { finding: wrong };
  const { proof: _, ...unsecured } = document;
  const canonical = await canonicalize(unsecured);
  return 'refused' in canonical ? { finding: finding(REFUSALS[canonical.refused], canonical.detail) } : { finding: finding('contexts-known'), canonical };
};
