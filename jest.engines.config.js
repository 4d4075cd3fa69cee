// The contract and fault suites of the real engines: `npm run test:engines` starts what it can and runs these.
export default {
  rootDir: 'dist',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{apps,libs,test}/**/*.engines-test.js'],
  transform: {},
  maxWorkers: 1,
  testTimeout: 120_000,
};
