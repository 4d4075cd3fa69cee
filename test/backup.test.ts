import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { openLocalKeys } from '#credentials/keys/local-keys.js';
import { openDatabase } from '#event-store/sqlite.js';
import { FORMAT, sumOf, type Manifest } from '../apps/cli/backup/manifest.js';
import { restoreBackup } from '../apps/cli/backup/restore.js';
import { writeTar } from '../apps/cli/backup/tar-writing.js';
import { proofmark, startIn, type Run } from './cli.js';

/*
 * Backup, check and restore with the real program, on what is whole, damaged, and hostile.
 */

const root = mkdtempSync(join(tmpdir(), 'proofmark-backup-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const [data, rules, backup, archive] = ['data', 'rules', 'backup', 'backup.tar'].map((name) => join(root, name)) as [string, string, string, string];
const LEARNERS = 1_500;
const RULE = `
badge: one-mission
name: { en: One Mission }
criteria-text: { en: One mission done. }
issuer: academy
course: C1
decides: as-soon-as-met
when-corrected: keep
criteria:
  count: { of: missions, at-least: 1 }
`;
const BATCH = 'batches/0a1b2c3d-0000-4000-8000-000000000000';

/** All files below a directory by their paths. */
const filesBelow = (dir: string): Readonly<Record<string, Buffer>> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [relative(dir, path), readFileSync(path)]),
  );
