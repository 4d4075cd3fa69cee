// What the tests and benchmarks use of verifiers that come without types.

declare module '@digitalbazaar/vc' {
  interface StockVerification {
    readonly verified: boolean;
    readonly error?: unknown;
  }
  interface StockOptions {
    readonly suite: unknown;
    readonly documentLoader: (url: string) => Promise<unknown>;
    readonly now?: string;
    readonly checkStatus?: () => Promise<{ readonly verified: boolean }>;
  }
  export const issue: (options: StockOptions & { readonly credential: object }) => Promise<object>;
  export const verifyCredential: (options: StockOptions & { readonly credential: object }) => Promise<StockVerification>;
}

declare module '@digitalbazaar/data-integrity' {
  export class DataIntegrityProof {
    constructor(options: { readonly cryptosuite: unknown; readonly signer?: unknown; readonly date?: string });
  }
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: unknown;
}

declare module '@digitalbazaar/ed25519-multikey' {
  export const fromJwk: (options: { readonly jwk: object; readonly secretKey: boolean; readonly id: string; readonly controller: string }) => Promise<{ signer(): unknown }>;
}
