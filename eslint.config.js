import tseslint from 'typescript-eslint';

const NODE_IO = { group: ['node:*', '!node:crypto'], message: 'This lib is pure: no I/O (hashing is allowed).' };
const FRAMEWORK = { group: ['@nestjs/*', 'class-validator', 'class-transformer', 'rxjs'], message: 'No framework here.' };
const APPS = { group: ['#engine/*'], message: 'Libs never import apps.' };
const SQLITE = { group: ['@photostructure/sqlite'], message: 'The SQLite driver is named in libs/event-store/sqlite.ts only.' };
const EVENTSTORE = { group: ['@eventstore/db-client', '@eventstore/db-client/*'], message: 'The EventStoreDB driver is named in libs/event-store/eventstoredb-client.ts only.' };
const KAFKAJS = { group: ['kafkajs'], message: 'The Kafka driver is named in libs/kafka/client.ts only.' };
const MONGODB = { group: ['mongodb'], message: 'The MongoDB driver is named in libs/projections/mongodb.ts only.' };
const DRIVERS = [SQLITE, KAFKAJS, EVENTSTORE, MONGODB];
const only = (...libs) => ({
  group: ['domain', 'access', 'rules', 'event-store', 'projections', 'intake', 'awarding', 'credentials', 'kafka', 'vault', 'audit'].filter((lib) => !libs.includes(lib)).map((lib) => `#${lib}/*`),
  message: `May import only: ${libs.join(', ') || 'nothing'} (see docs/architecture.md, "Who may import whom").`,
});
const imports = (files, patterns, ignores = []) => ({
  files, ignores,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});
const PURE = ['libs/domain/**/*.ts', 'libs/rules/**/*.ts'];
const TESTS = ['**/*.test.ts'];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'data', '*.js', 'apps/web/build.mjs', 'apps/web/src/api/schema.d.ts'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: ['./tsconfig.json', './apps/web/tsconfig.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/require-await': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
    },
  },
  imports(['apps/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'], DRIVERS, ['bench/engines/**', 'test/engines/**']),
  imports(['bench/engines/**/*.ts'], [SQLITE]),
  imports(['libs/event-store/**/*.ts'], [FRAMEWORK, APPS, only('domain', 'event-store'), ...DRIVERS], ['libs/event-store/sqlite.ts', 'libs/event-store/eventstoredb-client.ts']),
  imports(['libs/projections/**/*.ts'], [FRAMEWORK, APPS, only('domain', 'rules', 'event-store', 'projections'), ...DRIVERS], ['libs/projections/mongodb.ts']),
  imports(['libs/projections/mongodb.ts'], [FRAMEWORK, APPS, only('domain', 'projections'), SQLITE, KAFKAJS, EVENTSTORE]),
  imports(['libs/intake/**/*.ts'], [{ ...FRAMEWORK, group: ['@nestjs/*'] }, APPS, only('domain', 'event-store', 'intake', 'vault'), ...DRIVERS]),
  imports(['libs/vault/**/*.ts'], [FRAMEWORK, APPS, only('domain', 'event-store', 'projections', 'vault'), ...DRIVERS]),
  imports(['libs/awarding/**/*.ts'], [FRAMEWORK, APPS, only('domain', 'rules', 'event-store', 'projections', 'awarding'), ...DRIVERS]),
  imports(['libs/credentials/**/*.ts'], [FRAMEWORK, APPS, only('domain', 'rules', 'event-store', 'projections', 'awarding', 'credentials'), ...DRIVERS]),
  imports(['libs/audit/**/*.ts'], [FRAMEWORK, APPS, only('domain', 'event-store', 'audit'), ...DRIVERS]),
  imports(['libs/kafka/**/*.ts'], [FRAMEWORK, APPS, only('domain', 'access', 'event-store', 'intake', 'kafka', 'vault'), ...DRIVERS], ['libs/kafka/client.ts']),
  imports(['libs/kafka/client.ts'], [FRAMEWORK, APPS, only('kafka', 'domain'), SQLITE]),
  imports(['libs/access/**/*.ts'], [FRAMEWORK, APPS, only('domain', 'event-store', 'access'), ...DRIVERS]),
  imports(['libs/domain/**/*.ts'], [FRAMEWORK, APPS, only('domain'), NODE_IO, ...DRIVERS], TESTS),
  imports(['libs/rules/**/*.ts'], [FRAMEWORK, APPS, only('domain', 'rules'), NODE_IO, ...DRIVERS], TESTS),
  {
    files: PURE,
    ignores: TESTS,
    rules: {
      'no-restricted-properties': ['error',
        { object: 'Date', property: 'now', message: 'Time is an argument here.' },
        { object: 'Math', property: 'random', message: 'Randomness is an argument here.' },
        { object: 'crypto', property: 'randomUUID', message: 'Ids are arguments here.' }],
      'no-restricted-syntax': ['error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Time is an argument here.' }],
    },
  },
  {
    files: TESTS,
    rules: { '@typescript-eslint/no-floating-promises': 'error' },
  },
);
