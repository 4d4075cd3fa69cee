import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import { hashUuid } from '#domain/ids.js';
import { openEmbedded, openEmbeddedReader } from '#event-store/embedded.js';
import type { EventStore } from '#event-store/event-store.js';
import { verifyLog } from '#event-store/verify.js';
import { auditLog, type AuditReport, type GivenNote } from './audit-log.js';
import { openAuditKey } from './audit-key.js';
import { Auditing, CHECKPOINTS_DIR } from './auditing.js';
import { CheckpointFiles } from './checkpoint-files.js';
import type { SignedCheckpoint } from './checkpoint.js';
import { keyRing } from './key-ring-under-test.js';
import { attackerOf, type Attacker } from './log-under-attack.js';
import { LEAF_BYTES, LEAVES_FILE, TreeReader } from './tree-files.js';
import { TreeWriter } from './tree-writer.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-audit-log-'));
const data = join(root, 'data');
const dir = join(data, 'audit');
const EVENTS = 1_000;
/** Checkpoints are over so many; the kept tree knows all. */
const SIGNED = [400, 990];

let log: EventStore;
let attacker: Attacker;
let notes: readonly GivenNote[];

/** Fills a log, which is audited on the way. */
const record = async (): Promise<void> => {
  const keys = keyRing();
  let at = 1_790_000_000_000;
  const store = await openEmbedded({ dir: data });
  let done = 0;
  for (const upTo of [...SIGNED, EVENTS]) {
    for (; done < upTo; done += 5) {
      await store.append(Array.from({ length: 5 }, (_none, i) => ({
        stream: (done + i) % 50 === 0 ? `award-${hashUuid(`award ${done}`)}` : `learner-school.l${(done + i) % 13}`, expected: 'any' as const,
        events: [{ id: hashUuid(`event ${done + i}`), type: 'AttendanceMarked', schema: 1, json: JSON.stringify({ session: done + i, status: 'present', text: '漢字' }) }],
      })));
    }
    keys.locked = upTo === EVENTS;
    const end = new AbortController();
    const run = new Auditing({ store, dir, keys, address: 'http://localhost:3000', now: () => (at += 60_000), random: (length) => new Uint8Array(length), signal: end.signal }).run();
    end.abort();
    await run;
  }
  await store.close();
};

const keptNotes = async (): Promise<readonly GivenNote[]> => {
  const files = new CheckpointFiles(join(dir, CHECKPOINTS_DIR));
  const found: GivenNote[] = [];
  for await (const note of files.all(await files.keys())) found.push(note);
  return found;
};

interface Held {
  readonly treeIn?: string;
  readonly kept?: readonly GivenNote[];
  readonly given?: readonly GivenNote[];
}
const held = async ({ treeIn = dir, kept = notes, given = [] }: Held = {}): Promise<AuditReport> => {
  const tree = await TreeReader.open(treeIn);
  try {
    return await auditLog({ log, tree, kept, given });
  } finally {
    await tree.close();
  }
};

beforeAll(async () => {
  await record();
  log = await openEmbeddedReader(data);
  attacker = attackerOf(data);
  notes = await keptNotes();
});
afterAll(async () => {
  attacker.close();
  await log.close();
  rmSync(root, { recursive: true });
});