const manifestOf = (dir: string): Manifest => JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')) as Manifest;
const place = (name: string): string => join(root, name);
const proofmarkWith = (env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run> => startIn({ env }, ...args).ended;

beforeAll(async () => {
  mkdirSync(rules);
  writeFileSync(join(rules, 'one-mission.yaml'), RULE);
  const enrolled = Array.from({ length: LEARNERS }, (_, i) => ({ id: `e${i}`, source: 'lms', type: 'Enrolled', learner: `l${i}`, course: 'C1', time: '2026-03-01' }));
  const done = { id: 'm', source: 'lms', type: 'MissionCompleted', learner: 'l0', course: 'C1', activity: 'm1', time: '2026-03-02T09:00:00Z' };
  writeFileSync(place('events.ndjson'), [...enrolled, done].map((event) => JSON.stringify(event)).join('\n'));
  expect((await proofmark('import', place('events.ndjson'), '--data', data, '--rules', rules)).code).toBe(0);

  mkdirSync(join(data, BATCH), { recursive: true });
  writeFileSync(join(data, BATCH, 'batch.json'), '{}');
  writeFileSync(join(data, BATCH, 'archive.zip.part'), 'half');
  writeFileSync(join(data, 'lines.ndjson'), '{"who":"ana"}\n{"who":"b');
  writeFileSync(join(data, 'erasures.ndjson'), '{"tenant":"default","learner":"l7","at":1}\n');
  writeFileSync(join(data, 'public-url'), 'https://badges.example\n');
  const other = openDatabase(join(data, 'other.db'), { pragmas: { journal_mode: 'wal', wal_autocheckpoint: 0 } });
  other.exec('create table name (learner text primary key, name text) strict, without rowid');
  for (let i = 0; i < 300; i++) other.prepare('insert into name values (?, ?)').run(`l${i}`, `name of ${i} ${'x'.repeat(200)}`);
  other.exec(`delete from name where learner <> 'l1'`);
  open.push(other);

  expect(await proofmark('backup', backup, '--data', data)).toMatchObject({ code: 0 });
  expect(await proofmark('backup', archive, '--data', data)).toMatchObject({ code: 0 });
});
/** Kept open, so that what was written last is in the write-ahead log alone. */
const open: { close(): void }[] = [];
afterAll(() => open.forEach((database) => database.close()));

describe('proofmark backup', () => {
  /** The files of the audit that the import has kept, in the order in which they have to be copied. */
  const audit = (): readonly string[] => [...readdirSync(join(data, 'audit/checkpoints')).sort().map((name) => `checkpoints/${name}`), 'blocks', 'key.json', 'leaves'].map((name) => `audit/${name}`);
  const kept = (): readonly string[] => [...audit(), `${BATCH}/batch.json`, 'erasures.ndjson', 'events.db', 'keys/keyring.jwe', 'lines.ndjson', 'other.db', 'public-url', 'vault.db'].sort();

  it('has what cannot be made anew, and says what it left out', () => {
    const { format, files, leftOut, log } = manifestOf(backup);
    expect(format).toBe(FORMAT);
    expect(files.map(({ path }) => path).sort()).toEqual(kept());
    expect(Object.keys(filesBelow(join(backup, 'data')))).toEqual(kept());
    const out = leftOut.map(({ path }) => path);
    for (const path of ['read-models.db', 'events.lock', 'keys/passphrase', 'other.db-wal', `${BATCH}/archive.zip.part`]) expect(out).toContain(path);
    const store = openDatabase(join(data, 'events.db'), { readOnly: true });
    const [head] = store.prepare('select max(position) from events').get() as [number];
    store.close();
    expect(log).toEqual({ position: head, events: head });
  });

  it('copies batches and the audit, then the log, then what the log names, then the erasures', () => {
    const order = manifestOf(backup).files.map(({ path }) => path);
    const [log] = [order.indexOf('events.db')];
    for (const path of [`${BATCH}/batch.json`, ...audit()]) expect(order.indexOf(path)).toBeLessThan(log);
    expect(order.filter((path) => path.startsWith('audit/'))).toEqual(audit());
    for (const path of ['keys/keyring.jwe', 'vault.db', 'public-url']) expect(order.indexOf(path)).toBeGreaterThan(log);
    expect(order.at(-1)).toBe('erasures.ndjson');
  });

  it('takes lines that are whole, and of other databases what is committed and nothing that was deleted', () => {
    expect(readFileSync(join(backup, 'data/lines.ndjson'), 'utf8')).toBe('{"who":"ana"}\n');
    const other = openDatabase(join(backup, 'data/other.db'), { readOnly: true });
    expect(other.prepare('select learner from name').all()).toEqual([['l1']]);
    other.close();
    expect(readFileSync(join(data, 'other.db-wal')).includes('name of 2 ')).toBe(true);
    expect(readFileSync(join(backup, 'data/other.db')).includes('name of 2 ')).toBe(false);
  });

  it('can be read by its owner alone', () => {
    const modes = readdirSync(backup, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(backup, name)));
    expect(new Set([statSync(backup), ...modes].map((found) => `${found.isDirectory() ? 'd' : 'f'}${(found.mode & 0o777).toString(8)}`))).toEqual(new Set(['d700', 'f600']));
    expect(statSync(archive).mode & 0o777).toBe(0o600);
  });

  it('has the passphrase of the keys only where that is asked for, and says so', async () => {
    const [without, withIt] = [await proofmark('backup', place('without'), '--data', data), await proofmark('backup', place('with'), '--data', data, '--with-passphrase')];
    expect(without.stdout).toContain('The passphrase of the signing keys is not in it (keys/passphrase). Keep a copy of it apart');
    expect(withIt.stdout).toContain('whoever gets it can sign badges');
    expect([existsSync(place('without/data/keys/passphrase')), existsSync(place('with/data/keys/passphrase'))]).toEqual([false, true]);
    const elsewhere = join(data, 'secret.txt');
    writeFileSync(elsewhere, 'correct horse\n');
    try {
      const run = await proofmarkWith({ PROOFMARK_KEY_PASSPHRASE_FILE: elsewhere }, 'backup', place('elsewhere'), '--data', data);
      expect([run.code, existsSync(place('elsewhere/data/secret.txt'))]).toEqual([0, false]);
    } finally {
      rmSync(elsewhere);
    }
  });

  it('follows links, since keys may be on another disk', async () => {
    const linked = place('linked');
    cpSync(backup, place('elsewhere-kept'), { recursive: true });
    cpSync(join(backup, 'data'), linked, { recursive: true });
    rmSync(join(linked, 'keys'), { recursive: true });
    symlinkSync(place('elsewhere-kept/data/keys'), join(linked, 'keys'));
    expect((await proofmark('backup', place('linked-backup'), '--data', linked)).code).toBe(0);
    expect(readFileSync(place('linked-backup/data/keys/keyring.jwe'))).toEqual(readFileSync(join(data, 'keys/keyring.jwe')));
    symlinkSync(linked, join(linked, 'round'));
    expect(await proofmark('backup', place('round'), '--data', linked)).toMatchObject({ code: 2, stderr: expect.stringContaining('in a circle') as string });
  });

  it('makes none of a damaged log', async () => {
    const dir = place('damaged');
    mkdirSync(dir);
    const log = readFileSync(join(backup, 'data/events.db'));
    log.write('LEARNER', log.indexOf('"e700"') + 1);
    writeFileSync(join(dir, 'events.db'), log);
    expect(await proofmark('backup', place('of-damaged'), '--data', dir)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^proofmark: No backup was made, since the event log is damaged: \S+\/damaged\/events\.db is damaged: the event at position 7\d\d does not match/) as string });
    expect([existsSync(place('of-damaged')), existsSync(place('of-damaged.partial'))]).toEqual([false, false]);
  });

  it.each<readonly [string, () => readonly string[], number, RegExp]>([
    ['a place with something in it', () => [backup, '--data', data], 2, /is there already and not empty/],
    ['a file that is there', () => [archive, '--data', data], 2, /is there already/],
    ['a place without a directory', () => [place('none/backup'), '--data', data], 2, /There is no directory .*mount/],
    ['a place in the data', () => [join(data, 'backup'), '--data', data], 2, /is in the data directory/],
    ['a compressed archive', () => [place('b.tar.gz'), '--data', data], 2, /gzip/],
    ['a data directory that is not there', () => [place('b'), '--data', place('tpyo')], 5, /There is no directory/],
  ])('refuses %s', async (_what, args, code, why) => {
    const before = readdirSync(root).sort();
    expect(await proofmark('backup', ...args())).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(why) as string });
    expect(readdirSync(root).sort()).toEqual(before);
  });

  it('fails where the one who reads the archive goes away, and leaves nothing', async () => {
    const { child, ended } = startIn({ env: { TMPDIR: root } }, 'backup', '-', '--data', data);
    child.stdout?.destroy();
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([1, '']);
    expect(readdirSync(root).filter((name) => name.startsWith('proofmark-backup-'))).toEqual([]);
  });

  it('copies the files where the stores are servers, and says how these are saved', async () => {
    const run = await proofmarkWith({ PROOFMARK_EVENTSTORE_URI: 'esdb://nobody:1', PROOFMARK_MONGODB_URI: 'mongodb://nobody:1' }, 'backup', place('servers'), '--data', data);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/event log is not in it.*before these files.*\n.*read models are not in it.*made anew/);
    const { log, files } = manifestOf(place('servers'));
    expect([log, files.map(({ path }) => path).sort()]).toEqual([undefined, kept().filter((path) => path !== 'events.db')]);
    expect(await proofmark('backup-verify', place('servers'))).toMatchObject({ code: 0, stdout: expect.stringContaining('no event log, which is on a server') as string });
    expect((await proofmark('restore', place('servers'), '--data', place('from-servers'))).stdout).toContain('Restore the event log on its server');
  });
});

