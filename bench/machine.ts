import { statfsSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { openDatabase } from '#event-store/sqlite.js';

/** On what the figures were measured. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Processes that wanted a core in the last minute, before anything was started: above 0.5 others disturb the figures. */
  readonly load: number;
  readonly node: string;
  readonly sqlite: string;
}

export const machine = (): Machine => {
  const db = openDatabase(':memory:');
  const [sqlite] = db.prepare('SELECT sqlite_version()').get() as [string];
  db.close();
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    node: process.version,
    sqlite,
  };
};

export const machineLine = ({ processor, cores, memoryGiB, load, node, sqlite }: Machine): string =>
  `${cores} cores (${processor}), ${memoryGiB} GiB, load ${load} at the start; Node ${node}, SQLite ${sqlite}`;

const TMPFS = 0x01021994;

/** True where a directory is in memory, so that a sync costs nothing and no figure says anything about a disk. */
export const isInMemory = (dir: string): boolean => statfsSync(dir).type === TMPFS;