describe('an audit of the log', () => {
  it('finds nothing where nothing was changed', async () => {
    expect(await held()).toMatchObject({ intact: true, records: EVENTS, checkpoints: SIGNED.length, uncovered: EVENTS - 990, newest: { size: 990, position: 990 }, findings: [], found: 0 });
    expect(await held({ treeIn: join(root, 'none'), kept: [], given: notes })).toMatchObject({ intact: true, checkpoints: SIGNED.length });
  });

  /** How a record is changed, and how many can be. */
  const WAYS = [['edit', EVENTS], ['remove', EVENTS], ['swap', EVENTS - 1], ['cut', EVENTS]] as const;
  const LONG_MS = 300_000; // a thousand audits, on a machine that may be busy
  it.each(WAYS)('finds every record that is changed this way, though the log is whole by its checksums: %s', async (way, count) => {
    const missed: number[] = [];
    for (let position = 1; position <= count; position++) {
      const restore = attacker[way](position);
      const { intact, findings } = await held();
      if (intact || findings[0]?.position !== position) missed.push(position);
      if (position % 500 === 1) expect(verifyLog(data).problems).toEqual([]);
      restore();
    }
    expect(missed).toEqual([]);
    expect((await held()).intact).toBe(true);
  }, LONG_MS);

  it('finds a record that was put in', async () => {
    for (let position = 1; position < EVENTS; position += 37) {
      const restore = attacker.insert(position);
      const { findings } = await held();
      restore();
      expect(findings[0]).toMatchObject({ kind: 'altered', position: position + 1 });
    }
  });

  it.each([...WAYS.map(([way]) => way), 'insert'] as const)('finds it by the checkpoints alone, up to the newest: %s', async (way) => {
    for (let position = 1; position <= 989; position += 19) {
      const restore = attacker[way](position);
      const { intact, findings } = await held({ treeIn: join(root, 'none'), kept: [], given: notes });
      restore();
      expect({ position, intact, kinds: findings.map(({ kind }) => kind) }).toEqual({ position, intact: false, kinds: [expect.stringMatching(/^(changed|cut-off)$/), ...findings.slice(1).map(({ kind }) => kind)] });
    }
  });

  it('says where, how, and which checkpoints show it', async () => {
    const lines = async (attack: () => () => void): Promise<readonly string[]> => {
      const restore = attack();
      const { findings } = await held();
      restore();
      return findings.map(({ message }) => message);
    };
    const [first, second] = SIGNED.map((size) => {
      const { time } = notes.map(({ opened }) => opened).find((opened) => typeof opened === 'object' && opened.size === size) as SignedCheckpoint;
      return `the checkpoint of ${new Date(time).toISOString()} (position ${size})`;
    });
    expect(await lines(() => attacker.edit(700))).toEqual([`Position 700: the record is not the one that was there. It was covered by ${second}.`, `The log is not the one of ${second}. It still agrees with ${first}.`]);
    expect(await lines(() => attacker.edit(995))).toEqual(['Position 995: the record is not the one that was there. No checkpoint covers it yet; the kept tree alone knows.']);
    expect(await lines(() => attacker.cut(996))).toEqual(['The end of the log was cut off: 5 records from position 996 to 1000 are gone. No checkpoint covers it yet; the kept tree alone knows.']);
    expect(await lines(() => attacker.cut(10))).toEqual([`The end of the log was cut off: 991 records from position 10 to 1000 are gone. It was covered by ${first}.`]);
  });

  it('reads around records that are missing or damaged', async () => {
    const [one, other] = [attacker.edit(40), attacker.edit(90)];
    const damaged: EventStore = { ...log, readAll: async (options) => {
      if (options.after < 60 && options.after + options.limit >= 60) throw new ProofmarkError('STORE_CORRUPT', 'position 60 is damaged');
      return log.readAll(options);
    } };
    const tree = await TreeReader.open(dir);
    const { findings, records } = await auditLog({ log: damaged, tree, kept: notes, given: [] });
    await tree.close();
    other();
    one();
    expect(records).toBe(EVENTS - 1);
    expect(findings.map(({ kind, position }) => [kind, position])).toEqual([['altered', 40], ['unreadable', 60], ['altered', 90], ['checkpoint', 400]]);
  });
});

