import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { OidcSettings } from '#access/oidc.js';
import { isLoopback } from '#credentials/verify/public-address.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { DEFAULT_FEWEST, LEAST_FEWEST, MOST_FEWEST } from '#projections/small-groups.js';
import { ENGINE_VARIABLES, enginesFrom, ROLES, type EnginesConfig } from './engines-config.js';
import { publicAddress } from './public-url.js';
import { readTenants, TENANT_NAME, type TenantConfig } from './tenants.js';

/** Everything that can be set about an engine; the defaults need nothing installed but Node. */
export interface EngineConfig extends Partial<EnginesConfig> {
  /** Address to listen on. */
  readonly host: string;
  readonly port: number;
  /** Directory of the event log and the read models; created where it is missing. */
  readonly dataDir: string;
  /** Directories of rule files that are published at start. */
  readonly rulesDirs: readonly string[];
  /** It takes no share of the work but does all that its roles are, whatever others do: for a command beside running workers. */
  readonly alone?: boolean;
  /** The organisation whose events, rules and badges these are. */
  readonly tenant: string;
  /** The engine's own tenant, which stands at the root of its address, where a command acts for another one; that one where absent. */
  readonly home?: string;
  /** Organisations beside it that this engine serves. */
  readonly tenants?: readonly TenantConfig[];
  /**
   * Who sends this as a bearer token is an administrator and operator of every tenant: for programs that set an engine up, and for the first
   * start where nobody can open a link.
   */
  readonly adminKey?: string;
  /** How many requests a second are answered in the long run, of each address, person and API key; as many as come where absent. */
  readonly requestsPerSecond?: { readonly address: number; readonly person: number; readonly key: number };
  /** Who vouches for the people of this tenant. */
  readonly oidc?: OidcSettings;
  /** Whoever reaches it chooses who they are: for looking at it on one's own machine. */
  readonly demo?: boolean;
  /** Quota of the event log, bytes; the disk's where absent. */
  readonly maxLogBytes?: number;
  /**
   * Under which address others reach this engine, without a slash at its end: credentials name it for good. Absent: the one under
   * which the data directory was served last, else this machine's.
   */
  readonly publicUrl?: string;
  /** Addresses and networks (CIDR) whose word about where a request comes from (X-Forwarded-For) is taken; absent: nobody's. */
  readonly trustedProxies?: readonly string[];
  /** It asks other issuers on the web for what verifying their badges takes. */
  readonly verifyOnline: boolean;
  /** File with the passphrase of the key ring; one is made beside the ring where absent. */
  readonly keyPassphraseFile?: string;
  /** Directory to which each checkpoint of the audit is written as well, best of another machine; nowhere where absent. */
  readonly auditCopyDir?: string;
  /** The Open Badges 3.0 API is there, as far as it reads; absent: it is off. */
  readonly obApi?: 'read-only';
  /** What dead letters keep of what was sent is given up after so many days; never where absent. */
  readonly keepDeadLettersDays?: number;
  /** Figures about fewer learners are not told in analytics; 0: all are; `DEFAULT_FEWEST` where absent. */
  readonly smallGroup?: number;
  /** File that says which source may report about which courses; every source about every course where absent. */
  readonly sourcesFile?: string;
}

