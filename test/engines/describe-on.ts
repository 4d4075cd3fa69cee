import { describeUnless } from '../where-possible.js';

/** The engines, and the variables that name them. */
const ENGINES = { KAFKA_BROKERS: 'Kafka', EVENTSTORE_URI: 'EventStoreDB', MONGODB_URI: 'MongoDB' } as const;
export type EngineVariable = keyof typeof ENGINES;

/** Variables of those that `npm run test:engines` started itself: tests may stop such ones and start others like them. */
export const STARTED_HERE = 'ENGINES_STARTED_HERE';

const named = (variable: EngineVariable): boolean => (process.env[variable] ?? '') !== '';
/** Whether `npm run test:engines` started this engine itself. */
export const startedHere = (variable: EngineVariable): boolean => (process.env[STARTED_HERE] ?? '').split(',').includes(variable);

/** `describe` where these engines are named; else one that is skipped, and says in its name which are missing. */
export const describeOn = (variables: readonly EngineVariable[], name: string, tests: () => void): void =>
  describeUnless(variables.filter((variable) => !named(variable)).map((variable) => `${variable} names no ${ENGINES[variable]}`).join('; ') || undefined, name, tests);

/** `describe` where this engine was started for the tests alone, so that one like it can be stopped; else one that is skipped. */
export const describeOnOwn = (variable: EngineVariable, name: string, tests: () => void): void =>
  describeUnless(startedHere(variable) ? undefined : `npm run test:engines did not start ${ENGINES[variable]}`, name, tests);
