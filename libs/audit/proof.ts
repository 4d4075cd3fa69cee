import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import { awardStream } from '#domain/streams.js';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';
import { CHECKPOINTS_DIR } from './auditing.js';
import { fromBase64, toBase64 } from './base64.js';
import { CheckpointFiles } from './checkpoint-files.js';
import { openCheckpoint, type Checkpoint, type SignedCheckpoint } from './checkpoint.js';
import { consistencyPath, HASH_BYTES, inclusionPath, isContinued, isIncluded, type Hash, type Leaves } from './merkle.js';
import { leafOf, type AuditedEvent } from './record.js';
import type { VerifierKey } from './signed-note.js';
import { TreeReader } from './tree-files.js';

/** That a record is in the log, for somebody who has no log: its hash leads by the path to the root of a signed checkpoint. Hashes are in base64. */
export interface RecordProof {
  readonly proof: 'proofmark-record/1';
  readonly record: AuditedEvent;
  readonly leafHash: string;
  /** Which record it is, from 0. */
  readonly index: number;
  readonly path: readonly string[];
  /** The whole note. */
  readonly checkpoint: string;
}

/** That everything that an earlier checkpoint covers is under a later one as it was. */
export interface ContinuationProof {
  readonly proof: 'proofmark-continuation/1';
  readonly from: string;
  readonly path: readonly string[];
  readonly checkpoint: string;
}

/** Where proofs are made from. */
export interface ProofSource {
  readonly log: Pick<EventStore, 'readAll' | 'readStream'>;
  /** The directory of the audit. */
  readonly dir: string;
}

const NOT_SIGNED = (dir: string): ProofmarkError => new ProofmarkError('STORE_CORRUPT', `The kept tree in ${dir} is not the one of its newest checkpoint. See what "proofmark audit verify" says.`);

const newestIn = async (dir: string): Promise<SignedCheckpoint> => {
  const files = new CheckpointFiles(join(dir, CHECKPOINTS_DIR));
  const newest = await files.newest(await files.keys());
  if (!newest) throw new ProofmarkError('NOT_FOUND', `There is no checkpoint in ${files.dir}. The engine signs one about a minute after the first event, and when it stops.`);
  return newest;
};

const hashesOf = async (tree: TreeReader, path: readonly Leaves[]): Promise<readonly Hash[]> => {
  const hashes: Hash[] = [];
  for (const part of path) hashes.push(await tree.hashOf(part));
  return hashes;
};

const proofOf = async ({ dir }: ProofSource, { position, stream, revision, id, type, schema, recordedAt, json }: RecordedEvent): Promise<RecordProof> => {
  const record = { position, stream, revision, id, type, schema, recordedAt, json };
  const checkpoint = await newestIn(dir);
  if (position > checkpoint.position) throw new ProofmarkError('NOT_CAUGHT_UP', `No checkpoint covers position ${position} yet; the newest reaches to ${checkpoint.position}. The engine signs the next within about a minute.`);
  const tree = await TreeReader.open(dir);
  try {
    const index = await tree.indexOf(position);
    const leaf = leafOf(record);
    const kept = index === undefined ? undefined : await tree.leaf(index);
    if (index === undefined || !kept || Buffer.compare(kept, leaf) !== 0) throw new ProofmarkError('STORE_CORRUPT', `The record at position ${position} is not the one that was recorded. See what "proofmark audit verify" says.`);
    const path = await hashesOf(tree, inclusionPath(index, checkpoint.size));
    if (!isIncluded(leaf, index, path, checkpoint)) throw NOT_SIGNED(dir);
    return { proof: 'proofmark-record/1', record, leafHash: toBase64(leaf), index, path: path.map(toBase64), checkpoint: checkpoint.note };
  } finally {
    await tree.close();
  }
};

/** Proves that the record at a position is in the log. @throws ProofmarkError NOT_FOUND, NOT_CAUGHT_UP where no checkpoint covers it yet, STORE_CORRUPT. */
export const proofOfRecord = async (source: ProofSource, position: number): Promise<RecordProof> => {
  const [event] = await source.log.readAll({ after: position - 1, limit: 1 });
  if (event?.position !== position) throw new ProofmarkError('NOT_FOUND', `There is no record at position ${position}.`);
  return proofOf(source, event);
};

/** Proves that an award was granted: that its first event is in the log. @throws ProofmarkError as `proofOfRecord`. */
export const proofOfAward = async (source: ProofSource, award: string): Promise<RecordProof> => {
  const [event] = await source.log.readStream(awardStream(award), { limit: 1 });
  if (!event) throw new ProofmarkError('NOT_FOUND', `There is no award "${award}".`);
  return proofOf(source, event);
};

