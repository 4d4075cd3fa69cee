import { join } from 'node:path';
import { auditLog, type AuditReport, type GivenNote } from '#audit/audit-log.js';
import { CHECKPOINTS_DIR } from '#audit/auditing.js';
import { toBase64 } from '#audit/base64.js';
import { CheckpointFiles, notesIn } from '#audit/checkpoint-files.js';
import { openCheckpoint } from '#audit/checkpoint.js';
import type { VerifierKey } from '#audit/signed-note.js';
import { TreeReader } from '#audit/tree-files.js';
import { ProofmarkError } from '#domain/errors.js';
import { openLogReader } from '#engine/adapters.js';
import type { EngineConfig } from '#engine/config.js';
import { AUDIT_DIR } from '#engine/stages/auditing.js';
import { structureProblems } from '#event-store/verify.js';
import { readGiven, trustedKeys } from './audit-keys.js';
import { requireData } from './data-directory.js';
import { EXIT } from './exit-codes.js';
import { bar, progressLine } from './progress-line.js';

/** What is to be verified, and by what. */
export interface AuditVerifyOptions {
  readonly config: EngineConfig;
  /** Files with checkpoints that were kept elsewhere. */
  readonly checkpoints: readonly string[];
  /** The key to trust, or a file of such; that of the data directory where absent. */
  readonly key?: string;
  readonly json: boolean;
}

const number = (value: number): string => value.toLocaleString('en');

const notesOf = async (file: string, keys: readonly VerifierKey[]): Promise<readonly GivenNote[]> => {
  const notes = notesIn(await readGiven(file));
  if (notes.length === 0) throw new ProofmarkError('USAGE', `${file} is empty: it holds no checkpoint.`);
  return notes.map((note) => ({ file, opened: openCheckpoint(note, keys) }));
};

const say = ({ intact, records, uncovered, checkpoints, newest, findings, found }: AuditReport): void => {
  for (const { message } of findings) console.log(message);
  if (found > findings.length) console.log(`… and ${number(found - findings.length)} more.`);
  if (!intact) {
    console.log(`The log is not as it was recorded: ${number(found)} findings in ${number(records)} records. Keep the data directory as it is, and copies of the checkpoints.`);
    return;
  }
  const covered = newest ? `held against ${number(checkpoints)} checkpoints, the newest of ${new Date(newest.time).toISOString()} (position ${newest.position})` : 'and no checkpoint yet';
  console.log(`The log is as it was recorded: ${number(records)} records, ${covered}.${newest && uncovered > 0 ? ` ${number(uncovered)} newer records are under none yet.` : ''}`);
};

/** Works everything out from the log and holds it against what was kept; prints what is wrong, and writes nothing. */
export const verifyAudit = async ({ config, checkpoints, key, json }: AuditVerifyOptions): Promise<number> => {
  requireData(config);
  const dir = join(config.dataDir, AUDIT_DIR);
  const files = new CheckpointFiles(join(dir, CHECKPOINTS_DIR));
  const keys = key === undefined ? await files.keys() : await trustedKeys(key);
  const given = (await Promise.all(checkpoints.map((file) => notesOf(file, keys)))).flat();
  if (keys.length === 0 && given.length > 0) throw new ProofmarkError('USAGE', `There is no key in ${files.dir}. Name the one that signed your checkpoints with --key.`);
  if (key === undefined && keys.length > 0) console.error(`The key was taken from ${files.dir} itself. Compare it with the one that you noted, or name that with --key.`);
  const kept: GivenNote[] = [];
  for await (const note of files.all(keys)) kept.push(note); // before the tree: what they are over is in it
  const tree = await TreeReader.open(dir);
  const line = progressLine();
  try {
    if (tree.size === 0 && kept.length + given.length === 0) throw new ProofmarkError('NOT_FOUND', `There is no audit in ${dir}: an engine makes one while it runs. Name checkpoints that you have with --checkpoint.`);
    const log = await openLogReader(config);
    try {
      const report = await auditLog({
        log, tree, kept, given,
        onProgress: ({ done, total }) => {
          if (json) process.stderr.write(`${JSON.stringify({ progress: { done, total } })}\n`);
          else line.update(`audit ${bar(done / total)} ${number(done)} of ${number(total)} records`);
        },
      });
      line.end();
      const indexes = config.eventStoreUri === undefined ? structureProblems(config.dataDir, report.records) : [];
      const whole: AuditReport = { ...report, intact: report.intact && indexes.length === 0, findings: [...report.findings, ...indexes.map((message) => ({ kind: 'changed' as const, message: `By its indexes the log says something else than by its records: ${message}.` }))], found: report.found + indexes.length };
      if (json) console.log(JSON.stringify({ ...whole, ...(whole.newest && { newest: { ...whole.newest, root: toBase64(whole.newest.root), chain: toBase64(whole.newest.chain) } }) }, null, 2));
      else say(whole);
      return whole.intact ? EXIT.ok : EXIT.failed;
    } finally {
      await log.close();
    }
  } finally {
    line.end();
    await tree.close();
  }
};
