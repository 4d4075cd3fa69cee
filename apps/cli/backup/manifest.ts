import { createHash } from 'node:crypto';
import { ProofmarkError } from '#domain/errors.js';

/** The format of backups that this program writes; it reads this one and older ones. */
export const FORMAT = 1;

/** What a backup says about itself, the checksum of that, and the directory of the files that it holds. */
export const [MANIFEST, MANIFEST_SUM, DATA] = ['manifest.json', 'manifest.sha256', 'data'] as const;

/** More than any manifest has. */
export const MOST_MANIFEST_BYTES = 16 * 1024 * 1024;

/** A file of the data directory, as it is in the backup. */
export interface KeptFile {
  /** Below the data directory, parts parted by "/". */
  readonly path: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** How much of the log is in a backup. */
export interface LogExtent {
  /** Position of the last event. */
  readonly position: number;
  readonly events: number;
}

/** What a backup says about itself. */
export interface Manifest {
  readonly format: number;
  /** Version of the program that wrote it. */
  readonly program: string;
  /** ISO 8601; when the log was copied. */
  readonly takenAt: string;
  /** Absent where the log is on a server. */
  readonly log?: LogExtent;
  /** In the order in which they were copied. */
  readonly files: readonly KeptFile[];
  readonly leftOut: readonly { readonly path: string; readonly why: string }[];
}

/** SHA-256 of bytes, hexadecimal. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The checksum file of a manifest, as the program `sha256sum` writes and checks it. */
export const sumOf = (manifest: Uint8Array): string => `${sha256(manifest)}  ${MANIFEST}\n`;

const MOST_PATH_CHARACTERS = 1_000;

/** Whether a path stays below the directory that it is put into, on any system. */
export const isSafePath = (path: string): boolean =>
  path.length <= MOST_PATH_CHARACTERS && !/[\p{Cc}\\]/u.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isLog = (value: unknown): boolean => isObject(value) && isCount(value['position']) && isCount(value['events']);
const isLeftOut = (value: unknown): boolean => isObject(value) && typeof value['path'] === 'string' && typeof value['why'] === 'string';
const isFile = (value: unknown): value is KeptFile =>
  isObject(value) && typeof value['path'] === 'string' && isCount(value['size']) && typeof value['sha256'] === 'string' && /^[0-9a-f]{64}$/.test(value['sha256']);

const isManifest = (value: Readonly<Record<string, unknown>>): boolean =>
  typeof value['program'] === 'string' &&
  typeof value['takenAt'] === 'string' &&
  (value['log'] === undefined || isLog(value['log'])) &&
  Array.isArray(value['files']) && value['files'].every(isFile) &&
  Array.isArray(value['leftOut']) && value['leftOut'].every(isLeftOut);

const refuse = (what: string): never => {
  throw new ProofmarkError('STORE_CORRUPT', `${MANIFEST} ${what}. This is no backup that can be used.`);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('is no JSON');
  }
};

/**
 * Reads a manifest, which may be anybody's.
 * @throws ProofmarkError STORE_UNSUPPORTED for a newer format, STORE_CORRUPT for what is no manifest or names files elsewhere.
 */
export const readManifest = (text: string): Manifest => {
  const value = parsed(text);
  if (!isObject(value) || !isCount(value['format'])) return refuse('does not say which format the backup has');
  if (value['format'] > FORMAT) {
    const version = typeof value['program'] === 'string' ? value['program'].slice(0, 40) : 'unknown';
    throw new ProofmarkError('STORE_UNSUPPORTED', `The backup has format ${value['format']} (version ${version} of Proofmark wrote it); this version knows formats up to ${FORMAT}. Use that version, or a newer one.`);
  }
  if (!isManifest(value)) return refuse('is not as Proofmark writes it');
  const manifest = value as unknown as Manifest;
  const paths = new Set<string>();
  for (const { path } of manifest.files) {
    if (!isSafePath(path)) refuse(`names ${JSON.stringify(path)}, which is no file below the data directory`);
    if (paths.has(path)) refuse(`names ${path} twice`);
    paths.add(path);
  }
  for (const path of paths) {
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      if (paths.has(path.slice(0, end))) refuse(`names ${path.slice(0, end)} as a file and as a directory`);
    }
  }
  return manifest;
};
