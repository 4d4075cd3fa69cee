import { fromBase64, toBase64 } from './base64.js';
import { HASH_BYTES, type Hash } from './merkle.js';
import { formatNote, parseNote, signerOf, type VerifierKey } from './signed-note.js';

/* Checkpoints, https://c2sp.org/tlog-checkpoint, with three extension lines of ours: "position", "chain", "time". */

/** What the log came to at one moment. */
export interface Checkpoint {
  /** Which log it is about: a name that no other log has. */
  readonly origin: string;
  /** How many records there were. */
  readonly size: number;
  /** The hash of the tree over them. */
  readonly root: Hash;
  /** The log position of the last of them; 0 where there is none. */
  readonly position: number;
  /** The end of the chain over them. */
  readonly chain: Hash;
  /** When it was signed, epoch milliseconds. */
  readonly time: number;
}

/** A checkpoint whose signature holds. */
export interface SignedCheckpoint extends Checkpoint {
  readonly key: VerifierKey;
  /** The whole note, as it was signed. */
  readonly note: string;
}

/** The text that is signed. */
export const checkpointText = ({ origin, size, root, position, chain, time }: Checkpoint): string =>
  `${origin}\n${size}\n${toBase64(root)}\nposition ${position}\nchain ${toBase64(chain)}\ntime ${new Date(time).toISOString()}\n`;

const whole = (text: string | undefined): number | undefined => {
  const value = Number(text);
  return text !== undefined && /^(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
};
const hashIn = (text: string | undefined): Hash | undefined => {
  const bytes = fromBase64(text ?? '');
  return bytes?.length === HASH_BYTES ? bytes : undefined;
};
const timeIn = (text: string | undefined): number | undefined => {
  const time = Date.parse(text ?? '');
  return !Number.isNaN(time) && new Date(time).toISOString() === text ? time : undefined;
};
const after = (word: string, line: string | undefined): string | undefined => (line?.startsWith(`${word} `) ? line.slice(word.length + 1) : undefined);

/** The checkpoint that a text states; undefined where it states none of this log's form. */
export const parseCheckpointText = (text: string): Checkpoint | undefined => {
  const [origin, sizeLine, rootLine, positionLine, chainLine, timeLine, end, ...more] = text.split('\n');
  const size = whole(sizeLine);
  const root = hashIn(rootLine);
  const position = whole(after('position', positionLine));
  const chain = hashIn(after('chain', chainLine));
  const time = timeIn(after('time', timeLine));
  if (!origin || end !== '' || more.length > 0) return undefined;
  if (size === undefined || !root || position === undefined || !chain || time === undefined) return undefined;
  return { origin, size, root, position, chain, time };
};

/** A checkpoint as the note to keep and to pass on, once its text is signed. */
export const signedCheckpoint = (checkpoint: Checkpoint, key: VerifierKey, signature: Uint8Array): SignedCheckpoint => ({ ...checkpoint, key, note: formatNote(checkpointText(checkpoint), key, signature) });

/** What is wrong with a note that should be a checkpoint. */
export type CheckpointProblem = 'malformed' | 'unsigned' | 'of another log';

/** A checkpoint that one of the keys has signed, for the log that bears the key's name; else what is wrong with it. */
export const openCheckpoint = (note: string, known: readonly VerifierKey[]): SignedCheckpoint | CheckpointProblem => {
  const parsed = parseNote(note);
  const checkpoint = parsed && parseCheckpointText(parsed.text);
  if (!checkpoint) return 'malformed';
  const key = signerOf(parsed, known);
  if (!key) return 'unsigned';
  return key.name === checkpoint.origin ? { ...checkpoint, key, note } : 'of another log';
};
