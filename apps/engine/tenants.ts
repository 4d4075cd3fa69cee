import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { messageOf, ProofmarkError } from '#domain/errors.js';

/** An organisation beside the engine's own, with data, rules, keys, people and addresses of its own. */
export interface TenantConfig {
  readonly tenant: string;
  /** Directories of its rule files. */
  readonly rulesDirs: readonly string[];
  /** File that says which of its sources may report about which courses. */
  readonly sourcesFile?: string;
}

/** What a tenant can be called: it stands in addresses and in streams' names. */
export const TENANT_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/**
 * The address under which a tenant is reached: the engine's own stands at the root, others below it. So what an address names belongs
 * to one tenant, and nothing has to be looked for in several.
 */
export const tenantUrl = (publicUrl: string, home: string, tenant: string): string => (tenant === home ? publicUrl : `${publicUrl}/t/${tenant}`);

/** Loaded where there is such a file: commands read their settings before they know whether they do anything. */
const yaml = (): { readonly parse: (text: string) => unknown } => createRequire(import.meta.url)('yaml') as { readonly parse: (text: string) => unknown };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The tenants that a YAML file names: `tenant: { rules: directory, sources: file }`, paths from where the file stands.
 * @throws ProofmarkError USAGE where it cannot be read or says something else.
 */
export const readTenants = (file: string, home: string): readonly TenantConfig[] => {
  const wrong = (what: string): never => {
    throw new ProofmarkError('USAGE', `The tenants file ${file} ${what}. It must hold lines like "saebyeok: { rules: ./saebyeok/rules }".`);
  };
  let content: unknown;
  try {
    content = yaml().parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return wrong(`cannot be read: ${messageOf(error)}`);
  }
  if (!isObject(content)) return wrong('names no tenants');
  const at = (path: string): string => resolve(dirname(file), path);
  return Object.entries(content).map(([tenant, about]) => {
    if (!TENANT_NAME.test(tenant)) return wrong(`names "${tenant}", which is not a name of letters, digits, "-" and "_" (at most 64)`);
    if (tenant === home) return wrong(`names "${tenant}", which is the engine's own tenant (PROOFMARK_TENANT)`);
    if (!isObject(about)) return wrong(`says nothing about "${tenant}"`);
    const { rules = [], sources, ...others } = about;
    const dirs = typeof rules === 'string' ? [rules] : rules;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) return wrong(`says "${unknown}" of "${tenant}", which is not known`);
    if (!Array.isArray(dirs) || !dirs.every((dir) => typeof dir === 'string')) return wrong(`must name directories as the rules of "${tenant}"`);
    if (sources !== undefined && typeof sources !== 'string') return wrong(`must name a file as the sources of "${tenant}"`);
    return { tenant, rulesDirs: dirs.map(at), ...(sources !== undefined && { sourcesFile: at(sources) }) };
  });
};