/** Environment variables and what each sets. */
export const VARIABLES = {
  PROOFMARK_HOST: 'address to listen on (default 127.0.0.1)',
  PROOFMARK_PORT: 'port to listen on (default 3000)',
  PROOFMARK_DATA: 'data directory (default ./data)',
  PROOFMARK_RULES: 'rule directories, separated by commas (default ./rules)',
  PROOFMARK_TENANT: 'tenant (default "default")',
  PROOFMARK_TENANTS: 'YAML file with organisations beside that tenant that are served too, each under /t/NAME (default: none)',
  PROOFMARK_ADMIN_KEY_FILE: 'file with a secret of at least 32 characters; who sends it as a bearer token administers every tenant (default: none)',
  PROOFMARK_REQUESTS_PER_SECOND: 'requests that are answered a second, of an address, a person and an API key; ten times as many at once (default 50,20,200; off: all)',
  PROOFMARK_OIDC_ISSUER: 'OpenID Connect provider that people sign in with, like https://login.school.example/realms/school (default: none)',
  PROOFMARK_OIDC_CLIENT_ID: 'what this program is to the provider (default "proofmark"); its redirect address is PROOFMARK_URL/sign-in/oidc/callback',
  PROOFMARK_OIDC_CLIENT_SECRET_FILE: 'file with the client secret; none for a public client',
  PROOFMARK_OIDC_AUDIENCE: 'what access tokens of the provider must be for to be taken as bearer tokens here (default: none are taken)',
  PROOFMARK_OIDC_CLAIMS: 'claims with a person\'s roles, courses and id among the learners (default proofmark_roles,proofmark_courses,proofmark_learner)',
  PROOFMARK_MAX_LOG_BYTES: 'quota of the event log in bytes (default: none)',
  PROOFMARK_URL: 'address under which others reach this engine, like https://badges.school.example; credentials name it (default http://localhost:PORT)',
  PROOFMARK_TRUSTED_PROXIES: 'addresses and networks of proxies that say where requests come from, separated by commas, like 10.0.0.2, 192.168.7.0/24 (default: none)',
  PROOFMARK_KEY_PASSPHRASE_FILE: 'file with the passphrase of the signing keys (default: one is made in the data directory)',
  PROOFMARK_AUDIT_COPY: 'directory to which each signed checkpoint of the audit is written as well, best on another machine; one for each engine (default: none)',
  PROOFMARK_VERIFY: 'online: asks other issuers on the web when their badges are verified here; offline (default): it asks nobody',
  PROOFMARK_OB_API: '"read-only" switches the Open Badges 3.0 API on; learners and those who may see them read their badges there (default: off)',
  PROOFMARK_KEEP_DEAD_LETTERS_DAYS: 'days after which what dead letters keep is given up (default: it is kept until they are erased)',
  PROOFMARK_SMALL_GROUP: `figures about fewer learners are not told in analytics: 0 or 1 for none, else ${LEAST_FEWEST} to ${MOST_FEWEST} (default ${DEFAULT_FEWEST})`,
  PROOFMARK_SOURCES: 'YAML file with the courses that each source may report about (default: all)',
  ...ENGINE_VARIABLES,
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

const wholeNumber = (env: Environment, name: keyof typeof VARIABLES, min: number, max: number): number | undefined => {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new ProofmarkError('USAGE', `${name} is "${text}"; it must be a whole number from ${min} to ${max}.`);
};

const smallGroupFrom = (env: Environment): number => {
  const fewest = wholeNumber(env, 'PROOFMARK_SMALL_GROUP', 0, MOST_FEWEST) ?? DEFAULT_FEWEST;
  if (fewest <= 1) return 0;
  if (fewest >= LEAST_FEWEST) return fewest;
  throw new ProofmarkError('USAGE', `PROOFMARK_SMALL_GROUP is ${fewest}; of two learners each could work out the other one's figure. It must be 0 (off), or ${LEAST_FEWEST} to ${MOST_FEWEST}.`);
};

const online = (text: string): boolean => {
  if (text === 'online' || text === 'offline') return text === 'online';
  throw new ProofmarkError('USAGE', `PROOFMARK_VERIFY is "${text}"; it must be online or offline.`);
};

const DEFAULT_LIMITS = '50,20,200';

const limitsFrom = (text: string): EngineConfig['requestsPerSecond'] => {
  if (text === 'off') return undefined;
  const [address, person, key, ...more] = text.split(',').map((one) => Number(one));
  if (address === undefined || person === undefined || key === undefined || more.length > 0 || ![address, person, key].every((one) => one > 0 && one <= 1_000_000)) {
    throw new ProofmarkError('USAGE', `PROOFMARK_REQUESTS_PER_SECOND is "${text}"; it must be three numbers, like ${DEFAULT_LIMITS}, or off.`);
  }
  return { address, person, key };
};

const DEFAULT_CLAIMS = 'proofmark_roles,proofmark_courses,proofmark_learner';

const oidcFrom = (env: Environment): OidcSettings | undefined => {
  const issuer = env['PROOFMARK_OIDC_ISSUER'] || undefined;
  if (issuer === undefined) return undefined;
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isOwnMachine(url.hostname)))) throw new ProofmarkError('USAGE', `PROOFMARK_OIDC_ISSUER is "${issuer}"; it must be an address that begins with https://.`);
  const [roles, courses, learner, ...more] = (env['PROOFMARK_OIDC_CLAIMS'] || DEFAULT_CLAIMS).split(',').map((claim) => claim.trim());
  if (!roles || !courses || !learner || more.length > 0) throw new ProofmarkError('USAGE', `PROOFMARK_OIDC_CLAIMS must name three claims, like ${DEFAULT_CLAIMS}.`);
  const file = env['PROOFMARK_OIDC_CLIENT_SECRET_FILE'] || undefined;
  const audience = env['PROOFMARK_OIDC_AUDIENCE'] || undefined;
  return {
    issuer,
    clientId: env['PROOFMARK_OIDC_CLIENT_ID'] || 'proofmark',
    ...(file !== undefined && { clientSecret: secretIn(resolve(file), 'PROOFMARK_OIDC_CLIENT_SECRET_FILE') }),
    ...(audience !== undefined && { audience }),
    claims: { roles, courses, learner },
  };
};

