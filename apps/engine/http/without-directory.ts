import { isAbsolute, sep } from 'node:path';

/** What a message of the engine says to whoever asks from outside: it names files of the data directory, and not where that is. */
export const withoutDirectory = (message: string, dataDir: string): string =>
  isAbsolute(dataDir) ? message.replaceAll(`${dataDir.replace(/[\\/]+$/, '')}${sep}`, '').replaceAll(dataDir, 'the data directory') : message;
