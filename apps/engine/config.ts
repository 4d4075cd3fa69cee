import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import { ENGINE_VARIABLES, enginesFrom, ROLES, type EnginesConfig } from './engines-config.js';
import { publicAddress } from './public-url.js';

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
  /** The Open Badges 3.0 API is there, as far as it reads; absent: it is off. */
  readonly obApi?: 'read-only';
  /** What dead letters keep of what was sent is given up after so many days; never where absent. */
  readonly keepDeadLettersDays?: number;
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
  PROOFMARK_MAX_LOG_BYTES: 'quota of the event log in bytes (default: none)',
  PROOFMARK_URL: 'address under which others reach this engine, like https://badges.school.example; credentials name it (default http://localhost:PORT)',
  PROOFMARK_TRUSTED_PROXIES: 'addresses and networks of proxies that say where requests come from, separated by commas, like 10.0.0.2, 192.168.7.0/24 (default: none)',
  PROOFMARK_KEY_PASSPHRASE_FILE: 'file with the passphrase of the signing keys (default: one is made in the data directory)',
  PROOFMARK_VERIFY: 'online: asks other issuers on the web when their badges are verified here; offline (default): it asks nobody',
  PROOFMARK_OB_API: '"read-only" switches the Open Badges 3.0 API on; there is no sign-in yet, so it shows every learner\'s badges to who reaches the engine (default: off)',
  PROOFMARK_KEEP_DEAD_LETTERS_DAYS: 'days after which what dead letters keep is given up (default: it is kept until they are erased)',
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

const online = (text: string): boolean => {
  if (text === 'online' || text === 'offline') return text === 'online';
  throw new ProofmarkError('USAGE', `PROOFMARK_VERIFY is "${text}"; it must be online or offline.`);
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

/**
 * The configuration from the environment; explicit settings win.
 * @throws ProofmarkError USAGE for a value that makes no sense, or an unknown PROOFMARK_ variable.
 */
export const loadConfig = (env: Environment, explicit: Partial<EngineConfig> = {}): EngineConfig => {
  for (const name of Object.keys(env)) {
    if (name.startsWith('PROOFMARK_') && !(name in VARIABLES)) {
      throw new ProofmarkError('USAGE', `${name} is not a setting; these are: ${Object.keys(VARIABLES).join(', ')}.`);
    }
  }
  const tenant = explicit.tenant ?? (env['PROOFMARK_TENANT'] || 'default');
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(tenant)) {
    throw new ProofmarkError('USAGE', `The tenant "${tenant}" is not a name of letters, digits, "-" and "_" (at most 64).`);
  }
  const maxLogBytes = explicit.maxLogBytes ?? wholeNumber(env, 'PROOFMARK_MAX_LOG_BYTES', 1_000_000, Number.MAX_SAFE_INTEGER);
  const port = explicit.port ?? wholeNumber(env, 'PROOFMARK_PORT', 0, 65_535) ?? 3000;
  const url = explicit.publicUrl ?? (env['PROOFMARK_URL'] || undefined);
  const keyPassphraseFile = explicit.keyPassphraseFile ?? (env['PROOFMARK_KEY_PASSPHRASE_FILE'] || undefined);
  const sourcesFile = explicit.sourcesFile ?? (env['PROOFMARK_SOURCES'] || undefined);
  const proxies = explicit.trustedProxies ?? (env['PROOFMARK_TRUSTED_PROXIES'] ? networks(env['PROOFMARK_TRUSTED_PROXIES']) : undefined);
  const obApi = explicit.obApi ?? obApiOf(env['PROOFMARK_OB_API']);
  const keepDeadLettersDays = explicit.keepDeadLettersDays ?? wholeNumber(env, 'PROOFMARK_KEEP_DEAD_LETTERS_DAYS', 1, 36_500);
  const { roles, ...engines } = enginesFrom(env);
  return {
    host: explicit.host ?? (env['PROOFMARK_HOST'] || '127.0.0.1'),
    port,
    verifyOnline: explicit.verifyOnline ?? online(env['PROOFMARK_VERIFY'] || 'offline'),
    ...(url !== undefined && { publicUrl: publicAddress(url, 'PROOFMARK_URL') }),
    dataDir: resolve(explicit.dataDir ?? (env['PROOFMARK_DATA'] || 'data')),
    rulesDirs: (explicit.rulesDirs ?? (env['PROOFMARK_RULES'] || 'rules').split(',')).map((dir) => resolve(dir.trim())),
    tenant,
    ...(roles.length < ROLES.length && { roles }),
    ...engines,
    ...(proxies !== undefined && { trustedProxies: proxies }),
    ...(maxLogBytes !== undefined && { maxLogBytes }),
    ...(keyPassphraseFile !== undefined && { keyPassphraseFile: resolve(keyPassphraseFile) }),
    ...(obApi !== undefined && { obApi }),
    ...(keepDeadLettersDays !== undefined && { keepDeadLettersDays }),
    ...(sourcesFile !== undefined && { sourcesFile: resolve(sourcesFile) }),
  };
};