describe('proofmark restore', () => {
  it.each<readonly [string, () => Promise<Run>]>([
    ['a directory', () => proofmark('restore', backup, '--data', place('from a directory'))],
    ['an archive', () => proofmark('restore', archive, '--data', place('from an archive'))],
    ['standard input', () => startIn({ stdin: archive }, 'restore', '-', '--data', place('from standard input')).ended],
  ])('gives back every file from %s, and says what to do', async (what, restore) => {
    const run = await restore();
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain(`${place(`from ${what}`)} is restored as it was at ${manifestOf(backup).takenAt.slice(0, 10)}`);
    expect(run.stdout).toMatch(/Put the passphrase of the signing keys into .*keys\/passphrase.*\n- People who were erased.*\n- Start the engine/);
    expect(statSync(place(`from ${what}`)).mode & 0o777).toBe(0o700);
    const restored = filesBelow(place(`from ${what}`));
    expect(Object.keys(restored)).toEqual(Object.keys(filesBelow(join(backup, 'data'))));
    for (const path of ['keys/keyring.jwe', 'public-url', 'erasures.ndjson']) expect(restored[path]).toEqual(readFileSync(join(data, path)));
    expect((await proofmark('verify-log', '--data', place(`from ${what}`))).code).toBe(0);
  });

  it('goes into an empty directory, and into no other', async () => {
    mkdirSync(place('empty'));
    expect((await proofmark('restore', archive, '--data', place('empty'))).code).toBe(0);
    const before = filesBelow(place('empty'));
    expect(await proofmark('restore', archive, '--data', place('empty'))).toMatchObject({ code: 2, stderr: expect.stringContaining('not empty') as string });
    expect(filesBelow(place('empty'))).toEqual(before);
    expect(await proofmark('restore', place('nothing'), '--data', place('x'))).toMatchObject({ code: 5, stderr: expect.stringContaining('There is no backup') as string });
  });
});

