import type { EventStore, RecordedEvent } from '#event-store/event-store.js';
import { Account, KeptLeaves } from './account.js';
import type { Checkpoint, CheckpointProblem, SignedCheckpoint } from './checkpoint.js';
import { readableRecords } from './readable-records.js';
import { leafOf } from './record.js';
import type { KeptLeaf, TreeReader } from './tree-files.js';

/** A note that is to be a checkpoint of this log, and where it is from. */
export interface GivenNote {
  /** Its file, for people. */
  readonly file: string;
  readonly opened: SignedCheckpoint | CheckpointProblem;
}

/** What was found about the log, its kept tree or a checkpoint. */
export interface Finding {
  /**
   * About a record: `altered`, `missing`, `added`, `unreadable`. About the log: `cut-off` (its end), `changed` (somewhere up to the
   * position, and the kept tree cannot say where). About what it is held against: `tree`, `checkpoint`.
   */
  readonly kind: 'altered' | 'missing' | 'added' | 'unreadable' | 'cut-off' | 'changed' | 'tree' | 'checkpoint';
  /** Where in the log; absent where it is about none. */
  readonly position?: number;
  readonly message: string;
}

/** What an audit of the log came to. */
export interface AuditReport {
  readonly intact: boolean;
  /** Records that were read. */
  readonly records: number;
  /** How many of them no checkpoint covers yet. */
  readonly uncovered: number;
  /** Checkpoints that the log was held against; what is kept at several places counts once. */
  readonly checkpoints: number;
  /** The newest of these. */
  readonly newest?: Checkpoint;
  /** The first ones. */
  readonly findings: readonly Finding[];
  /** How many there are in all. */
  readonly found: number;
}

export interface AuditLogOptions {
  readonly log: Pick<EventStore, 'readAll' | 'head'>;
  /** The kept tree, opened before the log is read; an empty one where none is kept. */
  readonly tree: TreeReader;
  /** Those that are kept beside the tree. */
  readonly kept: readonly GivenNote[];
  /** Those that were kept elsewhere. */
  readonly given: readonly GivenNote[];
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

const MOST_LISTED = 20;

const WRONG: Readonly<Record<CheckpointProblem, string>> = {
  malformed: 'is no checkpoint',
  unsigned: 'is not signed by the key, or was changed since',
  'of another log': 'is about another log',
};

const nameOf = ({ position, time }: Checkpoint): string => `the checkpoint of ${new Date(time).toISOString()} (position ${position})`;

/** Findings: all are counted, the first are kept. */
class Findings {
  readonly listed: Finding[] = [];
  count = 0;

