import { join } from 'node:path';
import { CHECKPOINTS_DIR } from '#audit/auditing.js';
import { CheckpointFiles } from '#audit/checkpoint-files.js';
import type { Checkpoint } from '#audit/checkpoint.js';
import { checkProof, proofOfAward, proofOfContinuation, proofOfRecord } from '#audit/proof.js';
import { parseNote } from '#audit/signed-note.js';
import { ProofmarkError } from '#domain/errors.js';
import { openLogReader } from '#engine/adapters.js';
import type { EngineConfig } from '#engine/config.js';
import { AUDIT_DIR } from '#engine/stages/auditing.js';
import { readGiven, trustedKeys } from './audit-keys.js';
import { requireData } from './data-directory.js';
import { EXIT } from './exit-codes.js';

/** What is to be proved: one of these. */
export interface Proved {
  readonly award?: string;
  readonly position?: number;
  /** A file with an earlier checkpoint. */
  readonly since?: string;
}

const auditDir = (config: EngineConfig): string => join(config.dataDir, AUDIT_DIR);

/** Prints the newest checkpoint, as it was signed. */
export const printCheckpoint = async (config: EngineConfig): Promise<number> => {
  requireData(config);
  const { dir } = new CheckpointFiles(join(auditDir(config), CHECKPOINTS_DIR));
  const latest = await new CheckpointFiles(dir).latest();
  if (latest === undefined) throw new ProofmarkError('NOT_FOUND', `There is no checkpoint in ${dir}. The engine signs one soon after the first event, and when it stops.`);
  process.stdout.write(latest);
  return EXIT.ok;
};

/** Prints a proof as JSON. */
export const printProof = async (config: EngineConfig, { award, position, since }: Proved): Promise<number> => {
  if ([award, position, since].filter((one) => one !== undefined).length !== 1) throw new ProofmarkError('USAGE', 'Name what is to be proved: an award, a position with --position, or an earlier checkpoint with --since.');
  requireData(config);
  const dir = auditDir(config);
  const prove = async (): Promise<object> => {
    if (since !== undefined) return proofOfContinuation(dir, (await readGiven(since)).toString());
    const log = await openLogReader(config);
    try {
      return await (award !== undefined ? proofOfAward({ log, dir }, award) : proofOfRecord({ log, dir }, position ?? 0));
    } finally {
      await log.close();
    }
  };
  console.log(JSON.stringify(await prove(), null, 2));
  return EXIT.ok;
};

const nameOf = ({ position, time, origin }: Checkpoint): string => `the checkpoint of ${new Date(time).toISOString()} over ${origin} (position ${position})`;

const jsonIn = (text: string, file: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProofmarkError('USAGE', `${file} is no JSON.`, { cause: error });
  }
};

/** Says which key is claimed, where nobody says which one to trust. */
const claimedKey = (given: unknown): string => {
  const { checkpoint } = Object(given) as { readonly checkpoint?: unknown };
  const [signature] = (typeof checkpoint === 'string' ? parseNote(checkpoint)?.signatures : undefined) ?? [];
  return signature ? ` It claims to be signed by ${signature.name} (key ${signature.id}).` : '';
};

/** Checks a proof by the key of the log alone. */
export const checkProofFile = async (file: string, key: string | undefined): Promise<number> => {
  const given = jsonIn((await readGiven(file)).toString(), file);
  if (key === undefined) {
    console.log(`Whether it holds cannot be told without the key of the log: name it with --key.${claimedKey(given)}`);
    return EXIT.cannotBeTold;
  }
  const verdict = checkProof(given, await trustedKeys(key));
  if (!verdict.holds) {
    console.log(`It does not hold. ${verdict.why}`);
    return EXIT.failed;
  }
  const { checkpoint, record, from } = verdict;
  if (record) console.log(`It holds: the record at position ${record.position} (${record.type}, ${record.stream}) is under ${nameOf(checkpoint)}.\n${record.json}`);
  else if (from) console.log(`It holds: ${nameOf(checkpoint)} continues ${nameOf(from)}; nothing that the earlier one covers was changed.`);
  return EXIT.ok;
};