/** A copy of the backup that was changed. */
const changed = (name: string, change: (dir: string) => void): string => {
  cpSync(backup, place(name), { recursive: true });
  change(place(name));
  return place(name);
};
const flip = (path: string): void => {
  const bytes = readFileSync(path);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
};
/** What the check of a damaged backup says; it cannot be restored either. */
const problemsOf = async (damaged: string): Promise<string> => {
  const { code, stdout, stderr } = await proofmark('backup-verify', damaged);
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toContain('The backup is not whole.');
  const to = place('never');
  await expect(restoreBackup(damaged, to)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  expect([existsSync(to), existsSync(`${to}.partial`)]).toEqual([false, false]);
  return stdout;
};

describe('proofmark backup-verify', () => {
  it.each<readonly [string, () => string]>([['a directory', () => backup], ['an archive', () => archive]])('finds %s whole, and changes nothing in it', async (_what, where) => {
    const before = statSync(where()).isDirectory() ? filesBelow(where()) : readFileSync(where());
    const { code, stdout } = await proofmark('backup-verify', where());
    expect(code).toBe(0);
    expect(stdout).toMatch(/^The backup of \S+ is whole: [\d,]+ events up to log position \d+, each with its checksum and in its place; \d+ files, .*\n.*not looked at: their passphrase is not in the backup/);
    expect(statSync(where()).isDirectory() ? filesBelow(where()) : readFileSync(where())).toEqual(before);
    expect(JSON.parse((await proofmark('backup-verify', where(), '--json')).stdout)).toMatchObject({ whole: true, problems: [], keys: 'unchecked', files: manifestOf(backup).files.length });
  });

  it('tries the keys where their passphrase is there: it opens the ring, and each key of the log signs', async () => {
    const passphrase = join(data, 'keys/passphrase');
    const verify = (file: string, where: string): Promise<Run> => proofmarkWith({ PROOFMARK_KEY_PASSPHRASE_FILE: file }, 'backup-verify', where);
    expect(await verify(passphrase, backup)).toMatchObject({ code: 0, stdout: expect.stringContaining('are there and sign') as string });
    writeFileSync(place('wrong'), 'another one\n');
    expect(await verify(place('wrong'), backup)).toMatchObject({ code: 1, stdout: expect.stringContaining('cannot be opened with this passphrase') as string });

    // A ring that is whole, and is not the one of this log.
    const mixed = place('mixed');
    cpSync(join(backup, 'data'), mixed, { recursive: true });
    rmSync(join(mixed, 'keys'), { recursive: true });
    expect((await proofmark('backup', place('keyless'), '--data', mixed)).code).toBe(0);
    expect(await proofmark('backup-verify', place('keyless'))).toMatchObject({ code: 1, stdout: expect.stringContaining('there is no keys/keyring.jwe') as string });
    await (await openLocalKeys({ dir: join(mixed, 'keys'), rounds: 1_000 })).create('Ed25519');
    expect((await proofmark('backup', place('other-keys'), '--data', mixed, '--with-passphrase')).code).toBe(0);
    expect(await proofmark('backup-verify', place('other-keys'))).toMatchObject({ code: 1, stdout: expect.stringContaining('has no key') as string });
  });

  it('names each file of which a bit was changed', async () => {
    for (const path of Object.keys(filesBelow(backup))) {
      expect(await problemsOf(changed('flipped', (dir) => flip(join(dir, path))))).toContain(path);
      rmSync(place('flipped'), { recursive: true });
    }
  });

  it.each<readonly [string, (dir: string) => void, RegExp]>([
    ['is missing', (dir) => rmSync(join(dir, 'data/events.db')), /data\/events\.db is missing/],
    ['is one too many', (dir) => writeFileSync(join(dir, 'data/events.db-wal'), ''), /"data\/events\.db-wal" is in the backup and not in its manifest/],
    ['is longer', (dir) => appendFileSync(join(dir, 'data/public-url'), '\n'), /data\/public-url has 24 bytes instead of 23/],
    ['is a link', (dir) => { rmSync(join(dir, 'data/public-url')); symlinkSync('/etc/hostname', join(dir, 'data/public-url')); }, /data\/public-url in the backup is neither a file nor a directory/],
    ['says what it is not', (dir) => rmSync(join(dir, 'manifest.json')), /manifest\.json is missing/],
  ])('says what is wrong where a file %s', async (what, change, problem) => expect(await problemsOf(changed(`where ${what}`, change))).toMatch(problem));

  it('finds a log that is not what it says though every checksum is right', async () => {
    const wrong = changed('forged', (dir) => {
      const log = readFileSync(join(dir, 'data/events.db'));
      log.write('LEARNER', log.indexOf('"e700"') + 1);
      writeFileSync(join(dir, 'data/events.db'), log);
      const manifest = manifestOf(dir);
      const files = manifest.files.map((file) => (file.path === 'events.db' ? { ...file, sha256: createHash('sha256').update(log).digest('hex') } : file));
      writeAbout(dir, { ...manifest, files });
    });
    expect(await proofmark('backup-verify', wrong)).toMatchObject({ code: 1, stdout: expect.stringMatching(/^\S+ is damaged: the event at position 7\d\d does not match/) as string });
  });

  it('does not take a backup that a newer version has made, and names the version', async () => {
    const newer = changed('newer', (dir) => writeAbout(dir, { ...manifestOf(dir), format: FORMAT + 1, program: '9.0.0' }));
    for (const run of [await proofmark('backup-verify', newer), await proofmark('restore', newer, '--data', place('never'))]) {
      expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('version 9.0.0 of Proofmark wrote it') as string });
    }
    expect(existsSync(place('never'))).toBe(false);
  });

  it('finds an archive that is cut off anywhere not whole', async () => {
    const bytes = readFileSync(archive);
    for (const length of [0, 300, 512, 5_000, bytes.length >> 1, bytes.length - 1_024, bytes.length - 1]) {
      writeFileSync(place('cut.tar'), bytes.subarray(0, length));
      expect(await problemsOf(place('cut.tar'))).toContain('The archive is cut off.');
    }
  });
});

