import { readIssuer } from '#credentials/issuing/issuers.js';
import { ProofmarkError } from '#domain/errors.js';
import type { KeyAlgorithm } from '#domain/issuer-event.js';
import { openEngine } from '#engine/composition.js';
import type { EngineConfig } from '#engine/config.js';
import type { Engine } from '#engine/engine.js';
import { EXIT } from './exit-codes.js';

/** What is done to an issuer's keys. */
export type KeyAct =
  | { readonly act: 'list' }
  | { readonly act: 'rotate'; readonly algorithm: KeyAlgorithm }
  | { readonly act: 'compromised'; readonly kid: string; readonly reason: string }
  | { readonly act: 'reissue'; readonly reason: string };

const openToWrite = async (config: EngineConfig): Promise<Engine> => {
  try {
    return await openEngine(config);
  } catch (error) {
    if (!(error instanceof ProofmarkError) || error.code !== 'STORE_LOCKED') throw error;
    throw new ProofmarkError('STORE_LOCKED', `${error.message} Or ask that engine: GET /v1/issuers, POST /v1/issuers/{issuer}/keys, …/keys/{kid}/compromised, …/reissue.`);
  }
};

const printKeys = async ({ store, readModels, config: { tenant } }: Engine, issuer: string): Promise<void> => {
  for (const { kid, algorithm, status, addedAt } of (await readIssuer(store, tenant, issuer)).keys) {
    const signed = await readModels.count('credential', { tenant, issuer, kid });
    const what = algorithm === 'Ed25519' ? `${signed.toLocaleString('en')} credentials` : 'JSON Web Tokens, on demand';
    console.log(`${kid}  ${algorithm.padEnd(7)}  ${status.padEnd(11)}  since ${new Date(addedAt).toISOString().slice(0, 10)}  ${what}`);
  }
};

/** Shows or changes the keys of an issuer, and waits until what follows is done: credentials signed anew. */
export const issuerKeys = async (config: EngineConfig, issuer: string, by: string | undefined, act: KeyAct): Promise<number> => {
  const engine = await openToWrite(config);
  try {
    if ((await readIssuer(engine.store, config.tenant, issuer)).keys.length === 0) {
      throw new ProofmarkError('NOT_FOUND', `There is no issuer "${issuer}" with keys in ${config.dataDir}. The engine makes them when it publishes ${issuer}.issuer.yaml, or issues its first badge.`);
    }
    if (act.act !== 'list') {
      await engine.followers.issuer({ tenant: config.tenant, issuer, ...(by !== undefined && { by }), ...act });
      await engine.followers.settle();
    }
    await printKeys(engine, issuer);
    return EXIT.ok;
  } finally {
    await engine.close();
  }
};