describe('somebody who changes the audit as well', () => {
  let dirs = 0;
  const copy = (): string => {
    const to = join(root, `copy-${++dirs}`);
    cpSync(dir, to, { recursive: true });
    return to;
  };
  const rebuilt = async (): Promise<string> => {
    const to = join(root, `rebuilt-${++dirs}`);
    cpSync(join(dir, CHECKPOINTS_DIR), join(to, CHECKPOINTS_DIR), { recursive: true });
    const tree = await TreeWriter.open(to, undefined);
    tree.append(await log.readAll({ after: 0, limit: EVENTS }));
    await tree.write();
    await tree.close();
    return to;
  };

  it('and makes the tree anew is found by the signed checkpoints', async () => {
    const restore = attacker.edit(700);
    const treeIn = await rebuilt();
    const { findings } = await held({ treeIn });
    restore();
    expect(findings).toEqual([{ kind: 'changed', position: 990, message: expect.stringContaining('something after position 400 was changed, and there is no kept tree that says where') as string }]);
  });

  it('and throws away what is newer is found by a checkpoint that is elsewhere', async () => {
    const restore = attacker.cut(401);
    const treeIn = await rebuilt();
    const old = notes.filter(({ opened }) => typeof opened === 'object' && opened.size === 400);
    expect((await held({ treeIn, kept: old })).intact).toBe(true); // nothing here tells
    const { findings } = await held({ treeIn, kept: old, given: notes });
    restore();
    expect(findings).toEqual([{ kind: 'cut-off', position: 401, message: expect.stringContaining('is over 990: its end was cut off, or an older copy of it is there') as string }]);
  });

  it('and only damages the tree does not make the log look wrong', async () => {
    const treeIn = copy();
    const bytes = readFileSync(join(treeIn, LEAVES_FILE));
    bytes.fill(1, 699 * LEAF_BYTES + 8, 699 * LEAF_BYTES + 12);
    writeFileSync(join(treeIn, LEAVES_FILE), bytes);
    expect((await held({ treeIn })).findings).toEqual([{ kind: 'tree', message: 'The kept tree does not agree with itself after 699 records, and its newest checkpoint is over 990: it was damaged or changed.' }]);
    const restore = attacker.edit(700);
    const forged = await rebuilt();
    restore();
    expect((await held({ treeIn: forged })).findings).toEqual([{ kind: 'tree', position: 700, message: expect.stringContaining('the kept tree is not what it was. The log agrees there with') as string }]);
    writeFileSync(join(treeIn, LEAVES_FILE), bytes.subarray(0, 500 * LEAF_BYTES));
    expect((await held({ treeIn })).findings).toMatchObject([{ kind: 'tree', message: expect.stringContaining('ends after 500 records') as string }]);
  });

  it('and signs another history with the stolen key is found by a checkpoint of the first', async () => {
    const keys = keyRing();
    const sign = async (size: number): Promise<GivenNote> => {
      const to = join(root, 'stolen');
      const tree = await TreeWriter.open(await rebuilt(), undefined);
      const key = await openAuditKey(to, keys, 'http://localhost:3000');
      const note = { file: 'stolen', opened: await key.sign({ ...tree.head(), time: size }) };
      await tree.close();
      return note;
    };
    mkdirSync(join(root, 'stolen'));
    const before = await sign(1);
    const restore = attacker.edit(700);
    const after = await sign(2);
    const { findings } = await held({ treeIn: join(root, 'none'), kept: [], given: [before, after] });
    restore();
    expect(findings.map(({ message }) => message)).toEqual([expect.stringContaining('whoever has the key has signed two histories'), expect.stringContaining('The log is not the one of')]);
  });

  it('and notes is found by their signatures', async () => {
    const files = new CheckpointFiles(join(copy(), CHECKPOINTS_DIR));
    const latest = (await files.latest()) ?? '';
    writeFileSync(join(files.dir, 'latest'), latest.replace('position 990', 'position 991'));
    const kept: GivenNote[] = [];
    for await (const note of files.all(await files.keys())) kept.push(note);
    expect((await held({ kept })).findings).toEqual([{ kind: 'checkpoint', message: 'A note in latest is not signed by the key, or was changed since.' }]);
  });
});