/** Proves that the newest checkpoint continues an earlier one. @throws ProofmarkError NOT_FOUND, USAGE where that is none of this log, STORE_CORRUPT where it does not. */
export const proofOfContinuation = async (dir: string, note: string): Promise<ContinuationProof> => {
  const files = new CheckpointFiles(join(dir, CHECKPOINTS_DIR));
  const from = openCheckpoint(note, await files.keys());
  const checkpoint = await newestIn(dir);
  if (typeof from === 'string' || from.origin !== checkpoint.origin) throw new ProofmarkError('USAGE', 'That is no checkpoint of this log.');
  if (from.size > checkpoint.size) throw new ProofmarkError('STORE_CORRUPT', `That checkpoint is over ${from.size} records, and the newest here over ${checkpoint.size}: the log was cut off. See what "proofmark audit verify" says.`);
  const tree = await TreeReader.open(dir);
  try {
    const path = from.size === checkpoint.size ? [] : await hashesOf(tree, consistencyPath(from.size, checkpoint.size));
    if (!isContinued(from, checkpoint, path)) throw NOT_SIGNED(dir);
    return { proof: 'proofmark-continuation/1', from: from.note, path: path.map(toBase64), checkpoint: checkpoint.note };
  } finally {
    await tree.close();
  }
};

/** What a proof shows, for whoever trusts the keys. */
export type ProofVerdict =
  | { readonly holds: true; readonly checkpoint: Checkpoint; readonly record?: AuditedEvent; readonly from?: Checkpoint }
  | { readonly holds: false; readonly why: string };

const no = (why: string): ProofVerdict => ({ holds: false, why });

const hashIn = (text: unknown): Hash | undefined => {
  const bytes = typeof text === 'string' ? fromBase64(text) : undefined;
  return bytes?.length === HASH_BYTES ? bytes : undefined;
};

const pathIn = (path: unknown): readonly Hash[] | undefined => {
  if (!Array.isArray(path)) return undefined;
  const hashes = path.map(hashIn).filter((hash) => hash !== undefined);
  return hashes.length === path.length ? hashes : undefined;
};

const recordIn = (record: unknown): AuditedEvent | undefined => {
  const { position, stream, revision, id, type, schema, recordedAt, json } = Object(record) as Partial<Readonly<Record<keyof AuditedEvent, unknown>>>;
  const numbers = [position, revision, schema, recordedAt].every(Number.isSafeInteger);
  const texts = [stream, id, type, json].every((text) => typeof text === 'string');
  return numbers && texts ? ({ position, stream, revision, id, type, schema, recordedAt, json } as AuditedEvent) : undefined;
};

const OF_THE_CHECKPOINT = { malformed: 'Its checkpoint is none.', unsigned: 'Its checkpoint is not signed by the key.', 'of another log': 'Its checkpoint is about another log.' } as const;

const opened = (note: unknown, keys: readonly VerifierKey[]): SignedCheckpoint | ProofVerdict => {
  const checkpoint = openCheckpoint(typeof note === 'string' ? note : '', keys);
  return typeof checkpoint === 'string' ? no(OF_THE_CHECKPOINT[checkpoint]) : checkpoint;
};

/** Checks a proof of a record or of a continuation by itself: it takes the key of the log and nothing else. */
export const checkProof = (given: unknown, keys: readonly VerifierKey[]): ProofVerdict => {
  const { proof, record: stated, leafHash, index, path: hashes, checkpoint: note, from: earlier } = Object(given) as Readonly<Record<string, unknown>>;
  const checkpoint = opened(note, keys);
  if ('holds' in checkpoint) return checkpoint;
  const path = pathIn(hashes);
  if (!path) return no('Its path is not one of hashes.');
  if (proof === 'proofmark-continuation/1') {
    const from = opened(earlier, keys);
    if ('holds' in from) return from;
    if (from.origin !== checkpoint.origin) return no('Its two checkpoints are of different logs.');
    return isContinued(from, checkpoint, path) ? { holds: true, checkpoint, from } : no('Its path does not lead from the one checkpoint to the other: the log was changed in between.');
  }
  const record = proof === 'proofmark-record/1' ? recordIn(stated) : undefined;
  if (!record) return no('It is no proof that is known here.');
  const leaf = leafOf(record);
  const claimed = hashIn(leafHash);
  if (!claimed || Buffer.compare(claimed, leaf) !== 0) return no('Its record is not the one that its hash is of.');
  return typeof index === 'number' && isIncluded(leaf, index, path, checkpoint) ? { holds: true, checkpoint, record } : no('Its path does not lead to the checkpoint.');
};