const writeAbout = (dir: string, manifest: unknown): void => {
  const text = Buffer.from(JSON.stringify(manifest));
  writeFileSync(join(dir, 'manifest.json'), text);
  writeFileSync(join(dir, 'manifest.sha256'), sumOf(text));
};

interface Entry {
  readonly path: string;
  readonly text: string;
  /** Of tar; '0', a file, where absent. */
  readonly type?: string;
  readonly size?: number;
}

/** An archive of anything, as somebody may have made it who knows how. */
const hostile = async (entries: readonly Entry[]): Promise<string> => {
  const blocks: Buffer[] = [];
  for (const { path, text, type = '0', size = text.length } of entries) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of writeTar([{ path, size: text.length, content: async function* () { yield Buffer.from(text); } }], 0)) chunks.push(chunk);
    const bytes = Buffer.concat(chunks.slice(0, -1));
    bytes.write(type, 156, 'latin1');
    bytes.write('/etc/passwd', 157, 'latin1'); // where a link would lead
    bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
    bytes.write('        ', 148, 'latin1');
    bytes.write(`${bytes.subarray(0, 512).reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0`, 148, 'latin1');
    blocks.push(bytes);
  }
  writeFileSync(place('hostile.tar'), Buffer.concat([...blocks, Buffer.alloc(1_024)]));
  return place('hostile.tar');
};
const fileOf = (path: string, text: string) => ({ path, size: text.length, sha256: createHash('sha256').update(text).digest('hex') });
/** What a backup of files with these names would say of itself. */
const about = (...files: readonly ReturnType<typeof fileOf>[]): readonly Entry[] => {
  const text = JSON.stringify({ format: FORMAT, program: '0.1.0', takenAt: '2026-03-01T00:00:00.000Z', files, leftOut: [] });
  return [{ path: 'manifest.json', text }, { path: 'manifest.sha256', text: sumOf(Buffer.from(text)) }];
};