  add(finding: Finding): void {
    this.count += 1;
    if (this.listed.length < MOST_LISTED) this.listed.push(finding);
  }
}

/** Checkpoints in order of size, each once, and how far those reach that are kept beside the tree. */
const collect = ({ kept, given }: Pick<AuditLogOptions, 'kept' | 'given'>, findings: Findings): { readonly checkpoints: readonly Checkpoint[]; readonly keptSize: number } => {
  const distinct = new Map<string, Checkpoint>();
  const take = ({ file, opened }: GivenNote): number => {
    if (typeof opened === 'string') {
      findings.add({ kind: 'checkpoint', message: `A note in ${file} ${WRONG[opened]}.` });
      return 0;
    }
    const { origin, size, root, position, chain, time } = opened;
    const name = [origin, size, position, Buffer.from(root).toString('hex'), Buffer.from(chain).toString('hex')].join(' ');
    if (!distinct.has(name)) distinct.set(name, { origin, size, root, position, chain, time });
    return size;
  };
  const keptSize = kept.reduce((most, note) => Math.max(most, take(note)), 0);
  for (const note of given) take(note);
  const checkpoints = [...distinct.values()].sort((a, b) => a.size - b.size || a.time - b.time);
  for (const [i, { origin, size }] of checkpoints.entries()) {
    const before = checkpoints[i - 1];
    if (before?.size === size && before.origin === origin) findings.add({ kind: 'checkpoint', message: `Two checkpoints over ${size} records say different things: whoever has the key has signed two histories.` });
  }
  return { checkpoints, keptSize };
};

/**
 * Works out from the log itself what its tree and chain come to, and holds that against the kept tree, record by record, and
 * against every checkpoint. Finds any record that was edited, removed, put in, moved or cut off since it was covered.
 */
export const auditLog = async ({ log, tree, kept, given, onProgress }: AuditLogOptions): Promise<AuditReport> => {
  const findings = new Findings();
  const { checkpoints, keptSize } = collect({ kept, given }, findings);

  const account = new Account();
  /** The last checkpoint that the log agrees with, before the first that it does not. */
  let good: Checkpoint | undefined;
  let bad: Checkpoint | undefined;
  let next = 0;
  /** The position of the last difference from the kept tree so far, and whether one explains `bad`. */
  let last = 0;
  let explained = false;
  const take = (record: Pick<KeptLeaf, 'position' | 'leaf'>): void => {
    account.take(record);
    for (let one = checkpoints[next]; one?.size === account.size; one = checkpoints[++next]) {
      if (bad) continue;
      if (account.agreesWith(one)) good = one;
      else [bad, explained] = [one, last > (good?.position ?? 0)];
    }
  };

  /** Where log and kept tree differ; which of them is wrong there the checkpoints say. */
  const differences = new Findings();
  const differ = (kind: Finding['kind'], position: number, message: string): void => {
    differences.add({ kind, position, message });
    last = position;
  };
  const leaves = new KeptLeaves(tree);
  const missingBefore = async (position: number): Promise<void> => {
    for (let leaf = await leaves.peek(); leaf && leaf.position < position; leaf = await leaves.peek()) {
      differ('missing', leaf.position, 'the record that was there is missing');
      leaves.pass();
    }
  };
  const hold = async (event: RecordedEvent): Promise<void> => {
    const { position } = event;
    const leaf = leafOf(event);
    if (leaves.atHand?.position !== position) await missingBefore(position); // which asks for the next page
    const expected = leaves.atHand;
    if (expected && expected.position > position) differ('added', position, 'there is a record that was not there');
    else if (expected) {
      if (Buffer.compare(expected.leaf, leaf) !== 0) differ('altered', position, 'the record is not the one that was there');
      leaves.pass();
    }
    take({ position, leaf });
  };

  const total = await log.head();
  for await (const read of readableRecords(log)) {
    if ('events' in read) {
      for (const event of read.events) await hold(event);
      onProgress?.({ done: account.size, total: Math.max(total, account.size) });
    } else {
      await missingBefore(read.unreadable);
      differ('unreadable', read.unreadable, `it cannot be read: ${read.why}`);
      if ((await leaves.peek())?.position === read.unreadable) leaves.pass();
    }
  }

  const covering = (position: number): string => {
    const one = checkpoints.find((checkpoint) => checkpoint.position >= position);
    return one ? `It was covered by ${nameOf(one)}.` : 'No checkpoint covers it yet; the kept tree alone knows.';
  };
  const proven = good?.position ?? 0;
  for (const { kind, position = 0, message } of differences.listed) {
    if (position <= proven && good) findings.add({ kind: 'tree', position, message: `Position ${position}: the kept tree is not what it was. The log agrees there with ${nameOf(good)}.` });
    else findings.add({ kind, position, message: `Position ${position}: ${message}. ${covering(position)}` });
  }
  findings.count += differences.count - differences.listed.length;

  const passed = leaves.passed;
  const rest = await leaves.peek();
  if (rest) {
    while (await leaves.peek()) leaves.pass();
    findings.add({ kind: 'cut-off', position: rest.position, message: `The end of the log was cut off: ${leaves.passed - passed} records from position ${rest.position} to ${await tree.position(leaves.passed - 1)} are gone. ${covering(rest.position)}` });
  }
  const beyond = checkpoints[next];
  if (beyond && !rest) findings.add({ kind: 'cut-off', position: proven + 1, message: `The log has ${account.size} records, and ${nameOf(beyond)} is over ${beyond.size}: its end was cut off, or an older copy of it is there.` });
  if (bad) {
    const until = good ? `It still agrees with ${nameOf(good)}.` : 'It agrees with none before.';
    if (explained) findings.add({ kind: 'checkpoint', position: bad.position, message: `The log is not the one of ${nameOf(bad)}. ${until}` });
    else findings.add({ kind: 'changed', position: bad.position, message: `The log is not the one of ${nameOf(bad)}: something after position ${proven} was changed, and there is no kept tree that says where. ${until}` });
  }
  if (leaves.passed < Math.min(tree.size, keptSize)) findings.add({ kind: 'tree', message: `The kept tree does not agree with itself after ${leaves.passed} records, and its newest checkpoint is over ${keptSize}: it was damaged or changed.` });
  else if (tree.size < keptSize) findings.add({ kind: 'tree', message: `The kept tree ends after ${tree.size} records, and its newest checkpoint is over ${keptSize}: it was cut off or replaced.` });

  const newest = checkpoints.at(-1);
  return {
    intact: findings.count === 0,
    records: account.size,
    uncovered: Math.max(0, account.size - (newest?.size ?? 0)),
    checkpoints: checkpoints.length,
    ...(newest && { newest }),
    findings: findings.listed,
    found: findings.count,
  };
};
