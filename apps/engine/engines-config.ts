import { ProofmarkError } from '#domain/errors.js';

/** What a process does: takes deliveries in, decides awards, signs credentials, builds read models, answers over HTTP. */
export const ROLES = ['intake', 'decide', 'issue', 'project', 'web'] as const;
export type Role = (typeof ROLES)[number];

/** How Kafka is reached and which topics are whose. */
export interface KafkaSettings {
  /** `host:port` of some brokers. */
  readonly brokers: readonly string[];
  /** Consumer group; stages of the work have groups of this name and their own. */
  readonly group: string;
  /** Topics of learners' events, keyed `tenant:learner`, all with as many partitions. */
  readonly topics: readonly string[];
  /** Compacted topic of what courses offer, which every worker reads whole; absent: courses come with the others. */
  readonly courseTopic?: string;
  readonly deadLetterTopic: string;
  /** Where awards are told; absent: nowhere. */
  readonly badgesTopic?: string;
  /** Holds no messages: its partitions are the shares in which workers divide their work. */
  readonly sharesTopic: string;
  /** Whether messages that no API key has signed become dead letters, or are taken. */
  readonly signatures: 'required' | 'optional';
  /** TLS with the system's authorities, or with those of a PEM file; absent: none. */
  readonly tls?: { readonly caFile?: string };
  readonly sasl?: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string };
}

/** Where the log, the read models and the deliveries are, if not in the data directory, and what this process does of the work. */
export interface EnginesConfig {
  /** In the order of `ROLES`; all of them unless the work is split. */
  readonly roles: readonly Role[];
  /** Connection string of EventStoreDB or KurrentDB: the log. */
  readonly eventStoreUri?: string;
  /** Connection string of MongoDB and the name of its database: the read models. */
  readonly mongodb?: { readonly uri: string; readonly database: string };
  readonly kafka?: KafkaSettings;
}

/** Environment variables of the engines and what each sets. */
export const ENGINE_VARIABLES = {
  PROOFMARK_ROLES: `what this process does, separated by commas: ${ROLES.join(', ')} (default: all)`,
  PROOFMARK_EVENTSTORE_URI: 'EventStoreDB or KurrentDB for the log, like esdb://user:password@host:2113 (default: a file in the data directory)',
  PROOFMARK_MONGODB_URI: 'MongoDB for the read models, like mongodb://user:password@host:27017 (default: a file in the data directory)',
  PROOFMARK_MONGODB_DATABASE: 'its database (default proofmark)',
  PROOFMARK_KAFKA_BROKERS: 'Kafka brokers to take events from, like a:9092,b:9092 (default: none)',
  PROOFMARK_KAFKA_GROUP: 'consumer group (default proofmark)',
  PROOFMARK_KAFKA_TOPICS: 'topics of learning events, separated by commas, all with as many partitions (default learning-events)',
  PROOFMARK_KAFKA_COURSE_TOPIC: 'compacted topic of course events, which every worker reads whole; "none": there is none (default course-events)',
  PROOFMARK_KAFKA_DEAD_LETTER_TOPIC: 'topic for messages that cannot be taken (default learning-events-dead-letters)',
  PROOFMARK_KAFKA_BADGES_TOPIC: 'topic to which awards are told; "none": nowhere (default badges)',
  PROOFMARK_KAFKA_SHARES_TOPIC: 'empty topic whose partitions are the shares of the work (default proofmark-shares)',
  PROOFMARK_KAFKA_SIGNATURES: 'required: messages that no API key has signed become dead letters; optional (default): they are taken',
  PROOFMARK_KAFKA_TLS: 'on: TLS (default off)',
  PROOFMARK_KAFKA_CA_FILE: 'PEM file of the authorities that the brokers\' certificates come from (default: the system\'s)',
  PROOFMARK_KAFKA_SASL: 'plain, scram-sha-256 or scram-sha-512 (default: none)',
  PROOFMARK_KAFKA_USERNAME: 'user for SASL',
  PROOFMARK_KAFKA_PASSWORD: 'password for SASL',
} as const;

type Environment = Readonly<Record<string, string | undefined>>;
type Name = keyof typeof ENGINE_VARIABLES;

const given = (env: Environment, name: Name): string | undefined => env[name] || undefined;
const refuse = (name: Name, shown: string, must: string): never => {
  throw new ProofmarkError('USAGE', `${name} is "${shown}"; it must be ${must}.`);
};
const listOf = (text: string): readonly string[] => text.split(',').map((part) => part.trim()).filter((part) => part !== '');

const oneOf = <T extends string>(env: Environment, name: Name, allowed: readonly T[]): T | undefined => {
  const text = given(env, name);
  if (text === undefined) return undefined;
  return allowed.find((one) => one === text) ?? refuse(name, text, allowed.join(' or '));
};

const rolesOf = (env: Environment): readonly Role[] => {
  const text = given(env, 'PROOFMARK_ROLES');
  if (text === undefined) return ROLES;
  const named = listOf(text);
  const unknown = named.find((name) => !ROLES.some((role) => role === name));
  if (unknown !== undefined || named.length === 0) refuse('PROOFMARK_ROLES', text, `some of ${ROLES.join(', ')}, separated by commas`);
  return ROLES.filter((role) => named.includes(role));
};

/** A URI of one of some schemes. Its password is not repeated in the error. */
const uriOf = (env: Environment, name: Name, schemes: RegExp, like: string): string | undefined => {
  const text = given(env, name);
  if (text === undefined) return undefined;
  return schemes.test(text) ? text : refuse(name, withoutSecrets(text), `an address like ${like}`);
};

