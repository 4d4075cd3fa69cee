import { spawnSync } from 'node:child_process';
import { BUNDLED_CONTEXTS } from '#credentials/json-ld/contexts.js';
import { describeUnless } from '../where-possible.js';

/** Whether Python is here with what the independent verifier needs. */
export const hasPython = (): boolean => spawnSync('python3', ['-c', 'import pyld, cryptography']).status === 0;

/** `describe` where Python has pyld and cryptography; else one that is skipped and says why. */
export const describeWithPython = (name: string, tests: () => void): void => describeUnless(hasPython() ? undefined : 'python3 with pyld and cryptography is not here', name, tests);

/** Whether each of these texts is a credential that Python verifies with a key. */
export const pythonVerdicts = (texts: readonly string[], publicKey: Uint8Array): readonly boolean[] => {
  const contexts = Object.fromEntries(BUNDLED_CONTEXTS);
  const lines = texts.map((text) => JSON.stringify({ text, publicKey: Buffer.from(publicKey).toString('hex') }));
  const { stdout, stderr } = spawnSync('python3', ['test/credentials/verify_eddsa_rdfc_2022.py'], { input: [JSON.stringify(contexts), ...lines].join('\n'), encoding: 'utf8', maxBuffer: 2 ** 24 });
  if (stderr !== '') throw new Error(stderr);
  return stdout.trim().split('\n').map((line) => line === 'true');
};
