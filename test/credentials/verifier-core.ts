import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyCredential } from '@digitalcredentials/verifier-core';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { SHARED_DATA } from '../shared-data.js';

const REGISTRY = 'https://registry.example/registry.json';
const SCHEMA_ADDRESS = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json';

/** 1EdTech's strict schema of a credential, where the shared data are present. */
export const PUBLISHED_SCHEMA = join(SHARED_DATA, 'standards/ob_v3p0_achievementcredential_schema.json');

/** Gives what stands at an address; undefined where nothing does. */
export type Web = (url: string) => Promise<unknown>;

/** Answers everything that is fetched with what a web of the test's own has, a registry with these issuers and the schema among it. */
export const onlyFetchFrom = (web: Web, issuers: readonly string[], now: string): { readonly asked: readonly string[]; readonly restore: () => void } => {
  const original = { fetch: globalThis.fetch, warn: console.warn };
  const asked: string[] = [];
  // Where the schema is at hand it is applied; else anything goes.
  const schema: unknown = existsSync(PUBLISHED_SCHEMA) ? JSON.parse(readFileSync(PUBLISHED_SCHEMA, 'utf8')) : {};
  const registry = { meta: { created: now, updated: now }, registry: Object.fromEntries(issuers.map((issuer) => [issuer, { name: issuer }])) };
  // Its schema compiler complains about the published schema.
  console.warn = () => undefined;
  globalThis.fetch = async (input) => {
    const url = input instanceof Request ? input.url : String(input);
    asked.push(url);
    const answer = url === SCHEMA_ADDRESS ? schema : url === REGISTRY ? registry : await web(url);
    return answer === undefined ? new Response('not found', { status: 404 }) : Response.json(answer);
  };
  const restore = (): void => {
    globalThis.fetch = original.fetch;
    console.warn = original.warn;
  };
  return { asked, restore };
};

/** What @digitalcredentials/verifier-core says of a credential, step by step, with what its schema finds. */
export const verifierCoreLog = async (credential: JsonObject): Promise<{ readonly [step: string]: unknown }> => {
  const { log = [], errors = [], additionalInformation = [] } = await verifyCredential({
    credential: structuredClone(credential) as unknown as Parameters<typeof verifyCredential>[0]['credential'],
    knownDIDRegistries: [{ name: 'Registry', type: 'dcc-legacy', url: REGISTRY }],
  });
  const schema = additionalInformation.flatMap(({ results }) => results).flatMap(({ result }) => (result.valid ? [] : (result.errors ?? [])));
  return { ...Object.fromEntries(log.map(({ id, valid }) => [id, valid])), schema, ...(errors.length > 0 ? { errors: errors.map(({ name }) => name) } : {}) };
};

/** What it says of one that holds. */
export const ALL_IS_WELL = { valid_signature: true, expiration: true, revocation_status: true, registered_issuer: true, schema: [] };