const isOwnMachine = (host: string): boolean => host === 'localhost' || isLoopback(host);

const LEAST_KEY = 32;

const secretIn = (file: string, variable: keyof typeof VARIABLES): string => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ProofmarkError('USAGE', `The file ${file} of ${variable} cannot be read: ${messageOf(error)}`, { cause: error });
  }
};

const adminKeyIn = (file: string): string => {
  const text = secretIn(file, 'PROOFMARK_ADMIN_KEY_FILE');
  if (text.length >= LEAST_KEY && /^[\x21-\x7e]+$/.test(text)) return text;
  throw new ProofmarkError('USAGE', `The file ${file} of PROOFMARK_ADMIN_KEY_FILE must hold one word of at least ${LEAST_KEY} characters, like "openssl rand -hex 32" prints.`);
};

const obApiOf = (text: string | undefined): 'read-only' | undefined => {
  if (text === undefined || text === '' || text === 'off') return undefined;
  if (text === 'read-only') return text;
  throw new ProofmarkError('USAGE', `PROOFMARK_OB_API is "${text}"; it must be "read-only" or "off".`);
};

const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  return version !== 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)));
};

const networks = (text: string): readonly string[] => {
  const found = text.split(',').map((one) => one.trim());
  for (const one of found) {
    if (!isNetwork(one)) throw new ProofmarkError('USAGE', `PROOFMARK_TRUSTED_PROXIES names "${one}"; it must be addresses and networks, separated by commas, like 10.0.0.2, 192.168.7.0/24.`);
  }
  return found;
};

/** Settings that win over the environment. */
export type Explicit = Partial<Omit<EngineConfig, 'requestsPerSecond'>> & { readonly requestsPerSecond?: EngineConfig['requestsPerSecond'] | undefined };

/**
 * The configuration from the environment; explicit settings win.
 * @throws ProofmarkError USAGE for a value that makes no sense, or an unknown PROOFMARK_ variable.
 */
