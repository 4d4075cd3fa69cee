// Loaded into a measured process before its program: tells the peak of its resident memory and the processor time of
// all its threads on file descriptor 3 when it ends. The kernel's own counts miss nothing, as looking now and then would.
import { readFileSync, writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** What a process says about itself at its end. */
export interface OwnAccount {
  readonly peakBytes: number;
  readonly processorSeconds: number;
}

const KIB = 1024;

const peakKiB = (): number => {
  // Where there is no /proc: this one may also hold the peak of the process that started us, if that was higher.
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
};

const account = (): OwnAccount => {
  const { user, system } = process.cpuUsage();
  return { peakBytes: peakKiB() * KIB, processorSeconds: (user + system) / 1e6 };
};

if (isMainThread) process.once('exit', () => writeSync(3, JSON.stringify(account())));
