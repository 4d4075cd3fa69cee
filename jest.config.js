// Tests run on the compiled output: what is tested is what is shipped, and worker threads
// load the same files in a test as in production.
export default {
  rootDir: 'dist',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{apps,libs,test}/**/*.test.js'],
  transform: {},
  maxWorkers: 2,
  // What suites leave behind adds up to several gigabytes otherwise.
  workerIdleMemoryLimit: '1500MB',
  testTimeout: 60_000,
};