export const loadConfig = (env: Environment, explicit: Explicit = {}): EngineConfig => {
  for (const name of Object.keys(env)) {
    if (name.startsWith('PROOFMARK_') && !(name in VARIABLES)) {
      throw new ProofmarkError('USAGE', `${name} is not a setting; these are: ${Object.keys(VARIABLES).join(', ')}.`);
    }
  }
  const own = env['PROOFMARK_TENANT'] || 'default';
  const tenantsFile = env['PROOFMARK_TENANTS'] || undefined;
  const named = tenantsFile === undefined ? undefined : readTenants(resolve(tenantsFile), own);
  const tenant = explicit.tenant ?? own;
  if (!TENANT_NAME.test(tenant)) {
    throw new ProofmarkError('USAGE', `The tenant "${tenant}" is not a name of letters, digits, "-" and "_" (at most 64).`);
  }
  const acting = named?.find((one) => one.tenant === tenant);
  const tenants = explicit.tenants ?? (acting ? undefined : named);
  const maxLogBytes = explicit.maxLogBytes ?? wholeNumber(env, 'PROOFMARK_MAX_LOG_BYTES', 1_000_000, Number.MAX_SAFE_INTEGER);
  const port = explicit.port ?? wholeNumber(env, 'PROOFMARK_PORT', 0, 65_535) ?? 3000;
  const url = explicit.publicUrl ?? (env['PROOFMARK_URL'] || undefined);
  const keyPassphraseFile = explicit.keyPassphraseFile ?? (env['PROOFMARK_KEY_PASSPHRASE_FILE'] || undefined);
  const auditCopyDir = explicit.auditCopyDir ?? (env['PROOFMARK_AUDIT_COPY'] || undefined);
  const sourcesFile = explicit.sourcesFile ?? (acting ? acting.sourcesFile : env['PROOFMARK_SOURCES'] || undefined);
  const proxies = explicit.trustedProxies ?? (env['PROOFMARK_TRUSTED_PROXIES'] ? networks(env['PROOFMARK_TRUSTED_PROXIES']) : undefined);
  const adminKey = explicit.adminKey ?? (env['PROOFMARK_ADMIN_KEY_FILE'] ? adminKeyIn(resolve(env['PROOFMARK_ADMIN_KEY_FILE'])) : undefined);
  const oidc = explicit.oidc ?? (acting ? undefined : oidcFrom(env));
  const requestsPerSecond = 'requestsPerSecond' in explicit ? explicit.requestsPerSecond : limitsFrom(env['PROOFMARK_REQUESTS_PER_SECOND'] || DEFAULT_LIMITS);
  const host = explicit.host ?? (env['PROOFMARK_HOST'] || '127.0.0.1');
  if (explicit.demo && !isOwnMachine(host)) {
    throw new ProofmarkError('USAGE', `In the demo everybody chooses who they are, so it listens to this machine alone, not on ${host}. Leave out --demo, or --host.`);
  }
  const obApi = explicit.obApi ?? obApiOf(env['PROOFMARK_OB_API']);
  const keepDeadLettersDays = explicit.keepDeadLettersDays ?? wholeNumber(env, 'PROOFMARK_KEEP_DEAD_LETTERS_DAYS', 1, 36_500);
  const { roles, ...engines } = enginesFrom(env);
  return {
    host,
    port,
    smallGroup: explicit.smallGroup ?? smallGroupFrom(env),
    verifyOnline: explicit.verifyOnline ?? online(env['PROOFMARK_VERIFY'] || 'offline'),
    ...(url !== undefined && { publicUrl: publicAddress(url, 'PROOFMARK_URL') }),
    dataDir: resolve(explicit.dataDir ?? (env['PROOFMARK_DATA'] || 'data')),
    rulesDirs: (explicit.rulesDirs ?? acting?.rulesDirs ?? (env['PROOFMARK_RULES'] || 'rules').split(',')).map((dir) => resolve(dir.trim())),
    tenant,
    ...(roles.length < ROLES.length && { roles }),
    ...engines,
    ...(proxies !== undefined && { trustedProxies: proxies }),
    ...(acting && { home: own }),
    ...(tenants !== undefined && { tenants }),
    ...(adminKey !== undefined && { adminKey }),
    ...(oidc !== undefined && { oidc }),
    ...(requestsPerSecond && { requestsPerSecond }),
    ...(explicit.demo && { demo: true }),
    ...(maxLogBytes !== undefined && { maxLogBytes }),
    ...(keyPassphraseFile !== undefined && { keyPassphraseFile: resolve(keyPassphraseFile) }),
    ...(auditCopyDir !== undefined && { auditCopyDir: resolve(auditCopyDir) }),
    ...(obApi !== undefined && { obApi }),
    ...(keepDeadLettersDays !== undefined && { keepDeadLettersDays }),
    ...(sourcesFile !== undefined && { sourcesFile: resolve(sourcesFile) }),
  };
};