describe('an archive from somebody else', () => {
  it('is restored where it is one', async () => {
    const good = await hostile([...about(fileOf('a', 'A'), fileOf('b/c', 'C')), { path: './data/a', text: 'A' }, { path: 'data/b/c', text: 'C' }]);
    expect((await proofmark('restore', good, '--data', place('good'))).code).toBe(0);
    expect(Object.keys(filesBelow(place('good')))).toEqual(['a', 'b/c']);
  });

  const evil = 'evil';
  it.each<readonly [string, readonly Entry[], RegExp]>([
    ['a path upwards', [...about(fileOf('../evil', evil)), { path: 'data/../evil', text: evil }], /names "\.\.\/evil"/],
    ['an absolute path', [...about(fileOf('/tmp/evil', evil)), { path: 'data//tmp/evil', text: evil }], /names "\/tmp\/evil"/],
    ['a path with a backslash', [...about(fileOf('..\\evil', evil)), { path: 'data/..\\evil', text: evil }], /names "\.\.\\\\evil"/],
    ['a file that the manifest does not name', [...about(fileOf('a', 'A')), { path: 'data/a', text: 'A' }, { path: '../../evil', text: evil }], /"\.\.\/\.\.\/evil" is in the backup and not in its manifest/],
    ['a file outside of the data', [...about(fileOf('a', 'A')), { path: 'a', text: 'A' }], /"a" is in the backup and not in its manifest/],
    ['a symbolic link', [...about(fileOf('a', '')), { path: 'data/a', text: '', type: '2' }], /has a symbolic link "data\/a"/],
    ['a link', [...about(fileOf('a', '')), { path: 'data/a', text: '', type: '1' }], /has a link "data\/a"/],
    ['a device', [...about(fileOf('a', '')), { path: 'data/a', text: '', type: '3' }], /has a device "data\/a"/],
    ['a long name in another way', [...about(fileOf('a', 'A')), { path: 'data/a', text: 'A', type: 'L' }], /has an entry of an unknown kind/],
    ['a name twice in the manifest', about(fileOf('a', 'A'), fileOf('a', 'B')), /names a twice/],
    ['a file that is a directory as well', about(fileOf('a', 'A'), fileOf('a/b', 'B')), /names a as a file and as a directory/],
    ['a file twice', [...about(fileOf('a', 'A')), { path: 'data/a', text: 'A' }, { path: 'data/a', text: 'B' }], /data\/a is in the backup twice/],
    ['a size that is not the one of the manifest', [...about(fileOf('a', 'A')), { path: 'data/a', text: 'A', size: 0o7777777777 }], /data\/a has 1073741823 bytes instead of 1/],
    ['more than there is room for', about({ ...fileOf('a', 'A'), size: 2 ** 52 }), /needs 4503599.63 GB/],
    ['a manifest without end', [{ path: 'manifest.json', text: '', size: 0o77777777777 }], /longer than any/],
    ['a manifest that is none', [{ path: 'manifest.json', text: '[]' }, { path: 'manifest.sha256', text: sumOf(Buffer.from('[]')) }], /does not say which format/],
  ])('is refused for %s, and nothing is written', async (_what, entries, why) => {
    const before = readdirSync(root).sort();
    const file = await hostile(entries);
    await expect(restoreBackup(file, place('taken'))).rejects.toMatchObject({ name: 'ProofmarkError', message: expect.stringMatching(why) as string });
    expect(readdirSync(root).sort()).toEqual([...new Set([...before, 'hostile.tar'])].sort());
    expect([existsSync(join(root, '../evil')), existsSync('/tmp/evil')]).toEqual([false, false]);
  });
});

it('is in the help', async () => {
  const { stdout } = await proofmark('--help');
  for (const command of ['backup', 'backup-verify', 'restore']) {
    expect(stdout).toContain(`  ${command} `);
    expect((await proofmark(command, '--help')).stdout).toContain('Exit codes: 0 ');
  }
});