const TOPIC = /^[A-Za-z0-9._-]{1,249}$/;
const topicOf = (env: Environment, name: Name, otherwise: string): string => {
  const text = given(env, name) ?? otherwise;
  return TOPIC.test(text) && text !== '.' && text !== '..' ? text : refuse(name, text, 'a name of letters, digits, ".", "_" and "-"');
};
const topicOrNone = (env: Environment, name: Name, otherwise: string): string | undefined => {
  const topic = topicOf(env, name, otherwise);
  return topic === 'none' ? undefined : topic;
};

const saslOf = (env: Environment): KafkaSettings['sasl'] => {
  const mechanism = oneOf(env, 'PROOFMARK_KAFKA_SASL', ['plain', 'scram-sha-256', 'scram-sha-512']);
  if (mechanism === undefined) return undefined;
  const [username, password] = [given(env, 'PROOFMARK_KAFKA_USERNAME'), given(env, 'PROOFMARK_KAFKA_PASSWORD')];
  if (username !== undefined && password !== undefined) return { mechanism, username, password };
  throw new ProofmarkError('USAGE', 'PROOFMARK_KAFKA_SASL needs PROOFMARK_KAFKA_USERNAME and PROOFMARK_KAFKA_PASSWORD.');
};

const kafkaOf = (env: Environment): KafkaSettings | undefined => {
  const brokers = given(env, 'PROOFMARK_KAFKA_BROKERS');
  if (brokers === undefined) return undefined;
  const addresses = listOf(brokers);
  if (addresses.length === 0 || addresses.some((address) => !/^[^\s:/]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/.test(address))) refuse('PROOFMARK_KAFKA_BROKERS', brokers, 'addresses like a:9092,b:9092');
  const group = topicOf(env, 'PROOFMARK_KAFKA_GROUP', 'proofmark');
  const topics = given(env, 'PROOFMARK_KAFKA_TOPICS') ?? 'learning-events';
  if (listOf(topics).length === 0 || listOf(topics).some((topic) => !TOPIC.test(topic))) refuse('PROOFMARK_KAFKA_TOPICS', topics, 'names of topics, separated by commas');
  const courseTopic = topicOrNone(env, 'PROOFMARK_KAFKA_COURSE_TOPIC', 'course-events');
  const badgesTopic = topicOrNone(env, 'PROOFMARK_KAFKA_BADGES_TOPIC', 'badges');
  const caFile = given(env, 'PROOFMARK_KAFKA_CA_FILE');
  const tls = oneOf(env, 'PROOFMARK_KAFKA_TLS', ['on', 'off']) === 'on' || caFile !== undefined;
  const sasl = saslOf(env);
  const settings = {
    brokers: addresses,
    group,
    topics: listOf(topics),
    deadLetterTopic: topicOf(env, 'PROOFMARK_KAFKA_DEAD_LETTER_TOPIC', 'learning-events-dead-letters'),
    sharesTopic: topicOf(env, 'PROOFMARK_KAFKA_SHARES_TOPIC', 'proofmark-shares'),
    signatures: oneOf(env, 'PROOFMARK_KAFKA_SIGNATURES', ['required', 'optional']) ?? 'optional',
    ...(courseTopic !== undefined && { courseTopic }),
    ...(badgesTopic !== undefined && { badgesTopic }),
    ...(tls && { tls: caFile === undefined ? {} : { caFile } }),
    ...(sasl && { sasl }),
  };
  const names = [...settings.topics, settings.deadLetterTopic, settings.sharesTopic, ...(courseTopic === undefined ? [] : [courseTopic]), ...(badgesTopic === undefined ? [] : [badgesTopic])];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new ProofmarkError('USAGE', `Two of the PROOFMARK_KAFKA_… topics are "${twice}"; each needs a topic of its own.`);
  return settings;
};

/**
 * The engines that the environment names.
 * @throws ProofmarkError USAGE for a value that makes no sense, or a split of roles that has no store in common.
 */
export const enginesFrom = (env: Environment): EnginesConfig => {
  const roles = rolesOf(env);
  const eventStoreUri = uriOf(env, 'PROOFMARK_EVENTSTORE_URI', /^(esdb|kurrentdb|kdb)(\+discover)?:\/\/[^/?]+/, 'esdb://user:password@host:2113');
  const uri = uriOf(env, 'PROOFMARK_MONGODB_URI', /^mongodb(\+srv)?:\/\/[^/?]+/, 'mongodb://user:password@host:27017');
  const database = given(env, 'PROOFMARK_MONGODB_DATABASE') ?? 'proofmark';
  if (!/^[A-Za-z0-9_-]{1,38}$/.test(database)) refuse('PROOFMARK_MONGODB_DATABASE', database, 'a name of at most 38 letters, digits, "_" and "-"');
  const kafka = kafkaOf(env);
  if (roles.length < ROLES.length && (eventStoreUri === undefined || uri === undefined)) {
    throw new ProofmarkError('USAGE', `PROOFMARK_ROLES leaves out ${ROLES.filter((role) => !roles.includes(role)).join(', ')}, which another process can only do where both use the same stores: set PROOFMARK_EVENTSTORE_URI and PROOFMARK_MONGODB_URI.`);
  }
  return { roles, ...(eventStoreUri !== undefined && { eventStoreUri }), ...(uri !== undefined && { mongodb: { uri, database } }), ...(kafka && { kafka }) };
};

/** An address without the user's password, for people to read. */
export const withoutSecrets = (uri: string): string => uri.replace(/^([a-z+]+:\/\/[^/:@]*):[^/]*@/i, '$1:***@');
