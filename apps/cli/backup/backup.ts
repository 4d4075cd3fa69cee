import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { finished } from 'node:stream/promises';
import { ProofmarkError } from '#domain/errors.js';
import type { EngineConfig } from '#engine/config.js';
import { requireData } from '../data-directory.js';
import { EXIT } from '../exit-codes.js';
import { KEY_RING, PASSPHRASE } from './data-files.js';
import { DATA, MANIFEST, MANIFEST_SUM, type Manifest } from './manifest.js';
import { besidePlace, withScratch } from './scratch.js';
import { putInPlace, writeSynced } from './synced-files.js';
import { takeBackup } from './take-backup.js';
import { writeTar, type TarFile } from './tar-writing.js';
import { bytesText, counted, workLine } from './words.js';

/** A backup's files in the order in which whoever reads the archive wants them: what it says about itself comes first. */
const tarFiles = async (dir: string, { files }: Manifest): Promise<readonly TarFile[]> => {
  const paths = [MANIFEST, MANIFEST_SUM, ...files.map(({ path }) => `${DATA}/${path}`)];
  return Promise.all(paths.map(async (path) => ({ path, size: (await stat(join(dir, path))).size, content: () => createReadStream(join(dir, path)) })));
};

const tarOf = async (dir: string, manifest: Manifest): Promise<AsyncGenerator<Uint8Array>> => writeTar(await tarFiles(dir, manifest), Math.floor(Date.parse(manifest.takenAt) / 1000));

/** Writes to standard output as fast as it is read there. Who goes away before the end makes it fail. */
const toStandardOutput = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
  process.exitCode = EXIT.failed; // until it is whole: a reader that goes away ends the process at once
  const out = process.stdout;
  for await (const chunk of chunks) if (!out.write(chunk)) await new Promise((resolve) => out.once('drain', resolve));
  out.end();
  await finished(out);
};

/** The files that a configuration keeps on servers: what has to be saved there, in words. */
const onServers = ({ eventStoreUri, mongodb }: EngineConfig): readonly string[] => [
  ...(eventStoreUri === undefined
    ? []
    : [
        'The event log is not in it: it is on EventStoreDB or KurrentDB (PROOFMARK_EVENTSTORE_URI). Save it with the tools of that server, and before these files: then the keys of all that it names are among them.',
      ]),
  ...(mongodb ? ['The read models are not in it: they are in MongoDB (PROOFMARK_MONGODB_URI) and are made anew from the log. Do not save them, or save them before the log. After a restore start with an empty database.'] : []),
];

const aboutPassphrase = ({ files, leftOut }: Manifest, { keyPassphraseFile }: EngineConfig): readonly string[] => {
  if (!files.some(({ path }) => path === KEY_RING)) return [];
  if (files.some(({ path }) => path === PASSPHRASE)) return ['It has the signing keys and the passphrase that opens them: whoever gets it can sign badges. Encrypt it.'];
  const where = leftOut.find(({ path, why }) => path === PASSPHRASE || why.startsWith('the passphrase'))?.path ?? keyPassphraseFile ?? 'it was not found';
  return [`The passphrase of the signing keys is not in it (${where}). Keep a copy of it apart from the backup: without it nothing can be signed after a restore.`];
};

const summaryOf = (manifest: Manifest, where: string, config: EngineConfig): readonly string[] => {
  const { log, files } = manifest;
  const size = bytesText(files.reduce((sum, file) => sum + file.size, 0));
  const events = log ? `${counted(log.events, 'event')}, up to log position ${log.position}; ` : '';
  return [`${where} is whole: ${events}${counted(files.length, 'file')}, ${size}.`, ...aboutPassphrase(manifest, config), ...onServers(config)];
};

/** @throws ProofmarkError USAGE where the backup would become part of what is backed up. */
const refuseInside = async (dataDir: string, place: string): Promise<void> => {
  const parent = dirname(resolve(place));
  if (!existsSync(parent) || !existsSync(dataDir)) return;
  const [data, at] = await Promise.all([realpath(dataDir), realpath(parent)]);
  if (`${at}${sep}`.startsWith(`${data}${sep}`)) throw new ProofmarkError('USAGE', `${place} is in the data directory. Name a place outside of it, best on another disk.`);
};

/** Backs a data directory up: to a directory, a tar archive or, as one, to standard output ("-"). */
export const backUp = async (config: EngineConfig, place: string, withPassphrase: boolean): Promise<number> => {
  if (place === '-' && process.stdout.isTTY) throw new ProofmarkError('USAGE', 'An archive is nothing for a terminal: pipe it somewhere, or name a directory or a file.');
  if (/\.(tgz|tar\.\w+)$/.test(place)) throw new ProofmarkError('USAGE', 'Archives are written as they are: name a directory, or a file whose name ends with .tar. To compress one: proofmark backup - | gzip > backup.tar.gz');
  requireData(config);
  if (config.eventStoreUri !== undefined && !existsSync(config.dataDir)) throw new ProofmarkError('NOT_FOUND', `There is no directory ${config.dataDir}. Name the data directory with --data.`);
  if (place !== '-') await refuseInside(config.dataDir, place);
  const line = workLine();
  const staged = async (into: string): Promise<Manifest> => {
    const manifest = await takeBackup({ config, into, withPassphrase, onProgress: line.show });
    line.end();
    return manifest;
  };
  try {
    if (place === '-') {
      const scratch = await mkdtemp(join(tmpdir(), 'proofmark-backup-'));
      const manifest = await withScratch(scratch, async () => {
        const taken = await staged(scratch);
        await toStandardOutput(await tarOf(scratch, taken));
        return taken;
      });
      for (const text of summaryOf(manifest, 'The archive', config)) console.error(text);
    } else {
      const manifest = await besidePlace(place, async (dir) => {
        const taken = await staged(dir);
        const archive = join(dir, 'backup.tar');
        if (place.endsWith('.tar')) await writeSynced(archive, await tarOf(dir, taken));
        await putInPlace(place.endsWith('.tar') ? archive : dir, resolve(place));
        return taken;
      });
      for (const text of summaryOf(manifest, place, config)) console.log(text);
    }
    return EXIT.ok;
  } finally {
    line.end();
  }
};
