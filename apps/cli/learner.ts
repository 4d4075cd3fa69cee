import { createInterface } from 'node:readline/promises';
import { createZip } from '#credentials/batch/zip.js';
import type { ConsentTo } from '#domain/consent.js';
import { ProofmarkError } from '#domain/errors.js';
import { learnerIdOf, learnerOfEmail } from '#domain/recipient.js';
import { learnerStream } from '#domain/streams.js';
import { openEngine } from '#engine/composition.js';
import type { EngineConfig } from '#engine/config.js';
import type { Engine } from '#engine/engine.js';
import { eraseLearner, replayTombstones } from '#engine/privacy/erase-learner.js';
import { exportLearner } from '#engine/privacy/export-learner.js';
import { changeConsent, changeProfile, learnerProfile } from '#engine/privacy/learner-profile.js';
import { lettersAbout } from '#engine/privacy/letters-about.js';
import type { ProfileChange } from '#vault/profiles.js';
import { requireData } from './data-directory.js';
import { EXIT } from './exit-codes.js';

const withEngine = async <T>(config: EngineConfig, use: (engine: Engine) => Promise<T>): Promise<T> => {
  requireData(config);
  const engine = await openEngine(config);
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
};

/** What changes about a learner. */
export interface LearnerChange {
  readonly profile: ProfileChange;
  readonly given: readonly ConsentTo[];
  readonly withdrawn: readonly ConsentTo[];
}

/** Changes what is kept about a learner, if anything is to change, and prints it. */
export const learnerProfileOf = async (config: EngineConfig, learner: string, { profile, given, withdrawn }: LearnerChange): Promise<number> =>
  withEngine(config, async (engine) => {
    const { tenant } = config;
    if (Object.keys(profile).length > 0) await changeProfile(engine, tenant, learner, profile);
    for (const to of given) await changeConsent(engine, tenant, learner, to, true, Date.now());
    for (const to of withdrawn) await changeConsent(engine, tenant, learner, to, false, Date.now());
    console.log(JSON.stringify(await learnerProfile(engine, tenant, learner), undefined, 2));
    return EXIT.ok;
  });

/** Writes everything that is kept about a learner into a ZIP file. */
export const exportLearnerTo = async (config: EngineConfig, learner: string, zip: string): Promise<number> =>
  withEngine(config, async (engine) => {
    await engine.followers.settle();
    const { events, awards, credentials, letters } = await exportLearner(engine, { tenant: config.tenant, learner, now: Date.now() }, await createZip(zip));
    console.log(`${zip} has ${events} events, ${awards} awards, ${credentials} credentials and ${letters} dead letters. It holds names: keep it safe.`);
    return EXIT.ok;
  });

export interface EraseOptions {
  readonly learner: string;
  readonly by: string;
  readonly reason: string;
  readonly yes: boolean;
}

const confirmed = async (question: string): Promise<boolean> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    return /^y(es)?$/i.test((await Promise.race([terminal.question(`${question} (y/N) `), ended])).trim());
  } finally {
    terminal.close();
  }
};

/** What will go, in lines for people. */
const printWhatGoes = async (engine: Engine, given: string): Promise<void> => {
  const { store, keys, readModels, config: { tenant } } = engine;
  const { learner, name, email, consents } = await learnerProfile(engine, tenant, given);
  const where = { tenant, learner };
  const [events, awards, credentials, letters] = await Promise.all([
    store.readStream(learnerStream(tenant, learner)),
    readModels.count('award', where),
    readModels.count('credential', where),
    lettersAbout(engine, { tenant, learner, texts: [name, email].filter((text) => text !== undefined) }, (address) => learnerOfEmail(keys, tenant, address)),
  ]);
  console.log(`learner ${learner}`);
  console.log(`  in the vault: ${[name !== undefined && 'name', email !== undefined && 'e-mail address'].filter(Boolean).join(', ') || 'nothing'}; ${Object.keys(consents).length} consents`);
  console.log(`  ${awards} awards are taken back, ${credentials} credentials are revoked and their pages go`);
  console.log(`  ${letters.about.length} dead letters are shredded; uploaded batches that name the learner are removed`);
  console.log(`  ${events.length} recorded events stay in the log under the id alone and are shown nowhere any more`);
};

/** Erases a learner for good, after showing what will go. */
export const eraseLearnerFor = async (config: EngineConfig, { learner, by, reason, yes }: EraseOptions): Promise<number> => {
  if (!yes && !process.stdin.isTTY) throw new ProofmarkError('USAGE', 'Nobody can be asked here whether to erase. Say --yes.');
  return withEngine(config, async (engine) => {
    await engine.followers.settle();
    await printWhatGoes(engine, learner);
    const shown = await learnerIdOf(engine.keys, config.tenant, learner);
    if (!yes && !(await confirmed(`Erase ${shown} for good?`))) {
      console.error('Nothing was erased.');
      return EXIT.failed;
    }
    const { awards, letters, batches, credentials } = await eraseLearner(engine, { tenant: config.tenant, learner, by, reason, byName: true, now: Date.now() });
    console.log(`Erased: ${awards} awards taken back, ${credentials} credentials revoked, ${letters} dead letters shredded, ${batches} batches removed.`);
    console.log('Copies that holders have downloaded cannot be recalled. Keep erasures.ndjson of the data directory outside of its backups, too: after a restore "proofmark erasures replay" needs it.');
    return EXIT.ok;
  });
};

/** Erases again who was erased before a restore from an older backup. */
export const replayErasures = async (config: EngineConfig, file: string): Promise<number> =>
  withEngine(config, async (engine) => {
    const count = await replayTombstones(engine, file, Date.now());
    console.log(count === 0 ? 'Everybody in the file is erased already.' : `${count} learners were erased again.`);
    return EXIT.ok;
  });
