import { loadConfig, VARIABLES, type EngineConfig } from '#engine/config.js';
import { ROLES, withoutSecrets } from '#engine/engines-config.js';
import { EXIT } from './exit-codes.js';

type Name = keyof typeof VARIABLES;

const SECRET = '***';

/** What each variable comes to, secrets hidden; undefined where there is nothing. */
const settingsOf = ({ kafka, mongodb, ...config }: EngineConfig): Readonly<Record<Name, string | number | undefined>> => ({
  PROOFMARK_HOST: config.host,
  PROOFMARK_PORT: config.port,
  PROOFMARK_DATA: config.dataDir,
  PROOFMARK_RULES: config.rulesDirs.join(','),
  PROOFMARK_TENANT: config.tenant,
  PROOFMARK_TENANTS: config.tenants?.map(({ tenant }) => tenant).join(','),
  PROOFMARK_ADMIN_KEY_FILE: config.adminKey && SECRET,
  PROOFMARK_REQUESTS_PER_SECOND: config.requestsPerSecond ? Object.values(config.requestsPerSecond).join(',') : 'off',
  PROOFMARK_OIDC_ISSUER: config.oidc?.issuer,
  PROOFMARK_OIDC_CLIENT_ID: config.oidc?.clientId,
  PROOFMARK_OIDC_CLIENT_SECRET_FILE: config.oidc?.clientSecret && SECRET,
  PROOFMARK_OIDC_AUDIENCE: config.oidc?.audience,
  PROOFMARK_OIDC_CLAIMS: config.oidc && Object.values(config.oidc.claims).join(','),
  PROOFMARK_MAX_LOG_BYTES: config.maxLogBytes,
  PROOFMARK_URL: config.publicUrl,
  PROOFMARK_TRUSTED_PROXIES: config.trustedProxies?.join(','),
  PROOFMARK_KEY_PASSPHRASE_FILE: config.keyPassphraseFile,
  PROOFMARK_AUDIT_COPY: config.auditCopyDir,
  PROOFMARK_VERIFY: config.verifyOnline ? 'online' : 'offline',
  PROOFMARK_OB_API: config.obApi ?? 'off',
  PROOFMARK_KEEP_DEAD_LETTERS_DAYS: config.keepDeadLettersDays,
  PROOFMARK_SMALL_GROUP: config.smallGroup,
  PROOFMARK_SOURCES: config.sourcesFile,
  PROOFMARK_ROLES: (config.roles ?? ROLES).join(','),
  PROOFMARK_EVENTSTORE_URI: config.eventStoreUri === undefined ? undefined : withoutSecrets(config.eventStoreUri),
  PROOFMARK_MONGODB_URI: mongodb === undefined ? undefined : withoutSecrets(mongodb.uri),
  PROOFMARK_MONGODB_DATABASE: mongodb?.database,
  PROOFMARK_KAFKA_BROKERS: kafka?.brokers.join(','),
  PROOFMARK_KAFKA_GROUP: kafka?.group,
  PROOFMARK_KAFKA_TOPICS: kafka?.topics.join(','),
  PROOFMARK_KAFKA_COURSE_TOPIC: kafka && (kafka.courseTopic ?? 'none'),
  PROOFMARK_KAFKA_DEAD_LETTER_TOPIC: kafka?.deadLetterTopic,
  PROOFMARK_KAFKA_BADGES_TOPIC: kafka && (kafka.badgesTopic ?? 'none'),
  PROOFMARK_KAFKA_SHARES_TOPIC: kafka?.sharesTopic,
  PROOFMARK_KAFKA_SIGNATURES: kafka?.signatures,
  PROOFMARK_KAFKA_TLS: kafka && (kafka.tls ? 'on' : 'off'),
  PROOFMARK_KAFKA_CA_FILE: kafka?.tls?.caFile,
  PROOFMARK_KAFKA_SASL: kafka?.sasl?.mechanism,
  PROOFMARK_KAFKA_USERNAME: kafka?.sasl?.username,
  PROOFMARK_KAFKA_PASSWORD: kafka?.sasl && SECRET,
});

/** Prints every setting: what it comes to, whether the environment says so, and what it is for. Secrets are not shown. */
export const printConfig = async (env: Readonly<Record<string, string | undefined>>, asJson: boolean): Promise<number> => {
  const settings = settingsOf(loadConfig(env));
  const rows = (Object.keys(VARIABLES) as Name[]).map((name) => ({ name, value: settings[name], from: env[name] ? 'environment' : 'default', sets: VARIABLES[name] }));
  if (asJson) {
    console.log(JSON.stringify(Object.fromEntries(rows.map(({ name, value, from }) => [name, { value: value ?? null, from }])), null, 2));
    return EXIT.ok;
  }
  for (const { name, value, from, sets } of rows) console.log(`${from === 'environment' ? '*' : ' '} ${name}=${value ?? ''}\n      ${sets}`);
  console.log('\n* is set in the environment; the others are defaults. Passwords are not shown.');
  return EXIT.ok;
};
